//! 我的会话 — where somebody is signed in, and how to end it there.

use askama::Template;
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use workflow::party::session as sessions;

use crate::{
    Door, answer,
    frame::{self, Frame},
    session,
};

/// 一个会话.
struct Line {
    id: String,
    agent: String,
    since: String,
    last: String,
    until: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "sessions.html")]
struct Page {
    frame: Frame,
    sessions: Vec<Line>,
}

/// 我的会话.
pub async fn show(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    match build(&door, &headers).await {
        Ok(response) => response,
        Err(answer::Told(refused)) => answer::told(&refused, &headers, &uri),
    }
}

async fn build(door: &Door, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let current = session::number(headers);
    let line = |(session, last): (store::party::Session, Option<jiff::Timestamp>)| Line {
        current: current.as_deref() == Some(session.id.as_str()),
        agent: if session.agent.is_empty() { "没有自称".into() } else { session.agent },
        since: frame::time(session.since),
        last: last.map_or_else(|| "服务启动以来没有活动".into(), frame::time),
        until: frame::time(session.until),
        id: session.id,
    };
    let open = sessions::open(&door.office, &visitor.acting).await?;
    let page =
        Page { frame: Frame::new("我的会话", "", Some(&visitor)), sessions: open.into_iter().map(line).collect() };
    Ok(answer::page(&page))
}

/// 结束一个会话.
pub async fn end(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    match finish(&door, &headers, &body).await {
        Ok(response) => response,
        Err(answer::Told(refused)) => answer::told(&refused, &headers, &uri),
    }
}

async fn finish(door: &Door, headers: &HeaderMap, body: &[u8]) -> answer::Page {
    let visitor = session::visitor(door, headers).await?.filter(|_| session::same_site(headers));
    let Some(visitor) = visitor else {
        return Err(session::unknown("结束会话需要先登录，并从“我的会话”页面进行").into());
    };
    let chosen = form_urlencoded::parse(body).find(|(name, _)| name == "id").map(|(_, id)| id.into_owned());
    sessions::end(&door.office, &visitor.acting, &chosen.unwrap_or_default()).await?;
    Ok(Redirect::to("/sessions").into_response())
}
