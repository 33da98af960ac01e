//! 送达 — notices go out by webhook and by e-mail to real receivers, are tried again, and never go out twice by mistake.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    http::{HeaderMap, StatusCode as Code},
    routing::post as receive,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use post::{Mail, Post, Words};
use regulation::notice::Stage;
use reqwest::StatusCode;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use store::notice::{Dispatch, Endpoint};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
};

use crate::{
    notices::{pass, settings},
    town::{Town, flaws},
};

/// 收下的一次 — the number, the moment, the signatures and the body of a webhook.
#[derive(Clone, Debug)]
struct Received {
    id: String,
    at: i64,
    signatures: String,
    body: String,
}

/// 接收端 — a real HTTP server that answers as it is told to, and keeps what it got.
#[derive(Clone)]
struct Receiver {
    address: String,
    got: Arc<Mutex<Vec<Received>>>,
    answer: Arc<Mutex<u16>>,
}

impl Receiver {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        let this = Self { address, got: Arc::default(), answer: Arc::new(Mutex::new(204)) };
        let (got, answer) = (this.got.clone(), this.answer.clone());
        let hook = receive(move |headers: HeaderMap, body: String| {
            let text = |name: &str| headers[name].to_str().unwrap().to_owned();
            let (id, signatures) = (text("webhook-id"), text("webhook-signature"));
            let at = text("webhook-timestamp").parse().unwrap();
            got.lock().unwrap().push(Received { id, at, signatures, body });
            let code = Code::from_u16(*answer.lock().unwrap()).unwrap();
            async move { (code, [("location", "http://127.0.0.1:1/elsewhere")]) }
        });
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/hook", hook)).await.unwrap() });
        this
    }

    fn answers(&self, code: u16) {
        *self.answer.lock().unwrap() = code;
    }

    fn got(&self) -> Vec<Received> {
        self.got.lock().unwrap().clone()
    }
}

impl Received {
    fn signed_by(&self, secret: &str) -> bool {
        let signature = Webhook::new(secret).unwrap().sign(&self.id, self.at, self.body.as_bytes()).unwrap();
        self.signatures.split(' ').any(|one| one == signature)
    }
}

/// A worker of the city's office, by the city's clock.
fn worker(town: &Town, mail: Option<Mail>) -> Post {
    let words = Words {
        subject: portal::names::subject,
        path: portal::names::path,
        origin: "https://shuyun.jinchuan.example".into(),
    };
    Post::new(town.office.clone(), town.clock(), mail, words)
}

/// One round, to its end; tells how many were set out with.
async fn round(post: &mut Post) -> usize {
    let sent = post.round().await.unwrap();
    post.settle().await;
    sent
}

