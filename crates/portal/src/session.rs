//! 会话 — who stands at the door: a cookie's token, looked up once for every request.

use axum::http::{HeaderMap, header};
use workflow::{Refused, notice, party};

use crate::{Door, entrance, frame, look};

/// 登录者 — who they are, and as which of their memberships they act now.
pub use party::session::Presence as Visitor;

/// The token in a request's cookies.
pub fn token<'a>(door: &Door, headers: &'a HeaderMap) -> Option<&'a str> {
    cookie(door, headers, entrance::SESSION)
}

/// One of our cookies.
pub fn cookie<'a>(door: &Door, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    crumb(headers, &door.entrance.cookie(name))
}

/// Any cookie, by the name that the browser knows it under.
pub fn crumb<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == wanted).then_some(value))
}

/// Who is signed in, if anybody.
pub async fn visitor(door: &Door, headers: &HeaderMap) -> Result<Option<Visitor>, Refused> {
    let Some(token) = token(door, headers) else { return Ok(None) };
    let visitor = party::session::signed_in(&door.office, token, door.now()).await?;
    if let Some(visitor) = &visitor {
        let unread = notice::reading::unread(&door.office, &visitor.acting).await?;
        look::meet(frame::Who { unread, ..frame::Who::of(visitor) });
    }
    Ok(visitor)
}

/// 同源 — whether a form was sent from our own pages. Browsers say so themselves; a program that
/// sends no such header carries no cookie of somebody else's either.
pub fn same_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin"), text("host")) {
        (Some(site), ..) => matches!(site, "same-origin" | "none"),
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        _ => true,
    }
}

/// Nobody is signed in where somebody has to be.
pub fn unknown(message: &str) -> Refused {
    Refused::Unidentified(workflow::Notice {
        message: message.to_owned(),
        basis: regulation::Provision::PLATFORM.to_string(),
        article: None,
        advice: "请先登录".to_owned(),
        kind: workflow::RefusalSort::Role,
        remarks: Vec::new(),
    })
}
