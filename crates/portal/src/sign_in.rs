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
use workflow::{Notice, Refused, party};

use crate::{Door, answer, frame::Frame, names, session};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page {
    frame: Frame,
    notice: Option<Notice>,
    login: String,
    resume: String,
}

/// 接着办 — what had been typed when the session ended, to be looked at and sent.
#[derive(Template)]
#[template(path = "resume.html")]
struct Resume {
    frame: Frame,
    fields: Vec<(String, String)>,
}

impl Resume {
    /// What a person typed, without what the page itself had put there.
    fn typed(&self) -> impl Iterator<Item = &(String, String)> {
        let own = |name: &str| name.starts_with('_') || name == "act" || name == "id";
        self.fields.iter().filter(move |(name, value)| !own(name) && !value.trim().is_empty())
    }

    /// Which act it is.
    fn act(&self) -> &str {
        if self.fields.iter().any(|(name, _)| name == "_draft") {
            return names::act("draft.save");
        }
        self.fields.iter().find(|(name, _)| name == "act").map_or("", |(_, act)| names::act(act))
    }
}

/// The sign-in page that keeps a form in the meantime.
pub fn again(refused: &Refused, typed: &str) -> Response {
    let page = Page {
        frame: Frame::new("登录", "", None),
        notice: Some(answer::notice(refused)),
        login: String::new(),
        resume: typed.to_owned(),
    };
    (answer::status(refused), answer::page(&page)).into_response()
}

/// 登录页.
pub async fn show() -> Response {
    answer::page(&Page {
        frame: Frame::new("登录", "", None),
        notice: None,
        login: String::new(),
        resume: String::new(),
    })
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

/// 登录.
pub async fn submit(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let program = kind.starts_with("application/json");
    if !session::same_site(&headers) {
        return answer::told(&session::unknown("这一请求来自别的网站，没有办理"), &headers, &uri);
    }
    let claim: Claim = if program {
        serde_json::from_slice(&body).unwrap_or_default()
    } else {
        let mut claim = Claim::default();
        for (name, value) in form_urlencoded::parse(&body) {
            match name.as_ref() {
                "login" => value.trim().clone_into(&mut claim.login),
                "_resume" => claim.resume = value.into_owned(),
                "password" => claim.password = value.into_owned(),
                _ => {}
            }
        }
        claim
    };
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match party::session::sign_in(&door.office, (&claim.login, &claim.password), agent, door.now()).await {
        Ok((token, person)) => {
            let mut response = if program {
                Json(json!({ "login": person.id, "name": person.name, "memberships": person.memberships }))
                    .into_response()
            } else if claim.resume.is_empty() {
                Redirect::to("/tasks").into_response()
            } else {
                let fields = form_urlencoded::parse(claim.resume.as_bytes()).into_owned().collect();
                answer::page(&Resume { frame: Frame::new("接着办理", "tasks", None), fields })
            };
            if let Ok(cookie) = HeaderValue::from_str(&session::begin(&token)) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(refused) if program => answer::as_problem(&refused),
        Err(refused) => {
            let page = Page {
                frame: Frame::new("登录", "", None),
                notice: Some(answer::notice(&refused)),
                login: claim.login,
                resume: claim.resume,
            };
            let status = answer::status(&refused);
            answer::with_wait(&refused, (status, answer::page(&page)).into_response())
        }
    }
}

/// 退出.
pub async fn leave(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    if let Some(token) = session::token(&headers).filter(|_| session::same_site(&headers))
        && let Err(refused) = party::session::sign_out(&door.office, token, door.now()).await
    {
        return answer::told(&refused, &headers, &uri);
    }
    let mut response = Redirect::to("/").into_response();
    if let Ok(cookie) = HeaderValue::from_str(&session::end()) {
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
