//! 再次验证 — a dangerous act on an old proof waits for a new one, loses nothing, and leaves the old token dead.

use regulation::granting::agreement::State;
use reqwest::{Client, StatusCode};
use serde_json::json;
use store::granting::agreement::Agreement;

use crate::{
    sign_in::unescaped,
    town::{PASSWORD, Town, attributes, flaws},
};

async fn agreement(town: &Town) -> String {
    let all = town.office.store.list::<Agreement>("", 10).await.unwrap();
    all.into_iter().next().unwrap().id
}

async fn state(town: &Town) -> State {
    town.office.store.list::<Agreement>("", 10).await.unwrap()[0].state
}

/// The token in the answer's cookie.
fn token(answer: &reqwest::Response) -> String {
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dangerous_act_on_an_old_proof_asks_again_and_goes_on_with_what_was_typed() {
    let town = Town::found().await;
    let (client, id) = (town.browser("shiban").await, agreement(&town).await);
    let before = state(&town).await;
    let act = [("act", "agreement.suspend"), ("id", &*id), ("grounds", "逾期未整改“三次”"), ("_key", "k-1")];
    town.minutes_pass(14);
    assert_eq!(town.get(&client, "/tasks").await.status(), StatusCode::OK);
    town.minutes_pass(1);
    let harmless = [("act", "demand.pass"), ("id", "XQ-没有"), ("_key", "k-0")];
    assert_eq!(town.post(&client, "/acts", &harmless).await.status(), StatusCode::NOT_FOUND, "别的事不必");
    let answer = town.post(&client, "/acts", &act).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let page = answer.text().await.unwrap();
    assert!(page.contains("须在15分钟内验证过身份") && page.contains("验证后可以接着提交"), "{page}");
    assert_eq!(flaws(&page), Vec::<String>::new());
    assert_eq!(state(&town).await, before, "还没有办");
    let kept = unescaped(attributes(page.split("_resume").nth(1).unwrap(), "value")[0]);
    let answer = town.post(&client, "/prove", &[("password", "不对"), ("_resume", &kept)]).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let page = answer.text().await.unwrap();
    let again = unescaped(attributes(page.split("_resume").nth(1).unwrap(), "value")[0]);
    assert_eq!(again, kept, "口令不对，填写的也还在");
    let answer = town.post(&client, "/prove", &[("password", PASSWORD), ("_resume", &kept)]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = answer.text().await.unwrap();
    assert!(page.contains("<dd>逾期未整改“三次”</dd>"), "{page}");
    assert_eq!(flaws(&page), Vec::<String>::new());
    let confirmed = [act.as_slice(), &[("_confirm", &*id)]].concat();
    assert_eq!(town.post(&client, "/acts", &confirmed).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(state(&town).await, State::Suspended);
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn proving_gives_a_new_token_and_the_old_one_is_dead_but_the_end_stays() {
    let town = Town::found().await;
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let whoami = |token: String| client.get(format!("{}/api/v1/whoami", town.address)).header("Cookie", token).send();
    let claim = json!({ "login": "shiban", "password": PASSWORD });
    let answer = client.post(format!("{}/sign-in", town.address)).json(&claim).send().await.unwrap();
    let old = token(&answer);
    town.minutes_pass(20);
    let prove = |token: String, password: &str| {
        let post = client.post(format!("{}/prove", town.address)).json(&json!({ "password": password }));
        post.header("Cookie", token).send()
    };
    let act = json!({ "act": "agreement.suspend", "id": agreement(&town).await, "grounds": "试" });
    let asked = client.post(format!("{}/acts", town.address)).json(&act).header("Cookie", &old).send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(asked.headers()["www-authenticate"], "Bearer error=\"insufficient_user_authentication\", max_age=900");
    assert_eq!(prove(old.clone(), "不对").await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let answer = prove(old.clone(), PASSWORD).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let new = token(&answer);
    assert_ne!(old, new);
    assert_eq!(whoami(old.clone()).await.unwrap().status(), StatusCode::UNAUTHORIZED, "旧的令牌作废");
    assert_eq!(whoami(new.clone()).await.unwrap().status(), StatusCode::OK);
    let asked = client.post(format!("{}/acts", town.address)).json(&act).header("Cookie", &new).send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::OK);
    // It ends twelve hours after signing in, however often one proves.
    let mut token_now = new;
    for _ in 0..35 {
        town.minutes_pass(20);
        let answer = prove(token_now.clone(), PASSWORD).await.unwrap();
        if answer.status() != StatusCode::OK {
            break;
        }
        token_now = token(&answer);
    }
    assert_eq!(whoami(token_now).await.unwrap().status(), StatusCode::UNAUTHORIZED, "登录满十二小时");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_at_the_proof_is_guessing_at_the_password() {
    let town = Town::found().await;
    let client = town.browser("shiban").await;
    for _ in 0..5 {
        assert_eq!(town.post(&client, "/prove", &[("password", "猜")]).await.status(), StatusCode::UNAUTHORIZED);
    }
    let answer = town.post(&client, "/prove", &[("password", PASSWORD)]).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(town.try_password("shiban", PASSWORD).await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_that_a_browser_had_ends_when_somebody_signs_in_from_it() {
    let town = Town::found().await;
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let enter = |login: &str, cookie: String| {
        let post =
            client.post(format!("{}/sign-in", town.address)).json(&json!({ "login": login, "password": PASSWORD }));
        post.header("Cookie", cookie).send()
    };
    let whoami = |token: String| client.get(format!("{}/api/v1/whoami", town.address)).header("Cookie", token).send();
    let first = token(&enter("yunying", String::new()).await.unwrap());
    let second = token(&enter("shiban", first.clone()).await.unwrap());
    assert_eq!(whoami(first).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(whoami(second.clone()).await.unwrap().status(), StatusCode::OK);
    // A token that somebody planted before is not what one goes on under.
    let planted = "shuyun_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let third = token(&enter("shiban", planted.clone()).await.unwrap());
    assert!(third != planted && third != second);
    assert_eq!(whoami(planted).await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_https_the_cookie_is_bound_to_its_host_and_a_plain_one_counts_for_nothing() {
    let town = Town::found_at(Some("https://data.jinchuan.example")).await;
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let claim = json!({ "login": "shiban", "password": PASSWORD });
    let answer = client.post(format!("{}/sign-in", town.address)).json(&claim).send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-shuyun_session=") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax; "), "{cookie}");
    let whoami = |token: String| client.get(format!("{}/api/v1/whoami", town.address)).header("Cookie", token).send();
    let token = token(&answer);
    assert_eq!(whoami(token.clone()).await.unwrap().status(), StatusCode::OK);
    let plain = token.trim_start_matches("__Host-").to_owned();
    assert_eq!(whoami(plain).await.unwrap().status(), StatusCode::UNAUTHORIZED);
}
