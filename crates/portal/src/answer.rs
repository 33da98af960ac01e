//! 答复 — the one place where an outcome becomes a status code, for people and for programs alike.

use std::any::Any;

use askama::Template;
use axum::{
    Json,
    extract::Request,
    http::{HeaderMap, StatusCode, Uri, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use serde_json::json;
use store::Fault;
use workflow::{Notice, Refused, Remark};

use crate::frame::Frame;

/// 说不成的话 — a refusal on its way out.
pub struct Told(pub Refused);

impl From<Refused> for Told {
    fn from(refused: Refused) -> Self {
        Self(refused)
    }
}

impl From<Fault> for Told {
    fn from(fault: Fault) -> Self {
        Self(Refused::Unavailable(fault))
    }
}

/// 页面或者问题详情 — the answer of a page.
pub type Page = Result<Response, Told>;

/// Renders a page.
pub fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => Html(text).into_response(),
        Err(why) => {
            Told(Refused::Unavailable(Fault::Corrupt { what: "页面".into(), why: why.to_string() })).into_response()
        }
    }
}

impl IntoResponse for Told {
    fn into_response(self) -> Response {
        // Which face is wanted is known only to the request; a page is the kinder default.
        as_page(&self.0)
    }
}

/// 状态码 — wrong role 403, wrong moment 409, wrong content 422, another system that fails 502.
pub fn status(refused: &Refused) -> StatusCode {
    use workflow::RefusalSort as Sort;
    match refused {
        Refused::Against(notice) => match notice.kind {
            Sort::Role => StatusCode::FORBIDDEN,
            Sort::State => StatusCode::CONFLICT,
            Sort::Content => StatusCode::UNPROCESSABLE_ENTITY,
            Sort::Outside => StatusCode::BAD_GATEWAY,
        },
        Refused::Missing { .. } => StatusCode::NOT_FOUND,
        Refused::Unidentified(_) | Refused::Unproven(_) => StatusCode::UNAUTHORIZED,
        Refused::Slow(..) => StatusCode::TOO_MANY_REQUESTS,
        Refused::Question(_) => StatusCode::BAD_REQUEST,
        Refused::Unavailable(Fault::Stale) => StatusCode::CONFLICT,
        Refused::Unavailable(Fault::KeyReused) => StatusCode::UNPROCESSABLE_ENTITY,
        Refused::Unavailable(fault) if fault.out_of_space() => StatusCode::INSUFFICIENT_STORAGE,
        Refused::Lake(lake::Fault::Full(_)) => StatusCode::INSUFFICIENT_STORAGE,
        Refused::Unavailable(_) | Refused::Lake(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// 告知 — every refusal in the same words, whatever its cause.
pub fn notice(refused: &Refused) -> Notice {
    let plain = |message: String, advice: &str| Notice {
        message,
        basis: String::new(),
        article: None,
        advice: advice.to_owned(),
        kind: workflow::RefusalSort::Content,
        remarks: Vec::<Remark>::new(),
    };
    match refused {
        Refused::Against(notice)
        | Refused::Unidentified(notice)
        | Refused::Unproven(notice)
        | Refused::Slow(notice, _) => notice.clone(),
        Refused::Missing { .. } => plain(refused.to_string(), "请核对编号，或者从“我的待办”重新进入"),
        Refused::Question(_) => plain(refused.to_string(), "请修改后重试"),
        Refused::Unavailable(Fault::Stale) => plain(refused.to_string(), "请刷新页面，查看最新状态"),
        Refused::Unavailable(Fault::KeyReused) => plain(refused.to_string(), "请换一个请求编号后重新提交"),
        Refused::Unavailable(fault) if fault.out_of_space() => {
            plain("磁盘空间不足，本次没有写入任何内容".into(), "请联系运维人员清理空间后重试；已确认的记录不受影响")
        }
        // What the database said is for the operator's log, not for a page.
        Refused::Unavailable(_) => {
            plain("数据库暂时不可用，本次没有写入任何内容".into(), "请稍后重试；仍然不行请联系运维人员")
        }
        Refused::Lake(_) => plain(refused.to_string(), "请稍后重试"),
    }
}

/// How long to wait, where that is the answer.
pub fn with_wait(refused: &Refused, mut response: Response) -> Response {
    if let Refused::Slow(_, wait) = refused {
        response.headers_mut().insert(header::RETRY_AFTER, wait.as_secs().saturating_add(1).into());
    }
    response
}

/// 问题详情（RFC 9457） — for programs.
pub fn as_problem(refused: &Refused) -> Response {
    let (status, notice) = (status(refused), notice(refused));
    let remark =
        |remark: &Remark| json!({ "detail": remark.message, "legal_basis": remark.basis, "field": remark.field });
    let body = json!({
        "type": "about:blank",
        "title": "不予办理",
        "status": status.as_u16(),
        "detail": notice.message,
        "legal_basis": notice.basis,
        "advice": notice.advice,
        "errors": notice.remarks.iter().map(remark).collect::<Vec<_>>(),
    });
    let mut response = (status, Json(body)).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, axum::http::HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        // RFC 9470: signed in, but not lately enough.
        let challenge = match refused {
            Refused::Unproven(_) => "Bearer error=\"insufficient_user_authentication\", max_age=900",
            _ => "Bearer",
        };
        response.headers_mut().insert(header::WWW_AUTHENTICATE, axum::http::HeaderValue::from_static(challenge));
    }
    with_wait(refused, response)
}

#[derive(Template)]
#[template(path = "answer.html")]
struct Sorry {
    frame: Frame,
    notice: Notice,
    /// 去处：地址与名称
    ways: Vec<(&'static str, &'static str)>,
}

/// 出错页的标题 — the one place where a status becomes words.
fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "需要登录",
        StatusCode::FORBIDDEN => "您不能办理这一事项",
        StatusCode::NOT_FOUND => "没有找到",
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::BAD_REQUEST => "请求有误",
        StatusCode::CONFLICT => "情况已经变化",
        StatusCode::PAYLOAD_TOO_LARGE => "内容过大",
        StatusCode::TOO_MANY_REQUESTS => "请稍候再试",
        StatusCode::UNPROCESSABLE_ENTITY => "内容不合规定",
        StatusCode::INTERNAL_SERVER_ERROR => "平台出错了",
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::INSUFFICIENT_STORAGE | StatusCode::BAD_GATEWAY => "暂时无法办理",
        _ => "未能办理",
    }
}

