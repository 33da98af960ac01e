//! 导入导出条目 — a workbook or CSV by the template: read, compared with what there is, shown row by row, and only
//! written once somebody has confirmed what they saw.

mod check;
mod lines;
mod sheet;
mod template;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::{Form, Multipart, Query, State},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use workflow::Refused;

use self::check::{Checked, Done, Fate, Line, carry_out, check};
pub use self::{sheet::LARGEST, template::table};
use super::edit::author;
use crate::{Door, answer, components::crumbs::Crumbs, frame::Frame, names, session, session::Visitor};

/// How many checked files wait to be confirmed, in the whole platform.
const WAITING: usize = 16;
/// How long a checked file waits.
const PATIENCE: i64 = 1800;
/// How many lines a page shows in each group.
const SHOWN: usize = 200;

/// 待确认的一份.
struct Held {
    person: String,
    org: String,
    at: Timestamp,
    checked: Arc<Checked>,
}

/// 待确认的各份 — kept in memory only: whoever confirms too late uploads once more.
static HELD: Mutex<VecDeque<Held>> = Mutex::new(VecDeque::new());

#[derive(Template)]
#[template(path = "basics/catalogue/import.html")]
struct Page {
    frame: Frame,
    crumbs: Crumbs,
    notice: Option<workflow::Notice>,
    checked: Option<Arc<Checked>>,
    done: Option<Done>,
}

impl Page {
    fn new(visitor: &Visitor) -> Self {
        Self {
            frame: Frame::new("导入导出目录条目", "entry", Some(visitor)),
            crumbs: Crumbs::to("导入导出目录条目").through("/files?subject=entry", "授权运营目录条目"),
            notice: None,
            checked: None,
            done: None,
        }
    }

    /// The groups of the check page: what happens to them, how many, and the first of them.
    #[expect(clippy::unused_self, reason = "the template calls it on the page")]
    fn groups<'a>(&self, checked: &'a Checked) -> Vec<(&'static str, usize, Vec<&'a Line>)> {
        [("有误，不导入", Fate::Faulty), ("改动", Fate::Changed), ("新增", Fate::New), ("未变，不动", Fate::Unchanged)]
            .map(|(name, fate)| (name, checked.of(fate).count(), checked.of(fate).take(SHOWN).collect()))
            .into_iter()
            .filter(|(_, all, _)| *all > 0)
            .collect()
    }

    #[expect(clippy::unused_self, reason = "the template calls it on the page")]
    fn written(&self, checked: &Checked) -> usize {
        checked.of(Fate::New).count() + checked.of(Fate::Changed).count()
    }
}

/// 导入页.
pub async fn show(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    let page = async { Ok(answer::page(&Page::new(&author(&door, &headers).await?))) };
    answer::faced(page.await, &headers, &uri)
}

/// 上传 — shows what the file would change.
pub async fn upload(State(door): State<Door>, headers: HeaderMap, uri: Uri, form: Multipart) -> Response {
    answer::faced(uploaded(&door, &headers, form).await, &headers, &uri)
}

async fn uploaded(door: &Door, headers: &HeaderMap, mut form: Multipart) -> answer::Page {
    if !session::same_site(headers) {
        return Err(session::unknown("这一请求来自别的网站，没有办理").into());
    }
    let visitor = author(door, headers).await?;
    let mut bytes = Bytes::new();
    let broken = |why: &dyn std::fmt::Display| Refused::Question(format!("上传没有完成：{why}"));
    while let Some(field) = form.next_field().await.map_err(|why| broken(&why))? {
        if field.name() == Some("file") {
            bytes = field.bytes().await.map_err(|why| broken(&why))?;
        }
    }
    let mut page = Page::new(&visitor);
    match check(door, &visitor, bytes).await {
        Ok(checked) => {
            let checked = Arc::new(checked);
            hold(&visitor, &checked);
            page.checked = Some(checked);
            Ok(answer::page(&page))
        }
        Err(refused) => {
            page.frame = page.frame.troubled(true);
            page.notice = Some(answer::notice(&refused));
            let mut response = answer::page(&page);
            *response.status_mut() = answer::status(&refused);
            Ok(response)
        }
    }
}

fn hold(visitor: &Visitor, checked: &Arc<Checked>) {
    let acting = &visitor.acting;
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    held.retain(|one| acting.at.as_second() - one.at.as_second() < PATIENCE);
    held.retain(|one| !(one.person == acting.person && one.org == acting.org)); // one at a time for each
    while held.len() >= WAITING {
        held.pop_front();
    }
    held.push_back(Held {
        person: acting.person.clone(),
        org: acting.org.clone(),
        at: acting.at,
        checked: Arc::clone(checked),
    });
}

fn take(visitor: &Visitor, digest: &str) -> Option<Arc<Checked>> {
    let acting = &visitor.acting;
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    let place = held.iter().position(|one| {
        let fresh = acting.at.as_second() - one.at.as_second() < PATIENCE;
        fresh && one.person == acting.person && one.org == acting.org && one.checked.digest == digest
    })?;
    held.remove(place).map(|one| one.checked)
}

/// 所确认的一份.
#[derive(Debug, Deserialize)]
pub struct Confirmed {
    digest: String,
}

/// 确认导入.
pub async fn confirm(
    State(door): State<Door>,
    headers: HeaderMap,
    uri: Uri,
    Form(confirmed): Form<Confirmed>,
) -> Response {
    answer::faced(carried_out(&door, &headers, &confirmed.digest).await, &headers, &uri)
}

async fn carried_out(door: &Door, headers: &HeaderMap, digest: &str) -> answer::Page {
    if !session::same_site(headers) {
        return Err(session::unknown("这一请求来自别的网站，没有办理").into());
    }
    let visitor = author(door, headers).await?;
    let Some(checked) = take(&visitor, digest) else {
        return Err(Refused::Question("这份文件已经导入，或者核对之后过了半小时；还要导入的，请重新上传".into()).into());
    };
    let mut page = Page::new(&visitor);
    page.done = Some(carry_out(door, &visitor, &checked).await);
    Ok(answer::page(&page))
}

/// 程序的问：确认的，带上核对时给的摘要.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    confirm: String,
}

/// 导入（程序）— the file as the body: without `confirm` it is only checked; with the digest of the same file it is
/// carried out.
pub async fn api(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, bytes: Bytes) -> Response {
    match answered(&door, &asked, &headers, bytes).await {
        Ok(response) => response,
        Err(refused) => answer::as_problem(&refused),
    }
}

async fn answered(door: &Door, asked: &Asked, headers: &HeaderMap, bytes: Bytes) -> Result<Response, Refused> {
    // A page of another site can send a form's types without being asked, and these not.
    let kind = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !(kind.starts_with("text/csv") || kind.starts_with("application/")) || kind.contains("form") {
        return Err(Refused::Question("Content-Type 应是 text/csv 或者工作簿的类型".into()));
    }
    let visitor = author(door, headers).await?;
    let checked = check(door, &visitor, bytes).await?;
    if asked.confirm.is_empty() {
        return Ok(Json(json!({ "written": false, "checked": checked })).into_response());
    }
    if asked.confirm != checked.digest {
        return Err(Refused::Question("confirm 不是这份文件的摘要：确认的须是核对过的同一份".into()));
    }
    if !checked.head.is_empty() {
        return Ok(
            (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "written": false, "checked": checked }))).into_response()
        );
    }
    let done = carry_out(door, &visitor, &checked).await;
    let faulty: Vec<&Line> = checked.of(Fate::Faulty).collect();
    Ok(Json(json!({ "written": true, "done": done, "faulty": faulty })).into_response())
}
