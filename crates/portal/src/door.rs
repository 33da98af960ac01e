//! 入口 — every address of the portal in one list, and what goes with every answer.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, header},
    middleware,
    routing::{get, post},
};
use jiff::Timestamp;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, set_header::SetResponseHeaderLayer};
use workflow::Office;

use crate::basics::catalogue::import;
use crate::public::{catalogue::Catalogue, grants::Grants, products::Products, register};
use crate::{
    Entrance, activity, acts, answer, assets, basics, case, competence, confirm, draft, files,
    finding::Finder,
    gallery, granting, guide, lineage, log, look, notice_settings, notices, operation, outside, papers, party,
    passkeys, proving, public, sessions, sign_in,
    site::Site,
    sso,
    supervision::{answered, feedback},
    supply, tasks, uploads, watch,
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
    /// 入口设置
    pub entrance: Arc<Entrance>,
    /// 检索
    pub finder: Finder,
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
    routes_of(door, Site::default())
}

/// 全部地址，以及网站标识.
#[expect(clippy::too_many_lines, reason = "it is a table of addresses; whoever looks for one finds it here")]
pub fn routes_of(door: Door, site: Site) -> Router {
    let site = Arc::new(site);
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
        .route("/calendar/years", get(basics::calendar::years::show))
        .route("/calendar/import", get(basics::calendar::import::show).post(basics::calendar::import::upload))
        .route("/calendar/proposals/{id}", get(basics::calendar::proposal::show))
        .route("/api/v1/calendar", get(basics::calendar::years::json))
        .route("/api/v1/calendar/proposals/{id}", get(basics::calendar::proposal::json))
        .route("/law", get(public::law::list))
        .route("/law/{number}", get(public::law::one))
        .route("/assets/{file}", get(assets::show))
        // 目录、名录与检索
        .route("/search", get(public::search::show))
        .route("/catalogue", get(public::catalogue::show))
        .route("/catalogue/{id}", get(public::catalogue::one))
        .route("/catalogue.csv", get(register::csv::<Catalogue>))
        .route("/catalogue.xlsx", get(register::xlsx::<Catalogue>))
        .route("/grants/{id}", get(public::grants::one))
        .route("/grants.csv", get(register::csv::<Grants>))
        .route("/grants.xlsx", get(register::xlsx::<Grants>))
        .route("/products.csv", get(register::csv::<Products>))
        .route("/products.xlsx", get(register::xlsx::<Products>))
        .route("/api/v1/search", get(public::search::json))
        .route("/api/v1/catalogue", get(register::json::<Catalogue>))
        .route("/api/v1/catalogue/{id}", get(public::catalogue::one_json))
        .route("/api/v1/grants", get(register::json::<Grants>))
        .route("/api/v1/grants/{id}", get(public::grants::one_json))
        .route("/api/v1/products", get(register::json::<Products>))
        .route("/announcements", get(public::announcements::show))
        .route("/announcements.csv", get(public::announcements::table))
        .route("/announcements.xlsx", get(public::announcements::table))
        .route("/selections", get(public::selections::list))
        .route("/selections/{id}", get(public::selections::show))
        .route("/api/v1/selections", get(public::selections::list_json))
        .route("/api/v1/selections/{id}", get(public::selections::json))
        .route("/statistics", get(public::statistics::show))
        .route("/statistics/{file}", get(public::statistics::download))
        .route("/feedback", get(feedback::show).post(feedback::submit))
        .route("/feedback.csv", get(answered::table))
        .route("/feedback.xlsx", get(answered::table))
        .route("/feedback/query", post(feedback::query))
        .route("/feedback/{id}", get(answered::one))
        .route("/verify", get(papers::verify::show))
        .route("/api/v1/verify", get(papers::verify::json))
        .route("/api/v1/law", get(public::law::json))
        .route("/api/v1/law/{number}", get(public::law::one_json))
        .route("/api/v1/announcements", get(public::announcements::json))
        .route("/api/v1/statistics", get(public::statistics::json))
        .route("/api/v1/feedback", get(answered::json).post(feedback::submit))
        .route("/api/v1/feedback/query", post(feedback::query))
        // 登录
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-out", post(sign_in::leave))
        .route("/sessions", get(sessions::show))
        .route("/password", get(sessions::password).post(sessions::change))
        .route("/sessions/end", post(sessions::end))
        // 登录方式
        .route("/sign-in/passkey", post(sign_in::show_passkey))
        .route("/sign-in/passkey/options", post(sign_in::options))
        .route("/sign-in/sso", post(outside::go))
        .route(sso::CALLBACK, get(outside::back))
        .route("/passkeys", get(passkeys::show).post(passkeys::register))
        .route("/passkeys/options", post(passkeys::options))
        .route("/passkeys/rename", post(passkeys::rename))
        .route("/passkeys/remove", post(passkeys::remove))
        .route("/federations/unlink", post(passkeys::unlink))
        .route("/prove", get(proving::show).post(proving::submit))
        .route("/prove/options", post(proving::options))
        // 各方
        .route("/tasks", get(tasks::show))
        .route("/acts", post(acts::perform))
        .route("/supply", get(supply::show).post(supply::hang).layer(DefaultBodyLimit::disable()))
        .route("/operation/demands/new", get(operation::demand::new::show))
        .route("/operation/demands/{id}/difference", get(operation::demand::difference::show))
        .route(granting::application::NEW, get(granting::application::fresh))
        .route("/granting/applications/{id}/edit", get(granting::application::edit))
        .route(granting::plan::NEW, get(granting::plan::form::fresh).post(granting::plan::form::more))
        .route("/granting/plans/{id}/edit", get(granting::plan::form::edit).post(granting::plan::form::more))
        .route(basics::catalogue::FORM, get(basics::catalogue::edit::show))
        .route(
            "/basics/catalogue/import",
            get(import::show).post(import::upload).layer(DefaultBodyLimit::max(import::LARGEST + 64 * 1024)),
        )
        .route("/basics/catalogue/import/confirm", post(import::confirm))
        .route("/basics/catalogue/template.xlsx", get(import::table))
        .route("/basics/catalogue/template.csv", get(import::table))
        .route("/basics/catalogue/own.xlsx", get(import::table))
        .route("/basics/catalogue/own.csv", get(import::table))
        .route(
            "/api/v1/entries/import",
            post(import::api).layer(DefaultBodyLimit::max(import::LARGEST + 64 * 1024)),
        )
        .route("/basics/catalogue/{id}/versions", get(basics::catalogue::versions::show))
        .route("/api/v1/entries/{id}/versions", get(basics::catalogue::versions::json))
        .route("/drafts/{id}", get(draft::show))
        .route("/operation/demands/{id}", get(operation::demand::show))
        .route("/files", get(files::show))
        .route("/files/{subject}/{id}", get(case::show))
        .route("/files/{subject}/{id}/papers/{paper}", get(papers::show))
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
        // 部件与页框
        .route("/preferences", post(look::choose))
        .route("/accessibility", get(public::about::accessibility))
        .route("/site-map", get(public::about::site_map))
        .route("/gallery", get(gallery::index))
        .route("/gallery/{group}", get(gallery::show))
        .route("/acts/check", post(confirm::check))
        .route("/acts/revise", post(confirm::revise))
        .route("/files/{subject}/{id}/lineage", get(lineage::show))
        .route("/supply/progress/{upload}", get(supply::progress))
        // 工作台
        .route("/tasks.csv", get(tasks::table))
        .route("/tasks.xlsx", get(tasks::table))
        .route("/tasks/city", get(watch::show))
        .route("/tasks/city.csv", get(watch::table))
        .route("/tasks/city.xlsx", get(watch::table))
        .route("/files.csv", get(files::table))
        .route("/files.xlsx", get(files::table))
        .route("/activity", get(activity::show))
        .route("/activity.csv", get(activity::table))
        .route("/activity.xlsx", get(activity::table))
        .route("/guide", get(guide::list))
        .route("/guide/{role}", get(guide::one))
        .route("/api/v1/files", get(files::json))
        .route("/api/v1/activity", get(activity::json))
        .route("/api/v1/guide/{role}", get(guide::json))
        // 告知
        .route("/notices", get(notices::show))
        .route("/notices.csv", get(notices::table))
        .route("/notices.xlsx", get(notices::table))
        .route("/notices/settings", get(notice_settings::show))
        .route("/api/v1/notices", get(notices::json))
        // 程序
        .route("/api/v1/whoami", get(sign_in::whoami))
        .route("/api/v1/tasks", get(tasks::json))
        .route("/api/v1/calendar/{year}", get(public::calendar::json))
        .route("/api/v1/products/{id}/rows", get(operation::rows::show))
        .route("/api/v1/files/{subject}/{id}", get(case::json))
        .route("/api/v1/files/{subject}/{id}/papers", get(papers::list_json))
        .route("/api/v1/files/{subject}/{id}/papers/{paper}", get(papers::json))
        .route("/api/v1/overdue", get(watch::overdue))
        .route("/log/{log}/checkpoint", get(log::checkpoint))
        .route("/log/{log}/{position}", get(log::certificate))
        .route("/healthz", get(log::health))
        .fallback(answer::nothing_here)
        .method_not_allowed_fallback(answer::no_such_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(axum::middleware::from_fn(answer::short_headers))
        .layer(Extension(uploads::Uploads::default()))
        .layer(CatchPanicLayer::custom(answer::broke))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        .layer(fixed(header::CACHE_CONTROL, "no-store"))
        .layer(fixed(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ))
        .layer(middleware::from_fn(move |request, next| look::remember(Arc::clone(&site), request, next)))
        .layer(CompressionLayer::new())
        .with_state(door)
}
