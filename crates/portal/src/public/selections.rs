//! 遴选公告 — who is sought, how and until when; who was shown and selected. Operators apply and object here (Articles 14 and 15).

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use regulation::{
    Provision, Role, article,
    granting::selection::{Condition, State as Stage, candidate},
};
use serde_json::{Value, json};
use store::granting::{
    plan::Plan,
    selection::{Selection, candidate::Candidate},
};
use workflow::Refused;

use crate::{
    Door, answer, case,
    components::{field::Field, field::Input, notice::Faults, tag::Tag},
    frame::{Frame, Trouble, date},
    granting::selection::{application, told},
    names,
    session::{self, Visitor},
};

/// How many are listed.
const MOST: u32 = 500;

/// 一次遴选.
struct Line {
    selection: Selection,
    title: String,
    agency: String,
}

impl Line {
    fn state(&self) -> Tag {
        Tag::state(self.selection.state.name())
    }
    fn deadline(&self) -> String {
        self.selection.deadline.map_or_else(|| "—".to_owned(), date)
    }
}

#[derive(Template)]
#[template(path = "public/selections.html")]
struct List {
    frame: Frame,
    lines: Vec<Line>,
    basis: Provision,
}

/// 本单位的一份申请或者异议.
struct Own {
    name: &'static str,
    id: String,
    path: String,
    state: String,
}

/// 一张表单.
struct Form {
    act: &'static str,
    label: &'static str,
    basis: Provision,
    about: &'static str,
    inputs: Vec<Input>,
}

#[derive(Template)]
#[template(path = "public/selection.html")]
struct Page {
    frame: Frame,
    id: String,
    title: String,
    state: &'static str,
    lines: Vec<(&'static str, String)>,
    conditions: &'static [Condition],
    own: Vec<Own>,
    forms: Vec<Form>,
    file: String,
    basis: Provision,
    trouble: Trouble,
    key: String,
}

impl Page {
    fn tag(&self) -> Tag {
        Tag::state(self.state)
    }

    fn faults(&self) -> Option<Faults<'_>> {
        Faults::of(&self.trouble, self.trouble.typed("act"))
    }

    /// What had been typed belongs to the form it was typed into.
    fn field<'a>(&'a self, form: &Form, input: &'a Input) -> Field<'a> {
        const CLEAN: &Trouble = &Trouble { notice: None, typed: Vec::new() };
        let typed_here = self.trouble.typed("act") == form.act;
        Field::of(input, form.act, if typed_here { &self.trouble } else { CLEAN })
    }
}

async fn all(door: &Door) -> Result<Vec<Line>, Refused> {
    let mut selections: Vec<Selection> = door.office.store.list("", MOST).await.map_err(Refused::Unavailable)?;
    selections.sort_by_key(|selection| (selection.state.over(), std::cmp::Reverse(selection.id.clone())));
    let mut lines = Vec::with_capacity(selections.len());
    for selection in selections {
        lines.push(Line { title: title(&selection), agency: case::org(door, &selection.agency).await?, selection });
    }
    Ok(lines)
}

/// The first sentence of the notice.
fn title(selection: &Selection) -> String {
    crate::list::short(selection.notice.trim().split(['。', '\n']).next().unwrap_or_default())
}

/// 遴选公告.
pub async fn list(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build_list(&door, &headers).await, &headers, &uri)
}

async fn build_list(door: &Door, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let frame = Frame::new("遴选公告", "selections", visitor.as_ref());
    Ok(answer::page(&List { frame, lines: all(door).await?, basis: article(14) }))
}

/// 遴选公告（程序）.
pub async fn list_json(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    let lines = all(&door).await.map_err(Into::into);
    let one = |line: &Line| brief(&line.selection, &line.title);
    answer::faced(
        lines.map(|lines| {
            let list: Vec<Value> = lines.iter().map(one).collect();
            Json(json!({ "legal_basis": article(14), "selections": list })).into_response()
        }),
        &headers,
        &uri,
    )
}

