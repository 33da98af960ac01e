//! 修改规则 — a set that is proposed: what differs from what is in force, who agreed, and the form that proposes one.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use regulation::competence::{APPROVERS, Act, PROCEDURE, State as Stage};
use similar::{ChangeTag, TextDiff};
use store::{competence::Policies, party::Person};
use workflow::competence::Competence;

use crate::{
    Door, answer, case,
    frame::{self, Frame, Trouble},
    session,
};

/// 一行的差异.
struct Mark {
    sign: &'static str,
    tone: &'static str,
    text: String,
}

/// 一个文件的差异.
struct Difference {
    file: String,
    marks: Vec<Mark>,
}

/// 一人的同意.
struct Agreed {
    who: String,
    at: String,
}

#[derive(Template)]
#[template(path = "competence/change.html")]
struct Page {
    frame: Frame,
    set: Policies,
    proposer: String,
    agreed: Vec<Agreed>,
    needed: usize,
    differences: Vec<Difference>,
    against: &'static str,
    can: Vec<Act>,
    timeline: Vec<case::Line>,
    trouble: Trouble,
    key: String,
    seen: u64,
}

impl Page {
    fn may(&self, act: &str) -> bool {
        self.can.iter().any(|can| can.code() == act)
    }
}

/// 一套规则的页.
pub async fn show(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    again(&door, &id, &headers, &uri, Trouble::default()).await
}

/// The page of a set, perhaps with what was refused.
pub async fn again(door: &Door, id: &str, headers: &HeaderMap, uri: &Uri, trouble: Trouble) -> Response {
    answer::faced(page(door, id, headers, trouble).await, headers, uri)
}

async fn page(door: &Door, id: &str, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let set = super::set(door, id).await?;
    let competence = door.office.competence();
    let mut can = Vec::new();
    if let Some(visitor) = &visitor {
        let subject = workflow::competence::Subject::of(&set);
        let steps = PROCEDURE.open_to(set.state, visitor.acting.role).map(|step| step.act);
        let agreed = set.approval.given.iter().any(|given| given.person == visitor.person.id);
        can = steps
            .filter(|act| competence.rule(&visitor.acting, &format!("policies.{}", act.code()), &subject).allowed)
            .filter(|act| !(agreed && *act == Act::Approve))
            .collect();
    }
    let mut agreed = Vec::new();
    for given in &set.approval.given {
        let who = format!("{} · {}", case::org(door, &given.org).await?, name(door, &given.person).await?);
        agreed.push(Agreed { who, at: frame::time(given.at) });
    }
    // What is proposed is read against what is in force; what was in force, against what the program came with.
    let (before, against) = match set.state {
        Stage::Proposed | Stage::Rejected | Stage::Withdrawn => (competence, "现行规则"),
        Stage::InForce | Stage::Superseded => (std::sync::Arc::new(Competence::built_in()), "内置规则"),
    };
    let timeline = case::timeline(door, &format!("policies/{id}")).await?;
    Ok(answer::page(&Page {
        frame: Frame::new(format!("职权规则 {id}"), "competence", visitor.as_ref()),
        proposer: name(door, &set.approval.proposer).await?,
        agreed,
        needed: APPROVERS,
        differences: differences(&before, &set),
        against,
        can,
        seen: timeline.last().map_or(0, |line| line.position),
        timeline,
        trouble,
        key: case::key(door),
        set,
    }))
}

async fn name(door: &Door, person: &str) -> Result<String, workflow::Refused> {
    let found = door.office.store.get::<Person>(person).await.map_err(workflow::Refused::Unavailable)?;
    Ok(found.map_or_else(|| person.to_owned(), |(person, _)| person.name))
}

/// File by file, the lines that are gone and the lines that are new, with a little of what stands around them.
fn differences(before: &Competence, set: &Policies) -> Vec<Difference> {
    let files: BTreeSet<&String> = before.files.keys().chain(set.files.keys()).collect();
    let difference = |file: &String| {
        let none = String::new();
        let (old, new) = (before.files.get(file).unwrap_or(&none), set.files.get(file).unwrap_or(&none));
        let diff = TextDiff::from_lines(old.as_str(), new.as_str());
        let mut marks = Vec::new();
        for (place, group) in diff.grouped_ops(3).iter().enumerate() {
            if place > 0 {
                marks.push(Mark { sign: "…", tone: "hint", text: String::new() });
            }
            for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
                let (sign, tone) = match change.tag() {
                    ChangeTag::Delete => ("−", "wrong"),
                    ChangeTag::Insert => ("＋", "right"),
                    ChangeTag::Equal => ("　", ""),
                };
                marks.push(Mark { sign, tone, text: change.value().trim_end().to_owned() });
            }
        }
        Difference { file: format!("{file}.cedar"), marks }
    };
    files.into_iter().map(difference).filter(|difference| !difference.marks.is_empty()).collect()
}

#[derive(Template)]
#[template(path = "competence/new.html")]
struct New {
    frame: Frame,
    id: String,
    files: Vec<(String, String)>,
    reason: String,
    trouble: Trouble,
    key: String,
}

/// 提请修改 — the whole set to be edited, as it is in force.
pub async fn fresh(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    edit(&door, "", &headers, &uri, Trouble::default()).await
}

/// 改稿.
pub async fn revise(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    edit(&door, &id, &headers, &uri, Trouble::default()).await
}

/// The form, with what had been typed where there is any.
pub async fn edit(door: &Door, id: &str, headers: &HeaderMap, uri: &Uri, trouble: Trouble) -> Response {
    answer::faced(form(door, id, headers, trouble).await, headers, uri)
}

async fn form(door: &Door, id: &str, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("提请修改职权规则需要先登录").into());
    };
    let (files, reason) = if id.is_empty() {
        (door.office.competence().files.clone(), String::new())
    } else {
        let set = super::set(door, id).await?;
        (set.files, set.reason)
    };
    let typed = |name: &str, present: String| {
        let typed = trouble.typed(name);
        if typed.is_empty() { present } else { typed.to_owned() }
    };
    let files = files.into_iter().map(|(file, text)| (file.clone(), typed(&format!("files.{file}"), text))).collect();
    let reason = typed("reason", reason);
    let frame = Frame::new("提请修改职权规则", "competence", Some(&visitor));
    Ok(answer::page(&New { frame, id: id.to_owned(), files, reason, trouble, key: case::key(door) }))
}
