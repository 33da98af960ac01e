//! 送达 — the program is killed between sending and saying so: it sends again, under the same number.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, http::HeaderMap, routing::post};
use reqwest::{Client, redirect::Policy};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

const PROGRAM: &str = env!("CARGO_BIN_EXE_shuyun");

/// The program, serving; ended when dropped.
struct Serving {
    child: Child,
    address: String,
    password: String,
}

impl Serving {
    fn start(command: &str, home: &str) -> Self {
        let typed = [command, "--home", home, "--listen", "127.0.0.1:0", "--webhooks-allow-loopback"];
        let mut child = Command::new(PROGRAM).args(typed).stdout(Stdio::piped()).spawn().unwrap();
        let (mut address, mut password) = (String::new(), String::new());
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(at) = line.strip_prefix("门户：") {
                at.trim_end_matches('/').clone_into(&mut address);
            }
            if let Some(told) = line.strip_prefix("演示账号（口令都是 ") {
                told.trim_end_matches("）：").clone_into(&mut password);
            }
            if line.starts_with("按 Ctrl+C") || command == "serve" && !address.is_empty() {
                break;
            }
        }
        Self { child, address, password }
    }

    async fn browser(&self, login: &str) -> Client {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
        let claim = format!("login={login}&password={}", self.password);
        let post = client.post(format!("{}/sign-in", self.address)).body(claim);
        let answer = post.header("Content-Type", "application/x-www-form-urlencoded").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 303, "{login}");
        client
    }

    async fn act(&self, login: &str, request: Value) -> Value {
        let client = self.browser(login).await;
        let answer = client.post(format!("{}/acts", self.address)).json(&request).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill(); // without warning, as kill -9 does
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_whose_sender_was_killed_before_it_could_say_so_is_sent_again_under_the_same_number() {
    let got: Arc<Mutex<Vec<(HeaderMap, String)>>> = Arc::default();
    let answers = Arc::new(AtomicBool::new(false));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hook = format!("http://{}/hook", listener.local_addr().unwrap());
    let (kept, answering) = (got.clone(), answers.clone());
    let receive = post(move |headers: HeaderMap, body: String| async move {
        kept.lock().unwrap().push((headers, body));
        if !answering.load(Ordering::SeqCst) {
            std::future::pending::<()>().await; // taken, but the sender never learns it
        }
    });
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/hook", receive)).await.unwrap() });
    let arrived = async |count: usize| {
        for _ in 0..600 {
            if got.lock().unwrap().len() >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("一分钟内没有收到第{count}次");
    };

    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home").to_str().unwrap().to_owned();
    let first = Serving::start("demo", &home);
    let secret = first.act("jiaotong", json!({ "act": "endpoint.add", "url": hook })).await["secret"]
        .as_str()
        .unwrap()
        .to_owned();
    let client = first.browser("shiban").await;
    let tasks: Value =
        client.get(format!("{}/api/v1/tasks", first.address)).send().await.unwrap().json().await.unwrap();
    let waiting = |task: &&Value| task["subject"] == "demand" && task["state"] == "形式审查";
    let id = tasks["tasks"].as_array().unwrap().iter().find(waiting).unwrap()["id"].clone();
    first.act("shiban", json!({ "act": "demand.pass", "id": id })).await;
    arrived(1).await;
    drop(first);

    answers.store(true, Ordering::SeqCst);
    let second = Serving::start("serve", &home);
    arrived(2).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let got = got.lock().unwrap().clone();
    assert_eq!(got.len(), 2, "第二次已经记下，不再送");
    for (headers, body) in &got {
        Webhook::new(&secret).unwrap().verify(body.as_bytes(), headers).unwrap();
    }
    assert_eq!(got[0].0["webhook-id"], got[1].0["webhook-id"]);
    assert_eq!(got[0].1, got[1].1);
    drop(second);
    let replayed = Command::new(PROGRAM).args(["replay", "--home", &home]).output().unwrap();
    assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stdout));
}

#[test]
fn half_a_mail_server_is_told_before_anything_is_served() {
    let table: [(&[&str], &str); 3] = [
        (&["--smtp", "smtp://u:geheim@127.0.0.1:1"], "现在缺少 --mail-from"),
        (&["--smtp", "ftp://u:geheim@127.0.0.1:1", "--mail-from", "a@x.cn"], "发信服务器的地址读不懂"),
        (&["--smtp", "smtp://u:geheim@127.0.0.1:1", "--mail-from", "不是地址"], "发件人“不是地址”不是电子邮箱地址"),
    ];
    for (typed, sentence) in table {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        let home = ["demo", "--once", "--home", home.to_str().unwrap()];
        let output = Command::new(PROGRAM).args(home).args(typed).env_remove("SHUYUN_SMTP").output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(sentence) && !said.contains("geheim"), "{said}");
        assert_eq!(output.status.code(), Some(2));
    }
}
