//! 我的任职 — as what one may act, and going on as another.

use askama::Template;
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use store::party::{Membership, Organisation};
use workflow::party;

use crate::{Door, answer, frame::Frame, proving::with_token, session};

#[derive(Template)]
#[template(path = "party/capacities.html")]
struct Page {
    frame: Frame,
    current: String,
    held: Vec<(Membership, Organisation)>,
}

/// 我的任职.
pub async fn show(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(page(&door, &headers).await, &headers, &uri)
}

async fn page(door: &Door, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看任职需要先登录").into());
    };
    let held = party::membership::in_force(&door.office, &visitor.person).await?;
    let current = visitor.membership.id.clone();
    Ok(answer::page(&Page { frame: Frame::new("我的任职", "capacities", Some(&visitor)), current, held }))
}

/// 换任职.
pub async fn switch(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    answer::faced(switched(&door, &headers, &body).await, &headers, &uri)
}

async fn switched(door: &Door, headers: &HeaderMap, body: &[u8]) -> answer::Page {
    if !session::same_site(headers) {
        return Err(session::unknown("这一请求来自别的网站，没有办理").into());
    }
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("换任职需要先登录").into());
    };
    let to = form_urlencoded::parse(body).find(|(name, _)| name == "membership").map(|(_, to)| to.into_owned());
    let token = party::session::switch(&door.office, &visitor, &to.unwrap_or_default(), door.now()).await?;
    Ok(with_token(door, &token, Redirect::to("/tasks").into_response()))
}
