//! 挂载（模拟） — the page of the simulated government data platform: a provider hangs a file and its manifest there.

use std::path::PathBuf;

use askama::Template;
use axum::{
    Extension, Json,
    extract::{Multipart, Path, Query as Asking, State},
    http::{HeaderMap, Uri, header},
    response::{IntoResponse, Redirect, Response, Sse},
};
use lake::Manifest;
use regulation::Role;
use serde::Deserialize;
use serde_json::json;
use store::operation::demand::Demand;
use tokio::io::AsyncWriteExt as _;
use workflow::{Batch, Notice, Refused};

use crate::{
    Door, answer, case,
    components::{
        crumbs::Crumbs,
        empty::Empty,
        list::{Cell, Column, List},
        progress::Progress,
        query::Query,
    },
    frame::{Frame, count},
    names, session,
    session::Visitor,
    uploads::{Counted, Uploads},
};

/// The largest file that the page takes, in bytes; larger ones come by the platform itself.
const LARGEST: u64 = 4 << 30;

#[derive(Template)]
#[template(path = "supply.html")]
struct Page {
    frame: Frame,
    /// 为哪一件数据需求挂载
    demand: Option<Demand>,
    crumbs: Crumbs,
    list: List,
    notice: Option<Notice>,
    upload: String,
    arriving: Progress,
}

/// 为谁挂载 — the demand that the batch is meant for, if one came from there.
#[derive(Debug, Default, Deserialize)]
pub struct For {
    #[serde(default)]
    demand: String,
}

/// 文件名和口径.
const FILE: &str = "batches";
const MEANING: &str = "本单位挂载在市一体化政务大数据平台（模拟）上的批次";

/// 列.
const COLUMNS: &[Column] = &[
    Column::whole("number", "批次"),
    Column::new("file", "文件"),
    Column::number("rows", "行数"),
    Column::number("bytes", "字节数"),
    Column::new("sha256", "SHA-256"),
];

