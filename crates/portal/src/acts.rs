//! 办理 — the one address to which every form and every program sends an act.
//!
//! A program sends JSON and its own `Idempotency-Key`; a form sends fields, and its page put a number
//! in it, so that a double click is one act. What is refused comes back on the same page, with what
//! had been typed.

use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use workflow::{Done, Refused, Request};

use crate::{
    Door, answer, case, competence, draft, form,
    frame::{Frame, Trouble},
    names, operation, party, session,
    session::Visitor,
    sign_in,
};

/// The largest request that is taken.
const LIMIT: usize = 1024 * 1024;

/// 办理.
pub async fn perform(
    State(door): State<Door>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) if body.len() <= LIMIT => body,
        Ok(_) => return answer::unread(StatusCode::PAYLOAD_TOO_LARGE, &headers, &uri),
        Err(why) => return answer::unread(why.status(), &headers, &uri),
    };
    let visitor = match session::visitor(&door, &headers).await {
        Ok(Some(visitor)) => visitor,
        Ok(None) => return nobody(&headers, &uri, &body),
        Err(refused) => return answer::told(&refused, &headers, &uri),
    };
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/json") {
        return from_program(&door, &visitor, &headers, &body).await;
    }
    if !session::same_site(&headers) {
        let refused = session::unknown("这一请求来自别的网站，没有办理");
        return answer::told(&refused, &headers, &uri);
    }
    from_form(&door, &visitor, &headers, &uri, &body).await
}

/// Nobody is signed in, perhaps because a session ended over a long form: what was typed is kept while they
/// sign in, and shown again before it is sent.
fn nobody(headers: &HeaderMap, uri: &Uri, body: &[u8]) -> Response {
    let refused = session::unknown("办理事项需要先登录");
    let typed = String::from_utf8_lossy(body);
    let form = !answer::wants_json(headers, uri) && typed.starts_with("act=");
    if form && session::same_site(headers) {
        sign_in::again(&refused, &typed)
    } else {
        answer::told(&refused, headers, uri)
    }
}

async fn from_program(door: &Door, visitor: &Visitor, headers: &HeaderMap, body: &[u8]) -> Response {
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
    let request: Request = match serde_json::from_slice(body) {
        Ok(request) => request,
        Err(why) => return answer::as_problem(&Refused::Question(format!("请求读不懂：{why}"))),
    };
    let seen = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    let Ok(seen) = seen.map(|seen| seen.trim_matches('"').parse()).transpose() else {
        return answer::as_problem(&Refused::Question("If-Match 应是卷宗 JSON 中的 position".into()));
    };
    match carry_out(door, visitor, &request, key, seen).await {
        Ok(done) => Json(done).into_response(),
        Err(refused) => answer::as_problem(&refused),
    }
}

async fn carry_out(
    door: &Door,
    visitor: &Visitor,
    request: &Request,
    key: Option<&str>,
    seen: Option<u64>,
) -> Result<Done, Refused> {
    if request.is_the_programs() {
        return Err(Refused::Question("这一行为由平台程序自己进行，不接受人工请求".into()));
    }
    // An act that has begun is finished even if whoever asked hangs up.
    let (office, acting, request) = (door.office.clone(), visitor.acting.clone(), request.clone());
    let key = key.map(str::to_owned);
    let performing = tokio::spawn(async move { office.perform_as_seen(&acting, &request, key.as_deref(), seen).await });
    performing.await.unwrap_or(Err(Refused::Unavailable(store::Fault::Stopped)))
}