/// The key that a page shows once.
fn secret(page: &str) -> String {
    let from = page.find("whsec_").unwrap();
    page[from..from + 50].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_carries_the_number_and_the_state_signed_and_nothing_of_the_case() {
    let town = Town::found_with(|office| office.posting.loopback = true).await;
    let receiver = Receiver::open().await;
    let mut post = worker(&town, None);
    round(&mut post).await;
    town.seconds_pass(60);
    let (status, page) =
        settings(&town, "jiaotong", &[("act", "endpoint.add"), ("url", &receiver.address), ("_key", "e")]).await;
    assert_eq!((status, flaws(&page)), (StatusCode::OK, Vec::new()));
    let first = secret(&page);
    let (_, again) =
        settings(&town, "jiaotong", &[("act", "endpoint.add"), ("url", &receiver.address), ("_key", "e")]).await;
    assert!(!again.contains("whsec_"), "密钥只给一次");
    assert_eq!(round(&mut post).await, 0, "登记之前的告知不补发");
    let id = town.waiting().await;
    pass(&town, "shiban", &id).await;
    assert_eq!(round(&mut post).await, 1);
    assert_eq!(round(&mut post).await, 0, "送达了就不再送");
    let got = receiver.got();
    assert_eq!(got.len(), 1);
    assert!(got[0].signed_by(&first), "{got:?}");
    let body: Value = serde_json::from_str(&got[0].body).unwrap();
    assert_eq!(
        (&body["type"], &body["data"]["case"], &body["data"]["state"]),
        (&json!("demand.pass"), &json!(id), &json!("提供单位审核"))
    );
    assert_eq!((&body["data"]["id"], &body["data"]["due"]), (&json!(got[0].id), &json!("2025-09-08")));
    let demand = town.office.store.get::<store::operation::demand::Demand>(&id).await.unwrap().unwrap().0;
    for inner in [&demand.scenario, &demand.necessity, &demand.agreement] {
        assert!(!got[0].body.contains(inner.as_str()), "{}", got[0].body);
    }
    // The key is changed: both sign for a day, then only the new one.
    let endpoint = &town.office.store.list::<Endpoint>("", 10).await.unwrap()[0];
    let (_, page) = settings(&town, "jiaotong", &[("act", "endpoint.rotate"), ("id", &endpoint.id)]).await;
    let second = secret(&page);
    let dispatch = &town.office.store.list::<Dispatch>("", 10).await.unwrap()[0];
    for (hours, both) in [(0, true), (23, true), (25, false)] {
        town.minutes_pass(hours * 60);
        let (status, page) = settings(&town, "jiaotong", &[("act", "dispatch.replay"), ("id", &dispatch.id)]).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        assert_eq!(round(&mut post).await, 1);
        let last = receiver.got().pop().unwrap();
        assert_eq!((last.signed_by(&second), last.signed_by(&first)), (true, both), "过了{hours}小时");
        assert_eq!(last.id, got[0].id, "重放是同一件");
        town.minutes_pass(-hours * 60);
    }
    // Neither the keys nor anything that signs stands in the log.
    let log = town.office.store.events(store::Log::Control, 0, 10_000).await.unwrap();
    assert!(log.iter().all(|event| !event.detail.to_string().contains("whsec_")));
    let rows = town.office.store.children::<Endpoint>("organisation/transport-bureau").await.unwrap();
    assert!(!serde_json::to_string(&rows).unwrap().contains(&first[6..]));
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_sent_again_later_and_later_then_given_up_and_410_ends_it_at_once() {
    let town = Town::found_with(|office| office.posting.loopback = true).await;
    let receiver = Receiver::open().await;
    let mut post = worker(&town, None);
    settings(&town, "jiaotong", &[("act", "endpoint.add"), ("url", &receiver.address)]).await;
    pass(&town, "shiban", &town.waiting().await).await;
    receiver.answers(302);
    let mut tried = 0;
    for pause in [0, 30, 300, 1800, 7200, 8 * 3600, 24 * 3600] {
        if pause > 0 {
            town.seconds_pass(pause - 1);
            assert_eq!(round(&mut post).await, 0, "{pause}秒未到");
            town.seconds_pass(1);
        }
        assert_eq!(round(&mut post).await, 1, "{pause}秒");
        tried += 1;
        assert_eq!(receiver.got().len(), tried);
        receiver.answers(500);
    }
    town.minutes_pass(60 * 24 * 30);
    assert_eq!(round(&mut post).await, 0);
    let dispatch = town.office.store.list::<Dispatch>("", 10).await.unwrap().remove(0);
    assert_eq!((dispatch.stage, dispatch.round), (Stage::Failed, 7));
    assert_eq!(dispatch.tries[0].outcome, "HTTP 302，不跟随跳转");
    let numbers: Vec<String> = receiver.got().into_iter().map(|one| one.id).collect();
    assert!(numbers.iter().all(|number| *number == numbers[0]));
    let client = town.browser("jiaotong").await;
    let page = town.get(&client, "/notices/settings").await.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new());
    assert!(page.contains("未送达") && page.contains("HTTP 500") && page.contains(">重放<span"), "{page}");
    // Once more by hand; now the other side wants no more.
    receiver.answers(410);
    settings(&town, "jiaotong", &[("act", "dispatch.replay"), ("id", &dispatch.id)]).await;
    assert_eq!(round(&mut post).await, 1);
    let page = town.get(&client, "/notices/settings").await.text().await.unwrap();
    assert!(page.contains("已停用") && page.contains("对方答复此处不再接收（410）"), "{page}");
    let (status, page) = settings(&town, "jiaotong", &[("act", "dispatch.replay"), ("id", &dispatch.id)]).await;
    assert!(status == StatusCode::CONFLICT && page.contains("已经停用"), "{page}");
    let history = town.office.store.history(&format!("dispatch/{}", dispatch.id)).await.unwrap();
    assert_eq!(history.iter().filter(|event| event.act == "dispatch.attempt").count(), 8, "每一次都有记录");
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_send_a_notice_once_and_a_dead_one_is_stood_in_for_under_the_same_number() {
    let town = Town::found_with(|office| office.posting.loopback = true).await;
    let receiver = Receiver::open().await;
    settings(&town, "jiaotong", &[("act", "endpoint.add"), ("url", &receiver.address)]).await;
    pass(&town, "shiban", &town.waiting().await).await;
    let (mut one, mut other) = (worker(&town, None), worker(&town, None));
    let (here, there) = tokio::join!(round(&mut one), round(&mut other));
    assert_eq!(here + there, 1, "两台同时，只送一次");
    assert_eq!(receiver.got().len(), 1);
    // A server takes one up and dies before it sends, or before it can say so.
    let dispatch = town.office.store.list::<Dispatch>("", 10).await.unwrap().remove(0);
    settings(&town, "jiaotong", &[("act", "dispatch.replay"), ("id", &dispatch.id)]).await;
    let clock = workflow::Acting::clock(town.clock()());
    let take = workflow::Request::OutboxTake { ids: vec![dispatch.id.clone()], holder: "dead".into() };
    town.office.perform(&clock, &take, None).await.unwrap();
    assert_eq!(round(&mut other).await, 0, "有人领着");
    town.seconds_pass(20);
    assert_eq!(round(&mut other).await, 1, "领取的时间过了");
    let got = receiver.got();
    assert_eq!((got.len(), &got[0].id), (2, &got[1].id));
    // The dead one comes back and wants to have the last word.
    let late = workflow::Request::DispatchAttempt {
        id: dispatch.id.clone(),
        holder: "dead".into(),
        outcome: workflow::notice::dispatch::Outcome::Missed,
        said: "迟到".into(),
    };
    assert!(town.office.perform(&clock, &late, None).await.is_err());
    assert_eq!(town.office.store.get::<Dispatch>(&dispatch.id).await.unwrap().unwrap().0.stage, Stage::Delivered);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_leads_inside_is_found_out_when_it_is_sent_to() {
    let town = Town::found_with(|office| office.posting.loopback = true).await;
    let receiver = Receiver::open().await;
    settings(
        &town,
        "jiaotong",
        &[("act", "endpoint.add"), ("url", &receiver.address.replace("127.0.0.1", "localhost"))],
    )
    .await;
    pass(&town, "shiban", &town.waiting().await).await;
    // The same row, on a server that was not started for tests.
    let mut strict = town.office.clone();
    strict.posting.loopback = false;
    let words = Words { subject: portal::names::subject, path: portal::names::path, origin: String::new() };
    let mut post = Post::new(strict, town.clock(), None, words);
    assert_eq!(round(&mut post).await, 1);
    assert!(receiver.got().is_empty());
    let dispatch = town.office.store.list::<Dispatch>("", 10).await.unwrap().remove(0);
    assert_eq!(dispatch.tries[0].outcome, "域名指向内部网络的地址，没有发送");
}

/// 收信 — a small mail server on loopback; it refuses whom it is told to, and keeps the rest.
async fn mail_server(letters: Arc<Mutex<Vec<String>>>, answer: Arc<Mutex<&'static str>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("smtp://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (letters, answer) = (letters.clone(), answer.clone());
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                write.write_all(b"220 sink\r\n").await.unwrap();
                let mut letter = None;
                while let Ok(Some(line)) = lines.next_line().await {
                    let said = match &mut letter {
                        Some(_) if line == "." => {
                            letters.lock().unwrap().push(letter.take().unwrap());
                            "250 kept"
                        }
                        Some(text) => {
                            *text = format!("{text}{line}\n");
                            continue;
                        }
                        None if line.starts_with("RCPT") => *answer.lock().unwrap(),
                        None if line == "DATA" => {
                            letter = Some(String::new());
                            "354 go on"
                        }
                        None if line == "QUIT" => "221 bye",
                        None => "250 ok",
                    };
                    write.write_all(format!("{said}\r\n").as_bytes()).await.unwrap();
                }
            });
        }
    });
    address
}

