//! 我的会话 — where somebody is signed in, how to end it there, and how to change one's password.

use askama::Template;
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use workflow::{
    Notice, Refused,
    party::{password as passwords, session as sessions},
};

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
    answer::faced(build(&door, &headers).await, &headers, &uri)
}

async fn build(door: &Door, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let current = visitor.session.id.clone();
    let line = |(session, last): (store::party::Session, Option<jiff::Timestamp>)| Line {
        current: current == session.id,
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

#[derive(Template)]
#[template(path = "password.html")]
struct Password {
    frame: Frame,
    notice: Option<Notice>,
    done: bool,
}

/// 更换口令页.
pub async fn password(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    match session::visitor(&door, &headers).await {
        Ok(Some(visitor)) => {
            answer::page(&Password { frame: Frame::new("更换口令", "", Some(&visitor)), notice: None, done: false })
        }
        Ok(None) => Redirect::to("/sign-in").into_response(),
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}

/// 更换口令.
pub async fn change(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    let visitor = match session::visitor(&door, &headers).await {
        Ok(Some(visitor)) if session::same_site(&headers) => visitor,
        Ok(_) => return answer::told(&session::unknown("更换口令需要先登录，并从本平台的页面进行"), &headers, &uri),
        Err(refused) => return answer::told(&refused, &headers, &uri),
    };
    let field = |wanted: &str| {
        let mut fields = form_urlencoded::parse(&body);
        fields.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let (old, new, again) = (field("old"), field("new"), field("again"));
    let current = visitor.session.id.clone();
    let changed = if new == again {
        passwords::change(&door.office, &visitor.acting, &current, (&old, &new)).await
    } else {
        Err(Refused::Question("两次输入的新口令不一样".into()))
    };
    let page = |notice, done| Password { frame: Frame::new("更换口令", "", Some(&visitor)), notice, done };
    match changed {
        Ok(()) => answer::page(&page(None, true)),
        Err(refused) => {
            let told = answer::page(&page(Some(answer::notice(&refused)), false));
            answer::with_wait(&refused, (answer::status(&refused), told).into_response())
        }
    }
}

/// 结束一个会话.
pub async fn end(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    answer::faced(finish(&door, &headers, &body).await, &headers, &uri)
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
