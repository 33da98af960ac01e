//! 意见反馈 — where the public writes, comes back with number and code, and reads what has been answered (Articles 25 and 32).
//!
//! Whoever writes is nobody in particular, signed in or not. What is only filled in wrongly is told here
//! and not recorded: strangers do not make the log grow by mistyping.

use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::{Query, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use regulation::{
    Terms,
    supervision::feedback::{Kind, TEXT, TITLE},
};
use serde::Deserialize;
use serde_json::json;
use store::supervision::feedback::Feedback;
use workflow::{
    Acting, Done, Notice, Refused, Request,
    supervision::feedback::{Submission, code, code_digest, fitting, look_up},
};

use super::{
    answered::{Answered, answered},
    answering::{about, tone},
};
use crate::{
    Door, answer, case,
    case::Line,
    frame::{Frame, Trouble, date},
    session,
};

/// The largest submission that is read.
const LIMIT: usize = 64 * 1024;
/// How long a form's own number is; whoever sends a shorter one gets a code of our making.
const SEED: usize = 24;

/// 从哪里来 — what the form is to begin with.
#[derive(Debug, Default, Deserialize)]
pub struct From {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    about: String,
}

#[derive(Template)]
#[template(path = "supervision/feedback.html")]
struct Page {
    frame: Frame,
    trouble: Trouble,
    kinds: &'static [Kind],
    longest: usize,
    key: String,
    accept_days: u16,
    answer_days: u16,
    answered: Vec<Answered>,
}

impl Page {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the template walks over references")]
    fn chosen(&self, kind: &Kind) -> bool {
        let typed = self.trouble.typed("kind");
        if typed.is_empty() { *kind == Kind::Suggestion } else { typed == kind.code() }
    }

    #[expect(
        clippy::unused_self,
        clippy::trivially_copy_pass_by_ref,
        reason = "the template asks its page, by reference"
    )]
    fn shown(&self, kind: &Kind) -> &'static str {
        match kind {
            Kind::Suggestion => "对授权运营和本平台的意见、建议",
            Kind::Correction => {
                "目录条目、产品的说明或者数据有误；使用产品的单位反馈质量和应用情况，也选这一项（第二十五条第二款）"
            }
            Kind::Appeal => "自己的合法权益受到影响",
            Kind::Objection => "对已公示的方案、遴选、授权有异议",
        }
    }
}

/// 意见反馈.
pub async fn show(State(door): State<Door>, Query(from): Query<From>, headers: HeaderMap, uri: Uri) -> Response {
    let typed = [("kind", from.kind), ("about", from.about)];
    let typed = typed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let page = form(&door, &headers, Trouble { notice: None, typed }).await;
    answer::faced(page, &headers, &uri)
}

async fn form(door: &Door, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let terms = Terms::in_force_on(Acting::clock(door.now()).today());
    Ok(answer::page(&Page {
        frame: Frame::new("意见反馈", "feedback", visitor.as_ref()),
        trouble,
        kinds: Kind::ALL,
        longest: TEXT,
        key: case::key(door),
        accept_days: terms.length(regulation::Term::FeedbackAcceptance).0,
        answer_days: terms.length(regulation::Term::FeedbackAnswer).0,
        answered: answered(door).await?,
    }))
}

#[derive(Template)]
#[template(path = "supervision/received.html")]
struct Received {
    frame: Frame,
    id: String,
    code: Option<String>,
    due: String,
}

/// What came in, as a form or as JSON: the submission, and the number that the form had.
struct Came {
    submission: Submission,
    seed: String,
    typed: Vec<(String, String)>,
    program: bool,
}

/// 提交.
pub async fn submit(
    State(door): State<Door>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match read(body, &headers, &uri) {
        Ok(body) => body,
        Err(response) => return *response,
    };
    let came = match came(&headers, &uri, &body) {
        Ok(came) => came,
        Err(refused) => return answer::told(&refused, &headers, &uri),
    };
    let seed = if came.seed.len() >= SEED { came.seed } else { case::key(&door) };
    let code = code(&seed);
    let submission = Submission { code_sha256: code_digest(&code), ..came.submission.cleaned() };
    let done = match fitting(&door.office, &submission, door.now()).await {
        Ok(()) => carry_out(&door, submission).await,
        Err(refused) => Err(refused),
    };
    let done = match done {
        Ok(done) => done,
        Err(refused) if came.program => return answer::as_problem(&refused),
        Err(refused) => {
            let trouble = Trouble { notice: Some(answer::notice(&refused)), typed: came.typed };
            let mut response = answer::faced(form(&door, &headers, trouble).await, &headers, &uri);
            if response.status() == StatusCode::OK {
                *response.status_mut() = answer::status(&refused);
            }
            return answer::with_wait(&refused, response);
        }
    };
    // Sent twice from the same page, it is the same code; from another page, the code is not theirs to see.
    let theirs = match look_up(&door.office, &done.id, &code).await {
        Ok(theirs) => theirs.map(|_| code),
        Err(refused) => return answer::told(&refused, &headers, &uri),
    };
    let due = done.due.as_deref().and_then(|due| due.parse().ok()).map(date).unwrap_or_default();
    if came.program {
        return Json(
            json!({ "id": done.id, "code": theirs, "state": done.state, "due": done.due, "repeated": done.repeated }),
        )
        .into_response();
    }
    let visitor = session::visitor(&door, &headers).await.unwrap_or_default();
    let frame = Frame::new("来件已收到", "feedback", visitor.as_ref());
    answer::page(&Received { frame, id: done.id, code: theirs, due })
}

