//! 登录 — who guesses passwords waits; sessions rest, end and lose nothing; passwords are weighed.

use futures::future::join_all;
use reqwest::StatusCode;

use crate::town::{PASSWORD, Town, attributes, flaws};

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_make_an_account_wait_whether_it_exists_or_not() {
    let town = Town::found().await;
    for login in ["shiban", "没有这个人"] {
        let tries = join_all((0..40).map(|n| town.try_password(login, if n % 2 == 0 { "猜" } else { "" }))).await;
        let wrong = tries.iter().filter(|answer| answer.status() == StatusCode::UNAUTHORIZED).count();
        let slowed = tries.iter().filter(|answer| answer.status() == StatusCode::TOO_MANY_REQUESTS).count();
        assert_eq!((wrong, slowed), (5, 35), "{login}：四十次同时试，只有五次真的试到了口令");
        // Not even the right password helps before the minute is over.
        let answer = town.try_password(login, PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.headers()["retry-after"], "61");
        let page = answer.text().await.unwrap();
        assert!(page.contains("登录失败次数过多，请在1分钟后再试"), "{page}");
        assert_eq!(flaws(&page), Vec::<String>::new());
    }
    town.minutes_pass(1);
    assert_eq!(town.try_password("shiban", "又猜").await.status(), StatusCode::UNAUTHORIZED);
    town.minutes_pass(1);
    assert_eq!(town.try_password("shiban", PASSWORD).await.status(), StatusCode::TOO_MANY_REQUESTS, "第二次要等两分钟");
    town.minutes_pass(1);
    assert_eq!(town.try_password("shiban", PASSWORD).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(town.try_password("shiban", "手滑").await.status(), StatusCode::UNAUTHORIZED, "对过一次就清零");
    assert_eq!(town.try_password("shiban", PASSWORD).await.status(), StatusCode::SEE_OTHER);
    let report = town.office.store.replay().await.unwrap();
    assert!(report.agrees(), "{:?}", report.differences);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_after_half_an_hour_of_rest_and_after_twelve_hours_of_work() {
    let town = Town::found().await;
    let resting = town.browser("shiban").await;
    town.minutes_pass(29);
    assert_eq!(town.get(&resting, "/tasks").await.status(), StatusCode::OK);
    town.minutes_pass(30);
    assert_eq!(town.get(&resting, "/tasks").await.status(), StatusCode::SEE_OTHER, "空闲满三十分钟");
    town.minutes_pass(-30);
    assert_eq!(town.get(&resting, "/tasks").await.status(), StatusCode::SEE_OTHER, "钟拨回去也不复活");
    let working = town.browser("shiban").await;
    for _ in 0..35 {
        town.minutes_pass(20);
        assert_eq!(town.get(&working, "/tasks").await.status(), StatusCode::OK);
    }
    town.minutes_pass(20);
    assert_eq!(town.get(&working, "/tasks").await.status(), StatusCode::SEE_OTHER, "登录满十二小时");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_ends_their_own_session_elsewhere_and_nobody_elses() {
    let town = Town::found().await;
    let (here, there, other) =
        (town.browser("shiban").await, town.browser("shiban").await, town.browser("yunying").await);
    let page = town.get(&here, "/sessions").await.text().await.unwrap();
    assert_eq!(page.matches("name=\"id\"").count(), 2, "{page}");
    assert_eq!(page.matches("本次会话</span>").count(), 1, "{page}");
    let (current, elsewhere): (Vec<&str>, Vec<&str>) =
        page.split("<section").skip(1).partition(|part| part.contains("本次会话</span>"));
    let number = |parts: &[&str]| attributes(parts[0], "value")[0].to_owned();
    let (current, elsewhere) = (number(&current), number(&elsewhere));
    let answer = town.post(&other, "/sessions/end", &[("id", &current)]).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND, "别人的会话，连有没有都不说");
    let answer = town.post(&here, "/sessions/end", &[("id", &elsewhere)]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(town.get(&there, "/tasks").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(town.get(&here, "/tasks").await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_over_a_long_form_loses_nothing_of_it() {
    let town = Town::found().await;
    let (client, id) = (town.browser("shiban").await, town.waiting().await);
    town.minutes_pass(45);
    let form = [
        ("act", "demand.refuse"),
        ("id", &*id),
        ("_key", "k-9"),
        ("reason", "写了四十五分钟的“理由”&<br>"),
        ("legal_basis[]", "本办法第二十三条第一款"),
    ];
    let answer = town.post(&client, "/acts", &form).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let page = answer.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new());
    assert!(page.contains("登录后可以接着提交"), "{page}");
    let kept = unescaped(attributes(page.split("_resume").nth(1).unwrap(), "value")[0]);
    for (password, status) in [("不对", StatusCode::UNAUTHORIZED), (PASSWORD, StatusCode::OK)] {
        let claim = [("login", "shiban"), ("password", password), ("_resume", &*kept)];
        let answer = town.post(&client, "/sign-in", &claim).await;
        assert_eq!(answer.status(), status);
        let page = answer.text().await.unwrap();
        assert_eq!(flaws(&page), Vec::<String>::new());
        if status == StatusCode::OK {
            assert!(page.contains("<dd>写了四十五分钟的“理由”&#38;&#60;br&#62;</dd>"), "{page}");
        }
    }
    let form = [form.as_slice(), &[("_confirm", &*id)]].concat();
    assert_eq!(town.post(&client, "/acts", &form).await.status(), StatusCode::SEE_OTHER);
}

pub fn unescaped(text: &str) -> String {
    text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#38;", "&")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_is_weighed_and_ends_every_other_session() {
    let town = Town::found().await;
    let (here, there) = (town.browser("shiban").await, town.browser("shiban").await);
    let good = "停车场东门的第三棵银杏";
    let table = [
        (PASSWORD, "短", "短", 422, "口令至少10个字符"),
        (PASSWORD, "password2026", "password2026", 422, "过于常见"),
        (PASSWORD, "shiban的新口令是这个", "shiban的新口令是这个", 422, "不得包含账号"),
        (PASSWORD, good, "停车场", 400, "两次输入的新口令不一样"),
        (PASSWORD, PASSWORD, PASSWORD, 422, "与现在的口令相同"),
        ("不是现在的", good, good, 422, "账号或者口令不正确"),
        (PASSWORD, good, good, 200, "口令已更换"),
    ];
    for (old, new, again, status, sentence) in table {
        let answer = town.post(&here, "/password", &[("old", old), ("new", new), ("again", again)]).await;
        assert_eq!(answer.status().as_u16(), status, "{sentence}");
        let page = answer.text().await.unwrap();
        assert!(page.contains(sentence), "{page}");
        assert_eq!(flaws(&page), Vec::<String>::new(), "{sentence}");
    }
    assert_eq!(town.get(&here, "/tasks").await.status(), StatusCode::OK);
    assert_eq!(town.get(&there, "/tasks").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(town.try_password("shiban", PASSWORD).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(town.try_password("shiban", good).await.status(), StatusCode::SEE_OTHER);
    assert!(town.office.store.replay().await.unwrap().agrees());
}
