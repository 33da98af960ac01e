//! 登录 — signing in and out, for people by a form and for programs by JSON.

use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;
use workflow::{
    Notice, Refused,
    party::{self, session::Entered},
};

use crate::{
    Door, answer, confirm, entrance,
    frame::Frame,
    names,
    passkeys::{self, field},
    proving::with_token,
    session,
};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page {
    frame: Frame,
    notice: Option<Notice>,
    login: String,
    resume: String,
    /// 可以用通行密钥
    site: bool,
    /// 单点登录的签发方
    issuer: Option<String>,
}

impl Page {
    fn new(door: &Door, notice: Option<Notice>, login: &str, resume: &str) -> Self {
        Self {
            frame: Frame::new("登录", "", None),
            notice,
            login: login.to_owned(),
            resume: resume.to_owned(),
            site: door.office.has_site(),
            issuer: door.entrance.sso.as_ref().map(|sso| sso.issuer().to_owned()),
        }
    }
}

/// 还须出示通行密钥.
#[derive(Template)]
#[template(path = "second.html")]
struct Second {
    frame: Frame,
    resume: String,
}

/// 接着办 — what had been typed when the session ended, to be looked at and sent.
#[derive(Template)]
#[template(path = "resume.html")]
struct Resume {
    frame: Frame,
    why: &'static str,
    fields: Vec<(String, String)>,
}

impl Resume {
    /// What a person typed, without what the page itself had put there.
    fn typed(&self) -> impl Iterator<Item = &(String, String)> {
        let own = |name: &str| name.starts_with('_') || name == "act" || name == "id";
        self.fields.iter().filter(move |(name, value)| !own(name) && !value.trim().is_empty())
    }

    fn code(&self) -> &str {
        if self.fields.iter().any(|(name, _)| name == "_draft") {
            return "draft.save"; // whatever form it is of, it was only kept
        }
        self.fields.iter().find(|(name, _)| name == "act").map_or("", |(_, act)| act.as_str())
    }

    /// Which act it is.
    fn act(&self) -> &str {
        names::act(self.code())
    }

    /// Where it is sent: what is grave is checked first.
    fn address(&self) -> &'static str {
        confirm::address(self.code())
    }
}

/// The sign-in page that keeps a form in the meantime.
pub fn again(door: &Door, refused: &Refused, typed: &str) -> Response {
    let page = Page::new(door, Some(answer::notice(refused)), "", typed);
    answer::with_wait(refused, (answer::status(refused), answer::page(&page)).into_response())
}

/// What had been typed, to be looked at and sent.
pub fn resume(typed: &str, why: &'static str) -> Response {
    let fields = form_urlencoded::parse(typed.as_bytes()).into_owned().collect();
    answer::page(&Resume { frame: Frame::new("接着办理", "tasks", None), why, fields })
}

/// 登录页.
pub async fn show(State(door): State<Door>) -> Response {
    answer::page(&Page::new(&door, None, "", ""))
}

#[derive(Default, Deserialize)]
struct Claim {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(skip)]
    resume: String,
}

/// Whether a program asks: it sends JSON.
pub fn from_program(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/json")
}

