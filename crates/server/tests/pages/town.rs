//! 城市 — the sample city with its portal open, browsers for its people, and what a page must never be.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::Timestamp;
use reqwest::{Client, Response, StatusCode, redirect::Policy};
use server::{
    city::{City, PARKING},
    commands::walk::Walk,
    entrance,
    home::Home,
    serving,
};
use workflow::Office;

pub const PASSWORD: &str = "看页面的口令-2025";

/// The sample city with its portal open.
pub struct Town {
    pub office: Office,
    pub city: City,
    pub address: String,
    clock: Arc<AtomicI64>,
    home: tempfile::TempDir,
}

impl Town {
    pub async fn found() -> Self {
        Self::founded(None, |_| {}).await
    }

    /// The same, reached by an address of its own: then there are passkeys.
    pub async fn found_at(origin: Option<&str>) -> Self {
        Self::founded(origin, |_| {}).await
    }

    /// The same city, in which the office was set otherwise before its portal opened.
    pub async fn found_with(set: impl FnOnce(&mut Office)) -> Self {
        Self::founded(None, set).await
    }

    async fn founded(origin: Option<&str>, set: impl FnOnce(&mut Office)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut office = Home::create(&folder.path().join("home"), None).unwrap().open().await.unwrap();
        let monday: Timestamp = "2025-09-01T09:00:00+08:00".parse().unwrap();
        let file = folder.path().join("parking.csv");
        std::fs::write(&file, PARKING).unwrap();
        let city = City::read().unwrap();
        Walk::new(&office, city.clone(), &file, false, monday).with_password(PASSWORD).go().await.unwrap();
        set(&mut office);
        let clock = Arc::new(AtomicI64::new(monday.as_second()));
        let entrance = entrance::Options { origin: origin.map(str::to_owned), ..entrance::Options::default() };
        let (office, entrance) = entrance.apply(office).unwrap();
        let doors = serving::doors_at(office.clone(), reading(&clock), entrance);
        let listener = serving::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, doors).await.unwrap() });
        Self { office, city, address, clock, home: folder }
    }

    /// Somebody who signed in by the form, as a browser does.
    pub async fn browser(&self, login: &str) -> Client {
        self.browser_with(login, PASSWORD).await
    }

    pub async fn browser_with(&self, login: &str, password: &str) -> Client {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
        if !login.is_empty() {
            let answer = self.post(&client, "/sign-in", &[("login", login), ("password", password)]).await;
            assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{login}");
        }
        client
    }

    pub async fn get(&self, client: &Client, path: &str) -> Response {
        client.get(format!("{}{path}", self.address)).send().await.unwrap()
    }

    pub async fn post(&self, client: &Client, path: &str, fields: &[(&str, &str)]) -> Response {
        let body: String = fields.iter().map(|(name, value)| format!("{name}={}&", encoded(value))).collect();
        let post = client.post(format!("{}{path}", self.address)).body(body);
        post.header("Content-Type", "application/x-www-form-urlencoded").send().await.unwrap()
    }

    /// Another program on the same database, as a second server would be.
    pub async fn second_office(&self) -> Office {
        Home::find(&self.home.path().join("home"), None).unwrap().open().await.unwrap()
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_second(self.clock.load(Ordering::SeqCst)).unwrap()
    }

    /// The clock on the wall of the city.
    pub fn clock(&self) -> portal::Clock {
        reading(&self.clock)
    }

    pub fn seconds_pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn minutes_pass(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60, Ordering::SeqCst);
    }

    pub async fn try_password(&self, login: &str, password: &str) -> Response {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        self.post(&client, "/sign-in", &[("login", login), ("password", password)]).await
    }

    /// The demand that waits for the agency's formal review.
    pub async fn waiting(&self) -> String {
        use regulation::operation::demand::State;
        let demands = self.office.store.list::<store::operation::demand::Demand>("", 10).await.unwrap();
        demands.into_iter().find(|demand| demand.state == State::FormalReview).unwrap().id
    }

    /// The demand that waits for the provider's review.
    pub async fn reviewing(&self) -> String {
        use regulation::operation::demand::State;
        let demands = self.office.store.list::<store::operation::demand::Demand>("", 10).await.unwrap();
        demands.into_iter().find(|demand| demand.state == State::ProviderReview).unwrap().id
    }

    pub async fn acts(&self) -> u64 {
        self.office.store.head(store::Log::Control).await.unwrap().sha256.size()
    }
}

fn reading(clock: &Arc<AtomicI64>) -> portal::Clock {
    let clock = Arc::clone(clock);
    Arc::new(move || Timestamp::from_second(clock.load(Ordering::SeqCst)).unwrap())
}

pub fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// What stands in an attribute, wherever it occurs.
pub fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    page.split(&format!(" {name}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// What is wrong with a page, in words.
pub fn flaws(page: &str) -> Vec<String> {
    let mut flaws = Vec::new();
    if !page.contains("<html lang=\"zh-CN\"") || page.contains("<title> - ") {
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
    let pointed = attributes(page, "aria-describedby").into_iter().chain(attributes(page, "aria-labelledby"));
    for pointed in pointed.flat_map(str::split_whitespace) {
        if !seen.contains(pointed) {
            flaws.push(format!("指向没有的 {pointed}"));
        }
    }
    let raw = ["{{", "{%", "None", "Some(", "_key\" value=\"\"", "style=", "onclick"];
    flaws.extend(raw.iter().filter(|text| page.contains(**text)).map(|text| format!("露出“{text}”")));
    // Our own scripts, by address; nothing written into the page.
    let own = |tag: &&str| !tag.starts_with(" src=\"/assets/") || !tag.contains("></script>");
    flaws.extend(
        page.split("<script")
            .skip(1)
            .filter(own)
            .map(|tag| format!("页面里的脚本：{}", tag.chars().take(60).collect::<String>())),
    );
    flaws
}
