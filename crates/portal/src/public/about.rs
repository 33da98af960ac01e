//! 关于网站 — how far it can be used by everybody, and where everything is.

use askama::Template;
use axum::{extract::State, http::HeaderMap};

use crate::{Door, answer, frame::Frame, session};

#[derive(Template)]
#[template(path = "public/accessibility.html")]
struct Accessibility {
    frame: Frame,
}

/// 无障碍说明.
pub async fn accessibility(State(door): State<Door>, headers: HeaderMap) -> answer::Page {
    let visitor = session::visitor(&door, &headers).await?;
    Ok(answer::page(&Accessibility { frame: Frame::new("无障碍说明", "", visitor.as_ref()) }))
}

#[derive(Template)]
#[template(path = "public/site_map.html")]
struct SiteMap {
    frame: Frame,
}

/// 网站地图.
pub async fn site_map(State(door): State<Door>, headers: HeaderMap) -> answer::Page {
    let visitor = session::visitor(&door, &headers).await?;
    Ok(answer::page(&SiteMap { frame: Frame::new("网站地图", "", visitor.as_ref()) }))
}
