//! 授权运营目录 — what has been verified and published for authorised operation, for everybody to find (Article 8).

use std::collections::HashMap;

use askama::Template;
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use regulation::{
    Provision, article,
    basics::catalogue::{Content, Origin},
};
use search::Ask;
use serde_json::{Value, json};
use store::{Row, basics::catalogue::Entry, granting::agreement::Agreement, operation::product::Product, record};
use workflow::Refused;

use super::register::{self, Leaf, Register};
use crate::{
    Door, answer,
    basics::catalogue::versions::{self, Told as Version},
    case::{self, org},
    components::tag::Tag,
    export::Line,
    finding::{self, Words, excerpt, highlight},
    frame::Frame,
    public::{grants, products},
    session,
};

/// 依据.
const BASIS: Provision = article(8).paragraph(4);
/// How many grants and products of an entry are shown.
const USES: usize = 50;

/// 名录.
pub struct Catalogue;

/// 一个条目.
pub struct Told {
    entry: Entry,
    provider: String,
}

/// 是否涉及个人信息 — whether any field does.
pub fn personal(content: &Content) -> &'static str {
    if content.fields.iter().any(|field| field.personal.any()) { "涉及" } else { "不涉及" }
}

/// 获取方式.
pub fn origin(content: &Content) -> &'static str {
    match content.origin {
        Origin::Own => "本单位产生",
        Origin::Shared { .. } => "政务数据共享获得",
    }
}

impl Register for Catalogue {
    const KIND: &'static str = "entry";
    const PATH: &'static str = "/catalogue";
    const FILE: &'static str = "catalogue";
    const NAME: &'static str = "授权运营目录";
    const UNIT: &'static str = "个条目";
    const MEANING: &'static str = "实施机构已核验发布的授权运营目录条目（第八条第四款）；编制、审查、核验中的和已终止的不在其内。“涉及个人信息”指至少一个信息项涉及个人信息，这样的信息项脱敏后方可进入产品。";
    const FACETS: &'static [(&'static str, &'static str)] = &[
        ("provider", "提供单位"),
        ("sector", "所属领域"),
        ("refresh", "更新周期"),
        ("grade", "数据级别"),
        ("personal", "个人信息"),
        ("origin", "获取方式"),
    ];
    const HEAD: &'static [&'static str] = &[
        "条目编号",
        "资源名称",
        "摘要",
        "提供单位",
        "来源职责",
        "获取方式",
        "所属领域",
        "更新周期",
        "数据级别",
        "个人信息",
        "信息项数",
        "信息项",
    ];
    type Told = Told;

    async fn told(door: &Door, rows: Vec<Row>) -> Result<Vec<Told>, Refused> {
        let mut names: HashMap<String, String> = HashMap::new();
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let entry: Entry = row.read().map_err(Refused::Unavailable)?;
            if !entry.state.disclosed() {
                continue;
            }
            let provider = match names.get(&entry.provider) {
                Some(name) => name.clone(),
                None => org(door, &entry.provider).await?,
            };
            names.insert(entry.provider.clone(), provider.clone());
            lines.push(Told { entry, provider });
        }
        Ok(lines)
    }

    fn line(told: &Told) -> Line {
        let content = &told.entry.content;
        let fields: Vec<&str> = content.fields.iter().map(|field| field.name.as_str()).collect();
        vec![
            told.entry.id.clone().into(),
            content.name.clone().into(),
            content.summary.clone().into(),
            told.provider.clone().into(),
            content.source_duty.clone().into(),
            origin(content).into(),
            content.sector_name().into(),
            content.refresh_name().into(),
            content.grade_name().into(),
            personal(content).into(),
            (fields.len() as u64).into(),
            fields.join("、").into(),
        ]
    }

    fn json(told: &Told) -> Value {
        let content = &told.entry.content;
        json!({
            "id": told.entry.id, "name": content.name, "summary": content.summary, "provider": told.provider,
            "source_duty": content.source_duty, "origin": origin(content), "refresh": content.refresh_name(),
            "sector": content.sector_name(), "format": content.format.name(), "state": told.entry.state.name(),
            "version": told.entry.version, "open": content.open,
            "grade": content.grade_name(), "personal": personal(content), "fields": content.fields,
        })
    }
}

/// 一行, with what was found in it set apart.
struct Shown {
    path: String,
    name: Words,
    summary: Words,
    provider: Words,
    refresh: &'static str,
    grade: &'static str,
    personal: &'static str,
}

