//! 显示 — how large the text is and how dark the page, as somebody chose; kept in a cookie, set without script.

use axum::{
    body::Bytes,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, Uri, header},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use std::sync::{Arc, OnceLock};

use crate::{answer, frame::Who, session, site::Site};

/// The cookie's name.
const COOKIE: &str = "shuyun_look";

regulation::words! {
    /// 字号.
    #[derive(Default)]
    pub enum Size {
        #[default]
        Standard = "标准",
        Large = "大",
        Huge = "特大",
    }
}

regulation::words! {
    /// 明暗.
    #[derive(Default)]
    pub enum Theme {
        #[default]
        Light = "浅色",
        Dark = "深色",
    }
}

/// 显示.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// 字号
    pub size: Size,
    /// 明暗
    pub theme: Theme,
}

impl Look {
    /// What a browser's cookie says; whatever it does not say is as usual.
    fn of(headers: &HeaderMap) -> Self {
        let (size, theme) = session::crumb(headers, COOKIE).and_then(|kept| kept.split_once('.')).unwrap_or_default();
        Self::chosen(size, theme)
    }

    fn chosen(size: &str, theme: &str) -> Self {
        Self { size: Size::coded(size).unwrap_or_default(), theme: Theme::coded(theme).unwrap_or_default() }
    }
}

/// 所请求的 — what a page's frame wants to know of the request that it answers.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// 显示
    pub look: Look,
    /// 从哪里来的，可以回到那里
    pub here: String,
    /// 网站
    pub site: Arc<Site>,
    /// 登录者 — once the session has been looked up, so that a refusal is told inside their own frame.
    met: Arc<OnceLock<Who>>,
}

tokio::task_local! {
    static ASKED: Asked;
}

/// What is known of the request under way; outside of one, as usual.
pub fn asked() -> Asked {
    ASKED.try_with(Asked::clone).unwrap_or_default()
}

/// Notes who is asking.
pub fn meet(who: Who) {
    let _ = ASKED.try_with(|asked| asked.met.set(who)); // met before, or nobody is asking
}

impl Asked {
    /// Who is asking, if the session has been looked up.
    pub fn who(&self) -> Option<Who> {
        self.met.get().cloned()
    }
}

/// Lets every page of a request know how it is to look.
pub async fn remember(site: Arc<Site>, request: Request, next: Next) -> Response {
    let again = *request.method() == Method::GET;
    let here = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let here = if again { here.to_owned() } else { "/".to_owned() };
    let asked = Asked { look: Look::of(request.headers()), here, site, met: Arc::default() };
    ASKED.scope(asked, next.run(request)).await
}

/// 选择显示 — keeps the choice and goes back to where it was made.
pub async fn choose(headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    if !session::same_site(&headers) {
        return answer::told(&session::unknown("这一请求来自别的网站，没有办理"), &headers, &uri);
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let said = |name: &str| pairs.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    let look = Look::chosen(said("size"), said("theme"));
    let mut response = Redirect::to(within(said("back"))).into_response();
    let kept = format!(
        "{COOKIE}={}.{}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000",
        look.size.code(),
        look.theme.code()
    );
    if let Ok(cookie) = HeaderValue::from_str(&kept) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// An address of this site; anything else leads home.
fn within(back: &str) -> &str {
    let ours =
        back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\r', '\n']) && back.is_ascii();
    if ours { back } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_leads_back_only_to_our_own_pages() {
        for (back, to) in [
            ("/tasks?page=2", "/tasks?page=2"),
            ("//evil.example/", "/"),
            ("https://evil.example/", "/"),
            ("/\\evil.example", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
            ("", "/"),
        ] {
            assert_eq!(within(back), to, "{back}");
        }
    }

    #[test]
    fn what_a_cookie_does_not_say_is_as_usual() {
        let look = |cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookie.parse().unwrap());
            Look::of(&headers)
        };
        assert_eq!(look("shuyun_look=huge.dark"), Look { size: Size::Huge, theme: Theme::Dark });
        assert_eq!(look("a=b; shuyun_look=large.light"), Look { size: Size::Large, theme: Theme::Light });
        for odd in ["shuyun_look=", "shuyun_look=enormous.pink", "x=y"] {
            assert_eq!(look(odd), Look::default(), "{odd}");
        }
    }
}