async fn carry_out(door: &Door, submission: Submission) -> Result<Done, Refused> {
    let (office, acting) = (door.office.clone(), Acting::public(door.now()));
    let key = submission.number();
    let request = Request::FeedbackSubmit(submission);
    let performing = tokio::spawn(async move { office.perform(&acting, &request, Some(&key)).await });
    performing.await.unwrap_or(Err(Refused::Unavailable(store::Fault::Stopped)))
}

/// The body, if it is not too large; its limit told in its own words.
fn read(body: Result<Bytes, BytesRejection>, headers: &HeaderMap, uri: &Uri) -> Result<Bytes, Box<Response>> {
    match body {
        Ok(body) if body.len() <= LIMIT => Ok(body),
        Ok(_) => {
            let refused = Refused::Question(format!("内容过长：标题最多{TITLE}个字，内容最多{TEXT}个字"));
            let mut response = answer::told(&refused, headers, uri);
            *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            Err(Box::new(response))
        }
        Err(why) => Err(Box::new(answer::unread(why.status(), headers, uri))),
    }
}

fn came(headers: &HeaderMap, uri: &Uri, body: &[u8]) -> Result<Came, Refused> {
    if is_json(headers) {
        let submission = serde_json::from_slice(body).map_err(|why| Refused::Question(format!("请求读不懂：{why}")))?;
        return Ok(Came { submission, seed: String::new(), typed: Vec::new(), program: true });
    }
    if !session::same_site(headers) {
        return Err(session::unknown("这一请求来自别的网站，没有办理"));
    }
    let typed: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let field = |name: &str| typed.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value).to_owned();
    let kind = Kind::coded(&field("kind"));
    let submission = Submission {
        kind: kind.ok_or_else(|| Refused::Question("没有选择类别，或者类别不在所列之中".into()))?,
        about: field("about"),
        title: field("title"),
        text: field("text"),
        contact: field("contact"),
        open: field("open") == "true",
        code_sha256: String::new(),
    };
    Ok(Came { submission, seed: field("_key"), program: answer::wants_json(headers, uri), typed })
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/json")
}

/// 查询 — by number and code.
#[derive(Debug, Default, Deserialize)]
struct Ask {
    #[serde(default)]
    id: String,
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "supervision/found.html")]
struct Found {
    frame: Frame,
    feedback: Feedback,
    tone: &'static str,
    about: String,
    received: String,
    due: String,
    timeline: Vec<Line>,
}

/// 查询.
pub async fn query(
    State(door): State<Door>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match read(body, &headers, &uri) {
        Ok(body) => body,
        Err(response) => return *response,
    };
    let ask: Ask = if is_json(&headers) {
        serde_json::from_slice(&body).unwrap_or_default()
    } else {
        let mut ask = Ask::default();
        for (name, value) in form_urlencoded::parse(&body) {
            match name.as_ref() {
                "id" => ask.id = value.into_owned(),
                "code" => ask.code = value.into_owned(),
                _ => {}
            }
        }
        ask
    };
    let program = is_json(&headers) || answer::wants_json(&headers, &uri);
    match look_up(&door.office, &ask.id, &ask.code).await {
        Ok(Some(feedback)) => answer::faced(found(&door, &headers, feedback, program).await, &headers, &uri),
        Ok(None) => unmatched(&door, &headers, &uri, ask, program).await,
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}

/// Whether the number or the code is wrong is not told.
async fn unmatched(door: &Door, headers: &HeaderMap, uri: &Uri, ask: Ask, program: bool) -> Response {
    let refused = Refused::Missing { what: "与查询码相符的来件", id: ask.id.chars().take(TITLE).collect() };
    if program {
        return answer::as_problem(&refused);
    }
    let advice = "请核对编号和查询码；查询码遗失了不能补发，可以重新提出".to_owned();
    let trouble =
        Trouble { notice: Some(Notice { advice, ..answer::notice(&refused) }), typed: vec![("id".to_owned(), ask.id)] };
    let mut response = answer::faced(form(door, headers, trouble).await, headers, uri);
    if response.status() == StatusCode::OK {
        *response.status_mut() = answer::status(&refused);
    }
    response
}

/// What whoever wrote may know: its state, its terms, who did what when by role, and the answer.
async fn found(door: &Door, headers: &HeaderMap, feedback: Feedback, program: bool) -> answer::Page {
    let mut timeline = case::timeline(door, &format!("feedback/{}", feedback.id)).await?;
    timeline.retain(|line| !line.refused);
    let due = feedback.due.as_ref().map(|due| due.date);
    if program {
        let steps: Vec<_> = timeline
            .iter()
            .map(|line| json!({ "act": line.act, "at": line.at, "state": line.outcome, "basis": line.basis }))
            .collect();
        return Ok(Json(json!({
            "id": feedback.id, "state": feedback.state.name(), "title": feedback.title, "text": feedback.text,
            "answer": feedback.answer, "due": due, "steps": steps,
        }))
        .into_response());
    }
    let visitor = session::visitor(door, headers).await?;
    Ok(answer::page(&Found {
        frame: Frame::new(format!("来件 {}", feedback.id), "feedback", visitor.as_ref()),
        tone: tone(feedback.state),
        about: about(&feedback.about),
        received: date(feedback.received),
        due: due.map(date).unwrap_or_default(),
        timeline,
        feedback,
    }))
}
