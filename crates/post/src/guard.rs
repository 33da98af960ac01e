//! 去处的核对 — a name is resolved and every address it leads to is looked at, each time something is sent.
//!
//! What was looked at is also what is connected to: the connection is pinned to the addresses found here, so that a
//! name that answers differently a moment later leads nowhere new.

use std::net::SocketAddr;

use reqwest::{Client, Url, redirect::Policy};
use workflow::notice::endpoint::inside;

/// 不能送往.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    /// 没有主机
    #[error("地址不完整")]
    NoHost,
    /// 域名解析不出
    #[error("域名解析不出")]
    NoAddress,
    /// 内部地址
    #[error("域名指向内部网络的地址，没有发送")]
    Inside,
    /// 连接不成
    #[error("不能建立连接")]
    Broken,
}

/// A client that can reach this address and nothing else.
pub async fn client(url: &Url, loopback: bool) -> Result<Client, Unreachable> {
    let host = url.host_str().ok_or(Unreachable::NoHost)?;
    let port = url.port_or_known_default().ok_or(Unreachable::NoHost)?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found = tokio::net::lookup_host((bare, port)).await.map_err(|_| Unreachable::NoAddress)?;
    let addresses: Vec<SocketAddr> = found.collect();
    if addresses.is_empty() {
        return Err(Unreachable::NoAddress);
    }
    if addresses.iter().any(|address| inside(address.ip(), loopback)) {
        return Err(Unreachable::Inside);
    }
    let client = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .resolve_to_addrs(host, &addresses)
        .user_agent("shuyun-webhooks/1");
    client.build().map_err(|_| Unreachable::Broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_name_leads_to_is_looked_at_when_it_is_used() {
        // A name that anybody may own and point at us; here the one name that surely leads inside.
        for url in ["https://localhost/", "https://127.0.0.1/", "https://[::1]/", "http://169.254.169.254/"] {
            let told = client(&Url::parse(url).unwrap(), false).await.unwrap_err();
            assert!(matches!(told, Unreachable::Inside), "{url}：{told}");
        }
        assert!(client(&Url::parse("http://localhost:9/").unwrap(), true).await.is_ok());
        let told = client(&Url::parse("http://169.254.169.254/").unwrap(), true).await.unwrap_err();
        assert!(matches!(told, Unreachable::Inside), "本机之外仍然不行：{told}");
    }
}
