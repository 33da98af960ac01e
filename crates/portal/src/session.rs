//! 会话 — who stands at the door: a cookie's token, looked up once for every request.

use axum::http::{HeaderMap, header};
use store::party::{Organisation, Person};
use workflow::{Acting, Refused, notice, party};

use crate::Door;

/// The cookie's name.
const COOKIE: &str = "shuyun_session";

/// 登录者.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// 人员
    pub person: Person,
    /// 单位
    pub organisation: Organisation,
    /// 行为人
    pub acting: Acting,
    /// 未读的告知，至多数到一百
    pub unread: u64,
}

/// The token in a request's cookies.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then_some(value))
}

/// Who is signed in, if anybody.
pub async fn visitor(door: &Door, headers: &HeaderMap) -> Result<Option<Visitor>, Refused> {
    let Some(token) = token(headers) else { return Ok(None) };
    let Some((person, acting)) = party::session::signed_in(&door.office, token, door.now()).await? else {
        return Ok(None);
    };
    let organisation = door.office.store.get::<Organisation>(&person.org).await.map_err(Refused::Unavailable)?;
    let unread = notice::reading::unread(&door.office, &acting).await?;
    Ok(organisation.map(|(organisation, _)| Visitor { person, organisation, acting, unread }))
}

/// The number of the session behind a request: the digest of its token.
pub fn number(headers: &HeaderMap) -> Option<String> {
    token(headers).map(party::session::number)
}

/// The cookie that begins a session.
pub fn begin(token: &str) -> String {
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200")
}

/// The cookie that ends it.
pub fn end() -> String {
    format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
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
