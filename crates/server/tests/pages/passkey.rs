//! 通行密钥 — with a key kept in software: alone, after the password, copied, lost, and in the wrong hands.

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use server::home::Home;
use store::party::passkey::Passkey;
use webauthn_authenticator_rs::{WebauthnAuthenticator as _, softpasskey::SoftPasskey};
use workflow::party::passkey;

use crate::town::{PASSWORD, Town, attributes, flaws};

const ORIGIN: &str = "http://localhost:8080";

/// 设备 — a key kept in software, and what it remembers of its keys.
struct Device {
    soft: SoftPasskey,
    keys: Vec<Value>,
}

impl Device {
    fn new() -> Self {
        Self { soft: SoftPasskey::new(true), keys: Vec::new() }
    }

    fn create(&mut self, options: &Value) -> String {
        let asked = serde_json::from_value(json!({ "publicKey": options })).unwrap();
        let made = self.soft.do_registration(ORIGIN.parse().unwrap(), asked).unwrap();
        let made = serde_json::to_value(made).unwrap();
        self.keys.push(json!({ "type": "public-key", "id": made["rawId"] }));
        made.to_string()
    }

    /// Answers with a key of its own where any is asked for, as a device does that keeps them itself.
    fn get(&mut self, mut options: Value) -> String {
        if options["allowCredentials"].as_array().unwrap().is_empty() {
            options["allowCredentials"] = json!(self.keys);
        }
        let asked = serde_json::from_value(json!({ "publicKey": options })).unwrap();
        serde_json::to_string(&self.soft.do_authentication(ORIGIN.parse().unwrap(), asked).unwrap()).unwrap()
    }
}

async fn asked(town: &Town, client: &Client, path: &str, step: &str) -> Value {
    let answer = town.post(client, path, &[("step", step)]).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.json().await.unwrap()
}

/// Registers a key for somebody signed in.
async fn register(town: &Town, client: &Client, device: &mut Device, name: &str) -> Response {
    let made = device.create(&asked(town, client, "/passkeys/options", "").await);
    town.post(client, "/passkeys", &[("credential", &made), ("name", name)]).await
}

/// Signs in by a key alone.
async fn alone(town: &Town, client: &Client, device: &mut Device) -> Response {
    let shown = device.get(asked(town, client, "/sign-in/passkey/options", "").await);
    town.post(client, "/sign-in/passkey", &[("credential", &shown)]).await
}

