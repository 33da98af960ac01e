//! 产品和服务 — what is on offer, at what price, and how to get it.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use regulation::operation::product::State as Stage;
use serde_json::{Value, json};
use store::{
    Row,
    basics::catalogue::Entry,
    granting::agreement::Agreement,
    operation::{demand::Demand, product::Product},
};
use workflow::Refused;

use super::register::{self, Leaf, Register};
use crate::{
    Door, answer,
    case::org,
    export::Line,
    finding::{Words, excerpt, highlight},
    frame::{Frame, count},
    operation::product::price,
    public::grants,
    session,
};

/// 名录.
pub struct Products;

/// 一个产品.
pub struct Told {
    product: Product,
    operator: String,
    price: String,
    rows: String,
}

/// 在售 — published, and not withdrawn since.
pub fn offered(product: &Product) -> bool {
    product.state == Stage::Published
}

impl Told {
    pub fn id(&self) -> &str {
        &self.product.id
    }
    pub fn name(&self) -> &str {
        &self.product.name
    }
    pub fn operator(&self) -> &str {
        &self.operator
    }
}

impl Register for Products {
    const KIND: &'static str = "product";
    const PATH: &'static str = "/products";
    const FILE: &'static str = "products";
    const NAME: &'static str = "产品和服务";
    const UNIT: &'static str = "个产品";
    const MEANING: &'static str = "运营机构已上架的公共数据产品和服务（第八条第五款、第二十五条第一款）；未上架的和已下架的不在其内。价格按每千行计，用于公共治理、公益事业的免费（第二十四条第一款）。";
    const FACETS: &'static [(&'static str, &'static str)] =
        &[("operator", "运营机构"), ("purpose", "用途类别"), ("charge", "收费")];
    const HEAD: &'static [&'static str] =
        &["产品编号", "名称", "简介", "运营机构", "用途类别", "价格", "行数", "输出项"];
    type Told = Told;

    async fn told(door: &Door, rows: Vec<Row>) -> Result<Vec<Told>, Refused> {
        let mut operators: HashMap<String, String> = HashMap::new();
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let product: Product = row.read().map_err(Refused::Unavailable)?;
            if !offered(&product) {
                continue;
            }
            if !operators.contains_key(&product.operator) {
                operators.insert(product.operator.clone(), org(door, &product.operator).await?);
            }
            lines.push(Told {
                operator: operators.get(&product.operator).cloned().unwrap_or_default(),
                price: price(&product),
                rows: count(product.rows),
                product,
            });
        }
        Ok(lines)
    }

    fn line(told: &Told) -> Line {
        let Told { product, operator, price, .. } = told;
        let columns: Vec<&str> = product.columns.iter().map(|column| column.title.as_str()).collect();
        vec![
            product.id.clone().into(),
            product.name.clone().into(),
            product.summary.clone().into(),
            operator.clone().into(),
            product.purpose.name().into(),
            price.clone().into(),
            product.rows.into(),
            columns.join("、").into(),
        ]
    }

    fn json(told: &Told) -> Value {
        json!({
            "id": told.product.id, "name": told.product.name, "summary": told.product.summary,
            "operator": told.operator, "purpose": told.product.purpose.name(), "price": told.price,
            "rows": told.product.rows, "columns": told.product.columns,
        })
    }
}

/// 一行, with what was found in it set apart.
struct Shown {
    told: Told,
    name: Words,
    summary: Words,
    operator: Words,
}

#[derive(Template)]
#[template(path = "public/products.html")]
struct Page {
    frame: Frame,
    leaf: Leaf,
    lines: Vec<Shown>,
}

/// 产品名录.
pub async fn show(State(door): State<Door>, RawQuery(query): RawQuery, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(list(&door, query.as_deref(), &headers).await, &headers, &uri)
}

async fn list(door: &Door, query: Option<&str>, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let (leaf, lines) = register::leaf::<Products>(door, query).await?;
    let shown = |told: Told| Shown {
        name: highlight(&leaf.text, told.name()),
        summary: excerpt(&leaf.text, &told.product.summary),
        operator: highlight(&leaf.text, told.operator()),
        told,
    };
    let lines = lines.into_iter().map(shown).collect();
    let frame = Frame::new(Products::NAME, "products", visitor.as_ref());
    Ok(answer::page(&Page { frame, leaf, lines }))
}

#[derive(Template)]
#[template(path = "public/product.html")]
struct One {
    frame: Frame,
    offer: Told,
    /// 数据来自哪个目录条目：编号、名称
    entry: Option<(String, String)>,
    /// 依据哪项授权：编号、名称
    grant: Option<(String, String)>,
}

/// 产品页.
pub async fn one(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build(&door, id, &headers).await, &headers, &uri)
}

async fn build(door: &Door, id: String, headers: &HeaderMap) -> answer::Page {
    let store = &door.office.store;
    let visitor = session::visitor(door, headers).await?;
    let row = store.row(&store::record::key::<Product>(&id)).await?;
    let Some(offer) = Products::told(door, row.into_iter().collect()).await?.pop() else {
        return Err(Refused::Missing { what: "已上架的产品", id }.into());
    };
    // What the product comes from, as far as everybody may see it.
    let entry = match store.get::<Demand>(&offer.product.demand).await? {
        Some((demand, _)) => store.get::<Entry>(&demand.entry).await?,
        None => None,
    };
    let entry = entry.map(|(entry, _)| entry).filter(|entry| entry.state.disclosed());
    let grant = store.get::<Agreement>(&offer.product.agreement).await?.map(|(grant, _)| grant);
    let page = One {
        frame: Frame::new(offer.product.name.clone(), "products", visitor.as_ref()),
        entry: entry.map(|entry| (entry.id, entry.content.name)),
        grant: grant.filter(grants::disclosed).map(|grant| (grant.id, grant.title)),
        offer,
    };
    Ok(answer::page(&page))
}
