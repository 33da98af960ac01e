//! 编制、修订目录条目 — the form, grouped on one page; kept as a draft whenever its author likes, with as many rows as
//! there are fields. What was typed always comes back, with a word at each item that is wrong.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use regulation::basics::catalogue::{Grade, State as Stage};
use serde::Deserialize;
use store::{Record as _, basics::catalogue::Entry, draft::Draft};
use workflow::{Notice, Refused, competence::Subject, draft};

use super::form::{self, Question, Row, Words};
use crate::{
    Door,
    acts::field,
    answer, case,
    components::{
        crumbs::Crumbs,
        field::{Field, Input},
        notice::Faults,
    },
    draft::Kept,
    frame::{Frame, Trouble},
    names,
    session::{self, Visitor},
};

/// 打开哪一份.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    draft: String,
    entry: String,
    kept: String,
}

#[derive(Template)]
#[template(path = "basics/catalogue/edit.html")]
struct Page {
    frame: Frame,
    crumbs: Crumbs,
    /// 修订的条目；编制新的为空
    entry: String,
    trouble: Trouble,
    basics: Vec<Input>,
    origin: Vec<Input>,
    reach: Vec<Input>,
    questions: Vec<Question>,
    rows: Vec<Row>,
    words: Words,
    grade: Option<Grade>,
    draft: Option<Draft>,
    key: String,
    saved: bool,
    drafts: Vec<Kept>,
}

impl Page {
    fn faults(&self) -> Option<Faults<'_>> {
        Faults::of(&self.trouble, "")
    }

    fn field<'a>(&'a self, input: &'a Input) -> Field<'a> {
        Field::of(input, "", &self.trouble)
    }

    /// Everything that is wrong with the table of fields, or with the grading as a whole.
    fn wrong(&self, of: &str) -> Vec<&str> {
        let remarks = self.trouble.notice.iter().flat_map(|notice| &notice.remarks);
        remarks.filter(|remark| remark.field == of).map(|remark| remark.message.as_str()).collect()
    }

    #[expect(clippy::unused_self, reason = "the template calls it on the page")]
    fn why_graded(&self) -> (String, &'static str) {
        form::why_graded()
    }

    fn act(&self) -> &'static str {
        if self.entry.is_empty() { "entry.compile" } else { "entry.revise" }
    }

    /// The draft that is open; empty where none is.
    fn kept(&self) -> &str {
        self.draft.as_ref().map_or("", |draft| draft.id.as_str())
    }
}

/// 表单的来处.
#[derive(Default)]
struct Source {
    entry: String,
    typed: Vec<(String, String)>,
    draft: Option<Draft>,
    notice: Option<Notice>,
    saved: bool,
}

/// 编制、修订.
pub async fn show(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build(&door, &asked, &headers).await, &headers, &uri)
}

/// Whoever may compile.
pub async fn author(door: &Door, headers: &HeaderMap) -> Result<Visitor, Refused> {
    let visitor = session::visitor(door, headers).await?;
    let visitor = visitor.ok_or_else(|| session::unknown("编制授权运营目录需要以公共数据提供单位的身份登录"))?;
    let subject = Subject::begun_by(&visitor.acting, Entry::SUBJECT);
    if door.office.competence().rule(&visitor.acting, "entry.compile", &subject).allowed {
        Ok(visitor)
    } else {
        Err(session::unknown("授权运营目录由公共数据提供单位编制（第八条第四款），您现在的身份不能编制"))
    }
}

async fn build(door: &Door, asked: &Asked, headers: &HeaderMap) -> answer::Page {
    let visitor = author(door, headers).await?;
    let mut source = Source { entry: asked.entry.clone(), saved: !asked.kept.is_empty(), ..Source::default() };
    if !asked.draft.is_empty() {
        let draft = draft::open(&door.office, &visitor.acting, &asked.draft).await?;
        if let Some(became) = &draft.became {
            return Ok(Redirect::to(&names::path(Entry::SUBJECT, became)).into_response());
        }
        draft.state.check_kept("").map_err(Refused::from)?;
        source.typed.clone_from(&draft.fields);
        field(&draft.fields, "id").clone_into(&mut source.entry);
        source.draft = Some(draft);
    } else if !asked.entry.is_empty() {
        let entry = own(door, &asked.entry, &visitor).await?;
        source.typed = form::pairs(entry.draft());
        if entry.stage() == Stage::Draft {
            source.notice = Notice::of_all(&entry.draft().flaws()); // what it lacks, where it is lacking
        }
    }
    page(door, &visitor, source).await
}

/// An entry of one's own organisation.
async fn own(door: &Door, id: &str, visitor: &Visitor) -> Result<Entry, Refused> {
    let entry: Entry = case::seen(door, "目录条目", id, visitor).await?;
    if entry.provider == visitor.acting.org {
        Ok(entry)
    } else {
        Err(Refused::Missing { what: "本单位的目录条目", id: id.to_owned() })
    }
}

/// The same page again, with what had been typed and why it was refused.
pub async fn again(
    door: &Door,
    pairs: &[(String, String)],
    headers: &HeaderMap,
    uri: &Uri,
    notice: Option<Notice>,
) -> Response {
    answer::faced(fallen_back(door, pairs, headers, notice).await, headers, uri)
}

async fn fallen_back(
    door: &Door,
    pairs: &[(String, String)],
    headers: &HeaderMap,
    notice: Option<Notice>,
) -> answer::Page {
    let visitor = author(door, headers).await?;
    let keeping = pairs.iter().any(|(name, _)| name == "_draft");
    let draft = match field(pairs, if keeping { "_draft" } else { "draft.id" }) {
        "" => None,
        id => draft::open(&door.office, &visitor.acting, id).await.ok(), // foreign or expired: what was typed is kept
    };
    let said = pairs.iter().filter(|(name, _)| name.starts_with("content."));
    let entry = field(pairs, "id").to_owned();
    page(door, &visitor, Source { entry, typed: said.cloned().collect(), draft, notice, saved: false }).await
}

async fn page(door: &Door, visitor: &Visitor, source: Source) -> answer::Page {
    let draft = source.draft.filter(|draft| draft.state == regulation::draft::State::Kept);
    let alone = draft.is_none() && source.notice.is_none() && source.entry.is_empty();
    let drafts =
        if alone { crate::draft::kept(door, &visitor.acting, Some("entry.compile")).await? } else { Vec::new() };
    let title = if source.entry.is_empty() { "编制目录条目" } else { "修订目录条目" };
    let trouble = Trouble { notice: source.notice, typed: source.typed };
    Ok(answer::page(&Page {
        frame: Frame::new(title, "entry", Some(visitor)).troubled(trouble.notice.is_some()),
        crumbs: Crumbs::to(title).through("/files?subject=entry", "授权运营目录条目"),
        grade: form::content(&trouble.typed).and_then(|content| content.grade()),
        questions: form::questions(&trouble),
        rows: form::rows(&trouble.typed),
        basics: form::basics(),
        origin: form::origin(),
        reach: form::reach(),
        words: form::words(),
        key: case::key(door),
        saved: source.saved && trouble.notice.is_none(),
        entry: source.entry,
        trouble,
        draft,
        drafts,
    }))
}