/// What is public of a selection; no application is, and nobody's proof.
fn brief(selection: &Selection, title: &str) -> Value {
    json!({
        "id": selection.id, "title": title, "method": selection.method.name(), "state": selection.state.name(),
        "notice": selection.notice, "how": selection.how, "asked": selection.asked, "deadline": selection.deadline,
        "criteria": selection.criteria, "publicity_until": selection.publicity_until,
        "candidates": selection.ranked.iter().map(|one| json!({ "name": one.name, "score_hundredths": one.score })).collect::<Vec<_>>(),
        "operator": selection.operator, "selected_on": selection.selected_on, "contract_by": selection.contract_by,
        "reason": selection.reason,
    })
}

/// 一次遴选.
pub async fn show(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    again(&door, &id, &headers, &uri, Trouble::default()).await
}

/// The same page, with what had been typed and why it was refused.
pub async fn again(door: &Door, id: &str, headers: &HeaderMap, uri: &Uri, trouble: Trouble) -> Response {
    answer::faced(build(door, id, headers, trouble).await, headers, uri)
}

async fn build(door: &Door, id: &str, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let selection: Selection = case::read(door, "遴选", id).await?;
    let plan: Plan = case::read(door, "实施方案", &selection.plan).await?;
    let own = own(door, &selection, visitor.as_ref()).await?;
    let forms = forms(&selection, &plan, visitor.as_ref(), &own);
    let file = visitor.as_ref().filter(|visitor| case::may_see(&selection, visitor));
    let title = title(&selection);
    Ok(answer::page(&Page {
        frame: Frame::new(title.clone(), "selections", visitor.as_ref()).troubled(trouble.notice.is_some()),
        lines: told(door, &selection).await?,
        conditions: Condition::of(&plan.mode),
        file: file.map(|_| names::path("selection", id)).unwrap_or_default(),
        state: selection.state.name(),
        id: selection.id,
        basis: article(14),
        key: case::key(door),
        title,
        own,
        forms,
        trouble,
    }))
}

/// The visitor's own application, if its organisation takes part.
async fn own(door: &Door, selection: &Selection, visitor: Option<&Visitor>) -> Result<Vec<Own>, Refused> {
    let Some(visitor) = visitor.filter(|visitor| visitor.acting.role == Role::Operator) else { return Ok(Vec::new()) };
    let mut own = Vec::new();
    for id in &selection.candidates {
        let application: Candidate = case::read(door, "参选申请", id).await?;
        if application.operator() == Some(&visitor.acting.org) {
            own.push(Own {
                name: "参选申请",
                path: names::path("candidate", id),
                id: id.clone(),
                state: application.state.to_string(),
            });
        }
    }
    Ok(own)
}

/// What an operator may fill in now.
fn forms(selection: &Selection, plan: &Plan, visitor: Option<&Visitor>, own: &[Own]) -> Vec<Form> {
    let Some(visitor) = visitor.filter(|visitor| visitor.acting.role == Role::Operator) else { return Vec::new() };
    let today = visitor.acting.today();
    let mut forms = Vec::new();
    let applied = own.iter().any(|one| one.state != candidate::State::Withdrawn.name());
    let open = selection.state == Stage::Announced && selection.deadline.is_none_or(|deadline| today <= deadline);
    if open && !applied {
        forms.push(Form {
            act: "candidate.apply",
            label: "申请参选",
            basis: article(15),
            about: "每项条件写明用什么证明、有效期到哪一天。缺什么，提交时一次告知。截止之前可以修改、撤回。",
            inputs: application(&plan.mode, "", "", &BTreeMap::default()),
        });
    }
    let in_time = selection.publicity_until.is_none_or(|until| today <= until);
    if !own.is_empty() && !selection.state.over() && in_time {
        forms.push(Form {
            act: "complaint.lodge",
            label: "提出异议",
            basis: article(14),
            about: "参选单位对公告、资格审查、评审和候选人有异议的，在这里提出；答复之前不得选定。",
            inputs: vec![Input::new("grounds", "事项和理由", "area", "写明对哪一项有异议、为什么")],
        });
    }
    forms
}

/// 一次遴选（程序）.
pub async fn json(State(door): State<Door>, Path(id): Path<String>) -> Response {
    match case::read::<Selection>(&door, "遴选", &id).await {
        Ok(selection) => Json(brief(&selection, &title(&selection))).into_response(),
        Err(refused) => answer::as_problem(&refused),
    }
}
