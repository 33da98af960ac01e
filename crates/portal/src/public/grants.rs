//! 授权运营名录 — to whom, what, how far, how long: what Article 32 has disclosed to everybody.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
};
use regulation::supervision::disclosure::{BASIS, Item};
use serde_json::json;
use store::granting::agreement::Agreement;
use workflow::Refused;

use crate::{
    Door, answer,
    case::{org, scope, span},
    frame::Frame,
    session, table,
};

/// 一项授权.
pub struct Grant {
    id: String,
    grantee: String,
    content: String,
    mode: &'static str,
    scope: String,
    period: String,
    state: String,
    active: bool,
    filing: String,
}

#[derive(Template)]
#[template(path = "public/grants.html")]
struct Page {
    frame: Frame,
    grants: Vec<Grant>,
    items: &'static [Item],
    basis: regulation::Provision,
}

/// 名录.
pub async fn show(State(door): State<Door>, headers: HeaderMap) -> answer::Page {
    let visitor = session::visitor(&door, &headers).await?;
    let frame = Frame::new("授权运营名录", "grants", visitor.as_ref());
    Ok(answer::page(&Page { frame, grants: in_force(&door).await?, items: Item::ALL, basis: BASIS }))
}

/// 名录（表格）.
pub async fn csv(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    const HEAD: [&str; 8] = ["协议编号", "授权对象", "授权模式", "授权内容", "授权范围", "授权时限", "状态", "备案"];
    match in_force(&door).await {
        Ok(grants) => {
            let line = |grant: Grant| {
                let Grant { id, grantee, content, mode, scope, period, state, filing, .. } = grant;
                [id, grantee, mode.to_owned(), content, scope, period, state, filing]
            };
            table::csv("grants", HEAD, grants.into_iter().map(line), &headers, &uri)
        }
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}

/// 名录（程序）.
pub async fn json(State(door): State<Door>) -> Response {
    match in_force(&door).await {
        Ok(grants) => {
            let one = |grant: &Grant| {
                json!({
                    "id": grant.id, "grantee": grant.grantee, "content": grant.content, "mode": grant.mode,
                    "scope": grant.scope, "period": grant.period, "state": grant.state, "filing": grant.filing,
                })
            };
            Json(json!({ "legal_basis": BASIS, "grants": grants.iter().map(one).collect::<Vec<_>>() })).into_response()
        }
        Err(refused) => answer::as_problem(&refused),
    }
}

/// Every agreement that has been signed, the suspended ones too: the public sees that they are.
pub async fn in_force(door: &Door) -> Result<Vec<Grant>, Refused> {
    use regulation::granting::agreement::{Clause, State};
    let mut grants = Vec::new();
    for agreement in door.office.store.list::<Agreement>("", 1000).await.map_err(Refused::Unavailable)? {
        if matches!(
            agreement.state,
            State::Draft | State::Deliberation | State::AwaitingOperator | State::AwaitingAgency
        ) {
            continue;
        }
        grants.push(Grant {
            grantee: org(door, &agreement.operator).await?,
            content: agreement.clauses.0.get(&Clause::Products).cloned().unwrap_or_else(|| agreement.title.clone()),
            mode: agreement.mode.name(),
            scope: scope(door, &agreement.scope).await?,
            period: span(agreement.period.from, agreement.period.until),
            state: agreement.state.to_string(),
            active: agreement.state.active(),
            filing: agreement.filing.map_or_else(|| "待备案".to_owned(), |filing| filing.number),
            id: agreement.id,
        });
    }
    Ok(grants)
}
