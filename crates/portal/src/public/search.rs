//! 全局检索 — one question to everything that whoever asks may find: the public's things, and their own files.

use askama::Template;
use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use regulation::{article, operation::use_agreement};
use search::{Ask, Group};
use serde_json::json;
use store::{
    Record, Row,
    basics::catalogue::Entry,
    granting::{agreement::Agreement, plan::Plan, selection::Selection},
    operation::{demand::Demand, product::Product, supply::Supply, use_agreement::UseAgreement},
};
use workflow::Refused;

use crate::{
    Door, answer, case,
    finding::{self, Names, Words, excerpt, highlight},
    frame::Frame,
    names, public,
    session::{self, Visitor},
};

/// How many of each kind are shown together, and how many of one kind alone.
const EACH: usize = 5;
const ALONE: usize = 50;
/// How much of a question is kept, in characters.
const TYPED: usize = 100;

/// 种类 — in the order in which they are shown; what the public has comes first.
const KINDS: [&str; 9] =
    ["entry", "product", "agreement", "demand", "use_agreement", "plan", "selection", "supply", "law"];

/// 一个结果.
struct Hit {
    title: String,
    path: String,
    state: String,
    owner: String,
    number: String,
    body: String,
}

/// 一组结果.
struct Told {
    kind: &'static str,
    name: &'static str,
    total: usize,
    hits: Vec<Hit>,
    /// Where all of them are; empty when they are all here.
    all: String,
}

#[derive(Template)]
#[template(path = "public/search.html")]
struct Page {
    frame: Frame,
    text: String,
    kind: String,
    groups: Vec<Told>,
    total: usize,
    signed_in: bool,
}

impl Page {
    fn found(&self, text: &str) -> Words {
        highlight(&self.text, text)
    }

    fn some(&self, text: &str) -> Words {
        excerpt(&self.text, text)
    }
}

/// What was asked.
fn asked(query: Option<&str>) -> (String, String) {
    let (mut text, mut kind) = (String::new(), String::new());
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match name.as_ref() {
            "q" => text = value.trim().chars().filter(|letter| !letter.is_control()).take(TYPED).collect(),
            "kind" => KINDS.iter().find(|known| **known == value).map_or("", |known| known).clone_into(&mut kind),
            _ => {}
        }
    }
    (text, kind)
}

/// 检索页.
pub async fn show(State(door): State<Door>, RawQuery(query): RawQuery, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(page(&door, query.as_deref(), &headers).await, &headers, &uri)
}

async fn page(door: &Door, query: Option<&str>, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let (text, kind) = asked(query);
    let (total, groups) = find(door, &text, &kind, visitor.as_ref()).await?;
    let title = if text.is_empty() { "检索".to_owned() } else { format!("检索“{text}”") };
    let frame = Frame::new(title, "search", visitor.as_ref());
    Ok(answer::page(&Page { frame, text, kind, groups, total, signed_in: visitor.is_some() }))
}

/// 检索（程序）.
pub async fn json(State(door): State<Door>, RawQuery(query): RawQuery, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(told(&door, query.as_deref(), &headers).await, &headers, &uri)
}

async fn told(door: &Door, query: Option<&str>, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let (text, kind) = asked(query);
    let (total, groups) = find(door, &text, &kind, visitor.as_ref()).await?;
    let hit = |hit: &Hit| json!({ "title": hit.title, "path": hit.path, "state": hit.state, "owner": hit.owner, "id": hit.number });
    let group = |group: &Told| json!({ "kind": group.kind, "name": group.name, "total": group.total, "hits": group.hits.iter().map(hit).collect::<Vec<_>>() });
    Ok(Json(json!({ "query": text, "total": total, "groups": groups.iter().map(group).collect::<Vec<_>>() }))
        .into_response())
}

async fn find(door: &Door, text: &str, kind: &str, visitor: Option<&Visitor>) -> Result<(usize, Vec<Told>), Refused> {
    if text.is_empty() {
        return Ok((0, Vec::new()));
    }
    let ask = Ask {
        text: text.to_owned(),
        kinds: if kind.is_empty() { Vec::new() } else { vec![kind.to_owned()] },
        viewer: finding::viewer(visitor),
        grouped: Some(if kind.is_empty() { EACH } else { ALONE }),
        ..Ask::default()
    };
    let found = door.finder.find(ask).await?;
    let keys: Vec<String> = found.groups.iter().flat_map(|group| group.keys.clone()).collect();
    let rows = door.office.store.rows(&keys).await.map_err(Refused::Unavailable)?;
    let mut names = Names::of(door.office.store.clone());
    let mut groups = Vec::new();
    for kind in KINDS {
        let Some(group) = found.groups.iter().find(|group| group.kind == kind) else { continue };
        let hits = hits(group, &rows, visitor, &mut names).await?;
        if !hits.is_empty() {
            let whole = group.keys.len() == group.total;
            groups.push(Told {
                kind,
                name: name(kind),
                total: group.total,
                all: if whole { String::new() } else { all(kind, text, visitor) },
                hits,
            });
        }
    }
    Ok((found.total, groups))
}

