//! 名单查询 — asks a service of the three public blacklists whether somebody stands on one (Article 15).
//!
//! Its own crate because an act has to ask while it is performed, and `workflow` knows no HTTP. It decides
//! nothing: what was asked, what was answered and the digest of the answer come back as they are.

use std::time::Duration;

use regulation::granting::selection::blacklist::{List, Subject};
use reqwest::{Url, redirect::Policy};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How much of an answer is read.
const MOST: usize = 64 * 1024;

/// 所问 — who, on which list.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// 名单
    pub list: List,
    /// 单位或者法定代表人
    pub subject: Subject,
    /// 名称、姓名
    pub name: &'a str,
    /// 统一社会信用代码
    pub code: &'a str,
}

/// 答复 — as the service sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// 名单的代码
    pub list: String,
    /// 所查的名称
    pub name: String,
    /// 是否在名单上
    pub listed: bool,
    /// 说明
    #[serde(default)]
    pub said: String,
    /// 来源；模拟的写明“模拟”
    #[serde(default)]
    pub nature: String,
}

/// 已答复 — with the digest of exactly what was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// 答复
    pub answer: Answer,
    /// 答复原文的 SHA-256
    pub sha256: String,
}

/// 没有答复.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 地址不对
    #[error("名单查询服务的地址“{0}”不是 http 或者 https 地址")]
    Address(String),
    /// 连不上
    #[error("名单查询服务连不上，或者5秒内没有答复")]
    Unreachable,
    /// 答非所问
    #[error("名单查询服务答复了状态码{0}")]
    Status(u16),
    /// 读不懂
    #[error("名单查询服务的答复读不懂")]
    Unreadable,
    /// 答的是别的
    #[error("名单查询服务答复的不是所查的名单或者名称")]
    Other,
}

/// 客户端.
#[derive(Clone, Debug)]
pub struct Client {
    base: Url,
    http: reqwest::Client,
}

impl Client {
    /// A client of the service at this address.
    ///
    /// # Errors
    /// The address is not one of the web.
    pub fn new(base: &str) -> Result<Self, Fault> {
        let wrong = || Fault::Address(base.to_owned());
        let base = Url::parse(base).map_err(|_| wrong())?;
        if !matches!(base.scheme(), "http" | "https") || base.cannot_be_a_base() {
            return Err(wrong());
        }
        let http = reqwest::Client::builder().timeout(PATIENCE).redirect(Policy::none()).no_proxy().build();
        Ok(Self { base, http: http.map_err(|_| Fault::Unreachable)? })
    }

    /// 来源 — which service is asked.
    pub fn source(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// 查询 — one question, one answer; no answer is never taken for “not listed”.
    ///
    /// # Errors
    /// The [`Fault`] for which there is no answer.
    pub async fn ask(&self, question: Question<'_>) -> Result<Received, Fault> {
        let list = question.list.code();
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| Fault::Unreachable)?.pop_if_empty().extend(["lists", &list]);
        url.query_pairs_mut()
            .append_pair("subject", &question.subject.code())
            .append_pair("name", question.name)
            .append_pair("code", question.code);
        let mut response = self.http.get(url).send().await.map_err(|_| Fault::Unreachable)?;
        if !response.status().is_success() {
            return Err(Fault::Status(response.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| Fault::Unreachable)? {
            body.extend_from_slice(&chunk);
            if body.len() > MOST {
                return Err(Fault::Unreadable);
            }
        }
        let answer: Answer = serde_json::from_slice(&body).map_err(|_| Fault::Unreadable)?;
        if answer.list != list || answer.name != question.name {
            return Err(Fault::Other);
        }
        Ok(Received { answer, sha256: hex::encode(Sha256::digest(&body)) })
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, http::StatusCode, routing::get};

    use super::*;

    /// A service that answers this, at an address of its own.
    async fn service(answer: (StatusCode, String)) -> Client {
        let routes = Router::new().route("/base/lists/{list}", get(move || async move { answer }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/base/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Client::new(&base).unwrap()
    }

    fn question() -> Question<'static> {
        Question { list: List::Defaulters, subject: Subject::Organisation, name: "某公司", code: "9151" }
    }

    #[tokio::test]
    async fn an_answer_comes_with_its_digest() {
        let body = r#"{"list":"defaulters","name":"某公司","listed":true,"said":"案号（模拟）","nature":"模拟"}"#;
        let received = service((StatusCode::OK, body.to_owned())).await.ask(question()).await.unwrap();
        assert!(received.answer.listed && received.answer.nature == "模拟");
        assert_eq!(received.sha256, hex::encode(Sha256::digest(body)));
    }

    #[tokio::test]
    async fn what_is_no_answer_is_not_taken_for_one() {
        let other = r#"{"list":"defaulters","name":"另一家","listed":false}"#;
        let table = [
            (StatusCode::OK, "<html>维护中</html>".to_owned(), Fault::Unreadable),
            (StatusCode::OK, r#"{"list":"defaulters","name":"某公司"}"#.to_owned(), Fault::Unreadable),
            (StatusCode::OK, other.to_owned(), Fault::Other),
            (StatusCode::OK, format!("{other}{}", " ".repeat(MOST)), Fault::Unreadable),
            (StatusCode::SERVICE_UNAVAILABLE, String::new(), Fault::Status(503)),
            (StatusCode::FOUND, String::new(), Fault::Status(302)),
        ];
        for (status, body, fault) in table {
            assert_eq!(service((status, body)).await.ask(question()).await, Err(fault));
        }
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert_eq!(Client::new(&format!("http://{nobody}")).unwrap().ask(question()).await, Err(Fault::Unreachable));
        assert!(Client::new("ftp://某处").is_err() && Client::new("名单").is_err());
    }
}
