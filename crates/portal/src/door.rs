//! 入口 — every address of the portal in one list, and what goes with every answer.

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, header},
    routing::{get, post},
};
use jiff::Timestamp;
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};
use workflow::Office;

use crate::{
    acts, answer, assets, case, competence, draft, files, granting, log, operation, party, public, sessions, sign_in,
    supply, tasks,
};

/// 时钟 — read once for every request, here and nowhere else.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// 入口 — what every page needs.
#[derive(Clone)]
pub struct Door {
    /// 办理机关
    pub office: Office,
    /// 时钟
    pub clock: Clock,
}

impl Door {
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// How much of a body is read at all. An act's form is far smaller, but what is only a little too large is
/// heard to its end, so that a page can say so; a file to be hung has no limit here.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// 全部地址.
pub fn routes(door: Door) -> Router {
    let fixed = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    Router::new()
        // 公众
        .route("/", get(public::home::show))
        .route("/grants", get(public::grants::show))
        .route("/products", get(public::products::show))
        .route("/products/{id}", get(public::products::one))
        .route("/calendar", get(public::calendar::show))
        .route("/calendar/{year}", get(public::calendar::one))
        .route("/law", get(public::law::list))
        .route("/law/{number}", get(public::law::one))
        .route("/assets/app.css", get(assets::css))
        .route("/assets/icon.svg", get(assets::icon))
        // 登录
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-out", post(sign_in::leave))
        .route("/sessions", get(sessions::show))
        .route("/password", get(sessions::password).post(sessions::change))
        .route("/sessions/end", post(sessions::end))
        // 各方
        .route("/tasks", get(tasks::show))
        .route("/acts", post(acts::perform))
        .route("/supply", get(supply::show).post(supply::hang).layer(DefaultBodyLimit::disable()))
        .route("/operation/demands/new", get(operation::demand::new::show))
        .route("/operation/demands/{id}/difference", get(operation::demand::difference::show))
        .route("/drafts/{id}", get(draft::show))
        .route("/operation/demands/{id}", get(operation::demand::show))
        .route("/files", get(files::show))
        .route("/files/{subject}/{id}", get(case::show))
        // 各方与职权
        .route("/organisations", get(party::organisations::show))
        .route("/organisations/{id}", get(party::organisation::show))
        .route("/people", get(party::people::show))
        .route("/capacities", get(party::capacities::show).post(party::capacities::switch))
        .route("/invitations/{token}", get(party::invitation::show).post(party::invitation::accept))
        .route("/competence", get(competence::show))
        .route("/competence/new", get(competence::change::fresh))
        .route("/competence/{id}", get(competence::change::show))
        .route("/competence/{id}/revise", get(competence::change::revise))
        .route("/why", get(competence::why::show))
        .route("/api/v1/competence", get(competence::json))
        .route("/api/v1/why", get(competence::why::show))
        // 程序
        .route("/api/v1/whoami", get(sign_in::whoami))
        .route("/api/v1/tasks", get(tasks::json))
        .route("/api/v1/grants", get(public::grants::json))
        .route("/api/v1/calendar/{year}", get(public::calendar::json))
        .route("/grants.csv", get(public::grants::csv))
        .route("/products.csv", get(public::products::csv))
        .route("/api/v1/products", get(public::products::json))
        .route("/api/v1/products/{id}/rows", get(operation::rows::show))
        .route("/api/v1/files/{subject}/{id}", get(case::json))
        .route("/api/v1/overdue", get(granting::overdue))
        .route("/log/{log}/checkpoint", get(log::checkpoint))
        .route("/log/{log}/{position}", get(log::certificate))
        .route("/healthz", get(log::health))
        .fallback(answer::nothing_here)
        .method_not_allowed_fallback(answer::no_such_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(answer::broke))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        .layer(fixed(header::CACHE_CONTROL, "no-store"))
        .layer(fixed(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ))
        .with_state(door)
}
