//! 人员 — all accounts, for those who keep the platform.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use regulation::Role;
use serde::Deserialize;
use store::party::{Membership, Person};
use workflow::Refused;

use super::{Doing, doing, doings};
use crate::{
    Door, answer, case,
    frame::{Frame, Trouble},
    session::{self, Visitor},
};

/// How many are shown on one page.
const PAGE: u32 = 50;

/// 从哪里起.
#[derive(Debug, Default, Deserialize)]
pub struct From {
    #[serde(default)]
    after: String,
}

/// 一个账号.
struct Account {
    person: Person,
    memberships: Vec<(Membership, String)>,
    doings: Vec<Doing>,
}

#[derive(Template)]
#[template(path = "party/people.html")]
struct Page {
    frame: Frame,
    accounts: Vec<Account>,
    next: String,
    trouble: Trouble,
    key: String,
}

/// Whether this visitor keeps the platform or supervises it, and so sees everybody.
pub fn keeps(visitor: &Visitor) -> bool {
    Role::KEEPERS.contains(&visitor.acting.role) || visitor.acting.role == Role::Auditor
}

/// 人员.
pub async fn show(State(door): State<Door>, Query(from): Query<From>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(page(&door, &from.after, &headers, Trouble::default()).await, &headers, &uri)
}

/// The page again, with what was refused.
pub async fn again(door: &Door, headers: &HeaderMap, uri: &Uri, trouble: Trouble) -> Response {
    answer::faced(page(door, "", headers, trouble).await, headers, uri)
}

async fn page(door: &Door, after: &str, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看人员需要先登录").into());
    };
    if !keeps(&visitor) {
        return Err(Refused::Missing { what: "页面", id: "/people".to_owned() }.into());
    }
    let mut people = door.office.store.list::<Person>(after, PAGE + 1).await?;
    let more = people.len() > PAGE as usize;
    people.truncate(PAGE as usize);
    let next = people.last().filter(|_| more).map(|last| last.id.clone()).unwrap_or_default();
    let mut accounts = Vec::with_capacity(people.len());
    for person in people {
        let mut memberships = Vec::new();
        for id in &person.memberships {
            let held: Membership = case::read(door, "任职", id).await?;
            let org = case::org(door, &held.org).await?;
            memberships.push((held, org));
        }
        let mut doings = doings(door, &visitor, &person, person.standing);
        if !workflow::party::passkey::of(&door.office, &person.id).await?.is_empty() {
            let lost = doing(door, &visitor, &person, "person.revoke_passkeys", "id");
            doings.extend(lost.map(|lost| Doing { reason: true, ..lost }));
        }
        accounts.push(Account { doings, memberships, person });
    }
    let frame = Frame::new("人员", "people", Some(&visitor));
    Ok(answer::page(&Page { frame, accounts, next, trouble, key: case::key(door) }))
}
