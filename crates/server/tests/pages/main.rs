//! 页面 — every page that a link leads to, for everybody who may sign in, and what becomes of a form that fails.

mod calendar;
mod calendar_at_scale;
mod competence;
mod design;
mod dispatches;
mod entries;
mod flood;
mod journeys;
mod notices;
mod papers;
mod party;
mod passkey;
mod proving;
mod public;
mod search;
mod selecting;
mod sign_in;
mod town;
mod workspace;

#[path = "../../benches/fill.rs"]
mod fill;

use std::collections::{BTreeSet, HashSet};

use reqwest::StatusCode;
use town::{Town, attributes, flaws};

#[tokio::test(flavor = "multi_thread")]
async fn every_link_leads_to_a_whole_page_for_everybody() {
    let town = Town::found().await;
    let mut people: Vec<String> = town.city.people.iter().map(|person| person.id.clone()).collect();
    people.push(String::new()); // and whoever has not signed in
    let mut shown = BTreeSet::new();
    for login in &people {
        let client = town.browser(login).await;
        let mut waiting = vec!["/".to_owned()];
        let mut known: HashSet<String> = waiting.iter().cloned().collect();
        while let Some(path) = waiting.pop() {
            let answer = town.get(&client, &path).await;
            assert_eq!(answer.status(), StatusCode::OK, "{login} 到不了 {path}");
            let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
            assert!(answer.headers().contains_key("content-security-policy"), "{path}");
            shown.insert(path.split(['?', '-']).next().unwrap().to_owned());
            if !kind.starts_with("text/html") {
                continue;
            }
            let text = answer.text().await.unwrap();
            assert_eq!(flaws(&text), Vec::<String>::new(), "{login} 看 {path}");
            for link in attributes(&text, "href") {
                let link = link.replace("&amp;", "&").split('#').next().unwrap().to_owned();
                let endless = link.strip_prefix("/calendar/").is_some_and(|year| year.parse::<i16>().is_ok())
                    && !["/calendar/2024", "/calendar/2026", "/calendar/2027"].contains(&&*link);
                // Conditions are tried one at a time; all their combinations would never end.
                let combined = link.contains('?') && path.contains('?') || link.matches('=').count() > 2;
                if link.starts_with('/') && !endless && !combined && known.insert(link.clone()) {
                    waiting.push(link);
                }
            }
        }
    }
    // Were a page to lose its last link, nobody would find it; so each kind is named here.
    let kinds = [
        "/",
        "/grants",
        "/law",
        "/law/23",
        "/products",
        "/products/CP",
        "/sign",
        "/calendar",
        "/calendar/2026",
        "/calendar/years",
        "/calendar/import",
        "/gallery",
        "/gallery/lists",
        "/accessibility",
        "/site",
        "/sessions",
        "/password",
        "/passkeys",
        "/tasks",
        "/tasks/city",
        "/files",
        "/activity",
        "/guide",
        "/guide/operator",
        "/guide/district_government",
        "/notices",
        "/notices/settings",
        "/supply",
        "/operation/demands/new",
        "/operation/demands/XQ",
        "/files/agreement/XY",
        "/files/product/CP",
        "/files/supply/GJ",
        "/files/use_agreement/LY",
        "/files/credential/PJ",
        "/files/entry/ML",
        "/files/plan/FA",
        "/files/selection/LX",
        "/files/candidate/CX",
        "/selections",
        "/selections/LX",
        "/organisations",
        "/organisations/data",
        "/people",
        "/capacities",
        "/catalogue",
        "/catalogue/ML",
        "/catalogue.csv",
        "/catalogue.xlsx",
        "/api/v1/catalogue",
        "/api/v1/catalogue/ML",
        "/grants/XY",
        "/grants.csv",
        "/grants.xlsx",
        "/products.csv",
        "/products.xlsx",
        "/competence",
        "/competence/new",
        "/competence/ZC",
        "/why",
        "/announcements",
        "/statistics",
        "/feedback",
        "/verify",
    ];
    let lost: Vec<&&str> = kinds.iter().filter(|kind| !shown.contains(**kind)).collect();
    assert!(lost.is_empty(), "没有链接到达：{lost:?}；到达了：{shown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_fails_comes_back_with_what_was_typed_and_the_law() {
    let town = Town::found().await;
    let (client, id) = (town.browser("shiban").await, town.waiting().await);
    let fields =
        [("act", "demand.refuse"), ("id", &*id), ("reason", "点位坐标“过细”<b>"), ("_key", "k-1"), ("_confirm", &*id)];
    let answer = town.post(&client, "/acts", &fields).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new());
    assert!(page.contains("点位坐标“过细”&#60;b&#62;</textarea>"), "{page}");
    assert!(page.contains("<a href=\"/law/23\">"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_is_one_act() {
    let town = Town::found().await;
    let (client, id) = (town.browser("shiban").await, town.waiting().await);
    let before = town.acts().await;
    let fields = [("act", "demand.pass"), ("id", &*id), ("_key", "k-2")];
    let (one, other) = tokio::join!(town.post(&client, "/acts", &fields), town.post(&client, "/acts", &fields));
    assert_eq!([one.status(), other.status()], [StatusCode::SEE_OTHER; 2]);
    assert_eq!(one.headers()["location"], other.headers()["location"]);
    assert_eq!(town.acts().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_is_a_page_for_people_and_a_problem_for_programs() {
    let town = Town::found().await;
    let (client, id) = (town.browser("shiban").await, town.waiting().await);
    let before = town.acts().await;
    let act = [("act", "demand.pass"), ("id", &*id)];
    let form = |act: &[(&str, &str)]| act.iter().map(|(name, value)| format!("{name}={value}&")).collect::<String>();
    let send = |path: &str, body: String, header: (&'static str, &'static str)| {
        let post = client.post(format!("{}{path}", town.address)).body(body);
        post.header("Content-Type", "application/x-www-form-urlencoded").header(header.0, header.1).send()
    };
    let big = format!("{}reason={}", form(&act), "x".repeat(2 << 20));
    let json = ("Accept", "application/json");
    let table = [
        (send("/acts", form(&act), ("Sec-Fetch-Site", "cross-site")).await, 401, "来自别的网站"),
        (send("/acts", form(&act), ("Origin", "https://evil.example")).await, 401, "来自别的网站"),
        (send("/acts", big.clone(), ("X", "y")).await, 413, "最多1兆字节"),
        (send("/acts", big, json).await, 413, "最多1兆字节"),
        (send("/acts", "act=demand.burn".into(), ("X", "y")).await, 400, "不合格式"),
        (send("/acts", "%FF%00&&&=".into(), ("X", "y")).await, 400, "act"),
        (send("/grants", String::new(), ("X", "y")).await, 405, "不接受这种请求方法"),
        (send("/nowhere", String::new(), ("X", "y")).await, 404, "没有找到页面"),
    ];
    for (place, (answer, status, sentence)) in table.into_iter().enumerate() {
        let answer = answer.unwrap();
        assert_eq!(answer.status().as_u16(), status, "第{place}行");
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        let text = answer.text().await.unwrap();
        assert!(text.contains(sentence), "第{place}行：{text}");
        if kind.starts_with("text/html") {
            assert_eq!(flaws(&text), Vec::<String>::new(), "第{place}行");
        } else {
            assert_eq!(kind, "application/problem+json", "第{place}行");
        }
    }
    assert_eq!(town.acts().await, before, "没有一件应当办成");
    let stranger = town.browser("").await;
    let answer = town.post(&stranger, "/acts", &act).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(answer.text().await.unwrap().contains("需要先登录"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_the_file_of_a_case_that_is_not_theirs() {
    let town = Town::found().await;
    let id = town.waiting().await;
    for (login, status) in [("huangong", 404), ("rongchuang", 404), ("guanli", 404), ("shenji", 200), ("yunzong", 200)]
    {
        let client = town.browser(login).await;
        let answer = town.get(&client, &format!("/operation/demands/{id}")).await;
        assert_eq!(answer.status().as_u16(), status, "{login}");
    }
}

/// The value of a hidden field of the form whose button performs `act`.
fn hidden(page: &str, act: &str, name: &str) -> String {
    let form = page.split("<form").find(|form| form.contains(&format!("value=\"{act}\""))).unwrap();
    let field = form.split("<input").find(|field| field.contains(&format!("name=\"{name}\""))).unwrap();
    attributes(field, "value")[0].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_others_have_overtaken_decides_nothing_until_it_is_read_again() {
    let town = Town::found().await;
    let id = town.waiting().await;
    let path = format!("/operation/demands/{id}");
    let (one, other) = (town.browser("shiban").await, town.browser("fuze").await);
    let (mine, theirs) =
        (town.get(&one, &path).await.text().await.unwrap(), town.get(&other, &path).await.text().await.unwrap());
    let seen = |page: &str, act: &str| (hidden(page, act, "_seen"), hidden(page, act, "_key"));
    let (position, key) = seen(&theirs, "demand.pass");
    let pass = [("act", "demand.pass"), ("id", &*id), ("_key", &*key), ("_seen", &*position)];
    assert_eq!(town.post(&other, "/acts", &pass).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(town.post(&other, "/acts", &pass).await.status(), StatusCode::SEE_OTHER, "重复的同一次点击不算过时");
    let (position, key) = seen(&mine, "demand.refuse");
    let refuse = [
        ("act", "demand.refuse"),
        ("id", &*id),
        ("_key", &*key),
        ("_seen", &*position),
        ("reason", "写了很久的理由"),
        ("legal_basis[]", "本办法第二十三条第一款"),
        ("_confirm", &*id),
    ];
    let answer = town.post(&one, "/acts", &refuse).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let page = answer.text().await.unwrap();
    assert!(page.contains("您打开这一页之后，本件又有1次办理，现在的状态是“提供单位审核”"), "{page}");
    let program = one.post(format!("{}/acts", town.address)).header("If-Match", "\"1\"");
    let answer = program.json(&serde_json::json!({ "act": "demand.pass", "id": id })).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CONFLICT, "程序用 If-Match 说自己看到了哪里");
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_year_is_drawn_as_terms_are_counted_and_a_term_is_counted_aloud() {
    let town = Town::found().await;
    let client = town.browser("").await;
    let table = [
        ("/calendar/2025?from=2025-09-30&days=5", "2025年9月30日收到，5个工作日的期限于2025年10月14日届满"),
        ("/calendar/2025?from=2025-09-30&days=5", "全年 248 个工作日"),
        ("/calendar/2025?from=2025-09-30&days=5", "2025年10月1日（国庆节、中秋节放假）"),
        ("/calendar/2025?from=2025-12-29&days=10", "2025年12月29日收到，10个工作日的期限于2026年1月13日届满"),
        ("/calendar/2027", "还没有公布放假安排"),
        ("/calendar?from=%3Cb%3E&days=5", "“&#60;b&#62;”不是2020年至2099年间的日期"),
        ("/calendar?from=2025-09-30&days=-1", "“-1”不是1至1000之间的工作日数"),
        ("/calendar?from=2025-09-30&days=99999999999", "“99999999999”不是1至1000之间的工作日数"),
    ];
    for (path, sentence) in table {
        let answer = town.get(&client, path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let page = answer.text().await.unwrap();
        assert!(page.contains(sentence), "{path}：{page}");
        assert_eq!(flaws(&page), Vec::<String>::new(), "{path}");
    }
    assert_eq!(town.get(&client, "/calendar/1900").await.status(), StatusCode::NOT_FOUND);
    let year: serde_json::Value = town.get(&client, "/api/v1/calendar/2026").await.json().await.unwrap();
    assert_eq!(year["worked"][0], "2026-01-04");
    assert_eq!(year["provisional"], false);
}
