//! 产品和服务 — what is on offer, at what price, and how to get it.

use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
};
use regulation::operation::product;
use serde_json::json;
use store::operation::product::Product;
use workflow::Refused;

use crate::{
    Door, answer,
    case::org,
    frame::{Frame, count},
    operation::product::price,
    session, table,
};

/// 一个产品.
pub struct Offer {
    product: Product,
    operator: String,
    price: String,
    rows: String,
}

#[derive(Template)]
#[template(path = "public/products.html")]
struct Page {
    frame: Frame,
    offers: Vec<Offer>,
}

#[derive(Template)]
#[template(path = "public/product.html")]
struct One {
    frame: Frame,
    offer: Offer,
}

/// 产品名录.
pub async fn show(State(door): State<Door>, headers: HeaderMap) -> answer::Page {
    let visitor = session::visitor(&door, &headers).await?;
    let frame = Frame::new("产品和服务", "products", visitor.as_ref());
    Ok(answer::page(&Page { frame, offers: published(&door).await? }))
}

/// 产品页.
pub async fn one(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build(&door, id, &headers).await, &headers, &uri)
}

async fn build(door: &Door, id: String, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let found = door.office.store.get::<Product>(&id).await?;
    let Some((product, _)) = found.filter(|(product, _)| product.state == product::State::Published) else {
        return Err(Refused::Missing { what: "已上架的产品", id }.into());
    };
    let frame = Frame::new(product.name.clone(), "products", visitor.as_ref());
    Ok(answer::page(&One { frame, offer: offer(door, product).await? }))
}

/// 产品名录（表格）.
pub async fn csv(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    const HEAD: [&str; 7] = ["产品编号", "名称", "简介", "运营机构", "用途类别", "价格", "行数"];
    match published(&door).await {
        Ok(offers) => {
            let line = |offer: Offer| {
                let Offer { product, operator, price, .. } = offer;
                let purpose = product.purpose.to_string();
                [product.id, product.name, product.summary, operator, purpose, price, product.rows.to_string()]
            };
            table::csv("products", HEAD, offers.into_iter().map(line), &headers, &uri)
        }
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}

/// 产品名录（程序）.
pub async fn json(State(door): State<Door>) -> Response {
    match published(&door).await {
        Ok(offers) => {
            let one = |offer: &Offer| {
                json!({
                    "id": offer.product.id, "name": offer.product.name, "summary": offer.product.summary,
                    "operator": offer.operator, "purpose": offer.product.purpose.name(), "price": offer.price,
                    "rows": offer.product.rows, "columns": offer.product.columns,
                })
            };
            Json(json!({ "products": offers.iter().map(one).collect::<Vec<_>>() })).into_response()
        }
        Err(refused) => answer::as_problem(&refused),
    }
}

/// Everything on offer now.
pub async fn published(door: &Door) -> Result<Vec<Offer>, Refused> {
    let mut offers = Vec::new();
    for product in door.office.store.list::<Product>("", 1000).await.map_err(Refused::Unavailable)? {
        if product.state == product::State::Published {
            offers.push(offer(door, product).await?);
        }
    }
    Ok(offers)
}

async fn offer(door: &Door, product: Product) -> Result<Offer, Refused> {
    Ok(Offer {
        operator: org(door, &product.operator).await?,
        price: price(&product),
        rows: count(product.rows),
        product,
    })
}