/// Types the right password, which leads to the second step.
async fn typed(town: &Town, login: &str) -> Client {
    let client = town.browser("").await;
    let answer = town.post(&client, "/sign-in", &[("login", login), ("password", PASSWORD)]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = answer.text().await.unwrap();
    assert!(page.contains("还须出示通行密钥"), "{page}");
    assert_eq!(flaws(&page), Vec::<String>::new());
    client
}

async fn sentence(answer: Response, status: u16, sentence: &str) {
    assert_eq!(answer.status().as_u16(), status, "{sentence}");
    let page = answer.text().await.unwrap();
    assert!(page.contains(sentence), "没有“{sentence}”：{page}");
    assert_eq!(flaws(&page), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_opens_the_door_alone_and_the_password_no_longer_does() {
    let town = Town::found_at(Some(ORIGIN)).await;
    let (client, mut device) = (town.browser("shiban").await, Device::new());
    assert_eq!(register(&town, &client, &mut device, "办公室电脑").await.status(), StatusCode::SEE_OTHER);
    let page = town.get(&client, "/passkeys").await.text().await.unwrap();
    assert!(page.contains("移除“办公室电脑”") && page.contains("还没有用过"), "{page}");
    assert_eq!(flaws(&page), Vec::<String>::new());
    // After the password.
    let second = typed(&town, "shiban").await;
    assert_eq!(town.get(&second, "/tasks").await.status(), StatusCode::SEE_OTHER, "口令之后还没有登录");
    let shown = device.get(asked(&town, &second, "/sign-in/passkey/options", "second").await);
    let answer = town.post(&second, "/sign-in/passkey", &[("credential", &shown)]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(town.get(&second, "/tasks").await.status(), StatusCode::OK);
    // Alone.
    let fresh = town.browser("").await;
    assert_eq!(alone(&town, &fresh, &mut device).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(town.get(&fresh, "/tasks").await.status(), StatusCode::OK);
    // Programs are told.
    let claim = json!({ "login": "shiban", "password": PASSWORD });
    let answer = Client::new().post(format!("{}/sign-in", town.address)).json(&claim).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(answer.text().await.unwrap().contains("只凭口令不能登录"));
    // Renamed and removed, the password is enough again.
    let id = &passkey::of(&town.office, "shiban").await.unwrap()[0].id;
    let answer = town.post(&client, "/passkeys/rename", &[("id", id), ("name", " 值班室 ")]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let nobodys = town.post(&town.browser("yunying").await, "/passkeys/remove", &[("id", id)]).await;
    assert_eq!(nobodys.status(), StatusCode::NOT_FOUND, "别人的通行密钥，连有没有都不说");
    assert_eq!(passkey::of(&town.office, "shiban").await.unwrap()[0].name, "值班室");
    assert_eq!(town.post(&client, "/passkeys/remove", &[("id", id)]).await.status(), StatusCode::SEE_OTHER);
    // What was begun with it ends; where it was removed from, work goes on.
    assert_eq!(town.get(&fresh, "/tasks").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(town.get(&second, "/tasks").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(town.get(&client, "/tasks").await.status(), StatusCode::OK);
    assert_eq!(town.try_password("shiban", PASSWORD).await.status(), StatusCode::SEE_OTHER);
    sentence(alone(&town, &town.browser("").await, &mut device).await, 401, "通行密钥没有通过验证").await;
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_counts_once_in_its_own_browser_and_for_its_own_person() {
    let town = Town::found_at(Some(ORIGIN)).await;
    let (mut hers, mut theirs) = (Device::new(), Device::new());
    register(&town, &town.browser("shiban").await, &mut hers, "她的").await;
    register(&town, &town.browser("yunying").await, &mut theirs, "他们的").await;
    // Twice, and in another browser.
    let client = town.browser("").await;
    let shown = hers.get(asked(&town, &client, "/sign-in/passkey/options", "").await);
    let elsewhere = town.browser("").await;
    sentence(town.post(&elsewhere, "/sign-in/passkey", &[("credential", &shown)]).await, 409, "这一次验证已经用过")
        .await;
    let answer = town.post(&client, "/sign-in/passkey", &[("credential", &shown)]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    sentence(town.post(&client, "/sign-in/passkey", &[("credential", &shown)]).await, 409, "这一次验证已经用过").await;
    // Too late.
    let shown = hers.get(asked(&town, &client, "/sign-in/passkey/options", "").await);
    town.minutes_pass(5);
    sentence(town.post(&client, "/sign-in/passkey", &[("credential", &shown)]).await, 409, "超过了5分钟").await;
    // Unreadable.
    asked(&town, &client, "/sign-in/passkey/options", "").await;
    sentence(town.post(&client, "/sign-in/passkey", &[("credential", "{}")]).await, 422, "读不懂").await;
    // Somebody else's key after her password; five times, and then the key waits, but only there.
    for time in 1..=6 {
        let client = typed(&town, "shiban").await;
        let mut options = asked(&town, &client, "/sign-in/passkey/options", "second").await;
        options["allowCredentials"] = json!(theirs.keys);
        let shown = theirs.get(options);
        let answer = town.post(&client, "/sign-in/passkey", &[("credential", &shown)]).await;
        let (status, told) =
            if time > 5 { (429, "登录失败次数过多") } else { (401, "通行密钥没有通过验证") };
        sentence(answer, status, told).await;
        assert_eq!(town.get(&client, "/tasks").await.status(), StatusCode::SEE_OTHER);
    }
    assert_eq!(alone(&town, &town.browser("").await, &mut theirs).await.status(), StatusCode::SEE_OTHER);
    town.minutes_pass(1);
    assert_eq!(alone(&town, &town.browser("").await, &mut hers).await.status(), StatusCode::SEE_OTHER);
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_passkey_gives_itself_away_and_is_stopped() {
    let town = Town::found_at(Some(ORIGIN)).await;
    let (mut device, client) = (Device::new(), town.browser("shiban").await);
    register(&town, &client, &mut device, "办公室电脑").await;
    // Two questions; the later answer arrives first, so that the earlier one counts backwards, as a copy's does.
    let (here, there) = (town.browser("").await, town.browser("").await);
    let copied = device.get(asked(&town, &here, "/sign-in/passkey/options", "").await);
    let own = device.get(asked(&town, &there, "/sign-in/passkey/options", "").await);
    let answer = town.post(&there, "/sign-in/passkey", &[("credential", &own)]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let told = "计数倒退，可能已被复制，已停用";
    sentence(town.post(&here, "/sign-in/passkey", &[("credential", &copied)]).await, 401, told).await;
    // From now on not even the right one.
    sentence(alone(&town, &town.browser("").await, &mut device).await, 401, told).await;
    // And the password does not become enough.
    typed(&town, "shiban").await;
    assert!(town.get(&client, "/passkeys").await.text().await.unwrap().contains("疑似被复制，已停用"));
    let events = town.office.store.history(&format!("passkey/{}", stopped(&town).await.id)).await.unwrap();
    assert!(events.iter().any(|event| event.act == "passkey.suspect"));
    // Whoever lost all of theirs is helped by the security administrator, and by nobody else.
    for (login, status) in [("guanli", 403), ("anquan", 303)] {
        let keeper = town.browser(login).await;
        let act = [
            ("act", "person.revoke_passkeys"),
            ("id", "shiban"),
            ("reason", "设备丢失，已当面核实"),
            ("_confirm", "shiban"),
            ("_key", "k"),
        ];
        let answer = town.post(&keeper, "/acts", &act).await;
        assert_eq!(answer.status().as_u16(), status, "{login}：{}", answer.text().await.unwrap());
    }
    assert_eq!(town.get(&client, "/tasks").await.status(), StatusCode::SEE_OTHER, "开着的会话也结束");
    assert_eq!(town.try_password("shiban", PASSWORD).await.status(), StatusCode::SEE_OTHER);
    assert!(town.office.store.replay().await.unwrap().agrees());
}

async fn stopped(town: &Town) -> Passkey {
    let all = passkey::of(&town.office, "shiban").await.unwrap();
    all.into_iter().find(|passkey| passkey.suspect).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_takes_a_name_room_and_an_address_and_no_key_twice() {
    let town = Town::found_at(Some(ORIGIN)).await;
    let (mut device, client) = (Device::new(), town.browser("shiban").await);
    let made = device.create(&asked(&town, &client, "/passkeys/options", "").await);
    sentence(town.post(&client, "/passkeys", &[("credential", &made), ("name", " ")]).await, 422, "名称须有1至40个字")
        .await;
    let answer = town.post(&client, "/passkeys", &[("credential", &made), ("name", "一")]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "名称不对的，验证还在");
    sentence(town.post(&client, "/passkeys", &[("credential", &made), ("name", "一")]).await, 409, "已经用过").await;
    let another = device.create(&asked(&town, &client, "/passkeys/options", "").await);
    let theirs = town.browser("yunying").await;
    asked(&town, &theirs, "/passkeys/options", "").await;
    sentence(town.post(&theirs, "/passkeys", &[("credential", &another), ("name", "偷来")]).await, 422, "没有登记成")
        .await;
    for n in 2..=passkey::MOST {
        assert_eq!(register(&town, &client, &mut device, &n.to_string()).await.status(), StatusCode::SEE_OTHER);
    }
    let answer = town.post(&client, "/passkeys/options", &[]).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    assert!(answer.text().await.unwrap().contains("每人至多10个"));
    // Where the platform has no address of its own, pages say so.
    let folder = tempfile::tempdir().unwrap();
    let office = Home::create(&folder.path().join("home"), None).unwrap().open().await.unwrap();
    assert!(!office.has_site() && office.at(&"https://127.0.0.1".parse().unwrap()).is_err());
    let town = Town::found().await;
    let page = town.get(&town.browser("shiban").await, "/passkeys").await.text().await.unwrap();
    assert!(page.contains("没有配置对外的地址，暂不能登记"), "{page}");
    let page = town.get(&town.browser("").await, "/sign-in").await.text().await.unwrap();
    assert!(page.contains("没有配置对外的地址和单点登录，只能用口令登录"), "{page}");
    assert!(attributes(&page, "data-passkey").is_empty());
    let answer = town.post(&town.browser("").await, "/sign-in/passkey/options", &[]).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
}
