//! 源码 — what may stand in which file: headers, clocks, statements, assumptions, leftovers, machines.

use crate::{
    finding::Finding,
    house::{House, Line, Text},
};

/// A file may have so many lines before it has to say why.
const MOST_LINES: usize = 400;

/// The files that have said why, one `path  reason` a line.
const LARGE_FILES: &str = "xtask/large_files.txt";

/// 首行 — every file says in its first line what it is.
pub fn headers(house: &House) -> Vec<Finding> {
    house.rust().filter_map(header).collect()
}

fn header(text: &Text) -> Option<Finding> {
    let ours = text.path.starts_with("xtask/src/");
    if !ours && text.of_crate().is_none() {
        return None;
    }
    let first = text.body.lines().next().unwrap_or_default();
    let chinese = first.chars().any(|letter| ('一'..='龥').contains(&letter));
    let whole = first.starts_with("//!") && (ours || chinese && first.contains(" — "));
    let told = "首行应写作“//! 官方术语 — what it is, in one English sentence”";
    (!whole).then(|| Finding::new(&text.path, 1, "首行", told))
}

/// 时钟、随机与环境 — the doors read them, and hand them in.
pub fn clocks(house: &House) -> Vec<Finding> {
    const READINGS: [&str; 9] = [
        "SystemTime::now",
        "Timestamp::now",
        "Zoned::now",
        "Instant::now",
        "getrandom",
        "rand::",
        "thread_rng",
        "OsRng",
        "env::var",
    ];
    let program = house.program().filter(|text| text.of_crate() != Some("server"));
    let told = |line: &Line<'_>| {
        let read = READINGS.iter().find(|reading| has_word(line.code, reading))?;
        Some(format!("{read} 只能在 server 里读，请由参数传入（如 acting.at）"))
    };
    each_line(program, "时钟与随机", told)
}

/// 语句 — only the store speaks SQL.
pub fn statements(house: &House) -> Vec<Finding> {
    let program = house.program().filter(|text| text.of_crate() != Some("store"));
    let told = |line: &Line<'_>| is_statement(line.code).then(|| "SQL 只写在 store 的语句总目里".to_owned());
    each_line(program, "语句", told)
}

fn is_statement(code: &str) -> bool {
    let update = code.split_once("UPDATE ").is_some_and(|(_, rest)| rest.contains(" SET "));
    update || ["SELECT ", "INSERT INTO", "DELETE FROM"].iter().any(|word| code.contains(word))
}

/// 假定 — nothing is assumed to succeed without saying why it cannot fail.
pub fn assumptions(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for text in house.program() {
        let whole: Vec<&str> = text.body.lines().collect();
        let lines = text.code();
        for (place, line) in lines.iter().enumerate() {
            let next = lines.get(place + 1).map_or("", |line| line.code);
            let before = line.number.checked_sub(2).map_or("", |place| whole[place]);
            let said = [before, line.whole].iter().any(|line| line.contains("// 不会失败："));
            if let Some(told) = assumption(line.code, next).filter(|_| !said) {
                findings.push(Finding::new(&text.path, line.number, "假定", told));
            }
        }
    }
    findings
}

fn assumption(code: &str, next: &str) -> Option<&'static str> {
    if code.contains(".unwrap()") {
        return Some("不用 unwrap：请用 ? 交还，或者用 expect(\"为什么不会失败\")");
    }
    let (_, after) = code.split_once(".expect(")?;
    let message = if after.is_empty() { next.trim() } else { after };
    let sentence = message.trim_start_matches(['r', '#']).strip_prefix('"').unwrap_or_default();
    let reasoned = sentence.split('"').next().is_some_and(is_sentence);
    (!reasoned).then_some("expect 里应当用一句话写明为什么不会失败")
}

/// Several words, or several Chinese characters.
fn is_sentence(text: &str) -> bool {
    text.split_whitespace().count() >= 3 || text.chars().filter(|letter| *letter > '一').count() >= 4
}

