//! 历次版本 — what each version of an entry changed, item by item, and what the one being worked on would change.

use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use regulation::basics::catalogue::{Change, Opinion, differences};
use serde_json::json;
use store::{
    basics::catalogue::{Entry, Version},
    record,
};
use workflow::Refused;

use crate::{
    Door, answer, case,
    components::crumbs::Crumbs,
    frame::{Frame, date, time},
    names, session,
};

/// 一版, with what it changed since the one before.
pub struct Told {
    pub number: u32,
    /// 发布之日，或者办到哪一步
    pub when: String,
    /// 第一版没有可比的
    pub first: bool,
    pub changes: Vec<Change>,
    /// 审查：项、人、时间、意见
    pub screens: Vec<[String; 4]>,
}

#[derive(Template)]
#[template(path = "basics/catalogue/versions.html")]
struct Page {
    frame: Frame,
    crumbs: Crumbs,
    entry: Entry,
    versions: Vec<Told>,
}

/// 已发布的各版 — the latest first.
pub async fn published(door: &Door, id: &str) -> Result<Vec<Version>, Refused> {
    let children = door.office.store.children(&record::key::<Entry>(id)).await;
    let mut versions: Vec<Version> = children.map_err(Refused::Unavailable)?;
    versions.sort_by_key(|version| std::cmp::Reverse(version.number));
    Ok(versions)
}

/// What each published version changed since the one before, the latest first.
pub fn history(versions: &[Version]) -> Vec<Told> {
    let told = |(place, version): (usize, &Version)| {
        let before = versions.get(place + 1);
        Told {
            number: version.number,
            when: format!("{}发布", date(version.published)),
            first: before.is_none(),
            changes: before.map(|before| differences(&before.content, &version.content)).unwrap_or_default(),
            screens: Vec::new(),
        }
    };
    versions.iter().enumerate().map(told).collect()
}

async fn told(door: &Door, entry: &Entry) -> Result<Vec<Told>, Refused> {
    let versions = published(door, &entry.id).await?;
    let mut told = history(&versions);
    for (version, told) in versions.iter().zip(&mut told) {
        told.screens = screens(door, &version.opinions).await?;
    }
    if let Some(next) = &entry.next {
        let underway = Told {
            number: entry.version + 1,
            when: next.state.to_string(),
            first: false,
            changes: differences(&entry.content, &next.content),
            screens: screens(door, &next.opinions).await?,
        };
        told.insert(0, underway);
    }
    Ok(told)
}

async fn screens(door: &Door, opinions: &[Opinion]) -> Result<Vec<[String; 4]>, Refused> {
    let mut lines = Vec::with_capacity(opinions.len());
    for opinion in opinions {
        let who = super::person(door, &opinion.person).await?;
        lines.push([opinion.screen.to_string(), who, time(opinion.at), opinion.says.clone()]);
    }
    Ok(lines)
}

/// An entry that whoever asks may see, and its versions.
async fn asked(door: &Door, id: &str, headers: &HeaderMap) -> Result<(session::Visitor, Entry, Vec<Told>), Refused> {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看条目的各版和审查意见需要先登录"));
    };
    let entry: Entry = case::seen(door, "目录条目", id, &visitor).await?;
    if !super::inside(&entry.provider, &visitor.acting) {
        return Err(Refused::Missing { what: "本单位的目录条目", id: id.to_owned() });
    }
    let versions = told(door, &entry).await?;
    Ok((visitor, entry, versions))
}

/// 历次版本.
pub async fn show(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build(&door, &id, &headers).await, &headers, &uri)
}

async fn build(door: &Door, id: &str, headers: &HeaderMap) -> answer::Page {
    let (visitor, entry, versions) = asked(door, id, headers).await?;
    Ok(answer::page(&Page {
        frame: Frame::new("历次版本", "files", Some(&visitor)),
        crumbs: Crumbs::to("历次版本")
            .through("/files?subject=entry", "授权运营目录条目")
            .through(names::path("entry", id), id),
        entry,
        versions,
    }))
}

/// 历次版本（程序）.
pub async fn json(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build_json(&door, &id, &headers).await, &headers, &uri)
}

async fn build_json(door: &Door, id: &str, headers: &HeaderMap) -> answer::Page {
    let (_, entry, versions) = asked(door, id, headers).await?;
    let screen = |[screen, by, at, says]: &[String; 4]| json!({ "screen": screen, "by": by, "at": at, "says": says });
    let version = |told: &Told| {
        json!({
            "number": told.number, "when": told.when, "changes": told.changes,
            "screens": told.screens.iter().map(screen).collect::<Vec<_>>(),
        })
    };
    let versions: Vec<_> = versions.iter().map(version).collect();
    Ok(Json(json!({ "id": entry.id, "versions": versions })).into_response())
}
