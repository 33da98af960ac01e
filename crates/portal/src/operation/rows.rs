//! 取数接口 — rows of a product, as JSON, through the gate.
//!
//! `GET /api/v1/products/{id}/rows?limit=100&after=0&columns=a,b&filter=year,eq,2013`

use axum::{
    body::Body,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use lake::{Ask, Condition, Op};
use serde_json::{Value, json};
use workflow::{Refused, operation::access};

use crate::{Door, answer};

/// Rows in a page when nothing else is asked.
const LIMIT: usize = 100;
/// The most rows in one page.
const LONGEST: usize = 10_000;

/// 取数.
pub async fn show(
    State(door): State<Door>,
    Path(product): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match rows(&door, &product, query.as_deref().unwrap_or_default(), &headers).await {
        Ok(response) => response,
        Err(refused) => answer::as_problem(&refused),
    }
}

async fn rows(door: &Door, product: &str, query: &str, headers: &HeaderMap) -> Result<Response, Refused> {
    let ask = ask(query)?;
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = access::rows(&door.office, header, product, &ask, door.now()).await?;
    let columns: Vec<Value> =
        given.columns.iter().map(|column| json!({ "name": column.name, "type": column.kind })).collect();
    let about = json!({
        "product": product,
        "version": given.version,
        "columns": columns,
        "count": given.count,
        "next": given.next,
        "record": { "log": "access", "position": given.position },
    });
    // The rows are already JSON; what is said about them goes around them, without reading them again.
    let mut body = about.to_string().into_bytes();
    body.pop();
    body.extend_from_slice(br#","rows":"#);
    body.extend_from_slice(&given.json);
    body.push(b'}');
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    Ok(response)
}

/// Reads the query; every unknown word is told, none is passed over.
fn ask(query: &str) -> Result<Ask, Refused> {
    let mut ask = Ask { limit: LIMIT, ..Ask::default() };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "limit" => ask.limit = count(&name, &value)?,
            "after" => ask.offset = count(&name, &value)?,
            "columns" => {
                ask.columns =
                    value.split(',').map(str::trim).filter(|column| !column.is_empty()).map(str::to_owned).collect();
            }
            "filter" => ask.filter.push(condition(&value)?),
            unknown => {
                return Err(Refused::Question(format!(
                    "不认识的查询参数“{unknown}”，可用：limit、after、columns、filter"
                )));
            }
        }
    }
    if (1..=LONGEST).contains(&ask.limit) {
        Ok(ask)
    } else {
        Err(Refused::Question(format!("limit 应在1至{LONGEST}之间，收到的是{}", ask.limit)))
    }
}

fn count<N: std::str::FromStr>(name: &str, value: &str) -> Result<N, Refused> {
    value.parse().map_err(|_| Refused::Question(format!("{name} 应是不小于0的整数，收到的是“{value}”")))
}

/// `列,比较,值`; of what kind the value is, its column knows.
fn condition(text: &str) -> Result<Condition, Refused> {
    let wrong = || {
        Refused::Question(format!("filter 应写成“列,比较,值”，比较为 eq、ne、lt、le、gt、ge 之一，收到的是“{text}”"))
    };
    let mut parts = text.splitn(3, ',');
    let (Some(column), Some(op), Some(value)) = (parts.next(), parts.next(), parts.next()) else { return Err(wrong()) };
    let op = match op.trim() {
        "eq" => Op::Eq,
        "ne" => Op::Ne,
        "lt" => Op::Lt,
        "le" => Op::Le,
        "gt" => Op::Gt,
        "ge" => Op::Ge,
        _ => return Err(wrong()),
    };
    let value = Value::from(value);
    Ok(Condition { column: column.trim().to_owned(), op, value })
}
