//! 页面 — every page that a link leads to, for everybody who may sign in, and what becomes of a form that fails.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use futures::future::join_all;
use jiff::Timestamp;
use reqwest::{Client, Response, StatusCode, redirect::Policy};
use server::{
    city::{City, PARKING},
    commands::walk::Walk,
    home::Home,
    serving,
};
use workflow::Office;

const PASSWORD: &str = "看页面的口令-2025";

/// The sample city with its portal open.
struct Town {
    office: Office,
    city: City,
    address: String,
    clock: Arc<AtomicI64>,
    _home: tempfile::TempDir,
}

impl Town {
    async fn found() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let office = Home::create(&folder.path().join("home"), None).unwrap().open().await.unwrap();
        let monday: Timestamp = "2025-09-01T09:00:00+08:00".parse().unwrap();
        let file = folder.path().join("parking.csv");
        std::fs::write(&file, PARKING).unwrap();
        let city = City::read().unwrap();
        Walk::new(&office, city.clone(), &file, false, monday).with_password(PASSWORD).go().await.unwrap();
        let clock = Arc::new(AtomicI64::new(monday.as_second()));
        let time = Arc::clone(&clock);
        let now = move || Timestamp::from_second(time.load(Ordering::SeqCst)).unwrap();
        let doors = serving::doors(office.clone(), Arc::new(now));
        let listener = serving::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, doors).await.unwrap() });
        Self { office, city, address, clock, _home: folder }
    }

    /// Somebody who signed in by the form, as a browser does.
    async fn browser(&self, login: &str) -> Client {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
        if !login.is_empty() {
            let answer = self.post(&client, "/sign-in", &[("login", login), ("password", PASSWORD)]).await;
            assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{login}");
        }
        client
    }

    async fn get(&self, client: &Client, path: &str) -> Response {
        client.get(format!("{}{path}", self.address)).send().await.unwrap()
    }

    async fn post(&self, client: &Client, path: &str, fields: &[(&str, &str)]) -> Response {
        let body: String = fields.iter().map(|(name, value)| format!("{name}={}&", encoded(value))).collect();
        let post = client.post(format!("{}{path}", self.address)).body(body);
        post.header("Content-Type", "application/x-www-form-urlencoded").send().await.unwrap()
    }

    fn minutes_pass(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60, Ordering::SeqCst);
    }

    async fn try_password(&self, login: &str, password: &str) -> Response {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        self.post(&client, "/sign-in", &[("login", login), ("password", password)]).await
    }

    /// The demand that waits for the agency's formal review.
    async fn waiting(&self) -> String {
        use regulation::operation::demand::State;
        let demands = self.office.store.list::<store::operation::demand::Demand>("", 10).await.unwrap();
        demands.into_iter().find(|demand| demand.state == State::FormalReview).unwrap().id
    }

    async fn acts(&self) -> u64 {
        self.office.store.head(store::Log::Control).await.unwrap().sha256.size()
    }
}

fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// What stands in an attribute, wherever it occurs.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    page.split(&format!(" {name}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// What is wrong with a page, in words.
fn flaws(page: &str) -> Vec<String> {
    let mut flaws = Vec::new();
    if !page.contains("<html lang=\"zh-CN\">") || page.contains("<title> - ") {
        flaws.push("没有语言或者标题".to_owned());
    }
    if page.matches("<h1").count() != 1 {
        flaws.push("不是恰好一个一级标题".to_owned());
    }
    let ids = attributes(page, "id");
    let mut seen = HashSet::new();
    flaws.extend(ids.iter().filter(|id| !seen.insert(**id)).map(|id| format!("编号 {id} 出现两次")));
    let labelled: HashSet<&str> = attributes(page, "for").into_iter().collect();
    for tag in ["<input ", "<select ", "<textarea "] {
        for field in page.split(tag).skip(1).map(|rest| rest.split('>').next().unwrap()) {
            let plain = !["hidden", "checkbox", "radio"].iter().any(|kind| field.contains(&format!("\"{kind}\"")));
            let field = format!(" {field}");
            let id = attributes(&field, "id").first().copied().unwrap_or("");
            if plain && !labelled.contains(id) {
                flaws.push(format!("没有名目的填写项：{field}"));
            }
        }
    }
    for pointed in attributes(page, "aria-describedby").into_iter().chain(attributes(page, "aria-labelledby")) {
        if !seen.contains(pointed) {
            flaws.push(format!("指向没有的 {pointed}"));
        }
    }
    let raw = ["{{", "{%", "None", "Some(", "_key\" value=\"\"", "style=", "<script", "onclick"];
    flaws.extend(raw.iter().filter(|text| page.contains(**text)).map(|text| format!("露出“{text}”")));
    flaws
}

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
            let text = answer.text().await.unwrap();
            if !kind.starts_with("text/html") {
                continue;
            }
            assert_eq!(flaws(&text), Vec::<String>::new(), "{login} 看 {path}");
            shown.insert(path.split(['?', '-']).next().unwrap().to_owned());
            for link in attributes(&text, "href") {
                let link = link.replace("&amp;", "&");
                let endless = link.starts_with("/calendar/")
                    && !["/calendar/2024", "/calendar/2026", "/calendar/2027"].contains(&&*link);
                if link.starts_with('/') && !endless && known.insert(link.clone()) {
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
        "/sessions",
        "/tasks",
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
    ];
    let lost: Vec<&&str> = kinds.iter().filter(|kind| !shown.contains(**kind)).collect();
    assert!(lost.is_empty(), "没有链接到达：{lost:?}；到达了：{shown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_fails_comes_back_with_what_was_typed_and_the_law() {
    let town = Town::found().await;
    let (client, id) = (town.browser("shiban").await, town.waiting().await);
    let fields = [("act", "demand.refuse"), ("id", &*id), ("reason", "点位坐标“过细”<b>"), ("_key", "k-1")];
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
    assert_eq!(town.post(&client, "/acts", &form).await.status(), StatusCode::SEE_OTHER);
}

fn unescaped(text: &str) -> String {
    text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#38;", "&")
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
