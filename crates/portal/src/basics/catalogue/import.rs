//! 导入导出条目 — a workbook or CSV by the template: read, compared with what there is, shown row by row, and only
//! written once somebody has confirmed what they saw.

mod lines;
mod sheet;

use std::{
    collections::{HashMap, VecDeque},
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
use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use regulation::basics::catalogue::{Change, Content, differences};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::{
    Record as _,
    basics::catalogue::Entry,
    list::{Filter, Order, Page as Part},
};
use workflow::{Refused, Request, basics::catalogue as act};

pub use self::sheet::LARGEST;
use self::{lines::Fault, sheet::Unreadable};
use super::edit::author;
use crate::{
    Door, acts, answer,
    components::crumbs::Crumbs,
    export::{self, About, Cell},
    frame::Frame,
    names, session,
    session::Visitor,
};

/// How many entries of one organisation are compared with.
const OWN: u32 = 20_000;
/// How many checked files wait to be confirmed, in the whole platform.
const WAITING: usize = 16;
/// How long a checked file waits.
const PATIENCE: i64 = 1800;
/// How many acts are under way at a time: as many as one commit takes.
const AT_ONCE: usize = 64;
/// How many lines a page shows in each group.
const SHOWN: usize = 200;

/// 一个条目会怎样.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Fate {
    #[serde(rename = "新增")]
    New,
    #[serde(rename = "改动")]
    Changed,
    #[serde(rename = "未变")]
    Unchanged,
    #[serde(rename = "有误")]
    Faulty,
}

/// 核对过的一个条目.
#[derive(Clone, Debug, Serialize)]
struct Line {
    row: usize,
    id: String,
    name: String,
    fate: Fate,
    faults: Vec<Fault>,
    changes: Vec<Change>,
    /// 导入之后、提交审查之前还要补的
    lacking: Vec<String>,
    #[serde(skip)]
    content: Content,
    #[serde(skip)]
    seen: Option<u64>,
}

/// 核对的结果.
#[derive(Clone, Debug, Serialize)]
struct Checked {
    /// 文件的摘要，确认的就是这一份
    digest: String,
    lines: Vec<Line>,
    /// 表头的错误：有的，一行也不读
    head: Vec<Fault>,
    formulas: usize,
}

/// 一件要办的.
struct Asking {
    row: usize,
    request: Request,
    key: String,
    seen: Option<u64>,
}

impl Line {
    /// What has to be done for this entry, if anything.
    fn asked(&self, digest: &str) -> Option<Asking> {
        let content = self.content.clone();
        let request = match self.fate {
            Fate::New => Request::EntryCompile(act::Compile { content, draft: None }),
            Fate::Changed => Request::EntryRevise(act::Revise { id: self.id.clone(), content, draft: None }),
            Fate::Unchanged | Fate::Faulty => return None,
        };
        let key = format!("import-{}-{}", digest.get(..32).unwrap_or(digest), self.row);
        Some(Asking { row: self.row, request, key, seen: self.seen })
    }
}

/// 待确认的一份.
struct Held {
    person: String,
    org: String,
    at: Timestamp,
    checked: Arc<Checked>,
}

/// 待确认的各份 — kept in memory only: whoever confirms too late uploads once more.
static HELD: Mutex<VecDeque<Held>> = Mutex::new(VecDeque::new());

/// 导入的结果.
#[derive(Debug, Default, Serialize)]
struct Done {
    compiled: usize,
    revised: usize,
    refused: Vec<Fault>,
}

impl regulation::Violation for Unreadable {
    fn provision(&self) -> regulation::Provision {
        regulation::Provision::PLATFORM
    }
    fn advice(&self) -> String {
        "请照模板整理后重新上传".to_owned()
    }
}

impl Checked {
    fn of(&self, fate: Fate) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.fate == fate)
    }
}

