//! 再次验证 — the page that asks for proof again before a dangerous act, and goes on with what was typed.

use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, Uri, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;
use workflow::{
    Notice, Refused,
    party::{
        federation, passkey as passkeys,
        proving::{Proof, prove},
        session as sessions,
    },
};

use crate::{
    Door, answer, entrance,
    frame::Frame,
    passkeys::{asked, field},
    session::{self, Visitor},
    sign_in,
};

#[derive(Template)]
#[template(path = "prove.html")]
struct Page {
    frame: Frame,
    notice: Option<Notice>,
    /// 凭口令
    password: bool,
    /// 凭通行密钥
    passkey: bool,
    /// 凭单点登录
    outside: bool,
    resume: String,
    back: String,
}

/// Where to go on afterwards.
#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    back: String,
}

/// 再次验证页.
pub async fn show(
    State(door): State<Door>,
    Query(Back { back }): Query<Back>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    match session::visitor(&door, &headers).await {
        Ok(Some(visitor)) => answer::faced(build(&door, &visitor, None, ("", &back)).await, &headers, &uri),
        Ok(None) => Redirect::to("/sign-in").into_response(),
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}

async fn build(door: &Door, visitor: &Visitor, notice: Option<Notice>, (resume, back): (&str, &str)) -> answer::Page {
    let person = &visitor.acting.person;
    let passkey = !passkeys::of(&door.office, person).await?.is_empty();
    let linked = door.entrance.sso.is_some() && !federation::of(&door.office, person).await?.is_empty();
    Ok(answer::page(&Page {
        frame: Frame::new("再次验证", "", Some(visitor)),
        notice,
        password: !passkey && !visitor.person.password.is_empty(),
        passkey,
        outside: linked,
        resume: resume.to_owned(),
        back: back.to_owned(),
    }))
}

/// The page that asks for proof and keeps a form in the meantime.
pub async fn again(door: &Door, headers: &HeaderMap, refused: &Refused, kept: (&str, &str)) -> Response {
    let built = match session::visitor(door, headers).await {
        Ok(Some(visitor)) => build(door, &visitor, Some(answer::notice(refused)), kept).await,
        Ok(None) => Ok(sign_in::again(door, &session::unknown("会话已经结束"), kept.0)),
        Err(refused) => Err(refused.into()),
    };
    match built {
        Ok(page) => answer::with_wait(refused, (answer::status(refused), page).into_response()),
        Err(answer::Told(refused)) => answer::as_page(&refused),
    }
}

/// 出题.
pub async fn options(State(door): State<Door>, headers: HeaderMap) -> Response {
    match session::visitor(&door, &headers).await {
        Ok(Some(visitor)) if session::same_site(&headers) => {
            asked(&door, passkeys::ask_to_prove(&door.office, &visitor.acting, &visitor.session.id).await)
        }
        Ok(_) => answer::as_problem(&session::unknown("再次验证需要先登录")),
        Err(refused) => answer::as_problem(&refused),
    }
}

/// 再次验证 — by password or passkey; a program sends its password as JSON.
pub async fn submit(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    let visitor = match session::visitor(&door, &headers).await {
        Ok(Some(visitor)) if session::same_site(&headers) => visitor,
        Ok(_) => return answer::told(&session::unknown("再次验证需要先登录，并从本平台的页面进行"), &headers, &uri),
        Err(refused) => return answer::told(&refused, &headers, &uri),
    };
    let program = sign_in::from_program(&headers);
    let (password, credential) = if program {
        let told: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        (told["password"].as_str().unwrap_or_default().to_owned(), String::new())
    } else {
        (field(&body, "password"), field(&body, "credential"))
    };
    let (resume, back) = (field(&body, "_resume"), field(&body, "back"));
    let ceremony = session::cookie(&door, &headers, entrance::CEREMONY).unwrap_or_default();
    let proof = if credential.is_empty() { Proof::Password(&password) } else { Proof::Passkey(ceremony, &credential) };
    match prove(&door.office, &visitor, proof).await {
        Ok(token) if program => with_token(&door, &token, Json(json!({ "proven": visitor.acting.at })).into_response()),
        Ok(token) => onward(&door, &token, &resume, &back),
        Err(refused) if program => answer::as_problem(&refused),
        Err(refused) => again(&door, &headers, &refused, (&resume, &back)).await,
    }
}

/// On to what was typed, or to where one came from.
pub fn onward(door: &Door, token: &str, resume: &str, back: &str) -> Response {
    let response = if resume.is_empty() {
        Redirect::to(local(back).unwrap_or("/tasks")).into_response()
    } else {
        sign_in::resume(resume, "已再次验证。正要办理")
    };
    with_token(door, token, response)
}

/// The answer, with the cookie of a session that has just begun.
pub fn with_token(door: &Door, token: &str, mut response: Response) -> Response {
    let seconds = u32::try_from(sessions::LONGEST.as_secs()).unwrap_or_default();
    if let Ok(cookie) = HeaderValue::from_str(&door.entrance.set(entrance::SESSION, token, seconds)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// An address of our own: nobody is sent elsewhere by what stands in a link.
fn local(back: &str) -> Option<&str> {
    let ours = back.starts_with('/') && !back.starts_with("//") && back.bytes().all(|byte| byte.is_ascii_graphic());
    Some(back).filter(|back| ours && !back.contains('\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_away_by_a_link() {
        let table = [
            ("/passkeys", true),
            ("/files/demand/XQ-1?x=1", true),
            ("//evil.example", false),
            ("https://evil.example", false),
            ("/\\evil.example", false),
            ("/a\r\nSet-Cookie: x", false),
            ("", false),
        ];
        for (back, ours) in table {
            assert_eq!(local(back).is_some(), ours, "{back}");
        }
    }
}
