//! 公示公告 — what has happened that everybody may know, the latest first, each with the way to object to it (Article 32).

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use regulation::{Provision, basics::mode::Mode, operation::product, supervision::disclosure};
use serde::Deserialize;
use serde_json::json;
use store::{
    basics::catalogue::Entry,
    granting::{agreement::Agreement, plan::Plan, selection::Selection},
    operation::product::Product,
};
use workflow::{Refused, supervision::announcements::Announcement};

use crate::{
    Door, answer,
    case::org,
    export::{self, About, Cell},
    frame::{Frame, date},
    names, session,
};

/// How many are on one page.
const PAGE: usize = 20;

/// 一条.
pub struct Told {
    /// 日期
    pub day: String,
    /// 何事
    pub what: &'static str,
    /// 是什么
    pub title: String,
    /// 说明
    pub text: String,
    /// 哪家
    pub by: String,
    /// 公开的页面
    pub path: Option<String>,
    /// 编号
    pub id: String,
    /// 主题
    pub subject: &'static str,
    /// 可以提出异议，而不是纠错
    pub objection: bool,
    at: jiff::Timestamp,
}

#[derive(Template)]
#[template(path = "public/announcements.html")]
#[expect(clippy::struct_field_names, reason = "a page of the list has its number")]
struct Page {
    frame: Frame,
    told: Vec<Told>,
    basis: Provision,
    page: usize,
    before: Option<usize>,
    after: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    #[serde(default)]
    page: String,
}

/// 公示公告.
pub async fn show(State(door): State<Door>, Query(ask): Query<Ask>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build(&door, &ask, &headers).await, &headers, &uri)
}

async fn build(door: &Door, ask: &Ask, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let total = door.office.figures(door.now()).await?.news.len();
    let last = total.div_ceil(PAGE).max(1);
    let page = ask.page.parse().unwrap_or(1).clamp(1, last);
    Ok(answer::page(&Page {
        frame: Frame::new("公示公告", "announcements", visitor.as_ref()),
        told: latest(door, (page - 1) * PAGE, PAGE).await?,
        basis: disclosure::BASIS,
        page,
        before: (page > 1).then(|| page - 1),
        after: (page < last).then_some(page + 1),
    }))
}

/// 公示公告（程序）.
pub async fn json(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    let told = latest(&door, 0, usize::MAX).await;
    let one = |told: &Told| {
        json!({
            "at": told.at, "what": told.what, "subject": told.subject, "id": told.id, "title": told.title,
            "by": told.by, "text": told.text,
        })
    };
    answer::faced(
        told.map_err(Into::into).map(|told| {
            let list: Vec<_> = told.iter().map(one).collect();
            Json(json!({ "legal_basis": disclosure::BASIS, "announcements": list })).into_response()
        }),
        &headers,
        &uri,
    )
}

/// 公示公告（表格）.
pub async fn table(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    const HEAD: &[&str] = &["日期", "何事", "事项", "编号", "名称", "单位", "说明"];
    match latest(&door, 0, usize::MAX).await {
        Ok(told) => {
            let about = About {
                file: "announcements",
                name: "公示公告".into(),
                meaning: disclosure::BASIS.to_string().into(),
                query: String::new(),
                total: told.len(),
                at: door.now(),
            };
            let line = |told: Told| {
                let subject = names::subject(told.subject);
                [Cell::from(told.day), told.what.into(), subject.into(), told.id.into(), told.title.into()]
                    .into_iter()
                    .chain([told.by, told.text].map(Cell::from))
                    .collect()
            };
            export::table(about, HEAD, told.into_iter().map(line).collect(), (&headers, &uri)).await
        }
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}

/// The latest announcements, some passed over, in words.
pub async fn latest(door: &Door, skip: usize, show: usize) -> Result<Vec<Told>, Refused> {
    let figures = door.office.figures(door.now()).await?;
    let mut told = Vec::new();
    for announcement in figures.news.iter().skip(skip).take(show) {
        told.extend(tell(door, announcement).await?);
    }
    Ok(told)
}

/// What is announced, read from the file itself; nothing where the file has gone.
async fn tell(door: &Door, announcement: &Announcement) -> Result<Option<Told>, Refused> {
    macro_rules! read {
        ($record:ty) => {
            match door.office.store.get::<$record>(&announcement.id).await.map_err(Refused::Unavailable)? {
                Some((record, _)) => record,
                None => return Ok(None),
            }
        };
    }
    let (title, text, by, path) = match announcement.subject {
        "entry" => {
            let Entry { content, provider, .. } = read!(Entry);
            (content.name, content.summary, provider, None)
        }
        "plan" => {
            let Plan { mode, agency, .. } = read!(Plan);
            (format!("公共数据资源{}实施方案", mode.name()), necessity(&mode), agency, None)
        }
        "selection" => {
            let Selection { method, notice, agency, operator, .. } = read!(Selection);
            let chosen = match &operator {
                Some(operator) if announcement.what == "选定运营机构" => org(door, operator).await?,
                _ => format!("以{method}方式"),
            };
            (chosen, notice, agency, Some(format!("/selections/{}", announcement.id)))
        }
        "agreement" => {
            let Agreement { title, operator, period, .. } = read!(Agreement);
            let text = format!("授权期限：{}", crate::frame::span(period.from, period.until));
            (title, text, operator, Some("/grants".to_owned()))
        }
        "product" => {
            let Product { name, summary, operator, state, .. } = read!(Product);
            let offered = state == product::State::Published;
            (name, summary, operator, offered.then(|| format!("/products/{}", announcement.id)))
        }
        _ => return Ok(None),
    };
    Ok(Some(Told {
        day: date(jiff::tz::Offset::constant(8).to_datetime(announcement.at).date()),
        what: announcement.what,
        title,
        text,
        by: org(door, &by).await?,
        path,
        id: announcement.id.clone(),
        subject: announcement.subject,
        objection: matches!(announcement.subject, "plan" | "selection" | "agreement"),
        at: announcement.at,
    }))
}

/// Why not as a whole, where it is not.
fn necessity(mode: &Mode) -> String {
    match mode {
        Mode::Whole => String::new(),
        Mode::Sector { necessity, .. } | Mode::Scenario { necessity, .. } => {
            let said = serde_json::to_value(necessity).ok().and_then(|said| said.as_str().map(str::to_owned));
            said.map_or_else(String::new, |said| format!("确有需要的理由：{said}"))
        }
    }
}