/// 核对 — reads the file and compares it with the organisation's entries; writes nothing.
async fn check(door: &Door, visitor: &Visitor, bytes: Bytes) -> Result<Checked, Refused> {
    let digest = hex::encode(Sha256::digest(&bytes));
    let reading = tokio::task::spawn_blocking(move || {
        let sheet = sheet::read(&bytes)?;
        Ok::<_, Unreadable>((lines::read(&sheet), sheet.formulas))
    });
    let stopped = |_| Refused::Unavailable(store::Fault::Stopped);
    let (read, formulas) = reading.await.map_err(stopped)?.map_err(Refused::from)?;
    let (read, head) = match read {
        Ok(read) => (read, Vec::new()),
        Err(head) => (Vec::new(), head),
    };
    let own = own(door, &visitor.acting.org).await?;
    let mut by_name: HashMap<&str, Vec<&(Entry, u64)>> = HashMap::new();
    for entry in own.values() {
        by_name.entry(&entry.0.draft().name).or_default().push(entry);
    }
    let (mut met, mut named): (HashMap<String, usize>, HashMap<String, usize>) = Default::default();
    let mut lines = Vec::with_capacity(read.len());
    for mut line in read {
        let mut fault = |column: &str, says: String| {
            line.faults.push(Fault { row: line.row, column: column.to_owned(), says });
        };
        let found = if line.id.is_empty() {
            match by_name.get(line.content.name.as_str()).map(Vec::as_slice) {
                None | Some([]) => None,
                Some([one]) => Some(*one),
                Some(many) => {
                    fault("条目编号", format!("本单位有{}个条目叫这个名称，请写明编号", many.len()));
                    None
                }
            }
        } else {
            let found = own.get(&line.id);
            if found.is_none() {
                fault("条目编号", format!("本单位没有条目“{}”；新增的不填编号", line.id));
            }
            found
        };
        if let Some((entry, _)) = found {
            if let Some(before) = met.insert(entry.id.clone(), line.row) {
                fault("条目编号", format!("与第{before}行是同一个条目"));
            }
        } else if let Some(before) = named.insert(line.content.name.clone(), line.row).filter(|_| line.id.is_empty()) {
            fault("信息资源名称", format!("与第{before}行同名；不是同一个条目的，请用不同的名称"));
        }
        let mut changes = Vec::new();
        if let Some((entry, _)) = found {
            line.content.provider_code.clone_from(&entry.draft().provider_code);
            changes = differences(entry.draft(), &line.content);
            if !changes.is_empty() && !revisable(entry) {
                fault("", format!("条目现在是“{}”，不能修订", entry.stage()));
            }
        }
        let fate = match found {
            _ if !line.faults.is_empty() => Fate::Faulty,
            None => Fate::New,
            Some(_) if changes.is_empty() => Fate::Unchanged,
            Some(_) => Fate::Changed,
        };
        lines.push(Line {
            row: line.row,
            id: found.map(|(entry, _)| entry.id.clone()).unwrap_or(line.id.clone()),
            name: line.content.name.clone(),
            fate,
            changes,
            lacking: if fate == Fate::Unchanged { Vec::new() } else { line.lacking() },
            faults: line.faults,
            content: line.content,
            seen: found.map(|(_, position)| *position),
        });
    }
    Ok(Checked { digest, lines, head, formulas })
}

fn revisable(entry: &Entry) -> bool {
    use regulation::{
        Role,
        basics::catalogue::{Act, PROCEDURE},
    };
    PROCEDURE.step(entry.stage(), Act::Revise, Role::DataProvider).is_ok()
}

