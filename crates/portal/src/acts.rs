//! 办理 — the one address to which every form and every program sends an act.
//!
//! A program sends JSON and its own `Idempotency-Key`; a form sends fields, and its page put a number
//! in it, so that a double click is one act. What is refused comes back on the same page, with what
//! had been typed.

use std::time::Duration;

use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use workflow::{Done, Notice, Refused, Request};

use crate::{
    Door, answer, basics, case, competence, confirm, draft, form,
    frame::{Frame, Trouble},
    granting, names, notice_settings, operation, party, proving, public, session,
    session::Visitor,
    sign_in,
};

/// The largest request that is taken.
const LIMIT: usize = 1024 * 1024;

/// What is changed on the page of where notices go.
const SETTINGS: [&str; 3] = ["address", "endpoint", "dispatch"];

/// How long whoever approves a calendar waits for the open terms to be counted anew.
const PATIENCE: Duration = Duration::from_secs(2);

/// 办理.
pub async fn perform(
    State(door): State<Door>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return match sender(&door, &headers, &uri, body).await {
            Ok((visitor, body)) => from_form(&door, &visitor, &headers, &uri, &body).await,
            Err(response) => *response,
        };
    }
    let body = match read(&headers, &uri, body) {
        Ok(body) => body,
        Err(response) => return *response,
    };
    match session::visitor(&door, &headers).await {
        Ok(Some(visitor)) => from_program(&door, &visitor, &headers, &body).await,
        Ok(None) => nobody(&door, &headers, &uri, &body),
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}

/// What a request says, unless it is too much or did not arrive whole.
fn read(headers: &HeaderMap, uri: &Uri, body: Result<Bytes, BytesRejection>) -> Result<Bytes, Box<Response>> {
    match body {
        Ok(body) if body.len() <= LIMIT => Ok(body),
        Ok(_) => Err(Box::new(answer::unread(StatusCode::PAYLOAD_TOO_LARGE, headers, uri))),
        Err(why) => Err(Box::new(answer::unread(why.status(), headers, uri))),
    }
}

/// Who sends a form and what it says, or what is answered where that is not known or the form is not ours.
pub async fn sender(
    door: &Door,
    headers: &HeaderMap,
    uri: &Uri,
    body: Result<Bytes, BytesRejection>,
) -> Result<(Visitor, Bytes), Box<Response>> {
    let body = read(headers, uri, body)?;
    match session::visitor(door, headers).await {
        Ok(Some(visitor)) if session::same_site(headers) => Ok((visitor, body)),
        Ok(Some(_)) => {
            let refused = session::unknown("这一请求来自别的网站，没有办理");
            Err(Box::new(answer::told(&refused, headers, uri)))
        }
        Ok(None) => Err(Box::new(nobody(door, headers, uri, &body))),
        Err(refused) => Err(Box::new(answer::told(&refused, headers, uri))),
    }
}