/// 未完 — nothing is left open in the code.
pub fn leftovers(house: &House) -> Vec<Finding> {
    let words = [["to", "do!"], ["unimpl", "emented!"], ["TO", "DO"], ["FIX", "ME"]].map(|word| word.concat());
    let mut findings = Vec::new();
    for text in house.texts.iter().filter(|text| is_code(text)) {
        for (number, line) in (1..).zip(text.body.lines()) {
            if let Some(word) = words.iter().find(|word| has_word(line, word)) {
                let told = format!("{word}：请写完，或者在 uncoded.md、议题里说明");
                findings.push(Finding::new(&text.path, number, "未完", told));
            }
        }
    }
    findings
}

fn is_code(text: &Text) -> bool {
    ["rs", "html", "sql"].iter().any(|ending| text.ends_in(ending))
}

/// 机器 — no path of one machine, no address of a registry. Written in pieces, so as not to find itself.
pub fn machines(house: &House) -> Vec<Finding> {
    let paths = ["/wo|rk/", "/fa|rm/", "/ro|ot/", "/ho|me/", "/Us|ers/"].map(|path| path.replace('|', ""));
    let hosts = [
        "crates|.io/",
        "static.|crates",
        "index.|crates",
        "rs|proxy.cn",
        "registry|.npmjs",
        "python|hosted",
        "pypi|.org",
        "deb.|debian.org",
        "repo.|maven",
        "proxy.|golang",
        "mirrors.|tuna",
        "mirrors.|ustc",
    ]
    .map(|host| host.replace('|', ""));
    let mut findings = Vec::new();
    for text in &house.texts {
        for (number, line) in (1..).zip(text.body.lines()) {
            if let Some(path) = paths.iter().find(|path| begins_a_path(line, path)) {
                let told = format!("“{path}”只在某一台机器上有，请写相对路径");
                findings.push(Finding::new(&text.path, number, "机器路径", told));
            }
            if let Some(host) = hosts.iter().find(|host| line.contains(host.as_str())) {
                let told = format!("“{host}”是软件源的地址，不写进项目");
                findings.push(Finding::new(&text.path, number, "机器路径", told));
            }
        }
    }
    findings
}

/// Whether `path` stands at the beginning of a path: nothing of a name before it.
fn begins_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(place, _)| {
        let before = line[..place].chars().next_back();
        before.is_none_or(|letter| !letter.is_alphanumeric() && !"._-~}/*".contains(letter))
    })
}

/// 大文件 — a large file says why, and a reason that is no longer needed goes.
pub fn large_files(house: &House) -> Vec<Finding> {
    let reasons = house.text(LARGE_FILES).unwrap_or_default();
    let files = house.rust().map(|text| (text.path.as_str(), text.body.lines().count()));
    sizes(&reasons, &files.collect::<Vec<_>>())
}

fn sizes(reasons: &str, files: &[(&str, usize)]) -> Vec<Finding> {
    let listed = || (1..).zip(reasons.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let mut findings = Vec::new();
    for (path, length) in files.iter().filter(|(_, length)| *length > MOST_LINES) {
        if !listed().any(|(_, line)| line.split_whitespace().next() == Some(path)) {
            let told = format!("有 {length} 行，多于 {MOST_LINES} 行：请按主题分开，或者在 {LARGE_FILES} 写明理由");
            findings.push(Finding::new(path, 1, "大文件", told));
        }
    }
    for (number, line) in listed() {
        let path = line.split_whitespace().next().unwrap_or_default();
        if line.split_whitespace().nth(1).is_none() {
            findings.push(Finding::new(LARGE_FILES, number, "大文件", format!("{path} 没有写理由")));
        }
        if !files.iter().any(|(file, length)| *file == path && *length > MOST_LINES) {
            let told = format!("{path} 已不存在或者不再是大文件，请删去这一行");
            findings.push(Finding::new(LARGE_FILES, number, "大文件", told));
        }
    }
    findings
}

fn each_line<'a>(
    texts: impl Iterator<Item = &'a Text>,
    rule: &'static str,
    told: impl Fn(&Line<'_>) -> Option<String>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for text in texts {
        for line in text.code() {
            if let Some(told) = told(&line) {
                findings.push(Finding::new(&text.path, line.number, rule, told));
            }
        }
    }
    findings
}

