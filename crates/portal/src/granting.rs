//! 第三章 授权程序 — what pages say of plans, selections and agreements, and what is overdue.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
};
use regulation::Role;
use serde_json::json;

use crate::{Door, answer, names, session};

pub mod agreement;
pub mod plan;
pub mod selection;

/// 逾期事项 — for the agency and the auditor, as JSON.
pub async fn overdue(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(overdue_of(&door, &headers).await, &headers, &uri)
}

async fn overdue_of(door: &Door, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let supervises = |role| matches!(role, Role::ImplementingAgency | Role::Auditor);
    if !visitor.is_some_and(|visitor| supervises(visitor.acting.role)) {
        return Err(session::unknown("查看逾期事项需要以实施机构或者监督审计的身份登录").into());
    }
    let rows = door.office.overdue(door.now()).await?;
    let row = |row: &store::Row| json!({ "subject": row.subject(), "name": names::subject(row.subject()), "id": row.id(), "due": row.due });
    Ok(Json(json!({ "overdue": rows.iter().map(row).collect::<Vec<_>>() })).into_response())
}