/// Everything that a letter says, its encoded parts read.
fn read(letter: &str) -> String {
    let mut text = letter.to_owned();
    for part in letter.split("=?utf-8?b?").skip(1) {
        let word = STANDARD.decode(part.split("?=").next().unwrap()).unwrap();
        text.push_str(&String::from_utf8_lossy(&word));
    }
    for part in letter.split("\n\n").map(|part| part.split("\n--").next().unwrap().replace('\n', "")) {
        text.push_str(
            &STANDARD.decode(part).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default(),
        );
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_goes_to_whoever_asked_for_it_and_says_where_to_look_but_not_what() {
    let (letters, answer) = (Arc::default(), Arc::new(Mutex::new("250 ok")));
    let server = mail_server(Arc::clone(&letters), Arc::clone(&answer)).await;
    let town = Town::found_with(|office| office.posting.mail = true).await;
    let mail = Mail::new(&server, "锦川数运 <notice@jinchuan.example>").unwrap();
    let mut post = worker(&town, Some(mail));
    for (mail, reasons, sentence) in [("不是地址", "yours", "不是电子邮箱地址"), ("a@x.cn", "", "没有选择任何事由")]
    {
        let (status, page) =
            settings(&town, "jiaotong", &[("act", "address.set"), ("mail", mail), ("reasons[]", reasons)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
        assert!(page.contains(sentence) && page.contains(&format!("value=\"{mail}\"")), "{page}");
        assert_eq!(flaws(&page), Vec::<String>::new());
    }
    let set = async |login: &str, mail: &str, reason: &str| {
        settings(&town, login, &[("act", "address.set"), ("mail", mail), ("reasons[]", reason)]).await
    };
    assert_eq!(set("jiaotong", "jiaotong@bureau.example", "yours").await.0, StatusCode::SEE_OTHER);
    assert_eq!(set("yunying", "ops@company.example", "overdue").await.0, StatusCode::SEE_OTHER);
    let id = town.waiting().await;
    pass(&town, "shiban", &id).await;
    *answer.lock().unwrap() = "451 later";
    assert_eq!(round(&mut post).await, 1, "只有要了这一事由的人");
    assert!(letters.lock().unwrap().is_empty());
    *answer.lock().unwrap() = "250 ok";
    town.seconds_pass(30);
    assert_eq!(round(&mut post).await, 1, "暂时不收的，30秒后再送");
    let letter = read(&letters.lock().unwrap()[0]);
    for said in [
        "To: jiaotong@bureau.example",
        "Auto-Submitted: auto-generated",
        "【待您办理】数据需求",
        "提供单位审核",
        "期限届满：2025年9月8日 24:00",
        "依据：第二十三条第一款",
        &format!("查看：https://shuyun.jinchuan.example/operation/demands/{id}"),
        "https://shuyun.jinchuan.example/notices/settings",
    ] {
        assert!(letter.contains(said), "没有“{said}”：{letter}");
    }
    let demand = town.office.store.get::<store::operation::demand::Demand>(&id).await.unwrap().unwrap().0;
    let people = town.city.people.iter().map(|person| person.name.as_str());
    for inner in people.chain([&*demand.scenario, &*demand.necessity]) {
        assert!(!letter.contains(inner), "信里有“{inner}”");
    }
    // A mail server that refuses for good is not asked again.
    let other = town.office.store.list::<Dispatch>("", 10).await.unwrap().len();
    *answer.lock().unwrap() = "550 nobody";
    assert_eq!(set("yunying", "gone@company.example", "progress").await.0, StatusCode::SEE_OTHER);
    pass(&town, "jiaotong", &id).await;
    assert_eq!(round(&mut post).await, 1);
    town.minutes_pass(60 * 24);
    assert_eq!(round(&mut post).await, 0);
    let dispatches = town.office.store.list::<Dispatch>("", 10).await.unwrap();
    assert_eq!(dispatches.len(), other + 1);
    let refused = dispatches.iter().find(|one| one.to.contains("yunying")).unwrap();
    assert_eq!((refused.stage, &*refused.tries[0].outcome), (Stage::Failed, "SMTP 550，发信服务器拒收"));
    assert_eq!(set("yunying", "", "").await.0, StatusCode::SEE_OTHER, "不用了");
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_out_to_whoever_left_the_desk_nor_to_an_organisation_that_was_stopped() {
    let letters = Arc::default();
    let server = mail_server(Arc::clone(&letters), Arc::new(Mutex::new("250 ok"))).await;
    let receiver = Receiver::open().await;
    let town = Town::found_with(|office| (office.posting.mail, office.posting.loopback) = (true, true)).await;
    let mut post = worker(&town, Some(Mail::new(&server, "notice@jinchuan.example").unwrap()));
    let address = [("act", "address.set"), ("mail", "jiaotong@bureau.example"), ("reasons[]", "yours")];
    assert_eq!(settings(&town, "jiaotong", &address).await.0, StatusCode::SEE_OTHER);
    settings(&town, "jiaotong", &[("act", "endpoint.add"), ("url", &receiver.address)]).await;
    let stop = async |act: &str, id: &str| {
        let fields = [("act", act), ("id", id), ("reason", "核查"), ("_confirm", id)];
        let (status, page) = settings(&town, "guanli", &fields).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    };
    // They go on in other capacities, but this mailbox is no longer theirs.
    stop("membership.suspend", "jiaotong~transport-bureau~data_provider").await;
    pass(&town, "shiban", &town.waiting().await).await;
    assert_eq!(round(&mut post).await, 1, "只有单位的程序");
    assert_eq!((letters.lock().unwrap().len(), receiver.got().len()), (0, 1));
    stop("organisation.suspend", "transport-bureau").await;
    town.minutes_pass(60 * 24 * 14);
    assert!(town.office.escalate_overdue(town.clock()()).await.unwrap() > 0);
    assert_eq!(round(&mut post).await, 0);
    stop("organisation.resume", "transport-bureau").await;
    assert_eq!(round(&mut post).await, 0, "停用期间的告知不补发，都在门户里");
    assert!(town.office.store.replay().await.unwrap().agrees());
}
