//! 所据 — what a paper is written from: one event, the record as it left it, and what stood around it then.

use std::{cell::RefCell, collections::BTreeMap, collections::BTreeSet};

use jiff::civil::Date;
use regulation::{Provision, Term, Terms, WorkingDays, granting::scope::Scope};
use serde_json::Value;
use store::{Event, Fault, Outcome, Record, Row, basics::catalogue::Entry, party::Organisation, record};

use crate::{
    body::Body,
    issue::Issue,
    paper::{Number, Paper},
    text::{self, plain},
};

/// 当时的各行 — by their keys; what there was not is known too.
pub type Known = BTreeMap<String, Option<Row>>;

/// 写成了没有.
pub enum Written {
    /// 公文
    Paper(Box<Paper>),
    /// 还要知道的 — the keys of rows that it has to know first, as they stood at the event.
    Wants(Vec<String>),
}

/// 写 — the paper of this event, or which rows it needs first. Whoever asks brings them and asks again.
///
/// # Errors
/// What the event wrote has been erased, or cannot be read.
pub fn write(issue: &'static Issue, event: &Event, known: &Known) -> Result<Written, Fault> {
    let row = event.rows().into_iter().find(|row| row.key == event.subject);
    let row = row.ok_or_else(|| Fault::Corrupt { what: event.subject.clone(), why: "内容已依法删除".into() })?;
    let source = Source { issue, event, row, known, wanted: RefCell::default() };
    let paper = (issue.write)(&source)?;
    let wanted = source.wanted.into_inner();
    Ok(if wanted.is_empty() { Written::Paper(Box::new(paper)) } else { Written::Wants(wanted.into_iter().collect()) })
}

/// 所据.
pub struct Source<'a> {
    issue: &'static Issue,
    event: &'a Event,
    row: Row,
    known: &'a Known,
    wanted: RefCell<BTreeSet<String>>,
}

impl Source<'_> {
    /// The record as the event left it.
    pub fn record<R: Record>(&self) -> Result<R, Fault> {
        self.row.read()
    }

    /// Another record as it stood then; none while it is not known yet.
    pub fn other<R: Record>(&self, id: &str) -> Result<Option<R>, Fault> {
        let key = record::key::<R>(id);
        if let Some(row) = self.known.get(&key) {
            return row.as_ref().map(Row::read).transpose();
        }
        self.wanted.borrow_mut().insert(key);
        Ok(None)
    }

    /// An organisation's name; its number where it was not registered.
    pub fn org(&self, id: &str) -> Result<String, Fault> {
        Ok(self.other::<Organisation>(id)?.map_or_else(|| id.to_owned(), |org| plain(&org.name)))
    }

    /// Who performed the act.
    pub fn acting(&self) -> &str {
        &self.event.org
    }

    /// What was said with the act.
    pub fn said(&self) -> &Value {
        self.event.detail.get("said").unwrap_or(&Value::Null)
    }

    /// How long a term is, as the law stood on the day of the act.
    pub fn term(&self, term: Term) -> WorkingDays {
        Terms::in_force_on(self.day()).length(term)
    }

    /// The day of the act.
    pub fn day(&self) -> Date {
        text::day(self.event.at)
    }

    /// 数据资源范围 — a table of entries and of the fields of each, by their names.
    pub fn scope(&self, body: Body, caption: &str, scope: &Scope) -> Result<Body, Fault> {
        let mut rows = Vec::with_capacity(scope.0.len());
        for (place, (id, fields)) in scope.0.iter().enumerate() {
            let entry = self.other::<Entry>(id)?;
            let named = |code: &String| {
                let field = entry.as_ref().and_then(|entry| entry.content.fields.iter().find(|one| one.code == *code));
                field.map_or_else(|| code.clone(), |field| field.name.clone())
            };
            rows.push(vec![
                (place + 1).to_string(),
                entry.as_ref().map_or_else(String::new, |entry| entry.content.name.clone()),
                id.clone(),
                fields.iter().map(named).collect::<Vec<_>>().join("、"),
            ]);
        }
        Ok(body.table(caption, &["序号", "资源名称", "目录条目编号", "信息项"], &rows))
    }

    /// A paper of this kind with its body, from `issuer`, signed by it on the day of the act.
    pub fn paper(&self, issuer: String, title: &str, body: Body) -> Paper {
        Paper {
            kind: self.issue.kind,
            form: self.issue.form,
            number: Number { id: self.row.id().to_owned(), kind: self.issue.kind, position: self.event.position },
            title: plain(title),
            addressee: String::new(),
            blocks: body.done(),
            basis: vec![self.issue.basis],
            signers: vec![issuer.clone()],
            issuer,
            date: self.day(),
            recorded: self.event.at,
        }
    }
}

impl Paper {
    /// 主送.
    #[must_use]
    pub(crate) fn to(self, addressee: String) -> Self {
        Self { addressee, ..self }
    }

    /// 又一依据.
    #[must_use]
    pub(crate) fn by(mut self, provision: Provision) -> Self {
        if !self.basis.contains(&provision) {
            self.basis.push(provision);
        }
        self
    }

    /// 落款 — where others sign than whoever issues it.
    #[must_use]
    pub(crate) fn signed(self, signers: Vec<String>) -> Self {
        Self { signers, ..self }
    }
}

impl Issue {
    /// Whether this event issues this paper.
    pub fn by(&self, event: &Event) -> bool {
        let after = event.detail.get("state").and_then(Value::as_str).unwrap_or_default();
        event.outcome == Outcome::Done && event.act == self.act && (self.after.is_empty() || self.after == after)
    }
}
