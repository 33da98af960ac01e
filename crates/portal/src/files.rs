//! 卷宗 — the files that somebody may open: all of them in one list, and those that stand on one of them.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Serialize;
use store::{
    Record,
    basics::catalogue::Entry,
    granting::{agreement::Agreement, plan::Plan, selection::Selection},
    operation::{
        credential::Credential, demand::Demand, product::Product, supply::Supply, use_agreement::UseAgreement,
    },
    supervision::feedback::Feedback,
};
use workflow::Refused;

use crate::{Door, answer, case, frame::Frame, names, session, session::Visitor};

/// How many files of a kind are shown.
const LIMIT: u32 = 1000;

/// 一份卷宗.
pub struct File {
    /// 编号
    pub id: String,
    /// 标题
    pub title: String,
    /// 状态
    pub state: String,
    /// 地址
    pub path: String,
}

/// 一类卷宗.
pub struct Kind {
    /// 名称
    pub name: &'static str,
    /// 卷宗
    pub files: Vec<File>,
}

#[derive(Template)]
#[template(path = "files.html")]
struct Page {
    frame: Frame,
    kinds: Vec<Kind>,
}

/// 本单位的卷宗.
pub async fn show(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build(&door, &headers).await, &headers, &uri)
}

async fn build(door: &Door, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let kinds = vec![
        all::<Entry>(door, &visitor).await?,
        all::<Plan>(door, &visitor).await?,
        all::<Selection>(door, &visitor).await?,
        all::<Agreement>(door, &visitor).await?,
        all::<Demand>(door, &visitor).await?,
        all::<Product>(door, &visitor).await?,
        all::<UseAgreement>(door, &visitor).await?,
        all::<Credential>(door, &visitor).await?,
        all::<Feedback>(door, &visitor).await?,
    ];
    let kinds = kinds.into_iter().filter(|kind| !kind.files.is_empty()).collect();
    Ok(answer::page(&Page { frame: Frame::new("卷宗", "files", Some(&visitor)), kinds }))
}

async fn all<R: Record + Serialize>(door: &Door, visitor: &Visitor) -> Result<Kind, Refused> {
    let records: Vec<R> = door.office.store.list("", LIMIT).await.map_err(Refused::Unavailable)?;
    Ok(kind(records.iter().filter(|record| case::may_see(*record, visitor))))
}

/// 下位卷宗 — the files that stand directly on `key`, which this visitor has open.
pub async fn below(door: &Door, key: &str, visitor: &Visitor) -> Result<Vec<Kind>, Refused> {
    let supplies: Vec<Supply> = door.office.store.children(key).await.map_err(Refused::Unavailable)?;
    let kinds = vec![
        standing::<Selection>(door, key, visitor).await?,
        standing::<Agreement>(door, key, visitor).await?,
        standing::<Demand>(door, key, visitor).await?,
        kind(supplies.iter()), // whoever sees the demand sees its supplies
        standing::<Product>(door, key, visitor).await?,
        standing::<UseAgreement>(door, key, visitor).await?,
        standing::<Credential>(door, key, visitor).await?,
    ];
    Ok(kinds.into_iter().filter(|kind| !kind.files.is_empty()).collect())
}

async fn standing<R: Record + Serialize>(door: &Door, key: &str, visitor: &Visitor) -> Result<Kind, Refused> {
    let records: Vec<R> = door.office.store.children(key).await.map_err(Refused::Unavailable)?;
    Ok(kind(records.iter().filter(|record| case::may_see(*record, visitor))))
}

fn kind<'a, R: Record + Serialize + 'a>(records: impl Iterator<Item = &'a R>) -> Kind {
    let file = |record: &R| {
        let body = serde_json::to_value(record).unwrap_or_default();
        let state = body.get("state").and_then(|state| state.as_str()).unwrap_or_default();
        File {
            id: record.id().to_owned(),
            title: names::title(&body),
            state: names::state(R::SUBJECT, state),
            path: names::path(R::SUBJECT, record.id()),
        }
    };
    let mut files: Vec<File> = records.map(file).collect();
    files.reverse(); // numbers begin with the day: the latest first
    Kind { name: names::subject(R::SUBJECT), files }
}