/// 浏览器的自称.
pub fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// 登录，以口令.
pub async fn submit(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    let program = from_program(&headers);
    if !session::same_site(&headers) {
        return answer::told(&session::unknown("这一请求来自别的网站，没有办理"), &headers, &uri);
    }
    let claim: Claim = if program {
        serde_json::from_slice(&body).unwrap_or_default()
    } else {
        let login = field(&body, "login").trim().to_owned();
        Claim { login, password: field(&body, "password"), resume: field(&body, "_resume") }
    };
    let (login, password) = (claim.login.as_str(), claim.password.as_str());
    match party::session::sign_in(&door.office, (login, password), agent(&headers), door.now()).await {
        Ok(Entered::In(token, person)) if program => {
            let told = json!({ "login": person.id, "name": person.name, "memberships": person.memberships });
            leave_other(&door, &headers).await;
            with_token(&door, &token, Json(told).into_response())
        }
        Ok(Entered::In(token, _)) => entered(&door, &headers, &token, &claim.resume).await,
        Ok(Entered::Second(_)) if program => answer::as_problem(&session::unknown(
            "这一账号登记了通行密钥，只凭口令不能登录；给程序用的账号请不要登记通行密钥",
        )),
        Ok(Entered::Second(ceremony)) => {
            let frame = Frame::new("还须出示通行密钥", "", None);
            let mut response = answer::page(&Second { frame, resume: claim.resume });
            passkeys::remember(&door, &ceremony, &mut response);
            response
        }
        Err(refused) if program => answer::as_problem(&refused),
        Err(refused) => {
            let page = Page::new(&door, Some(answer::notice(&refused)), login, &claim.resume);
            answer::with_wait(&refused, (answer::status(&refused), answer::page(&page)).into_response())
        }
    }
}

/// Whoever has just proved who they are arrives: at what they had typed, or at their tasks.
pub async fn entered(door: &Door, headers: &HeaderMap, token: &str, typed: &str) -> Response {
    leave_other(door, headers).await;
    let response = if typed.is_empty() {
        Redirect::to("/tasks").into_response()
    } else {
        resume(typed, "已重新登录。会话结束前正要办理")
    };
    with_token(door, token, response)
}

/// The session that this browser had until now ends: nobody goes on under a token that was there before.
async fn leave_other(door: &Door, headers: &HeaderMap) {
    if let Some(token) = session::token(door, headers) {
        // Whoever is in is in; a session that could not be ended ends by itself.
        let _ = party::session::sign_out(&door.office, token, door.now()).await;
    }
}

/// 出题 — to any passkey, or after the password to that person's.
pub async fn options(State(door): State<Door>, headers: HeaderMap, body: Bytes) -> Response {
    if !session::same_site(&headers) {
        return answer::as_problem(&session::unknown("这一请求来自别的网站，没有办理"));
    }
    let asked = if field(&body, "step") == "second" {
        let ceremony = session::cookie(&door, &headers, entrance::CEREMONY).unwrap_or_default();
        party::passkey::ask_for_second(&door.office, ceremony, door.now()).await
    } else {
        party::passkey::ask_to_enter(&door.office, door.now())
    };
    passkeys::asked(&door, asked)
}

/// 登录，以通行密钥.
pub async fn show_passkey(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    if !session::same_site(&headers) {
        return answer::told(&session::unknown("这一请求来自别的网站，没有办理"), &headers, &uri);
    }
    let ceremony = session::cookie(&door, &headers, entrance::CEREMONY).unwrap_or_default();
    let (credential, typed) = (field(&body, "credential"), field(&body, "_resume"));
    let shown = party::passkey::sign_in(&door.office, (ceremony, &credential), agent(&headers), door.now()).await;
    match shown {
        Ok((token, _)) => entered(&door, &headers, &token, &typed).await,
        Err(refused) => again(&door, &refused, &typed),
    }
}

/// 退出.
pub async fn leave(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    if let Some(token) = session::token(&door, &headers).filter(|_| session::same_site(&headers))
        && let Err(refused) = party::session::sign_out(&door.office, token, door.now()).await
    {
        return answer::told(&refused, &headers, &uri);
    }
    let mut response = Redirect::to("/").into_response();
    if let Ok(cookie) = HeaderValue::from_str(&door.entrance.set(entrance::SESSION, "", 0)) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// 我是谁.
pub async fn whoami(State(door): State<Door>, headers: HeaderMap) -> Response {
    match session::visitor(&door, &headers).await {
        Ok(Some(visitor)) => Json(json!({
            "login": visitor.person.id, "name": visitor.person.name, "post": visitor.membership.post,
            "role": visitor.acting.role.name(), "organisation": visitor.organisation.name,
        }))
        .into_response(),
        Ok(None) => answer::as_problem(&session::unknown("没有登录")),
        Err(refused) => answer::as_problem(&refused),
    }
}
