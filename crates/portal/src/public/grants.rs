//! 授权运营名录 — to whom, what, how far, how long: what Article 32 has disclosed to everybody.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use regulation::{
    granting::agreement::{Clause, State as Stage},
    supervision::disclosure::{BASIS, Item},
};
use serde_json::{Value, json};
use store::{Row, basics::catalogue::Entry, granting::agreement::Agreement, operation::product::Product, record};
use workflow::Refused;

use super::register::{self, Leaf, Register};
use crate::{
    Door, answer,
    case::{self, org},
    export::Line,
    finding::{Words, highlight},
    frame::{Frame, span},
    papers,
    public::{catalogue::about, products},
    session,
};

/// How many entries of a scope a line names, and how many a page.
const NAMED: usize = 5;
const LISTED: usize = 200;

/// 名录.
pub struct Grants;

/// 一项授权.
pub struct Told {
    agreement: Agreement,
    grantee: String,
    scope: String,
}

/// 应当公开 — every agreement that has been signed, the suspended ones too: the public sees that they are.
pub fn disclosed(agreement: &Agreement) -> bool {
    !matches!(agreement.state, Stage::Draft | Stage::Deliberation | Stage::AwaitingOperator | Stage::AwaitingAgency)
}

impl Told {
    pub fn id(&self) -> &str {
        &self.agreement.id
    }
    pub fn title(&self) -> &str {
        &self.agreement.title
    }
    pub fn grantee(&self) -> &str {
        &self.grantee
    }
    pub fn mode(&self) -> &'static str {
        self.agreement.mode.name()
    }
    pub fn state(&self) -> &'static str {
        self.agreement.state.name()
    }
    fn tone(&self) -> &'static str {
        if self.agreement.state.active() { "ok" } else { "danger" }
    }
    fn content(&self) -> &str {
        let content = self.agreement.clauses.0.get(&Clause::Products).map_or("", |content| content.trim());
        if content.is_empty() { &self.agreement.title } else { content }
    }
    fn scope(&self) -> &str {
        &self.scope
    }
    fn period(&self) -> String {
        span(self.agreement.period.from, self.agreement.period.until)
    }
    fn filing(&self) -> String {
        self.agreement.filing.as_ref().map_or_else(|| "待备案".to_owned(), |filing| filing.number.clone())
    }
}

impl Register for Grants {
    const KIND: &'static str = "agreement";
    const PATH: &'static str = "/grants";
    const FILE: &'static str = "grants";
    const NAME: &'static str = "授权运营名录";
    const UNIT: &'static str = "项授权";
    const MEANING: &'static str = "已签订的授权运营协议，包括待备案的和暂停提供数据的；拟订、审议和待签订的不在其内。授权对象、内容、范围、时限依第三十二条第一款公开。";
    const FACETS: &'static [(&'static str, &'static str)] =
        &[("mode", "授权模式"), ("state", "状态"), ("operator", "授权对象")];
    const HEAD: &'static [&'static str] = &[
        "协议编号",
        "协议名称",
        "授权对象",
        "授权模式",
        "授权内容",
        "授权范围",
        "授权时限起",
        "授权时限止",
        "状态",
        "备案",
    ];
    type Told = Told;

    async fn told(door: &Door, rows: Vec<Row>) -> Result<Vec<Told>, Refused> {
        let mut agreements = Vec::with_capacity(rows.len());
        for row in rows {
            let agreement: Agreement = row.read().map_err(Refused::Unavailable)?;
            if disclosed(&agreement) {
                agreements.push(agreement);
            }
        }
        // The entries of all lines are read together.
        let wanted: HashSet<String> = agreements
            .iter()
            .flat_map(|agreement| agreement.scope.0.keys().take(NAMED))
            .map(|entry| record::key::<Entry>(entry))
            .collect();
        let entries = entries(door, &wanted.into_iter().collect::<Vec<_>>()).await?;
        let mut grantees: HashMap<String, String> = HashMap::new();
        let mut lines = Vec::with_capacity(agreements.len());
        for agreement in agreements {
            if !grantees.contains_key(&agreement.operator) {
                grantees.insert(agreement.operator.clone(), org(door, &agreement.operator).await?);
            }
            let names: Vec<&str> = agreement
                .scope
                .0
                .keys()
                .take(NAMED)
                .map(|entry| entries.get(entry).map_or(entry.as_str(), |entry| entry.content.name.as_str()))
                .collect();
            let count = agreement.scope.0.len();
            let more = if count > NAMED { format!("等 {count} 个目录条目") } else { String::new() };
            lines.push(Told {
                scope: format!("{}{more}", names.join("、")),
                grantee: grantees.get(&agreement.operator).cloned().unwrap_or_default(),
                agreement,
            });
        }
        Ok(lines)
    }

    fn line(told: &Told) -> Line {
        let period = told.agreement.period;
        vec![
            told.id().into(),
            told.title().into(),
            told.grantee().into(),
            told.mode().into(),
            told.content().into(),
            told.scope().into(),
            period.from.to_string().into(),
            period.until.to_string().into(),
            told.state().into(),
            told.filing().into(),
        ]
    }

    fn json(told: &Told) -> Value {
        json!({
            "id": told.id(), "title": told.title(), "grantee": told.grantee(), "mode": told.mode(),
            "content": told.content(), "scope": told.scope(), "entries": told.agreement.scope, "period": told.period(),
            "from": told.agreement.period.from, "until": told.agreement.period.until, "state": told.state(),
            "filing": told.filing(), "legal_basis": BASIS,
        })
    }
}

