//! 列目 — what lists ask of a row, told by the row itself, so that a replay needs nothing else.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize as _;
use serde_json::Value;

use crate::{
    Row, Write,
    basics::catalogue::Entry,
    entry::fits,
    granting::{
        agreement::Agreement,
        application::Application,
        plan::Plan,
        selection::{Selection, candidate::Candidate, complaint::Complaint},
    },
    operation::{credential::Credential, demand::Demand, product::Product, use_agreement::UseAgreement},
    record::Record,
};

/// 全部卷宗 — the list of those whose duty it is to read every file.
pub const EVERYBODY: &str = "*";

/// What stands between two parties in a row.
const BETWEEN: char = '\n';

/// Where a record keeps what people know it by, in the order in which it is looked for.
const TITLES: [&str; 11] = [
    "/scenario",
    "/title",
    "/content/name",
    "/content/title",
    "/name",
    "/sections/name",
    "/notice",
    "/reason",
    "/batch",
    "/arrangement/notice",
    "/grounds",
];

/// The records that are files: their parties find them in their lists.
macro_rules! files {
    ($($record:ident),+) => {
        fn parties(subject: &str, body: &Value) -> Vec<String> {
            match subject {
                $($record::SUBJECT => $record::deserialize(body).map(|file| orgs(&file)).unwrap_or_default(),)+
                _ => Vec::new(),
            }
        }
    };
}

files! { Entry, Application, Plan, Selection, Candidate, Complaint, Agreement, Demand, Product, UseAgreement, Credential }

/// The organisations in a file, each once, and the list of everybody.
fn orgs<R: Record>(file: &R) -> Vec<String> {
    let plain = |org: &&str| fits(org) && !org.is_empty() && !org.contains(BETWEEN);
    let mut orgs: Vec<String> = file.parties().iter().map(|(_, org)| *org).filter(plain).map(str::to_owned).collect();
    orgs.push(EVERYBODY.to_owned());
    orgs.sort_unstable();
    orgs.dedup();
    orgs
}

/// 标题 — the first sentence of what people know a record by; empty where it has none.
fn title(body: &Value) -> String {
    let told = |place: &&str| body.pointer(place).and_then(Value::as_str).filter(|title| !title.trim().is_empty());
    let title = TITLES.iter().find_map(told).unwrap_or_default();
    let first = title.trim().split(['。', '\n']).next().unwrap_or_default();
    first.chars().filter(|letter| !letter.is_control()).collect()
}

/// 状态 — its code.
fn state(body: &Value) -> &str {
    let state = body.get("state").and_then(Value::as_str).unwrap_or_default();
    if state.len() <= 64 && !state.contains(char::is_control) { state } else { "" }
}

impl Row {
    /// The row as this write at `position` leaves it, if it was begun at `since`; a first version begins now.
    pub(crate) fn of(write: &Write, position: u64, since: Option<i64>) -> Self {
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        Self {
            key: write.key.clone(),
            version: write.version,
            position,
            since: since.unwrap_or(position),
            parent: write.parent.clone(),
            awaits: write.awaits.clone(),
            due: write.due.clone(),
            state: state(&write.body).to_owned(),
            title: title(&write.body),
            parties: parties(write.subject(), &write.body).join("\n"),
            body: write.body.to_string(),
        }
    }

    /// The same row at its place in the log.
    pub(crate) fn at(&self, position: u64, since: Option<i64>) -> Self {
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        Self { position, since: since.unwrap_or(position), ..self.clone() }
    }

    /// The same row with what lists ask of it told anew, for a database that had not kept it.
    pub(crate) fn told_anew(&self) -> Self {
        let body = serde_json::from_str(&self.body).unwrap_or_default();
        let told = parties(self.subject(), &body).join("\n");
        let since = if self.since < 0 { self.position } else { self.since }; // what was said then has been erased
        Self { since, state: state(&body).to_owned(), title: title(&body), parties: told, ..self.clone() }
    }

