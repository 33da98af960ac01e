//! 对外的地址 — where people reach this portal, the cookies that go with it, and the single sign-on it trusts.

use std::sync::Arc;

use url::Url;

use crate::sso::SingleSignOn;

/// 会话 — the cookie of somebody signed in.
pub const SESSION: &str = "shuyun_session";
/// 验证过程 — the cookie of somebody who is proving who they are.
pub const CEREMONY: &str = "shuyun_ceremony";

/// 入口设置.
#[derive(Clone, Debug, Default)]
pub struct Entrance {
    /// 对外的地址，如 `https://data.jinchuan.example`
    pub origin: Option<Url>,
    /// 单点登录
    pub sso: Option<Arc<SingleSignOn>>,
}

impl Entrance {
    /// Whether people come by https: then cookies never travel without it, and belong to this host alone.
    pub fn secure(&self) -> bool {
        self.origin.as_ref().is_some_and(|origin| origin.scheme() == "https")
    }

    /// The full name of a cookie: `__Host-` lets browsers refuse it from anywhere else.
    pub fn cookie(&self, name: &str) -> String {
        if self.secure() { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// Sets a cookie for so many seconds; none ends it.
    pub fn set(&self, name: &str, value: &str, seconds: u32) -> String {
        let secure = if self.secure() { "; Secure" } else { "" };
        format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", self.cookie(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_https_a_cookie_is_bound_to_its_host_and_never_travels_in_the_clear() {
        let table = [
            (None, "shuyun_session=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"),
            (Some("http://localhost:8080"), "shuyun_session=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"),
            (Some("https://a.example"), "__Host-shuyun_session=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"),
        ];
        for (origin, cookie) in table {
            let entrance = Entrance { origin: origin.map(|origin| origin.parse().unwrap()), sso: None };
            assert_eq!(entrance.set(SESSION, "t", 60), cookie);
        }
    }
}