#[derive(Template)]
#[template(path = "public/catalogue.html")]
struct Page {
    frame: Frame,
    leaf: Leaf,
    lines: Vec<Shown>,
    basis: Provision,
}

/// 目录.
pub async fn show(State(door): State<Door>, RawQuery(query): RawQuery, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(list(&door, query.as_deref(), &headers).await, &headers, &uri)
}

async fn list(door: &Door, query: Option<&str>, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let (leaf, lines) = register::leaf::<Catalogue>(door, query).await?;
    let shown = |told: Told| Shown {
        path: format!("/catalogue/{}", told.entry.id),
        name: highlight(&leaf.text, &told.entry.content.name),
        summary: excerpt(&leaf.text, &told.entry.content.summary),
        provider: highlight(&leaf.text, &told.provider),
        refresh: told.entry.content.refresh_name(),
        grade: told.entry.content.grade_name(),
        personal: personal(&told.entry.content),
    };
    let lines = lines.into_iter().map(shown).collect();
    let frame = Frame::new(Catalogue::NAME, "catalogue", visitor.as_ref());
    Ok(answer::page(&Page { frame, leaf, lines, basis: BASIS }))
}

#[derive(Template)]
#[template(path = "public/entry.html")]
struct One {
    frame: Frame,
    told: Told,
    grants: Vec<grants::Told>,
    products: Vec<products::Told>,
    versions: Vec<Version>,
    file: String,
}

impl One {
    fn state(&self) -> Tag {
        Tag::state(self.told.entry.state.name())
    }
}

/// 条目.
pub async fn one(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(entry(&door, id, &headers).await, &headers, &uri)
}

async fn entry(door: &Door, id: String, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let (told, grants, products) = used(door, id).await?;
    let versions = versions::history(&versions::published(door, &told.entry.id).await?);
    // Whoever has the file open finds the way to it.
    let file = visitor.as_ref().filter(|visitor| case::may_see(&told.entry, visitor));
    let file = file.map(|_| crate::names::path("entry", &told.entry.id)).unwrap_or_default();
    let frame = Frame::new(told.entry.content.name.clone(), "catalogue", visitor.as_ref());
    Ok(answer::page(&One { frame, told, grants, products, versions, file }))
}

/// 条目（程序）.
pub async fn one_json(State(door): State<Door>, Path(id): Path<String>) -> Response {
    match used(&door, id).await {
        Ok((told, grants, products)) => {
            let mut body = Catalogue::json(&told);
            body["grants"] = grants.iter().map(grants::Grants::json).collect();
            match versions::published(&door, &told.entry.id).await {
                Ok(published) => {
                    let version = |version: versions::Told| json!({ "number": version.number, "when": version.when, "changes": version.changes });
                    body["versions"] = versions::history(&published).into_iter().map(version).collect();
                }
                Err(refused) => return answer::as_problem(&refused),
            }
            body["products"] = products.iter().map(products::Products::json).collect();
            Json(body).into_response()
        }
        Err(refused) => answer::as_problem(&refused),
    }
}

/// A published entry, and which grants and products use it.
async fn used(door: &Door, id: String) -> Result<(Told, Vec<grants::Told>, Vec<products::Told>), Refused> {
    let found = door.office.store.get::<Entry>(&id).await.map_err(Refused::Unavailable)?;
    let Some((entry, _)) = found.filter(|(entry, _)| entry.state.disclosed()) else {
        return Err(Refused::Missing { what: "已发布的目录条目", id });
    };
    let key = record::key::<Entry>(&entry.id);
    let grants = grants::Grants::told(door, about::<Agreement>(door, &key).await?).await?;
    let products = products::Products::told(door, about::<Product>(door, &key).await?).await?;
    let provider = org(door, &entry.provider).await?;
    Ok((Told { entry, provider }, grants, products))
}

/// The rows of a subject that everybody may find and that are about `key`.
pub async fn about<R: store::Record>(door: &Door, key: &str) -> Result<Vec<Row>, Refused> {
    let ask = Ask {
        kinds: vec![R::SUBJECT.to_owned()],
        viewer: finding::everybody(),
        about: Some(key.to_owned()),
        limit: USES,
        ..Ask::default()
    };
    door.office.store.rows(&door.finder.find(ask).await?.keys).await.map_err(Refused::Unavailable)
}
