//! 首页 — what this is, for whom, and where to go on.

use askama::Template;
use axum::{extract::State, http::HeaderMap};

use crate::{
    Door, answer,
    frame::{Frame, count},
    session,
};

#[derive(Template)]
#[template(path = "public/home.html")]
struct Page {
    frame: Frame,
    grants: usize,
    products: usize,
    acts: String,
    accesses: String,
}

/// 首页.
pub async fn show(State(door): State<Door>, headers: HeaderMap) -> answer::Page {
    let visitor = session::visitor(&door, &headers).await?;
    let size = async |log| door.office.store.head(log).await.map(|head| count(head.sha256.size()));
    Ok(answer::page(&Page {
        frame: Frame::new("首页", "home", visitor.as_ref()),
        grants: super::grants::in_force(&door).await?.len(),
        products: super::products::published(&door).await?.len(),
        acts: size(store::Log::Control).await?,
        accesses: size(store::Log::Access).await?,
    }))
}
