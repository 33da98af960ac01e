//! 样式 — our own, one file, no third party.

use axum::{http::header, response::IntoResponse};

/// The style sheet.
pub async fn css() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, concat!(include_str!("assets/app.css"), include_str!("assets/css/public.css")))
}

/// The mark in the browser's tab.
pub async fn icon() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, include_str!("assets/icon.svg"))
}
