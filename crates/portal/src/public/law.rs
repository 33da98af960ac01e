//! 办法要旨 — each article's gist, in our own words.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use regulation::{article, uncoded};
use workflow::Refused;

use crate::{Door, answer, frame::Frame, session};

struct Article {
    number: u16,
    name: String,
    gist: &'static str,
    uncoded: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "public/law.html")]
struct Page {
    frame: Frame,
    articles: Vec<Article>,
    whole: bool,
}

/// 全部条文的要旨.
pub async fn list(State(door): State<Door>, headers: HeaderMap) -> answer::Page {
    let visitor = session::visitor(&door, &headers).await?;
    let frame = Frame::new("办法要旨", "law", visitor.as_ref());
    Ok(answer::page(&Page { frame, articles: (1..=37).filter_map(told).collect(), whole: true }))
}

/// 一条的要旨.
pub async fn one(State(door): State<Door>, Path(number): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    let Some(article) = number.parse().ok().and_then(told) else {
        return answer::told(&Refused::Missing { what: "条文", id: number }, &headers, &uri);
    };
    let visitor = session::visitor(&door, &headers).await.unwrap_or_default();
    let frame = Frame::new(article.name.clone(), "law", visitor.as_ref());
    answer::page(&Page { frame, articles: vec![article], whole: false })
}

fn told(number: u16) -> Option<Article> {
    let provision = article(number);
    let uncoded = uncoded().find(|(article, _)| *article == number).map(|(_, reason)| reason);
    Some(Article { number, name: provision.to_string(), gist: provision.gist()?, uncoded })
}
