//! 灌水 — a thousand passwords, headers and cookies without end: limited, recorded, answered clearly.

use std::time::{Duration, Instant};

use futures::{StreamExt as _, stream};
use reqwest::{Client, StatusCode};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::town::{PASSWORD, Town, flaws};

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_wrong_passwords_are_five_tries_and_five_records() {
    let town = Town::found().await;
    let (before, began) = (town.acts().await, Instant::now());
    for _ in 0..5 {
        assert_eq!(town.try_password("shiban", "猜").await.status(), StatusCode::UNAUTHORIZED);
    }
    let slowed = stream::iter(0..995)
        .map(|n| town.try_password("shiban", if n % 3 == 0 { PASSWORD } else { "猜" }))
        .buffer_unordered(64)
        .filter(|answer| std::future::ready(answer.status() == StatusCode::TOO_MANY_REQUESTS))
        .count()
        .await;
    assert_eq!(slowed, 995, "口令对了也要等");
    assert_eq!(town.acts().await, before + 5, "试到口令的五次各记一条，等候的不记");
    assert!(began.elapsed() < Duration::from_mins(1), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_without_end_are_answered_clearly_and_harm_nobody() {
    let town = Town::found().await;
    let long = "x".repeat(33 * 1024);
    let get = |path: &str, accept: &'static str| {
        let get = Client::new().get(format!("{}{path}", town.address)).header("Cookie", format!("a={long}"));
        get.header("Accept", accept).send()
    };
    let answer = get("/tasks", "text/html").await.unwrap();
    assert_eq!(answer.status().as_u16(), 431);
    let page = answer.text().await.unwrap();
    assert!(page.contains("请求头过长") && page.contains("清除后重试"), "{page}");
    assert_eq!(flaws(&page), Vec::<String>::new());
    let answer = get("/api/v1/tasks", "application/json").await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (431, &"application/problem+json".parse().unwrap())
    );
    // A cookie that is merely odd is nobody's.
    for odd in
        ["shuyun_session=", "shuyun_session=\u{7f}", "shuyun_session", ";;;=;=", "shuyun_session=a; shuyun_session=b"]
    {
        let request = Client::new().get(format!("{}/api/v1/whoami", town.address));
        let Ok(value) = reqwest::header::HeaderValue::from_bytes(odd.as_bytes()) else { continue };
        assert_eq!(request.header("Cookie", value).send().await.unwrap().status(), StatusCode::UNAUTHORIZED, "{odd}");
    }
    // Far too many, far too long: refused before they are read to their end, and the next one is served.
    for flood in
        [(0..5000).map(|n| format!("X-{n}: y\r\n")).collect::<String>(), format!("Cookie: {}\r\n", "y".repeat(4 << 20))]
    {
        let status = raw(&town, &flood).await;
        assert!(status.is_empty() || status.starts_with("HTTP/1.1 431"), "{status}");
        assert_eq!(town.get(&Client::new(), "/").await.status(), StatusCode::OK);
    }
}

/// The first line of the answer to a request with these headers; nothing where the connection was cut.
async fn raw(town: &Town, headers: &str) -> String {
    let mut stream = TcpStream::connect(town.address.trim_start_matches("http://")).await.unwrap();
    let request = format!("GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\n");
    let _ = stream.write_all(request.as_bytes()).await; // may be cut in the middle
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await.expect("挂住了");
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}
