//! 办事指南 — for each party: who acts in which step, within how many working days, with what prepared.

use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use regulation::{
    Provision, Role, Terms,
    guide::{self, Leg, Matter},
};
use serde_json::json;
use workflow::{Acting, Refused};

use crate::{Door, answer, frame::Frame, session};

/// 一方.
struct Party {
    role: Role,
    matters: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "guides.html")]
struct All {
    frame: Frame,
    parties: Vec<Party>,
}

#[derive(Template)]
#[template(path = "guide.html")]
struct One {
    frame: Frame,
    role: Role,
    matters: Vec<Matter>,
    application: Vec<Provision>,
}

/// Who applies for a grant, and is told what the Measures say of it.
const APPLICANTS: &[Role] = &[Role::MunicipalDepartment, Role::DistrictGovernment, Role::DistrictDataAuthority];

/// Where an article is shown.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the template walks over references")]
fn law(basis: &Provision) -> Option<String> {
    basis.measures_article().map(|number| format!("/law/{number}"))
}

/// The day's terms: the law of today applies.
fn terms(door: &Door) -> Terms {
    Terms::in_force_on(Acting::clock(door.now()).today())
}

/// 各方.
pub async fn list(State(door): State<Door>, headers: HeaderMap) -> answer::Page {
    let visitor = session::visitor(&door, &headers).await?;
    let terms = terms(&door);
    let party = |role| Party { role, matters: guide::of(role, &terms).iter().map(|matter| matter.name).collect() };
    let frame = Frame::new("办事指南", "guide", visitor.as_ref());
    let parties = guide::parties(&terms).into_iter().map(party).collect();
    Ok(answer::page(&All { frame, parties }))
}

/// The party of this code, with its matters.
fn told(door: &Door, code: &str) -> Result<(Role, Vec<Matter>), Refused> {
    let missing = || Refused::Missing { what: "办事指南", id: code.to_owned() };
    let role = Role::coded(code).ok_or_else(missing)?;
    let matters = guide::of(role, &terms(door));
    if matters.is_empty() && !APPLICANTS.contains(&role) { Err(missing()) } else { Ok((role, matters)) }
}

/// 一方的指南.
pub async fn one(State(door): State<Door>, Path(code): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build(&door, &code, &headers).await, &headers, &uri)
}

async fn build(door: &Door, code: &str, headers: &HeaderMap) -> answer::Page {
    let (role, matters) = told(door, code)?;
    let visitor = session::visitor(door, headers).await?;
    let application = if APPLICANTS.contains(&role) { guide::application().into() } else { Vec::new() };
    let frame = Frame::new(format!("{role}办事指南"), "guide", visitor.as_ref());
    Ok(answer::page(&One { frame, role, matters, application }))
}

/// 一方的指南（程序）.
pub async fn json(State(door): State<Door>, Path(code): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    match told(&door, &code) {
        Ok((role, matters)) => Json(json!({ "role": role, "name": role.name(), "matters": matters })).into_response(),
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}

/// 5个工作日.
fn within(leg: &Leg) -> String {
    leg.term.as_ref().map_or_else(|| "没有规定".to_owned(), |term| term.value.to_string())
}