/// Whether `word` stands in the line, and not as the end of a longer name: `rand::` is not in `brand::`.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(place, _)| {
        let before = line[..place].chars().next_back();
        before.is_none_or(|letter| !letter.is_ascii_alphanumeric() && letter != '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(path: &str, body: &str) -> House {
        House::of(vec![Text { path: path.into(), body: body.into() }])
    }

    fn told(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(|finding| format!("{}:{}", finding.rule, finding.line)).collect()
    }

    #[test]
    fn a_first_line_has_its_official_term_and_its_sentence() {
        let wrong = |path, body| !headers(&house(path, body)).is_empty();
        assert!(!wrong("crates/lake/src/lib.rs", "//! 数据湖 — the data itself.\n"));
        assert!(wrong("crates/lake/src/lib.rs", "//! the data itself\n"));
        assert!(wrong("crates/lake/src/lib.rs", "//! 数据湖\n"));
        assert!(wrong("crates/lake/src/lib.rs", ""));
        assert!(!wrong("crates/lake/tests/lake.rs", ""));
        assert!(!wrong("xtask/src/main.rs", "//! our own tool\n"));
    }

    #[test]
    fn the_clock_is_found_away_from_the_server_and_a_brand_is_no_dice() {
        let body = "use brand::x;\nlet t = Timestamp::now();\n// Instant::now\nrand::random();\n\
                    #[cfg(test)]\nmod tests {\n    Instant::now();\n}\n";
        assert_eq!(told(&clocks(&house("crates/portal/src/a.rs", body))), ["时钟与随机:2", "时钟与随机:4"]);
        assert_eq!(clocks(&house("crates/server/src/a.rs", body)), []);
        assert_eq!(clocks(&house("crates/portal/benches/a.rs", body)), []);
    }

    #[test]
    fn statements_are_found_away_from_the_store() {
        let body = "\"SELECT key FROM row\"\n\"UPDATE row SET a = 1\"\n\"UPDATE\"\n\"请 SELECT\"\n";
        assert_eq!(told(&statements(&house("crates/lake/src/a.rs", body))), ["语句:1", "语句:2"]);
        assert_eq!(statements(&house("crates/store/src/a.rs", body)), []);
    }

    #[test]
    fn an_assumption_says_why_it_cannot_fail() {
        let table = [
            ("a.unwrap();", false),
            ("a.unwrap_or_default();", true),
            ("a.unwrap(); // 不会失败：刚刚写入", true),
            ("// 不会失败：刚刚写入\na.unwrap();", true),
            ("a.expect(\"a test parses it\");", true),
            ("a.expect(\"试验读过这份文件\");", true),
            ("a.expect(\n    \"a test parses it\",\n);", true),
            ("a.expect(\"ok\");", false),
            ("a.expect(&why);", false),
            ("#[expect(dead_code)]", true),
        ];
        for (body, right) in table {
            let findings = assumptions(&house("crates/lake/src/a.rs", body));
            assert_eq!(findings.is_empty(), right, "{body}");
        }
    }

    #[test]
    fn what_is_left_open_is_found_even_in_a_test() {
        let word = ["TO", "DO"].concat();
        let body = format!("// {word}: later\nlet AUTODOC = 1;\n");
        assert_eq!(told(&leftovers(&house("crates/lake/tests/a.rs", &body))), ["未完:1"]);
    }

    #[test]
    fn a_machine_is_found_and_a_relative_path_is_not() {
        let home = ["/ho", "me/"].concat();
        let body = format!("看 {home}me/x\n看 ./data{home}x\n看 ~{home}x\nhttps://{}\n", ["pypi", ".org"].concat());
        assert_eq!(told(&machines(&house("docs/a.md", &body))), ["机器路径:1", "机器路径:4"]);
    }

    #[test]
    fn a_large_file_has_a_reason_and_a_reason_has_a_large_file() {
        let files = [("a.rs", 401), ("b.rs", 400), ("c.rs", 900)];
        let found = sizes("# 说明\nb.rs 曾经很大\nc.rs 一张大表\n", &files);
        let told: Vec<&str> = found.iter().map(|finding| finding.file.as_str()).collect();
        assert_eq!(told, ["a.rs", LARGE_FILES]);
        assert_eq!(sizes("a.rs\nc.rs 理由\n", &files).len(), 1);
    }
}