/// The entries of an organisation, each with the position of what was done to it last.
async fn own(door: &Door, org: &str) -> Result<HashMap<String, (Entry, u64)>, Refused> {
    let filter = Filter { subject: Entry::SUBJECT.to_owned(), ..Filter::default() };
    let part = Part { skip: 0, show: OWN };
    let rows = door.office.store.files(org, &filter, Order::Newest, part).await.map_err(Refused::Unavailable)?;
    let mut own = HashMap::with_capacity(rows.len());
    for row in rows {
        let entry: Entry = row.read().map_err(Refused::Unavailable)?;
        if entry.provider == org {
            own.insert(entry.id.clone(), (entry, u64::try_from(row.position).unwrap_or_default()));
        }
    }
    Ok(own)
}

/// 写入 — every new and changed entry by an act of its own, many at a time; the same file confirmed twice is one import.
async fn carry_out(door: &Door, visitor: &Visitor, checked: &Checked) -> Done {
    let asked: Vec<Asking> = checked.lines.iter().filter_map(|line| line.asked(&checked.digest)).collect();
    let acts = stream::iter(asked).map(|asking| async move {
        // What has been done to an entry since it was compared is not overwritten.
        let outcome = acts::carry_out(door, visitor, &asking.request, Some(&asking.key), asking.seen).await;
        (asking, outcome)
    });
    let mut acts = std::pin::pin!(acts.buffer_unordered(AT_ONCE));
    let mut done = Done::default();
    while let Some((asked, outcome)) = acts.next().await {
        match outcome {
            Ok(_) if matches!(asked.request, Request::EntryCompile(_)) => done.compiled += 1,
            Ok(_) => done.revised += 1,
            Err(refused) => {
                let says = answer::notice(&refused).message;
                done.refused.push(Fault { row: asked.row, column: String::new(), says });
            }
        }
    }
    done.refused.sort_by_key(|fault| fault.row);
    done
}

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

/// 模板和导出 — the template is the export of a sample; the export is what can be changed and brought back.
pub async fn table(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(exported(&door, &headers, &uri).await, &headers, &uri)
}

async fn exported(door: &Door, headers: &HeaderMap, uri: &Uri) -> answer::Page {
    let visitor = author(door, headers).await?;
    let template = uri.path().contains("template");
    let rows: Vec<Vec<String>> = if template {
        lines::written("", &sample())
    } else {
        let own = own(door, &visitor.acting.org).await?;
        let mut own: Vec<&Entry> = own.values().map(|(entry, _)| entry).collect();
        own.sort_by(|one, other| one.id.cmp(&other.id));
        own.into_iter().flat_map(|entry| lines::written(&entry.id, entry.draft())).collect()
    };
    let about = About {
        file: if template { "entries-template" } else { "entries" },
        name: "目录条目".into(),
        meaning: MEANING.into(),
        query: String::new(),
        total: rows.len(),
        at: visitor.acting.at,
    };
    let head = lines::head();
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows = rows.into_iter().map(|row| row.into_iter().map(Cell::from).collect()).collect();
    Ok(export::table(about, &head, rows, (headers, uri)).await)
}

const MEANING: &str = "一行一个信息项；同一条目的各行相连，条目的各列只填首行，合并的单元格取首行的值。修改已有条目的保留条目编号，新增的不填编号。选项照样例的用词填写；是否一栏填“是”或“否”。";

/// 样例 — invented, to be overwritten.
fn sample() -> Content {
    use regulation::basics::{
        catalogue::{Cycle, Field, Masking, Personal},
        grading::{Degree, Grading},
        sector::Sector,
    };
    let field = |code: &str, name: &str| Field { code: code.into(), name: name.into(), ..Field::default() };
    let phone = Field { personal: Personal::General, masking: Masking::Cover, ..field("phone", "登记手机号") };
    Content {
        name: "（样例，请改写）停车场备案信息".into(),
        summary: "停车场的名称、地址、泊位数".into(),
        source_duty: "停车场备案管理职责".into(),
        sector: Some(Sector::Transport),
        refresh: Some(Cycle::Monthly),
        grading: Grading::alike(Degree::General, "写明为什么是这个程度"),
        fields: vec![field("name", "停车场名称"), phone],
        ..Content::default()
    }
}
