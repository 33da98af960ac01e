//! 推送 — a notice as Standard Webhooks has it: thin, numbered, timed and signed.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{StatusCode, Url, header::CONTENT_TYPE};
use serde_json::json;
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};
use store::notice::Notice;
use workflow::notice::dispatch::Outcome;

use crate::{Told, guard};

/// How long one attempt may take, from the look-up of the name to the last of the answer's head.
const PATIENCE: Duration = Duration::from_secs(10);

/// 瘦负载 — which case, and how it stands; what it says is fetched through the API by whoever may see it.
pub fn body(notice: &Notice) -> String {
    let (subject, case) = notice.about.split_once('/').unwrap_or_default();
    json!({
        "type": notice.act,
        "timestamp": notice.at,
        "data": {
            "id": notice.id,
            "reason": notice.reason,
            "subject": subject,
            "case": case,
            "state": notice.state,
            "due": notice.due,
        },
    })
    .to_string()
}

/// Sends a notice to an endpoint, signed by each of its keys; nothing of the answer is read but its head.
pub async fn send(url: &str, secrets: &[String], notice: &Notice, (at, loopback): (Timestamp, bool)) -> Told {
    match tokio::time::timeout(PATIENCE, post(url, secrets, notice, at, loopback)).await {
        Ok(told) => told,
        Err(_) => Told::new(Outcome::Missed, "10秒内没有答复"),
    }
}

async fn post(url: &str, secrets: &[String], notice: &Notice, at: Timestamp, loopback: bool) -> Told {
    let missed = |why: &str| Told::new(Outcome::Missed, why);
    let Ok(url) = Url::parse(url) else { return missed("地址不完整") };
    let client = match guard::client(&url, loopback).await {
        Ok(client) => client,
        Err(why) => return missed(&why.to_string()),
    };
    let body = body(notice);
    let sign = |secret: &String| Webhook::new(secret)?.sign(&notice.id, at.as_second(), body.as_bytes());
    let Ok(signatures) = secrets.iter().map(sign).collect::<Result<Vec<_>, _>>() else {
        return missed("不能签名");
    };
    let request = client
        .post(url)
        .header(CONTENT_TYPE, "application/json")
        .header(HEADER_WEBHOOK_ID, &notice.id)
        .header(HEADER_WEBHOOK_TIMESTAMP, at.as_second())
        .header(HEADER_WEBHOOK_SIGNATURE, signatures.join(" "))
        .body(body);
    match request.send().await {
        Ok(answer) => told(answer.status()),
        Err(why) if why.is_timeout() => missed("对方没有答复"),
        Err(why) if why.is_connect() => missed("连接不上"),
        Err(_) => missed("对方中断了连接"),
    }
}

fn told(status: StatusCode) -> Told {
    let said = format!("HTTP {}", status.as_u16());
    match status {
        _ if status.is_success() => Told::new(Outcome::Taken, said),
        StatusCode::GONE => Told::new(Outcome::Gone, said),
        _ if status.is_redirection() => Told::new(Outcome::Missed, said + "，不跟随跳转"),
        _ => Told::new(Outcome::Missed, said),
    }
}