/// 挂载页.
pub async fn show(State(door): State<Door>, Asking(asked): Asking<For>, headers: HeaderMap, uri: Uri) -> Response {
    match provider(&door, &headers).await {
        Ok(visitor) => {
            let list = batches(&door, &visitor, &uri);
            match list.file(FILE, MEANING, door.now()).await {
                Some(Ok(file)) => file,
                Some(Err(refused)) => answer::told(&refused, &headers, &uri),
                None => page(&door, &visitor, &asked.demand, list, None).await,
            }
        }
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}

/// The demand that this provider has to supply.
async fn theirs(door: &Door, visitor: &Visitor, id: &str) -> Option<Demand> {
    let demand = case::seen::<Demand>(door, "数据需求", id, visitor).await.ok();
    demand.filter(|demand| demand.provider == visitor.acting.org)
}

/// 本单位已挂载的批次.
fn batches(door: &Door, visitor: &Visitor, uri: &Uri) -> List {
    let number = |number: u64| Cell::number(count(number), i64::try_from(number).unwrap_or(i64::MAX));
    let row = |batch: Batch| {
        let manifest = batch.manifest;
        let (rows, bytes) = (number(manifest.rows), number(manifest.bytes));
        vec![Cell::text(batch.number), Cell::text(manifest.file), rows, bytes, Cell::text(manifest.sha256)]
    };
    let rows = door.office.channel.batches(&visitor.acting.org).into_iter().map(row).collect();
    let empty = Empty::new("还没有挂载批次", "请用上面的表单挂载第一个文件");
    List::of("batches", "本单位已挂载的批次", COLUMNS, rows, Query::of(uri), empty)
}

async fn page(door: &Door, visitor: &Visitor, demand: &str, list: List, notice: Option<Notice>) -> Response {
    let arriving = Progress {
        id: "arriving",
        name: "文件到达".to_owned(),
        done: Some(0),
        of: 1,
        told: "正在等待文件".to_owned(),
        hidden: true,
    };
    answer::page(&Page {
        frame: Frame::new("挂载供给文件", "supply", Some(visitor)).troubled(notice.is_some()),
        crumbs: Crumbs::to("挂载供给文件").through("/tasks", "我的待办"),
        demand: theirs(door, visitor, demand).await,
        list,
        notice,
        upload: crate::case::key(door),
        arriving,
    })
}

/// 到达进度 — for the one who uploads, while it goes on.
pub async fn progress(
    State(door): State<Door>,
    Extension(uploads): Extension<Uploads>,
    Path(upload): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    match provider(&door, &headers).await {
        Ok(visitor) => Sse::new(uploads.watch(upload, visitor.acting.person)).into_response(),
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}

/// 挂载.
pub async fn hang(
    State(door): State<Door>,
    Asking(asked): Asking<For>,
    Extension(uploads): Extension<Uploads>,
    headers: HeaderMap,
    uri: Uri,
    form: Multipart,
) -> Response {
    let visitor = match provider(&door, &headers).await {
        Ok(visitor) if session::same_site(&headers) => visitor,
        Ok(_) => return answer::told(&session::unknown("这一请求来自别的网站，没有办理"), &headers, &uri),
        Err(refused) => return answer::told(&refused, &headers, &uri),
    };
    let total = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let query = Query::of(&uri);
    let counted = uploads.begin(query.get("upload"), &visitor.acting.person, total.unwrap_or_default());
    let mut arriving = Arriving::new(&door, counted);
    let hung = arriving.take(&door, &visitor, form).await;
    arriving.clear().await;
    match hung {
        Ok(batch) if answer::wants_json(&headers, &uri) => Json(json!(batch)).into_response(),
        Ok(_) => match theirs(&door, &visitor, &asked.demand).await {
            Some(demand) => Redirect::to(&names::path("demand", &demand.id)).into_response(),
            None => Redirect::to("/supply").into_response(),
        },
        Err(refused) if answer::wants_json(&headers, &uri) => answer::as_problem(&refused),
        Err(refused) => {
            let list = batches(&door, &visitor, &uri);
            let page = page(&door, &visitor, &asked.demand, list, Some(answer::notice(&refused))).await;
            (answer::status(&refused), page).into_response()
        }
    }
}

async fn provider(door: &Door, headers: &HeaderMap) -> Result<Visitor, Refused> {
    let visitor = session::visitor(door, headers).await?;
    visitor
        .filter(|visitor| visitor.acting.role == Role::DataProvider)
        .ok_or_else(|| session::unknown("挂载供给文件需要以公共数据提供单位的身份登录"))
}

/// 正在到达 — an upload on its way to disk; it is never held in memory.
struct Arriving {
    path: PathBuf,
    file: Option<String>,
    number: String,
    rows: Option<u64>,
    bytes: Option<u64>,
    sha256: Option<String>,
    counted: Counted,
}

impl Arriving {
    fn new(door: &Door, counted: Counted) -> Self {
        let random = crate::case::key(door);
        let path = door.office.lake.staging().join(format!("upload-{random}"));
        Self { path, file: None, number: String::new(), rows: None, bytes: None, sha256: None, counted }
    }

    async fn take(&mut self, door: &Door, visitor: &Visitor, mut form: Multipart) -> Result<Batch, Refused> {
        let broken = |why: &dyn std::fmt::Display| Refused::Question(format!("上传没有完成：{why}"));
        while let Some(mut field) = form.next_field().await.map_err(|why| broken(&why))? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                self.file = Some(field.file_name().unwrap_or("data.csv").to_owned());
                let mut file = tokio::fs::File::create(&self.path).await.map_err(|why| broken(&why))?;
                let mut size = 0;
                while let Some(part) = field.chunk().await.map_err(|why| broken(&why))? {
                    size += u64::try_from(part.len()).unwrap_or(u64::MAX);
                    self.counted.received(size);
                    if size > LARGEST {
                        return Err(Refused::Question(format!("文件超过{}字节，请在平台直接挂载", count(LARGEST))));
                    }
                    file.write_all(&part).await.map_err(|why| broken(&why))?;
                }
                file.sync_all().await.map_err(|why| broken(&why))?;
                continue;
            }
            let value = field.text().await.map_err(|why| broken(&why))?;
            let number = || {
                value
                    .trim()
                    .parse()
                    .map_err(|_| Refused::Question(format!("清单中的 {name} 应是整数，收到的是“{value}”")))
            };
            match name.as_str() {
                "number" => value.trim().clone_into(&mut self.number),
                "rows" if !value.trim().is_empty() => self.rows = Some(number()?),
                "bytes" if !value.trim().is_empty() => self.bytes = Some(number()?),
                "sha256" if !value.trim().is_empty() => self.sha256 = Some(value.trim().to_owned()),
                _ => {}
            }
        }
        let Some(file) = self.file.clone() else { return Err(Refused::Question("没有选择文件".into())) };
        let manifest = match (self.rows, self.bytes, &self.sha256) {
            (Some(rows), Some(bytes), Some(sha256)) => {
                Some(Manifest { file: file.clone(), rows, bytes, sha256: sha256.clone() })
            }
            (None, None, None) => None,
            _ => {
                return Err(Refused::Question(
                    "清单要么全部填写（行数、字节数、SHA-256），要么都不填由平台生成".into(),
                ));
            }
        };
        door.office.channel.hang(&self.number, &visitor.acting.org, &file, &self.path, manifest).await
    }

    async fn clear(self) {
        let _ = tokio::fs::remove_file(&self.path).await; // it was copied to its batch, or refused
    }
}
