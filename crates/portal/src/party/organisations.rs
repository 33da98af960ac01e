//! 单位 — all of them, and the form that registers one.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use regulation::{Level, Nature, Role};
use serde::Deserialize;
use store::party::Organisation;
use workflow::competence::Subject;

use crate::{
    Door, answer, case,
    frame::{Frame, Trouble},
    session,
};

/// How many are shown on one page.
const PAGE: u32 = 100;

/// 从哪里起.
#[derive(Debug, Default, Deserialize)]
pub struct From {
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "party/organisations.html")]
struct Page {
    frame: Frame,
    organisations: Vec<Organisation>,
    next: String,
    registers: bool,
    natures: &'static [Nature],
    levels: &'static [Level],
    roles: Vec<Role>,
    trouble: Trouble,
    key: String,
}

/// 单位.
pub async fn show(State(door): State<Door>, Query(from): Query<From>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(page(&door, &from.after, &headers, Trouble::default()).await, &headers, &uri)
}

/// The page again, with what was refused and what had been typed.
pub async fn again(door: &Door, headers: &HeaderMap, uri: &Uri, trouble: Trouble) -> Response {
    answer::faced(page(door, "", headers, trouble).await, headers, uri)
}

async fn page(door: &Door, after: &str, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看单位需要先登录").into());
    };
    if !super::people::keeps(&visitor) {
        return super::organisation::page(door, &visitor.organisation.id, headers, trouble).await; // their own
    }
    let subject = Subject::begun_by(&visitor.acting, "organisation");
    let registers = door.office.competence().rule(&visitor.acting, "organisation.register", &subject).allowed;
    let mut organisations = door.office.store.list::<Organisation>(after, PAGE + 1).await?;
    let more = organisations.len() > PAGE as usize;
    organisations.truncate(PAGE as usize);
    Ok(answer::page(&Page {
        frame: Frame::new("单位", "organisations", Some(&visitor)),
        next: organisations.last().filter(|_| more).map(|last| last.id.clone()).unwrap_or_default(),
        organisations,
        registers,
        natures: Nature::ALL,
        levels: Level::ALL,
        roles: Role::ALL
            .iter()
            .copied()
            .filter(|role| !role.is_the_program() && *role != Role::OrganisationAdministrator)
            .collect(),
        trouble,
        key: case::key(door),
    }))
}
