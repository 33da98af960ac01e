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
    export::{self, About, Cell},
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
            Reason::Overdue | Reason::Expired => Tone::Danger,
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
    let asked = Asked::read(query);
    let Listed { lines, older, up_to } = listed(door, &visitor, &asked, PAGE).await?;
    let older = older.map(|older| further("/notices", asked.only_unread, &older));
    let frame = Frame::new("告知", "notices", Some(&visitor));
    Ok(answer::page(&Page {
        unread: frame.who.as_ref().map(Who::unread).unwrap_or_default(),
        frame,
        lines,
        only_unread: asked.only_unread,
        older,
        first: asked.before.is_none(),
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
    let asked = Asked::read(query);
    let listed = listed(door, &visitor, &asked, PAGE).await?;
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
        "next": listed.older.map(|older| further("/api/v1/notices", asked.only_unread, &older)),
    }))
    .into_response())
}

/// Where the list goes on after a place.
fn further(path: &str, only_unread: bool, place: &str) -> String {
    let filter = if only_unread { "only=unread&" } else { "" };
    format!("{path}?{filter}before={place}")
}

/// 所问 — which notices, and after which of them.
#[derive(Default)]
struct Asked {
    only_unread: bool,
    before: Option<String>,
}

impl Asked {
    fn read(query: Option<&str>) -> Self {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match &*name {
                "only" => asked.only_unread = value == "unread",
                "before" => asked.before = Some(value.into_owned()),
                _ => {}
            }
        }
        asked
    }

    /// The place after which the list goes on.
    fn place(&self) -> Result<Option<(i64, String)>, Refused> {
        let Some(text) = &self.before else { return Ok(None) };
        let place = text.split_once('.').and_then(|(position, id)| Some((position.parse().ok()?, id)));
        let (position, id): (i64, &str) =
            place.ok_or_else(|| Refused::Question("“before”不是列表给出的位置".into()))?;
        Ok(Some((position, store::record::key::<Notice>(id))))
    }
}

async fn listed(door: &Door, visitor: &Visitor, asked: &Asked, show: u32) -> Result<Listed, Refused> {
    let place = asked.place()?;
    let mailbox = mailbox(visitor.acting.role, &visitor.acting.org);
    let reached = reading::reached(&door.office, &visitor.acting).await?;
    let place = place.as_ref().map(|(position, key)| (*position, key.as_str()));
    let rows = door.office.store.latest::<Notice>(&mailbox, place, show + 1).await.map_err(Refused::Unavailable)?;
    // The latest come first, so what is unread stands before everything that was read.
    let wanted = |row: &&Row| !asked.only_unread || row.since > reached;
    let full = rows.iter().filter(wanted).count() > show as usize;
    let mut lines = Vec::new();
    for row in rows.iter().filter(wanted).take(show as usize) {
        lines.push(line(door, row, reached).await?);
    }
    let last = rows.iter().filter(wanted).take(show as usize).last();
    let older = last.filter(|_| full).map(|row| format!("{}.{}", row.since, row.id()));
    Ok(Listed { lines, older, up_to: rows.first().map_or(-1, |row| row.since) })
}

/// 告知（表格）.
pub async fn table(State(door): State<Door>, RawQuery(query): RawQuery, headers: HeaderMap, uri: Uri) -> Response {
    const HEAD: &[&str] =
        &["事项", "编号", "名称", "事由", "状态", "期限届满", "由谁办理", "行为", "依据", "时间", "未读"];
    let mut asked = Asked::read(query.as_deref());
    let lines = async {
        let Some(visitor) = session::visitor(&door, &headers).await? else {
            return Err(session::unknown("导出告知需要先登录"));
        };
        let mut lines = Vec::new();
        while lines.len() < list::TABLE as usize {
            let part = listed(&door, &visitor, &asked, list::READ).await?;
            lines.extend(part.lines);
            asked.before = part.older;
            if asked.before.is_none() {
                break;
            }
        }
        Ok(lines)
    };
    match lines.await {
        Ok(lines) => {
            let query = if asked.only_unread { "只看未读".to_owned() } else { String::new() };
            let about = About {
                file: "notices",
                name: "告知".into(),
                meaning: "发给本单位这一身份的告知，最近的在前，最多一万件；未读只是本人的标记".into(),
                query,
                total: lines.len(),
                at: door.now(),
            };
            let line = |line: Line| {
                let Notice { reason, state, basis, due, .. } = &line.notice;
                let due = due.map(|day| day.to_string());
                let told = [line.name, line.id, line.title, reason.name().to_owned(), state.clone()].map(Cell::from);
                let rest = [line.by, line.act, basis.clone(), line.at].map(Cell::from);
                let unread = Cell::from(if line.unread { "未读" } else { "" });
                told.into_iter().chain([due.into()]).chain(rest).chain([unread]).collect()
            };
            export::table(about, HEAD, lines.into_iter().map(line).collect(), (&headers, &uri)).await
        }
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
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