async fn entries(door: &Door, keys: &[String]) -> Result<HashMap<String, Entry>, Refused> {
    let rows = door.office.store.rows(keys).await.map_err(Refused::Unavailable)?;
    rows.iter().map(|row| Ok((row.id().to_owned(), row.read().map_err(Refused::Unavailable)?))).collect()
}

/// 一行, with what was found in it set apart.
struct Shown {
    told: Told,
    grantee: Words,
    title: Words,
}

#[derive(Template)]
#[template(path = "public/grants.html")]
struct Page {
    frame: Frame,
    leaf: Leaf,
    lines: Vec<Shown>,
    items: &'static [Item],
    basis: regulation::Provision,
}

/// 名录.
pub async fn show(State(door): State<Door>, RawQuery(query): RawQuery, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(list(&door, query.as_deref(), &headers).await, &headers, &uri)
}

async fn list(door: &Door, query: Option<&str>, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let (leaf, lines) = register::leaf::<Grants>(door, query).await?;
    let shown = |told: Told| Shown {
        grantee: highlight(&leaf.text, told.grantee()),
        title: highlight(&leaf.text, told.title()),
        told,
    };
    let lines = lines.into_iter().map(shown).collect();
    let frame = Frame::new(Grants::NAME, "grants", visitor.as_ref());
    Ok(answer::page(&Page { frame, leaf, lines, items: Item::ALL, basis: BASIS }))
}

/// 一个目录条目在授权范围内的部分.
struct Part {
    id: String,
    name: String,
    fields: String,
    published: bool,
}

#[derive(Template)]
#[template(path = "public/grant.html")]
struct One {
    frame: Frame,
    told: Told,
    parts: Vec<Part>,
    products: Vec<products::Told>,
    papers: Vec<papers::Listed>,
    file: String,
}

impl One {
    /// How many entries of the scope the page leaves to the file.
    fn unlisted(&self) -> usize {
        self.told.agreement.scope.0.len() - self.parts.len()
    }
}

/// 一项授权.
pub async fn one(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(grant(&door, id, &headers).await, &headers, &uri)
}

async fn grant(door: &Door, id: String, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let (told, products) = used(door, id).await?;
    let scope: Vec<_> = told.agreement.scope.0.iter().take(LISTED).collect();
    let keys: Vec<String> = scope.iter().map(|(entry, _)| record::key::<Entry>(entry)).collect();
    let entries = entries(door, &keys).await?;
    let part = |(id, codes): (&String, &std::collections::BTreeSet<String>)| {
        let entry = entries.get(id);
        let named = |code: &String| {
            let field = entry.and_then(|entry| entry.content.fields.iter().find(|field| field.code == *code));
            field.map_or_else(|| code.clone(), |field| field.name.clone())
        };
        Part {
            id: id.clone(),
            name: entry.map_or_else(|| id.clone(), |entry| entry.content.name.clone()),
            fields: codes.iter().map(named).collect::<Vec<_>>().join("、"),
            published: entry.is_some_and(|entry| entry.state.disclosed()),
        }
    };
    let parts = scope.into_iter().map(part).collect();
    let file = visitor.as_ref().filter(|visitor| case::may_see(&told.agreement, visitor));
    let file = file.map(|_| crate::names::path("agreement", told.id())).unwrap_or_default();
    let frame = Frame::new(told.title().to_owned(), "grants", visitor.as_ref());
    let mut papers = papers::public(door, "selection", &told.agreement.selection).await?;
    papers.extend(papers::public(door, "agreement", told.id()).await?);
    Ok(answer::page(&One { frame, told, parts, products, papers, file }))
}

/// 一项授权（程序）.
pub async fn one_json(State(door): State<Door>, Path(id): Path<String>) -> Response {
    match used(&door, id).await {
        Ok((told, products)) => {
            let mut body = Grants::json(&told);
            body["products"] = products.iter().map(products::Products::json).collect();
            Json(body).into_response()
        }
        Err(refused) => answer::as_problem(&refused),
    }
}

async fn used(door: &Door, id: String) -> Result<(Told, Vec<products::Told>), Refused> {
    let key = record::key::<Agreement>(&id);
    let row = door.office.store.row(&key).await.map_err(Refused::Unavailable)?;
    let told = Grants::told(door, row.into_iter().collect()).await?.pop();
    let told = told.ok_or(Refused::Missing { what: "已签订的授权", id })?;
    let products = products::Products::told(door, about::<Product>(door, &key).await?).await?;
    Ok((told, products))
}
