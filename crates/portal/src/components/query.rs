//! 地址中的条件 — what a list is asked for, all of it in the address, so that it can be kept and sent.

use axum::http::Uri;

/// 条件.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    path: String,
    pairs: Vec<(String, String)>,
}

/// How many conditions are heard; nobody chooses more by hand.
const MOST: usize = 64;

impl Query {
    pub fn of(uri: &Uri) -> Self {
        let said = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let pairs = said.into_owned().filter(|(_, value)| !value.trim().is_empty()).take(MOST).collect();
        Self { path: uri.path().to_owned(), pairs }
    }

    /// The address without conditions.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is said of `name` first; empty where nothing is.
    pub fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// Everything that is said of `name`.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// Whether anything is said of `name`.
    pub fn says(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// The pairs of all names but these, for a form to carry along.
    pub fn but<'a>(&'a self, names: &[&str]) -> Vec<&'a (String, String)> {
        self.pairs.iter().filter(|(known, _)| !names.contains(&known.as_str())).collect()
    }

    /// The address in which `name` says only `value`; back on the first page.
    pub fn with(&self, name: &str, value: &str) -> String {
        let rest = self.but(&[name, "page"]);
        self.address(rest.into_iter().chain([&(name.to_owned(), value.to_owned())]))
    }

    /// The address in which `name` no longer says `value`.
    pub fn without(&self, name: &str, value: &str) -> String {
        let stays = |(known, said): &&(String, String)| known != "page" && !(known == name && said.trim() == value);
        self.address(self.pairs.iter().filter(stays))
    }

    fn address<'a>(&self, pairs: impl Iterator<Item = &'a (String, String)>) -> String {
        let mut written = form_urlencoded::Serializer::new(String::new());
        written.extend_pairs(pairs);
        let written = written.finish();
        if written.is_empty() { self.path.clone() } else { format!("{}?{written}", self.path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_added_and_taken_away_in_the_address() {
        let query = Query::of(&"/files?q=%E5%81%9C%E8%BD%A6&state=a&state=b&page=3&x=".parse().unwrap());
        assert_eq!(query.get("q"), "停车");
        assert_eq!(query.all("state").collect::<Vec<_>>(), ["a", "b"]);
        assert!(!query.says("x"));
        assert_eq!(query.without("state", "a"), "/files?q=%E5%81%9C%E8%BD%A6&state=b");
        assert_eq!(query.with("sort", "-id"), "/files?q=%E5%81%9C%E8%BD%A6&state=a&state=b&sort=-id");
        assert_eq!(Query::of(&"/files?q=a".parse().unwrap()).without("q", "a"), "/files");
    }
}
