//! 告知 — what my organisation was told in my role, the latest first; what I have not read yet is marked in words.

use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse, Redirect, Response},
};
use regulation::notice::Reason;
use serde_json::{Value, json};
use store::{
    Row,
    notice::{Notice, mailbox},
};
use workflow::{Refused, Request, notice::reading};

use crate::{
    Door, acts, answer, case,
    frame::{self, Frame},
    names, session,
    session::Visitor,
};

/// How many are shown on a page.
const PAGE: u32 = 30;

/// 一件告知.
struct Line {
    notice: Notice,
    unread: bool,
    name: String,
    title: String,
    id: String,
    path: String,
    by: String,
    act: String,
    at: String,
    due: String,
}

impl Line {
    fn tone(&self) -> &'static str {
        match self.notice.reason {
            Reason::Yours => "info",
            Reason::Progress => "",
            Reason::Soon => "warn",
            Reason::Overdue => "danger",
        }
    }
}

#[derive(Template)]
#[template(path = "notices.html")]
struct Page {
    frame: Frame,
    lines: Vec<Line>,
    only_unread: bool,
    older: Option<String>,
    first: bool,
    up_to: i64,
    key: String,
}

/// What a page shows: the notices, and where the next page begins.
struct Listed {
    lines: Vec<Line>,
    only_unread: bool,
    before: Option<String>,
    older: Option<String>,
    up_to: i64,
}

/// 告知页.
pub async fn show(State(door): State<Door>, RawQuery(query): RawQuery, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(page(&door, query.as_deref(), &headers).await, &headers, &uri)
}

async fn page(door: &Door, query: Option<&str>, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let Listed { lines, only_unread, before, older, up_to } = listed(door, &visitor, query).await?;
    let filter = if only_unread { "only=unread&" } else { "" };
    Ok(answer::page(&Page {
        frame: Frame::new("告知", "notices", Some(&visitor)),
        lines,
        only_unread,
        older: older.map(|older| format!("/notices?{filter}before={older}")),
        first: before.is_none(),
        up_to,
        key: case::key(door),
    }))
}

/// 告知（程序）.
pub async fn json(State(door): State<Door>, RawQuery(query): RawQuery, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(list(&door, query.as_deref(), &headers).await, &headers, &uri)
}

async fn list(door: &Door, query: Option<&str>, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看告知需要先登录").into());
    };
    let listed = listed(door, &visitor, query).await?;
    let one = |line: &Line| {
        let Notice { id, reason, about, act, by, state, basis, due, at, .. } = &line.notice;
        json!({
            "id": id, "reason": reason, "about": about, "title": line.title, "act": act, "by": by, "state": state,
            "basis": basis, "due": due, "at": at, "unread": line.unread,
        })
    };
    Ok(Json(json!({
        "unread": visitor.unread,
        "up_to": listed.up_to,
        "notices": listed.lines.iter().map(one).collect::<Vec<_>>(),
        "next": listed.older.map(|older| format!("/api/v1/notices?before={older}")),
    }))
    .into_response())
}

async fn listed(door: &Door, visitor: &Visitor, query: Option<&str>) -> Result<Listed, Refused> {
    let query: Vec<(String, String)> =
        form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let asked = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let before = asked("before");
    let place = match &before {
        Some(text) => {
            let place = text.split_once('.').and_then(|(position, id)| Some((position.parse().ok()?, id)));
            let (position, id): (i64, &str) =
                place.ok_or_else(|| Refused::Question("“before”不是列表给出的位置".into()))?;
            Some((position, store::record::key::<Notice>(id)))
        }
        None => None,
    };
    let only_unread = asked("only").as_deref() == Some("unread");
    let mailbox = mailbox(visitor.acting.role, &visitor.acting.org);
    let reached = reading::reached(&door.office, &visitor.acting).await?;
    let place = place.as_ref().map(|(position, key)| (*position, key.as_str()));
    let rows = door.office.store.latest::<Notice>(&mailbox, place, PAGE + 1).await.map_err(Refused::Unavailable)?;
    // The latest come first, so what is unread stands before everything that was read.
    let wanted = |row: &&Row| !only_unread || row.position > reached;
    let full = rows.iter().filter(wanted).count() > PAGE as usize;
    let mut lines = Vec::new();
    for row in rows.iter().filter(wanted).take(PAGE as usize) {
        lines.push(line(door, row, reached).await?);
    }
    let last = rows.iter().filter(wanted).take(PAGE as usize).last();
    let older = last.filter(|_| full).map(|row| format!("{}.{}", row.position, row.id()));
    Ok(Listed { lines, only_unread, older, up_to: rows.first().map_or(-1, |row| row.position), before })
}

async fn line(door: &Door, row: &Row, reached: i64) -> Result<Line, Refused> {
    let notice: Notice = row.read().map_err(Refused::Unavailable)?;
    let (subject, id) = notice.about.split_once('/').unwrap_or_default();
    let about = door.office.store.row(&notice.about).await.map_err(Refused::Unavailable)?;
    let body: Value = about.map(|row| row.read()).transpose().map_err(Refused::Unavailable)?.unwrap_or_default();
    Ok(Line {
        unread: row.position > reached,
        name: names::subject(subject).to_owned(),
        title: names::title(&body),
        path: names::path(subject, id),
        id: id.to_owned(),
        by: if notice.by == "platform" { "平台时限服务".to_owned() } else { case::org(door, &notice.by).await? },
        act: names::act(&notice.act).to_owned(),
        at: frame::time(notice.at),
        due: notice.due.map(frame::date).unwrap_or_default(),
        notice,
    })
}

/// 全部标为已读.
pub async fn read(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    answer::faced(mark(&door, &headers, &body).await, &headers, &uri)
}

async fn mark(door: &Door, headers: &HeaderMap, body: &[u8]) -> answer::Page {
    let visitor = session::visitor(door, headers).await?.filter(|_| session::same_site(headers));
    let Some(visitor) = visitor else {
        return Err(session::unknown("标为已读需要先登录，并从“告知”页面进行").into());
    };
    let field = |wanted: &str| {
        form_urlencoded::parse(body).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    let up_to = field("up_to").and_then(|text| text.parse().ok());
    let up_to = up_to.ok_or_else(|| Refused::Question("没有写明读到哪里".into()))?;
    let key = field("_key").filter(|key| !key.is_empty());
    acts::carry_out(door, &visitor, &Request::ReadingAdvance { up_to }, key.as_deref(), None).await?;
    Ok(Redirect::to("/notices").into_response())
}
