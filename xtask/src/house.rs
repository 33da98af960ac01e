//! 家 — every text of the repository, read once.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Folders that are not the project.
const ELSEWHERE: [&str; 2] = ["target", "node_modules"];

/// What is read: the endings of texts that people write.
const ENDINGS: [&str; 10] = ["css", "html", "js", "md", "rs", "sh", "sql", "toml", "txt", "justfile"];

/// 家 — the repository.
pub struct House {
    root: PathBuf,
    /// Every text, by its path.
    pub texts: Vec<Text>,
}

/// 一份文本, with its path from the root.
pub struct Text {
    pub path: String,
    pub body: String,
}

/// 一行代码 — without its comment, and with what is known of its place.
pub struct Line<'a> {
    /// From 1.
    pub number: usize,
    /// The code, without a comment at its end.
    pub code: &'a str,
    /// The whole line.
    pub whole: &'a str,
}

impl House {
    /// Reads the repository that this tool stands in.
    pub fn open() -> io::Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.parent().unwrap_or(here).to_owned();
        let mut house = Self { root: root.clone(), texts: Vec::new() };
        house.read(&root)?;
        house.texts.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(house)
    }

    #[cfg(test)]
    pub fn of(texts: Vec<Text>) -> Self {
        Self { root: PathBuf::new(), texts }
    }

    fn read(&mut self, folder: &Path) -> io::Result<()> {
        for found in fs::read_dir(folder)? {
            let path = found?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with('.') || ELSEWHERE.contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                self.read(&path)?;
            } else if ENDINGS.contains(&name.rsplit('.').next().unwrap_or_default()) {
                let within = path.strip_prefix(&self.root).unwrap_or(&path);
                let parts: Vec<_> = within.components().map(|part| part.as_os_str().to_string_lossy()).collect();
                let body = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
                self.texts.push(Text { path: parts.join("/"), body });
            }
        }
        Ok(())
    }

    /// The text at `path`, or nothing.
    pub fn text(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root.join(path)).ok()
    }

    /// Puts a text where it belongs; tells whether that changed anything.
    pub fn put(&self, path: &str, body: &str) -> io::Result<bool> {
        if self.text(path).as_deref() == Some(body) {
            return Ok(false);
        }
        let place = self.root.join(path);
        fs::create_dir_all(place.parent().unwrap_or(&self.root))?;
        fs::write(place, body)?;
        Ok(true)
    }

    /// Every Rust file.
    pub fn rust(&self) -> impl Iterator<Item = &Text> {
        self.texts.iter().filter(|text| text.ends_in("rs"))
    }

    /// Every Rust file of our crates that is part of the program: `crates/*/src`.
    pub fn program(&self) -> impl Iterator<Item = &Text> {
        self.rust().filter(|text| text.of_crate().is_some())
    }
}

impl Text {
    /// Whether this is a file of that kind.
    pub fn ends_in(&self, ending: &str) -> bool {
        self.path.rsplit('.').next() == Some(ending)
    }

    /// The crate whose `src` this is in.
    pub fn of_crate(&self) -> Option<&str> {
        let (name, within) = self.path.strip_prefix("crates/")?.split_once('/')?;
        within.starts_with("src/").then_some(name)
    }

    /// 代码行 — without comments, without test modules, without `tests.rs`.
    pub fn code(&self) -> Vec<Line<'_>> {
        if self.path.ends_with("/tests.rs") || self.path.contains("/tests/") {
            return Vec::new();
        }
        let mut lines = Vec::new();
        let mut all = (1..).zip(self.body.lines());
        while let Some((number, whole)) = all.next() {
            let trimmed = whole.trim_start();
            if trimmed.starts_with("#[cfg(test)]") {
                let indent = &whole[..whole.len() - trimmed.len()];
                skip_item(&mut all, indent);
            } else if !trimmed.starts_with("//") {
                let code = whole.split_once(" // ").map_or(whole, |(code, _)| code);
                lines.push(Line { number, code, whole });
            }
        }
        lines
    }
}

/// Passes over one item: up to the brace that closes it, or the semicolon that ends it.
fn skip_item<'a>(lines: &mut impl Iterator<Item = (usize, &'a str)>, indent: &str) {
    let closing = format!("{indent}}}");
    for (_, line) in lines {
        let own = line.starts_with(indent) && !line[indent.len()..].starts_with(' ');
        if line == closing || own && (line.ends_with(';') || line.ends_with("{}")) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str, body: &str) -> Vec<String> {
        let text = Text { path: path.into(), body: body.into() };
        text.code().iter().map(|line| format!("{} {}", line.number, line.code)).collect()
    }

    #[test]
    fn tests_and_comments_are_not_code_and_what_follows_a_test_module_is() {
        let body = "//! 首行\nfn a() {} // 说明\n#[cfg(test)]\nmod tests {\n    fn t() {\n    }\n}\nfn b() {}\n\
                    #[cfg(test)]\nmod more;\nfn c() {}\n    #[cfg(test)]\n    fn d() {\n        x\n    }\n    e\n";
        assert_eq!(told("crates/x/src/x.rs", body), ["2 fn a() {}", "8 fn b() {}", "11 fn c() {}", "16     e"]);
        assert!(told("crates/x/src/x/tests.rs", body).is_empty());
    }

    #[test]
    fn only_the_program_belongs_to_a_crate() {
        let of = |path: &str| Text { path: path.into(), body: String::new() }.of_crate().map(str::to_owned);
        assert_eq!(of("crates/lake/src/a/b.rs").as_deref(), Some("lake"));
        assert_eq!(of("crates/lake/tests/a.rs"), None);
        assert_eq!(of("xtask/src/main.rs"), None);
    }
}
