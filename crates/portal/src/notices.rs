//! 告知 — what my organisation was told in my role, the latest first; what I have not read yet is marked in words.

use askama::Template;
use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse, Redirect, Response},
};
use regulation::notice::Reason;
use serde_json::json;
use store::{
    Row,
    notice::{Notice, mailbox},
};
use workflow::{Refused, notice::reading};

use crate::{
    Door, answer, case,
    components::{
        empty::Empty,
        tag::{Tag, Tone},
    },
    frame::{self, Frame, Who},
    list, names, session,
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
    /// Why it was told, in the tone of what it asks for.
    fn tag(&self) -> Tag {
        let tone = match self.notice.reason {
            Reason::Yours => Tone::Info,
            Reason::Progress => Tone::Neutral,
            Reason::Soon => Tone::Warn,
            Reason::Overdue => Tone::Danger,
        };
        Tag::new(self.notice.reason.name(), tone)
    }

    fn state(&self) -> Tag {
        Tag::state(&*self.notice.state)
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
    unread: String,
    key: String,
}

impl Page {
    /// Whether there is something to mark: what is read is everything up to the latest.
    fn may_mark(&self) -> bool {
        self.first && !self.unread.is_empty() && self.up_to >= 0
    }

    fn caption(&self) -> &'static str {
        if self.only_unread { "未读的告知" } else { "全部告知" }
    }

    fn empty(&self) -> Empty {
        match (self.only_unread, self.first) {
            (true, _) => Empty::new("没有未读的告知", "").with("/notices", "看全部告知"),
            (_, true) => Empty::new("还没有告知", "别的单位办理了与本单位有关的事项，这里就会有告知。"),
            (_, false) => Empty::new("没有更早的告知", "").with("/notices", "回到最近的告知"),
        }
    }
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
    let older = older.map(|older| further("/notices", only_unread, &older));
    let frame = Frame::new("告知", "notices", Some(&visitor));
    Ok(answer::page(&Page {
        unread: frame.who.as_ref().map(Who::unread).unwrap_or_default(),
        frame,
        lines,
        only_unread,
        older,
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
        "unread": reading::unread(&door.office, &visitor.acting).await?,
        "up_to": listed.up_to,
        "notices": listed.lines.iter().map(one).collect::<Vec<_>>(),
        "next": listed.older.map(|older| further("/api/v1/notices", listed.only_unread, &older)),
    }))
    .into_response())
}

/// Where the list goes on after a place.
fn further(path: &str, only_unread: bool, place: &str) -> String {
    let filter = if only_unread { "only=unread&" } else { "" };
    format!("{path}?{filter}before={place}")
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
    let wanted = |row: &&Row| !only_unread || row.since > reached;
    let full = rows.iter().filter(wanted).count() > PAGE as usize;
    let mut lines = Vec::new();
    for row in rows.iter().filter(wanted).take(PAGE as usize) {
        lines.push(line(door, row, reached).await?);
    }
    let last = rows.iter().filter(wanted).take(PAGE as usize).last();
    let older = last.filter(|_| full).map(|row| format!("{}.{}", row.since, row.id()));
    Ok(Listed { lines, only_unread, older, up_to: rows.first().map_or(-1, |row| row.since), before })
}

async fn line(door: &Door, row: &Row, reached: i64) -> Result<Line, Refused> {
    let notice: Notice = row.read().map_err(Refused::Unavailable)?;
    let (subject, id) = notice.about.split_once('/').unwrap_or_default();
    let about = door.office.store.row(&notice.about).await.map_err(Refused::Unavailable)?;
    Ok(Line {
        unread: row.since > reached,
        name: names::subject(subject).to_owned(),
        title: about.map(|row| list::short(&row.title)).unwrap_or_default(),
        path: names::path(subject, id),
        id: id.to_owned(),
        by: by(door, &notice.by).await?,
        act: names::act(&notice.act).to_owned(),
        at: frame::time(notice.at),
        due: notice.due.map(frame::date).unwrap_or_default(),
        notice,
    })
}

/// Who acted: an organisation, the platform's clock, or somebody of the public.
async fn by(door: &Door, org: &str) -> Result<String, Refused> {
    match org {
        "platform" => Ok("平台时限服务".to_owned()),
        "public" => Ok("社会公众".to_owned()),
        _ => case::org(door, org).await,
    }
}