/// Nobody is signed in, perhaps because a session ended over a long form: what was typed is kept while they
/// sign in, and shown again before it is sent.
fn nobody(door: &Door, headers: &HeaderMap, uri: &Uri, body: &[u8]) -> Response {
    let refused = session::unknown("办理事项需要先登录");
    let typed = String::from_utf8_lossy(body);
    let form = !answer::wants_json(headers, uri) && typed.starts_with("act=");
    if form && session::same_site(headers) {
        sign_in::again(door, &refused, &typed)
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

pub async fn carry_out(
    door: &Door,
    visitor: &Visitor,
    request: &Request,
    key: Option<&str>,
    seen: Option<u64>,
) -> Result<Done, Refused> {
    if request.is_the_programs() {
        return Err(Refused::Question("这一行为由平台程序自己进行，不接受人工请求".into()));
    }
    workflow::party::proving::recent(&request.name(), &visitor.session, visitor.acting.at)?;
    // An act that has begun is finished even if whoever asked hangs up.
    let (office, acting, request) = (door.office.clone(), visitor.acting.clone(), request.clone());
    let key = key.map(str::to_owned);
    let performing = tokio::spawn(async move {
        let done = office.perform_as_seen(&acting, &request, key.as_deref(), seen).await;
        if done.is_ok() && matches!(request, Request::CalendarApprove { .. }) {
            // What takes longer goes on by itself; what is left undone, the clock's next round does.
            let counting = tokio::spawn(async move { office.recount(acting.at).await });
            let _ = tokio::time::timeout(PATIENCE, counting).await;
        }
        done
    });
    performing.await.unwrap_or(Err(Refused::Unavailable(store::Fault::Stopped)))
}

async fn from_form(door: &Door, visitor: &Visitor, headers: &HeaderMap, uri: &Uri, body: &[u8]) -> Response {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    // A form that is only kept comes here too: whatever becomes of a form becomes of its drafts.
    if let Some(kept) = draft::request(&pairs) {
        let key = draft::key(field(&pairs, "_key"), &kept);
        return match carry_out(door, visitor, &kept, Some(&key), field(&pairs, "_seen").parse().ok()).await {
            Ok(done) => draft::arrived(&pairs, &done),
            Err(refused) => back(door, &pairs, headers, uri, &refused).await,
        };
    }
    if let Some(response) = unproven(door, visitor, &pairs, (headers, body)).await {
        return response;
    }
    let refused = match request(&pairs) {
        Ok(request) => {
            if let Some(response) = confirm::unconfirmed(door, visitor, &pairs, (headers, uri)).await {
                return response;
            }
            let key = Some(field(&pairs, "_key")).filter(|key| !key.is_empty());
            match carry_out(door, visitor, &request, key, field(&pairs, "_seen").parse().ok()).await {
                Ok(done) if done.subject == "draft" => return draft::arrived(&pairs, &done),
                Ok(done) if SETTINGS.contains(&done.subject.as_str()) => {
                    return notice_settings::arrived(visitor, &done, field(&pairs, "act"));
                }
                Ok(done) => return arrived(visitor, &done),
                Err(refused) => refused,
            }
        }
        Err(refused) => refused,
    };
    back(door, &pairs, headers, uri, &refused).await
}

/// A dangerous act is proven first, before anything is checked or confirmed; what was typed goes on after that.
pub async fn unproven(
    door: &Door,
    visitor: &Visitor,
    pairs: &[(String, String)],
    (headers, body): (&HeaderMap, &[u8]),
) -> Option<Response> {
    let act = field(pairs, "act");
    let refused = workflow::party::proving::recent(act, &visitor.session, visitor.acting.at).err()?;
    let typed = String::from_utf8_lossy(body);
    Some(proving::again(door, headers, &refused, (&typed, field(pairs, "_back"))).await)
}

/// What stands first in a field of a form.
pub fn field<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// The request that a form's fields make.
pub fn request(pairs: &[(String, String)]) -> Result<Request, Refused> {
    let read = serde_json::from_value(form::to_json(&said(pairs)));
    read.map_err(|why| Refused::Question(format!("表单没有填写完整：{}", plain(&why.to_string()))))
}

/// What a form says, without what its page put there for itself.
fn said(pairs: &[(String, String)]) -> Vec<(String, String)> {
    pairs.iter().filter(|(name, _)| !name.starts_with('_')).cloned().collect()
}

/// The same form again, with what had been typed and why it was refused.
pub async fn back(
    door: &Door,
    pairs: &[(String, String)],
    headers: &HeaderMap,
    uri: &Uri,
    refused: &Refused,
) -> Response {
    let mut response = form_again(door, pairs, headers, uri, Some(answer::notice(refused))).await;
    if response.status() != StatusCode::OK {
        return answer::told(refused, headers, uri); // there is no page to come back to
    }
    *response.status_mut() = answer::status(refused);
    response
}

/// The same form again, with what had been typed.
pub async fn form_again(
    door: &Door,
    pairs: &[(String, String)],
    headers: &HeaderMap,
    uri: &Uri,
    notice: Option<Notice>,
) -> Response {
    let field = |name: &str| field(pairs, name);
    let trouble = Trouble { notice, typed: said(pairs) };
    let (subject, _) = field("act").split_once('.').unwrap_or_default();
    let member = |field: &str| field.split('~').nth(1).unwrap_or_default().to_owned();
    match field("act") {
        "demand.submit" => operation::demand::new::again(door, pairs, headers, uri, trouble.notice).await,
        "application.draft" | "application.revise" => {
            granting::application::again(door, field("id"), headers, uri, trouble).await
        }
        "plan.draft" | "plan.revise" => granting::plan::form::again(door, field("id"), headers, uri, trouble).await,
        "entry.compile" | "entry.revise" => {
            basics::catalogue::edit::again(door, pairs, headers, uri, trouble.notice).await
        }
        "organisation.register" => party::organisations::again(door, headers, uri, trouble).await,
        "invitation.issue" => party::organisation::again(door, field("org"), headers, uri, trouble).await,
        "invitation.renew" => {
            party::organisation::again(door, &member(field("membership")), headers, uri, trouble).await
        }
        "policies.propose" | "policies.revise" => {
            competence::change::edit(door, field("id"), headers, uri, trouble).await
        }
        "calendar.propose" | "calendar.revise" => {
            let typed = trouble.typed.clone();
            basics::calendar::import::again(door, &typed, headers, uri, trouble).await
        }
        "candidate.apply" | "complaint.lodge" => {
            public::selections::again(door, field("selection"), headers, uri, trouble).await
        }
        "candidate.register" => case::respond(door, ("selection", field("selection")), headers, uri, trouble).await,
        "selection.announce" => case::respond(door, ("plan", field("plan")), headers, uri, trouble).await,
        "credential.take" => {
            case::respond(door, ("use_agreement", field("use_agreement")), headers, uri, trouble).await
        }
        _ if SETTINGS.contains(&subject) => notice_settings::again(door, headers, uri, trouble).await,
        _ if subject == "organisation" => party::organisation::again(door, field("id"), headers, uri, trouble).await,
        _ if subject == "membership" => {
            party::organisation::again(door, &member(field("id")), headers, uri, trouble).await
        }
        _ if subject == "person" => party::people::again(door, headers, uri, trouble).await,
        _ if subject == "calendar" => {
            basics::calendar::proposal::respond(door, field("id"), headers, uri, trouble).await
        }
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