fn name(kind: &str) -> &'static str {
    match kind {
        "law" => "办法要旨",
        kind => names::SUBJECTS.iter().find(|(known, _)| *known == kind).map_or("", |(_, name)| name),
    }
}

/// Where everything of a kind is: what the public has stands in its register, which knows more orders.
fn all(kind: &str, text: &str, visitor: Option<&Visitor>) -> String {
    let register = match kind {
        "entry" => "/catalogue",
        "product" => "/products",
        "agreement" => "/grants",
        _ => "",
    };
    let mut written = form_urlencoded::Serializer::new(String::new());
    written.append_pair("q", text);
    if visitor.is_none() && !register.is_empty() {
        return format!("{register}?{}", written.finish());
    }
    format!("/search?{}", written.append_pair("kind", kind).finish())
}

/// The hits of a group, each asked of its row again.
async fn hits(group: &Group, rows: &[Row], visitor: Option<&Visitor>, names: &mut Names) -> Result<Vec<Hit>, Refused> {
    let mut hits = Vec::new();
    for key in &group.keys {
        if let Some(number) = key.strip_prefix("law/").and_then(|number| number.parse().ok()) {
            let provision = article(number);
            let body = provision.gist().unwrap_or_default().to_owned();
            let path = format!("/law/{number}");
            hits.push(Hit {
                title: provision.to_string(),
                path,
                state: String::new(),
                owner: String::new(),
                number: String::new(),
                body,
            });
        } else if let Some(row) = rows.iter().find(|row| row.key == *key) {
            hits.extend(hit(row, visitor, names).await?);
        }
    }
    Ok(hits)
}

async fn hit(row: &Row, visitor: Option<&Visitor>, names: &mut Names) -> Result<Option<Hit>, Refused> {
    let path = way(row, visitor)?;
    let item = finding::item(row, names).await.map_err(Refused::Unavailable)?;
    let (Some(path), Some(item)) = (path, item) else { return Ok(None) };
    let state =
        item.facets.iter().find(|(name, _)| name == "state").map(|(_, state)| state.clone()).unwrap_or_default();
    let title = if item.title.is_empty() { row.id().to_owned() } else { item.title };
    Ok(Some(Hit { title, path, state, owner: item.owner, number: row.id().to_owned(), body: item.body }))
}

/// Where a row is shown to whoever asks: as a file to its parties, else as everybody sees it; nowhere else.
fn way(row: &Row, visitor: Option<&Visitor>) -> Result<Option<String>, Refused> {
    fn of<R: Record>(
        row: &Row,
        visitor: Option<&Visitor>,
        public: impl Fn(&R) -> Option<String>,
    ) -> Result<Option<String>, Refused> {
        let record: R = row.read().map_err(Refused::Unavailable)?;
        if visitor.is_some_and(|visitor| case::may_see(&record, visitor)) {
            return Ok(Some(names::path(R::SUBJECT, record.id())));
        }
        Ok(public(&record))
    }
    match row.subject() {
        "entry" => {
            of::<Entry>(row, visitor, |entry| entry.state.disclosed().then(|| format!("/catalogue/{}", entry.id)))
        }
        "product" => of::<Product>(row, visitor, |product| {
            public::products::offered(product).then(|| format!("/products/{}", product.id))
        }),
        "agreement" => of::<Agreement>(row, visitor, |grant| {
            public::grants::disclosed(grant).then(|| format!("/grants/{}", grant.id))
        }),
        "demand" => of::<Demand>(row, visitor, |_| None),
        "plan" => of::<Plan>(row, visitor, |_| None),
        "selection" => of::<Selection>(row, visitor, |selection| Some(format!("/selections/{}", selection.id))),
        "use_agreement" => of::<UseAgreement>(row, visitor, |_| None),
        // Who sees its demand sees a supply; the index knows them, and the page itself asks again.
        "supply" => Ok(visitor.map(|_| names::path(Supply::SUBJECT, row.id()))),
        _ => Ok(None),
    }
}

/// The tone of a state's tag.
fn tone(state: &str) -> &'static str {
    use regulation::{basics::catalogue, granting::agreement, operation::product};
    let good =
        [catalogue::State::Published.name(), product::State::Published.name(), use_agreement::State::InForce.name()];
    let halted = [agreement::State::Suspended.name(), agreement::State::SuspendedUnfiled.name()];
    let active = agreement::State::ALL.iter().any(|known| known.active() && known.name() == state);
    if halted.contains(&state) {
        "danger"
    } else if active || good.contains(&state) {
        "ok"
    } else {
        "info"
    }
}
