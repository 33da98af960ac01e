//! 登录方式 — somebody's passkeys and linked accounts: listed, added, renamed, removed.

use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::{IntoResponse as _, Redirect, Response},
};
use workflow::{
    Notice, Refused,
    party::{ceremony, federation, passkey as passkeys, proving},
};

use crate::{
    Door, answer, entrance,
    frame::{self, Frame},
    proving as prove,
    session::{self, Visitor},
};

/// 一个通行密钥.
struct Line {
    id: String,
    name: String,
    since: String,
    used: String,
    suspect: bool,
}

/// 一个关联账号.
struct Account {
    id: String,
    issuer: String,
    subject: String,
    since: String,
    used: String,
}

#[derive(Template)]
#[template(path = "passkeys.html")]
struct Page {
    frame: Frame,
    notice: Option<Notice>,
    /// Whether the last proof is fresh enough to change anything here.
    fresh: bool,
    /// 已配置对外的地址
    site: bool,
    passkeys: Vec<Line>,
    /// 单点登录的签发方
    issuer: Option<String>,
    accounts: Vec<Account>,
    name: String,
}

/// 登录方式.
pub async fn show(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    match session::visitor(&door, &headers).await {
        Ok(Some(visitor)) => answer::faced(build(&door, &visitor, None, "").await, &headers, &uri),
        Ok(None) => Redirect::to("/sign-in").into_response(),
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}

async fn build(door: &Door, visitor: &Visitor, notice: Option<Notice>, name: &str) -> answer::Page {
    let used = |at: Option<jiff::Timestamp>| at.map_or_else(|| "还没有用过".into(), frame::time);
    let (office, person) = (&door.office, &visitor.acting.person);
    let line = |one: store::party::passkey::Passkey| Line {
        id: one.id,
        name: one.name,
        since: frame::time(one.since),
        used: used(one.used),
        suspect: one.suspect,
    };
    let account = |one: store::party::federation::Federation| Account {
        id: one.id,
        issuer: one.issuer,
        subject: one.subject,
        since: frame::time(one.since),
        used: used(one.used),
    };
    let page = Page {
        frame: Frame::new("登录方式", "", Some(visitor)),
        notice,
        fresh: proving::recent("passkey.register", &visitor.session, visitor.acting.at).is_ok(),
        site: office.has_site(),
        passkeys: passkeys::of(office, person).await?.into_iter().map(line).collect(),
        issuer: door.entrance.sso.as_ref().map(|sso| sso.issuer().to_owned()),
        accounts: federation::of(office, person).await?.into_iter().map(account).collect(),
        name: name.to_owned(),
    };
    Ok(answer::page(&page))
}

/// The same page again, with why something was not done.
pub async fn again(door: &Door, visitor: &Visitor, refused: &Refused, name: &str) -> Response {
    match build(door, visitor, Some(answer::notice(refused)), name).await {
        Ok(page) => answer::with_wait(refused, (answer::status(refused), page).into_response()),
        Err(answer::Told(refused)) => answer::as_page(&refused),
    }
}

/// 出题 — for the script: what the device is asked, and the cookie under which the answer is awaited.
pub fn asked(door: &Door, asked: Result<passkeys::Asked, Refused>) -> Response {
    match asked {
        Ok(asked) => {
            let mut response = Json(asked.options).into_response();
            remember(door, &asked.ceremony, &mut response);
            response
        }
        Err(refused) => answer::as_problem(&refused),
    }
}

/// Sets the cookie of a proof that is under way.
pub fn remember(door: &Door, ceremony: &str, response: &mut Response) {
    let seconds = u32::try_from(ceremony::LONGEST.as_secs()).unwrap_or_default();
    if let Ok(cookie) = HeaderValue::from_str(&door.entrance.set(entrance::CEREMONY, ceremony, seconds)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// 登记之前出题.
pub async fn options(State(door): State<Door>, headers: HeaderMap) -> Response {
    let visitor = match permitted(&door, &headers, "passkey.register").await {
        Ok(visitor) => visitor,
        Err(refused) => return answer::as_problem(&refused),
    };
    asked(&door, passkeys::ask_to_register(&door.office, &visitor.acting).await)
}

/// 登记.
pub async fn register(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    change(&door, &headers, &uri, "passkey.register", &body).await
}

/// 改名.
pub async fn rename(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    change(&door, &headers, &uri, "passkey.rename", &body).await
}

/// 移除.
pub async fn remove(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    change(&door, &headers, &uri, "passkey.remove", &body).await
}

/// 解除关联.
pub async fn unlink(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    change(&door, &headers, &uri, "federation.unlink", &body).await
}

async fn change(door: &Door, headers: &HeaderMap, uri: &Uri, act: &str, body: &[u8]) -> Response {
    let visitor = match permitted(door, headers, act).await {
        Ok(visitor) => visitor,
        Err(refused @ Refused::Unproven(_)) => return prove::again(door, headers, &refused, ("", "/passkeys")).await,
        Err(refused) => return answer::told(&refused, headers, uri),
    };
    let field = |wanted: &str| field(body, wanted);
    let (office, acting) = (&door.office, &visitor.acting);
    let changed = match act {
        "passkey.register" => {
            let ceremony = session::cookie(door, headers, entrance::CEREMONY).unwrap_or_default();
            passkeys::register(office, acting, ceremony, (&field("credential"), &field("name"))).await
        }
        "passkey.rename" => passkeys::rename(office, acting, &field("id"), &field("name")).await,
        "passkey.remove" => passkeys::remove(office, acting, &visitor.session.id, &field("id")).await,
        _ => federation::unlink(office, acting, &field("id")).await,
    };
    match changed {
        Ok(()) => Redirect::to("/passkeys").into_response(),
        Err(refused) => again(door, &visitor, &refused, &field("name")).await,
    }
}

/// Who may change this now: signed in, on our own page, and proven lately where the act is grave.
async fn permitted(door: &Door, headers: &HeaderMap, act: &str) -> Result<Visitor, Refused> {
    let visitor = session::visitor(door, headers).await?.filter(|_| session::same_site(headers));
    let visitor = visitor.ok_or_else(|| session::unknown("更改登录方式需要先登录，并从“登录方式”页面进行"))?;
    proving::recent(act, &visitor.session, visitor.acting.at)?;
    Ok(visitor)
}

/// A field of a form, by its name.
pub fn field(body: &[u8], wanted: &str) -> String {
    form_urlencoded::parse(body)
        .find(|(name, _)| name == wanted)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}
