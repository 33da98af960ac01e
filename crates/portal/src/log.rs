//! 存证 — the roots of both logs and a certificate for each event, for everybody.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use store::Log;
use workflow::Refused;

use crate::{Door, answer};

/// 树根.
pub async fn checkpoint(State(door): State<Door>, Path(log): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    let note = match named(&log) {
        Ok(log) => door.office.checkpoint(log).await,
        Err(refused) => Err(refused),
    };
    text(note, &headers, &uri)
}

/// 存证凭证.
pub async fn certificate(
    State(door): State<Door>,
    Path((log, position)): Path<(String, u64)>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let certificate = match named(&log) {
        Ok(log) => door.office.certificate(log, position).await,
        Err(refused) => Err(refused),
    };
    text(certificate, &headers, &uri)
}

/// 健康 — the database answers.
pub async fn health(State(door): State<Door>) -> Response {
    match door.office.store.head(Log::Control).await {
        Ok(head) => Json(json!({ "status": "ok", "control_size": head.sha256.size() })).into_response(),
        Err(fault) => answer::as_problem(&Refused::Unavailable(fault)),
    }
}

fn named(log: &str) -> Result<Log, Refused> {
    [Log::Control, Log::Access]
        .into_iter()
        .find(|known| known.name() == log)
        .ok_or_else(|| Refused::Missing { what: "日志", id: log.to_owned() })
}

fn text(told: Result<String, Refused>, headers: &HeaderMap, uri: &Uri) -> Response {
    match told {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response(),
        Err(refused) => answer::told(&refused, headers, uri),
    }
}