async fn from_form(door: &Door, visitor: &Visitor, headers: &HeaderMap, uri: &Uri, body: &[u8]) -> Response {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let field =
        |name: &str| pairs.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str()).unwrap_or_default();
    let fields: Vec<(String, String)> = pairs.iter().filter(|(name, _)| !name.starts_with('_')).cloned().collect();
    // A form that is only kept comes here too: whatever becomes of a form becomes of its drafts.
    let kept = draft::request(&pairs);
    let page = match &kept {
        Some(request) => draft::key(field("_key"), request),
        None => field("_key").to_owned(),
    };
    let request = kept.map_or_else(|| serde_json::from_value::<Request>(form::to_json(&fields)), Ok);
    let refused = match request {
        Ok(request) => {
            let key = Some(page.as_str()).filter(|key| !key.is_empty());
            match carry_out(door, visitor, &request, key, field("_seen").parse().ok()).await {
                Ok(done) if done.subject == "draft" => return draft::arrived(&pairs, &done),
                Ok(done) => return arrived(visitor, &done),
                Err(refused) => refused,
            }
        }
        Err(why) => Refused::Question(format!("表单没有填写完整：{}", plain(&why.to_string()))),
    };
    if field("act") == "demand.submit" {
        return operation::demand::new::again(door, visitor, &pairs, (headers, uri), &refused).await;
    }
    let trouble = Trouble { notice: Some(answer::notice(&refused)), typed: fields.clone() };
    let mut response = back(door, &field, headers, uri, trouble).await;
    if response.status() != StatusCode::OK {
        return answer::told(&refused, headers, uri); // there is no page to come back to
    }
    *response.status_mut() = answer::status(&refused);
    response
}

/// The page that a refused form came from, with what had been typed into it.
async fn back<'a>(
    door: &Door,
    field: &impl Fn(&str) -> &'a str,
    headers: &HeaderMap,
    uri: &Uri,
    trouble: Trouble,
) -> Response {
    let (subject, _) = field("act").split_once('.').unwrap_or_default();
    let member = |field: &str| field.split('~').nth(1).unwrap_or_default().to_owned();
    match field("act") {
        "organisation.register" => party::organisations::again(door, headers, uri, trouble).await,
        "invitation.issue" => party::organisation::again(door, field("org"), headers, uri, trouble).await,
        "invitation.renew" => {
            party::organisation::again(door, &member(field("membership")), headers, uri, trouble).await
        }
        "policies.propose" | "policies.revise" => {
            competence::change::edit(door, field("id"), headers, uri, trouble).await
        }
        "credential.take" => {
            case::respond(door, ("use_agreement", field("use_agreement")), headers, uri, trouble).await
        }
        _ if subject == "organisation" => party::organisation::again(door, field("id"), headers, uri, trouble).await,
        _ if subject == "membership" => {
            party::organisation::again(door, &member(field("id")), headers, uri, trouble).await
        }
        _ if subject == "person" => party::people::again(door, headers, uri, trouble).await,
        _ if subject == "policies" => competence::change::again(door, field("id"), headers, uri, trouble).await,
        _ => case::respond(door, (subject, field("id")), headers, uri, trouble).await,
    }
}

#[derive(Template)]
#[template(path = "secret.html")]
struct Secret {
    frame: Frame,
    id: String,
    token: String,
    /// 是邀请的链接，不是凭据
    invites: bool,
}

/// Where somebody arrives whose act was performed: at its file, or at the secret that is shown once.
fn arrived(visitor: &Visitor, done: &Done) -> Response {
    let invites = done.subject == "invitation";
    match &done.secret {
        Some(secret) => answer::page(&Secret {
            frame: Frame::new(if invites { "邀请已发出" } else { "凭据已领取" }, "tasks", Some(visitor)),
            id: done.id.clone(),
            invites,
            token: secret.clone(),
        }),
        None => Redirect::to(&names::path(&done.subject, &done.id)).into_response(),
    }
}

/// What a form's reader said, as far as people can use it.
fn plain(why: &str) -> String {
    let missing = why.split('`').nth(1).filter(|_| why.starts_with("missing field"));
    missing.map_or_else(|| "有一项的内容不合格式".to_owned(), |field| format!("缺少“{field}”"))
}