/// The page that tells a notice under a status.
fn sorry(status: StatusCode, notice: Notice) -> Response {
    let frame = Frame::new(title(status), "", None);
    let mut ways = vec![("/", "回到首页")];
    match (&frame.who, status) {
        (None, StatusCode::UNAUTHORIZED) => ways.insert(0, ("/sign-in", "登录")),
        (Some(_), _) => ways.insert(0, ("/tasks", "回到我的待办")),
        _ => {}
    }
    (status, page(&Sorry { frame, notice, ways })).into_response()
}

/// 页面 — for people.
pub fn as_page(refused: &Refused) -> Response {
    sorry(status(refused), notice(refused))
}

/// 程序还是人 — whether a program asks.
pub fn wants_json(headers: &HeaderMap, uri: &Uri) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    uri.path().starts_with("/api/") || accepts.contains("json")
}

/// The refusal in the face that the request wants.
pub fn told(refused: &Refused, headers: &HeaderMap, uri: &Uri) -> Response {
    if wants_json(headers, uri) { as_problem(refused) } else { as_page(refused) }
}

/// The answer of a page, or its refusal in the face that the request wants.
pub fn faced(answer: Page, headers: &HeaderMap, uri: &Uri) -> Response {
    answer.unwrap_or_else(|Told(refused)| told(&refused, headers, uri))
}

/// The refusal under a status of its own.
fn told_as(status: StatusCode, refused: &Refused, headers: &HeaderMap, uri: &Uri) -> Response {
    if !wants_json(headers, uri) {
        return sorry(status, notice(refused));
    }
    let mut response = as_problem(refused);
    *response.status_mut() = status;
    response
}

/// 读不到请求 — too large, or broken off on the way.
pub fn unread(status: StatusCode, headers: &HeaderMap, uri: &Uri) -> Response {
    let why = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "请求的内容过大，表单最多1兆字节".to_owned(),
        _ => "请求的内容没有完整到达".to_owned(),
    };
    told_as(status, &Refused::Question(why), headers, uri)
}

/// How long all headers of a request may be together, in bytes. What is far longer is not even read by the server below.
const HEADERS: usize = 32 * 1024;

/// 请求头过长 — nearly always cookies that somebody else set for our host.
pub async fn short_headers(request: Request, next: Next) -> Response {
    let length: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if length <= HEADERS {
        return next.run(request).await;
    }
    let why = "请求头过长，可能是浏览器存了太多本站的 Cookie，请清除后重试";
    let mut response = told(&Refused::Question(why.to_owned()), request.headers(), request.uri());
    *response.status_mut() = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    response
}

/// 没有这种请求方法.
pub async fn no_such_method(headers: HeaderMap, uri: Uri) -> Response {
    let refused = Refused::Question("这个地址不接受这种请求方法".to_owned());
    told_as(StatusCode::METHOD_NOT_ALLOWED, &refused, &headers, &uri)
}

/// 没有这个地址.
pub async fn nothing_here(headers: HeaderMap, uri: Uri) -> Response {
    told(&Refused::Missing { what: "页面", id: uri.path().to_owned() }, &headers, &uri)
}

/// 程序出错 — a bug; it stays inside this one request.
pub fn broke(_panic: Box<dyn Any + Send>) -> Response {
    let notice = Notice {
        message: "平台在办理这一请求时出错，本次没有写入任何内容".to_owned(),
        basis: String::new(),
        article: None,
        advice: "请返回重试；仍然不行，请把时间和所办事项告诉运维人员".to_owned(),
        kind: workflow::RefusalSort::State,
        remarks: Vec::new(),
    };
    sorry(StatusCode::INTERNAL_SERVER_ERROR, notice)
}
