//! 草稿 — any form kept for later: what its buttons send, where it is opened again, and the list of one's own.
//!
//! A form that can be kept has a hidden `_draft` (empty at first) when it saves on every button, or a button of
//! that name when it saves on that one alone; and its address stands in [`FORMS`]. Nothing else is needed.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse, Redirect, Response},
};
use sha2::{Digest, Sha256};
use store::{basics::catalogue::Entry, draft::Draft};
use workflow::{Acting, Done, Refused, Request, draft};

use crate::{Door, answer, form::spread, frame, names, session};

/// 表单 — where the form of an act is filled in.
const FORMS: &[(&str, &str)] = &[
    ("demand.submit", "/operation/demands/new"),
    ("entry.compile", crate::basics::catalogue::FORM),
    ("entry.revise", crate::basics::catalogue::FORM),
];

/// 一行里写得下的字数.
const LONGEST: usize = 32;

/// 一份草稿，列在页上.
pub struct Kept {
    pub id: String,
    /// 哪种表单
    pub form: String,
    /// 关于什么
    pub about: String,
    pub updated: String,
    pub until: String,
    pub key: String,
}

/// 我的草稿 — of one form, or of all.
pub async fn kept(door: &Door, acting: &Acting, form: Option<&str>) -> Result<Vec<Kept>, Refused> {
    let mut kept = Vec::new();
    for draft in draft::mine(&door.office, acting).await? {
        if form.is_none_or(|form| form == draft.form) {
            kept.push(Kept {
                form: names::subject(draft.form.split('.').next().unwrap_or_default()).to_owned(),
                about: about(door, &draft).await?,
                updated: frame::time(draft.updated),
                until: frame::date(draft.until),
                key: crate::case::key(door),
                id: draft.id,
            });
        }
    }
    Ok(kept)
}

/// What a draft is about: the name it gives, else the catalogue entry it speaks of.
async fn about(door: &Door, draft: &Draft) -> Result<String, Refused> {
    let titles = ["scenario", "title", "name", "reason", "content.name"].map(|field| draft.typed(field));
    if let Some(title) = titles.into_iter().find(|title| !title.is_empty()) {
        return Ok(cut(title));
    }
    let entry = door.office.store.get::<Entry>(draft.typed("entry")).await.map_err(Refused::Unavailable)?;
    Ok(entry.map_or_else(|| "还没有写内容".to_owned(), |(entry, _)| entry.content.name))
}

/// The first sentence, no longer than a table's row is wide.
fn cut(title: &str) -> String {
    let first: Vec<char> = title.split(['。', '\n']).next().unwrap_or_default().chars().collect();
    let rest = if first.len() > LONGEST { "…" } else { "" };
    first.iter().take(LONGEST).collect::<String>() + rest
}

/// 保存的请求 — a form that came with `_draft` is kept instead of sent.
pub fn request(pairs: &[(String, String)]) -> Option<Request> {
    let all = |name: &'static str| pairs.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.clone());
    let id = all("_draft").next()?;
    let said = spread(pairs).into_iter().filter(|(name, _)| !name.starts_with('_') && name != "act");
    let form = all("act").next().unwrap_or_default();
    Some(Request::DraftSave(draft::Save { id, form, carries: all("_carries").collect(), fields: said.collect() }))
}

/// 请求编号 — the page's own, and what was typed: a second click is the same save, a changed page another one.
pub fn key(page: &str, request: &Request) -> String {
    let digest = Sha256::digest(serde_json::to_vec(request).unwrap_or_default());
    format!("{page}-{}", hex::encode(&digest[..8]))
}

/// Where somebody arrives who saved or discarded a draft.
pub fn arrived(pairs: &[(String, String)], done: &Done) -> Response {
    let field = |name: &str| pairs.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    match place(field("act")) {
        Some(path) if field("_go") == "next" => {
            Redirect::to(&format!("{path}?draft={}&step={}", done.id, code(field("_next")))).into_response()
        }
        Some(path) => {
            Redirect::to(&format!("{path}?draft={}&step={}&kept=1", done.id, code(field("_step")))).into_response()
        }
        None => Redirect::to("/tasks").into_response(),
    }
}

/// Only what can be a step's code; a form may claim anything.
fn code(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect()
}

/// Where the form of an act is filled in.
fn place(form: &str) -> Option<&'static str> {
    FORMS.iter().find(|(known, _)| *known == form).map(|(_, path)| *path)
}

/// 打开草稿 — leads to its form.
pub async fn show(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(open(&door, &id, &headers).await, &headers, &uri)
}

async fn open(door: &Door, id: &str, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("打开草稿需要先登录").into());
    };
    let draft = draft::open(&door.office, &visitor.acting, id).await?;
    let Some(path) = place(&draft.form) else { return Err(Refused::Missing { what: "表单", id: draft.form }.into()) };
    Ok(Redirect::to(&format!("{path}?draft={}", draft.id)).into_response())
}