    /// 在办 — whether it waits for anybody.
    pub fn underway(&self) -> bool {
        !self.awaits.is_empty()
    }

    /// 各方 — the lists that this row is in.
    pub(crate) fn lists(&self) -> impl Iterator<Item = &str> {
        lists(&self.parties)
    }
}

/// The lists that a row of these parties is in.
pub(crate) fn lists(parties: &str) -> impl Iterator<Item = &str> {
    parties.split(BETWEEN).filter(|org| !org.is_empty())
}

/// 原状 — how a row stood in the lists before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stood {
    pub version: i64,
    pub since: i64,
    pub underway: bool,
    pub due: String,
    pub state: String,
    pub title: String,
    pub parties: String,
}

/// One entry of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    pub org: String,
    pub subject: String,
    pub since: i64,
    pub key: String,
    pub state: String,
    pub due: String,
    pub underway: bool,
    pub title: String,
}

/// Whose list, of what, in which state, underway or not.
pub(crate) type Heap = (String, String, String, bool);

/// Which organisation's list of what a file has left: since when it was in it, and its key.
pub(crate) type Left = (String, String, i64, String);

/// 列表的变动 — what the rows of one commit change in lists and counts.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    pub entries: Vec<Listed>,
    pub left: Vec<Left>,
    pub tallies: Vec<(Heap, i64)>,
}

impl Lists {
    /// What `rows`, each named once, change since they `stood`.
    pub fn of(rows: &[Row], stood: &HashMap<String, Stood>) -> Self {
        let mut changed = Self::default();
        let mut tallies: BTreeMap<Heap, i64> = BTreeMap::new();
        for row in rows {
            let before = stood.get(&row.key);
            let subject = row.subject();
            let alike = before.is_some_and(|before| {
                (before.underway, &before.due, &before.state, &before.title)
                    == (row.underway(), &row.due, &row.state, &row.title)
            });
            let listed = |org: &str| before.is_some_and(|before| lists(&before.parties).any(|known| known == org));
            for org in row.lists() {
                let heap = (org.to_owned(), subject.to_owned(), row.state.clone(), row.underway());
                *tallies.entry(heap).or_default() += 1;
                if !(alike && listed(org)) {
                    changed.entries.push(Listed {
                        org: org.to_owned(),
                        subject: subject.to_owned(),
                        since: row.since,
                        key: row.key.clone(),
                        state: row.state.clone(),
                        due: row.due.clone(),
                        underway: row.underway(),
                        title: row.title.clone(),
                    });
                }
            }
            let Some(before) = before else { continue };
            for org in lists(&before.parties) {
                let heap = (org.to_owned(), subject.to_owned(), before.state.clone(), before.underway);
                *tallies.entry(heap).or_default() -= 1;
                if !row.lists().any(|now| now == org) {
                    changed.left.push((org.to_owned(), subject.to_owned(), before.since, row.key.clone()));
                }
            }
        }
        changed.tallies = tallies.into_iter().filter(|(_, change)| *change != 0).collect();
        changed
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_title_is_one_sentence_without_what_databases_cannot_keep() {
        let title = |text: &str| title(&json!({ "scenario": " ", "title": text }));
        assert_eq!(title(" 停车诱导。第二句"), "停车诱导");
        assert_eq!(title("停\0车\t诱导\n第二行"), "停车诱导");
        assert_eq!(title(""), "");
    }

    #[test]
    fn a_file_is_listed_once_for_each_organisation_and_once_for_everybody() {
        let credential = json!({
            "id": "PJ-1", "use_agreement": "LY-1", "entity": "o-2", "operator": "o-2", "product": "CP-1",
            "secret_sha256": "", "until": "2025-09-01", "state": "valid",
        });
        assert_eq!(parties("credential", &credential), ["*", "o-2"]);
        assert_eq!(parties("session", &credential), Vec::<String>::new(), "no file, and in nobody's list");
        assert_eq!(parties("credential", &json!({ "id": "PJ-1" })), Vec::<String>::new(), "unreadable");
    }
}
