//! 故事 — Chinese tables, walked through HTTP on SQLite and PostgreSQL; afterwards all events are replayed.

mod changes;
mod entries;
mod granting;
mod selecting;
mod wandering;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::{Timestamp, ToSpan, tz::Offset};
use reqwest::Client;
use serde_json::{Value, json};
use server::{
    city::{City, PARKING},
    commands::walk::Walk,
    home::Home,
    serving,
};
use store::granting::agreement::Agreement;
use workflow::Office;

/// Monday 2025-09-01, nine in the morning.
const MONDAY: &str = "2025-09-01T09:00:00+08:00";
const PASSWORD: &str = "故事里的口令-2025";

/// What a browser sends for a form with a file.
fn upload(fields: &[(&str, String)], file: &str) -> String {
    let field = |(name, value): &(&str, String)| {
        format!("--gushi\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = format!(
        "--gushi\r\nContent-Disposition: form-data; name=\"file\"; filename=\"parking.csv\"\r\n\r\n{file}\r\n--gushi--\r\n"
    );
    fields.iter().map(field).chain([file]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn stories_come_true_on_sqlite() {
    for story in stories() {
        Town::found(None).await.live(&story).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "the server's address comes from whoever runs the test")]
async fn stories_come_true_on_postgresql() {
    let Ok(server) = std::env::var("SHUYUN_TEST_POSTGRES") else {
        eprintln!("跳过：未设置 SHUYUN_TEST_POSTGRES，没有在 PostgreSQL 上走故事");
        return;
    };
    for story in stories() {
        let database = format!("story_{}", hex::encode(server::home::random::<8>()));
        let (base, _) = server.rsplit_once('/').unwrap();
        make_database(&server, &database);
        Town::found(Some(format!("{base}/{database}"))).await.live(&story).await;
    }
}

fn make_database(server: &str, name: &str) {
    let made =
        std::process::Command::new("psql").args([server, "-c", &format!("CREATE DATABASE {name}")]).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn stories() -> Vec<PathBuf> {
    let within = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).unwrap().map(|found| found.unwrap().path()).collect()
    };
    let chapters = within(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stories"));
    let mut files: Vec<PathBuf> =
        chapters.iter().filter(|chapter| chapter.is_dir()).flat_map(|chapter| within(chapter)).collect();
    files.sort();
    assert!(files.len() >= 7);
    files
}

/// 提请的放假安排 — its number, and the digests of its contents, the latest last.
#[derive(Default)]
struct Arranged {
    id: String,
    digests: Vec<String>,
}

/// The sample city with its portal open, and what the story has at hand.
struct Town {
    office: Office,
    city: City,
    clock: Arc<AtomicI64>,
    address: String,
    clients: HashMap<String, Client>,
    agreement: Agreement,
    demand: String,
    entry: String,
    product: String,
    licence: String,
    credential: (String, String),
    batch: String,
    batches: u32,
    calendar: Arranged,
    /// 提请的规则：编号，各稿的摘要
    rules: (String, Vec<String>),
    feedback: (String, String),
    application: String,
    plan: String,
    /// 已取得同意的那一件申请
    taken: String,
    selecting: selecting::Selecting,
    _home: tempfile::TempDir,
}

impl Town {
    async fn found(database: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::create(&folder.path().join("home"), database.as_deref()).unwrap();
        let office = home.open().await.unwrap();
        let monday: Timestamp = MONDAY.parse().unwrap();
        let file = folder.path().join("parking.csv");
        std::fs::write(&file, PARKING).unwrap();
        let city = City::read().unwrap();
        Walk::new(&office, city.clone(), &file, false, monday).with_password(PASSWORD).go().await.unwrap();
        let agreement = office.store.list::<Agreement>("", 1).await.unwrap().remove(0);
        let clock = Arc::new(AtomicI64::new(monday.as_millisecond()));
        let time = Arc::clone(&clock);
        let doors = serving::doors(
            office.clone(),
            Arc::new(move || Timestamp::from_millisecond(time.load(Ordering::SeqCst)).unwrap()),
        );
        let listener = serving::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, doors).await.unwrap() });
        Self {
            office,
            city,
            clock,
            address,
            agreement,
            clients: HashMap::new(),
            demand: "没有".into(),
            entry: String::new(),
            product: String::new(),
            licence: String::new(),
            credential: Default::default(),
            batch: "没有".into(),
            batches: 0,
            calendar: Arranged::default(),
            rules: Default::default(),
            feedback: Default::default(),
            application: "没有".into(),
            plan: "没有".into(),
            taken: String::new(),
            selecting: selecting::Selecting::default(),
            _home: folder,
        }
    }

    async fn live(mut self, story: &Path) {
        let text = std::fs::read_to_string(story).unwrap();
        let name = story.file_name().unwrap().to_string_lossy().into_owned();
        let mut wrong = Vec::new();
        for (place, line) in text.lines().filter(|line| line.starts_with('|')).enumerate().skip(2) {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [who, act, expected] = cells[..] else { panic!("{name} 第{place}行应有三格：{line}") };
            let told = self.perform(who, act).await;
            if told != expected {
                wrong.push(format!("第{}行 {who}{act}\n  实际：{told}\n  应为：{expected}", place + 1));
            }
        }
        // All of it at once, as a person who corrects a story wants it.
        assert!(wrong.is_empty(), "{name}（{}）：\n{}", self.office.store.engine_name(), wrong.join("\n"));
        let report = self.office.store.replay().await.unwrap();
        assert!(report.agrees(), "{name}：{:?}", report.differences);
    }

    async fn perform(&mut self, who: &str, act: &str) -> String {
        if let Some(days) = act.strip_prefix('过').and_then(|act| act.strip_suffix("个工作日")) {
            return self.wait(days.parse().unwrap()).await;
        }
        let (act, key) = match act.split_once('（') {
            Some((act, key)) => (act, Some(key.trim_end_matches('）').to_owned())),
            None => (act, None),
        };
        let (act, more) = act.split_once('：').unwrap_or((act, ""));
        match act {
            "挂载" => return self.hang(who, more).await,
            "取数" => return self.fetch().await,
            "查看" => return self.look(who).await,
            "写来" | "再写一遍" => return self.write(more).await,
            "凭查询码查询" => return self.query().await,
            "看差异" => return self.differences(who).await,
            "看目录" => return self.public_entry().await,
            "看期限" => return self.look_at_the_term(who).await,
            "录入" | "修改安排" | "复核同意" => return self.arrange(who, act, more).await,
            "编制论证" | "改论证" | "报请审签" | "审签同意" | "不予同意" | "退回论证" | "撤回论证" =>
            {
                return self.apply(who, act, more).await;
            }
            "编制方案" | "改方案" | "征求意见" | "同意方案" | "提出不同意见" | "报请审议" | "审议通过" | "退回方案"
            | "方案备案" => return self.planned(who, act, more).await,
            "提请规则" | "改稿" | "同意规则" => return self.rule(who, act, more).await,
            _ => {}
        }
        if let Some(told) = self.selecting(who, act, more).await {
            return told;
        }
        let request = self.on_entry(act, more).unwrap_or_else(|| self.request(act, more));
        let client = self.client(who).await;
        let mut post = client.post(format!("{}/acts", self.address)).json(&request);
        if let Some(key) = key {
            let key = if key == "编号一" { "key-1" } else { "key-2" };
            post = post.header("Idempotency-Key", key);
        }
        let answer = post.send().await.unwrap();
        let (done, body): (bool, Value) = (answer.status().is_success(), answer.json().await.unwrap());
        if done { self.remember(&body) } else { self.refused(&body) }
    }

    fn remember(&mut self, done: &Value) -> String {
        let text = |name: &str| done[name].as_str().unwrap_or_default().to_owned();
        match text("subject").as_str() {
            "demand" => self.demand = text("id"),
            "entry" => self.entry = text("id"),
            "product" => self.product = text("id"),
            "use_agreement" => self.licence = text("id"),
            "credential" if !text("secret").is_empty() => self.credential = (text("id"), text("secret")),
            _ => {}
        }
        let again = if done["repeated"] == json!(true) { "，重复的请求" } else { "" };
        format!("{}{again}", text("state"))
    }

    /// A refusal as the story writes it; numbers that are new in every run are written 〇.
    fn refused(&self, problem: &Value) -> String {
        let (detail, basis) = (problem["detail"].as_str().unwrap(), problem["legal_basis"].as_str().unwrap());
        let entry = self.agreement.scope.0.keys().next().cloned().unwrap_or_default();
        let mut detail = detail.to_owned();
        for number in [&entry, &self.entry, &self.licence, &self.batch, &self.demand]
            .into_iter()
            .filter(|number| !number.is_empty() && **number != "没有")
        {
            detail = detail.replace(number.as_str(), "〇");
        }
        if basis.is_empty() { detail } else { format!("{detail}（{basis}）") }
    }

    fn request(&self, act: &str, more: &str) -> Value {
        let entry = self.agreement.scope.0.keys().next().unwrap();
        let fields: Vec<&String> = self.agreement.scope.0[entry].iter().collect();
        let id = &self.demand;
        let demand = |scenario: &str| json!({ "act": "demand.submit", "agreement": self.agreement.id, "entry": entry, "fields": fields, "purpose": "industry", "scenario": scenario, "necessity": "按小时判断供需" });
        let take = |field: &String| json!({ "column": field, "mask": if field == "登记手机号" { json!({ "keep_ends": { "left": 3, "right": 2 } }) } else { Value::Null } });
        let (reason, law) = more.split_once('/').unwrap_or_default();
        let product = |act: &str| json!({ "act": act, "id": self.product });
        let suspension = |act: &str| json!({ "act": act, "id": self.agreement.id, "grounds": "整改：日志留存不足" });
        match act {
            "提交" => demand("停车诱导"),
            "换内容提交" => demand("夜间停车"),
            // 再申请
            "据此修改后再提出" => {
                let mut again = demand("停车诱导，去掉不必要的信息项");
                again["fields"] = json!(fields.iter().filter(|field| ***field != "登记手机号").collect::<Vec<_>>());
                again["follows"] = json!(self.demand);
                again
            }
            "通过" => json!({ "act": "demand.pass", "id": id }),
            "不予通过" => json!({ "act": "demand.refuse", "id": id, "reason": reason, "legal_basis": [law] }),
            "供给" => json!({ "act": "demand.supply", "id": id, "batch": self.batch }),
            "加工" => {
                json!({ "act": "product.build", "demand": id, "name": "泊位查询", "summary": "按小时", "recipe": { "columns": fields.iter().map(|field| take(field)).collect::<Vec<_>>() } })
            }
            "报价" => {
                json!({ "act": "product.propose_price", "id": self.product, "price": { "fen_per_thousand_rows": 200, "basis": "准许成本加合理收益" } })
            }
            "核定价格" => product("product.approve_price"),
            "上架" => product("product.publish"),
            "提出协议" => {
                json!({ "act": "use_agreement.offer", "product": self.product, "entity": "rongchuang", "clauses": self.city.use_agreement, "period": { "from": "2025-09-01", "until": "2026-08-31" } })
            }
            "签订协议" => json!({ "act": "use_agreement.sign", "id": self.licence }),
            "领取凭据" => json!({ "act": "credential.take", "use_agreement": self.licence }),
            "吊销凭据" => json!({ "act": "credential.revoke", "id": self.credential.0 }),
            "受理来件" => json!({ "act": "feedback.accept", "id": self.feedback.0 }),
            "不予受理" => json!({ "act": "feedback.decline", "id": self.feedback.0, "reason": more }),
            "答复来件" => json!({ "act": "feedback.answer", "id": self.feedback.0, "answer": more }),
            "公开答复" => {
                json!({ "act": "feedback.publish", "id": self.feedback.0, "question": reason, "published": law })
            }
            "暂停提供数据" => suspension("agreement.suspend"),
            "恢复提供数据" => suspension("agreement.resume"),
            unknown => panic!("故事里的行为“{unknown}”没有人认识"),
        }
    }

    /// 社会公众写来一件 — 类别/内容, about the agreement where the kind needs something to be about.
    async fn write(&mut self, more: &str) -> String {
        let (kind, text) = more.split_once('/').unwrap_or(("意见建议", more));
        let kind = regulation::supervision::feedback::Kind::named(kind).unwrap();
        let about = if kind.is_about_something() { self.agreement.id.as_str() } else { "" };
        let written = json!({ "kind": kind.code(), "about": about, "title": "停车数据", "text": text, "open": !text.contains("不公开") });
        let answer =
            Client::new().post(format!("{}/api/v1/feedback", self.address)).json(&written).send().await.unwrap();
        let (done, body): (bool, Value) = (answer.status().is_success(), answer.json().await.unwrap());
        if !done {
            return self.refused(&body).replace(&self.agreement.id, "〇");
        }
        if body["repeated"] == json!(true) {
            assert!(body["code"].is_null() && body["id"] == self.feedback.0, "{body}");
            return "同一编号，不再给查询码".into();
        }
        self.feedback = (body["id"].as_str().unwrap().to_owned(), body["code"].as_str().unwrap().to_owned());
        body["state"].as_str().unwrap().to_owned()
    }

    async fn query(&self) -> String {
        let ask = json!({ "id": self.feedback.0, "code": self.feedback.1 });
        let url = format!("{}/api/v1/feedback/query", self.address);
        let body: Value = Client::new().post(url).json(&ask).send().await.unwrap().json().await.unwrap();
        let answer = body["answer"].as_str().unwrap();
        format!("{}{}{answer}", body["state"].as_str().unwrap(), if answer.is_empty() { "" } else { "：" })
    }

    async fn hang(&mut self, who: &str, how: &str) -> String {
        self.batches += 1;
        self.batch = format!("PC-STORY-{}", self.batches);
        let text = if how == "缺列" { "停车场编号\nJC-1\n" } else { PARKING };
        let mut fields = vec![("number", self.batch.clone())];
        if how == "行数不符" {
            // The number of bytes is right, so that the rows are what is told.
            fields.extend([("rows", "499".into()), ("bytes", text.len().to_string()), ("sha256", "0".repeat(64))]);
        }
        let client = self.client(who).await;
        let form = client.post(format!("{}/supply", self.address)).header("Accept", "application/json");
        let answer = form.header("Content-Type", "multipart/form-data; boundary=gushi").body(upload(&fields, text));
        let answer = answer.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
        let batch: Value = answer.json().await.unwrap();
        format!("{}行", batch["manifest"]["rows"])
    }

    async fn fetch(&self) -> String {
        let url = format!("{}/api/v1/products/{}/rows?limit=10&filter=总泊位,ge,1", self.address, self.product);
        let answer = Client::new().get(url).bearer_auth(&self.credential.1).send().await.unwrap();
        let (done, body): (bool, Value) = (answer.status().is_success(), answer.json().await.unwrap());
        if !done {
            return self.refused(&body);
        }
        let phone = body["rows"][0]["登记手机号"].as_str().unwrap();
        assert!(phone.contains('*'), "没有脱敏：{phone}");
        format!("{}行", body["rows"].as_array().unwrap().len())
    }

    async fn look(&mut self, who: &str) -> String {
        let url = format!("{}/api/v1/files/demand/{}", self.address, self.demand);
        let body: Value = self.client(who).await.get(url).send().await.unwrap().json().await.unwrap();
        let state = body["state"].as_str().unwrap_or_else(|| panic!("{body}"));
        format!("{state}，剩余{}个工作日", body["remaining_working_days"])
    }

    async fn look_at_the_term(&mut self, who: &str) -> String {
        let url = format!("{}/api/v1/files/demand/{}", self.address, self.demand);
        let body: Value = self.client(who).await.get(url).send().await.unwrap().json().await.unwrap();
        let told = |name: &str| body["due"][name].as_str().unwrap_or_else(|| panic!("{body}")).to_owned();
        format!("{}届满，{}", told("date"), told("calendar"))
    }

    async fn wait(&mut self, days: u32) -> String {
        let mut at = Timestamp::from_millisecond(self.clock.load(Ordering::SeqCst)).unwrap();
        let mut left = days;
        while left > 0 {
            at = at.checked_add(24.hours()).unwrap();
            if self.office.calendar().is_working_day(Offset::constant(8).to_datetime(at).date()) {
                left -= 1;
            }
        }
        self.clock.store(at.as_millisecond(), Ordering::SeqCst);
        self.clients.clear(); // sessions end overnight; everybody signs in anew
        // The two demands that the walk leaves open are overdue by then too; the story counts its own.
        let before = self.escalations().await;
        self.office.escalate_overdue(at).await.unwrap();
        format!("督办{}件", self.escalations().await - before)
    }

    async fn escalations(&self) -> usize {
        let demand = self.office.store.get::<store::operation::demand::Demand>(&self.demand).await.unwrap();
        let written = self.office.store.get::<store::supervision::feedback::Feedback>(&self.feedback.0).await.unwrap();
        demand.map_or(0, |(demand, _)| demand.escalated.len())
            + written.map_or(0, |(written, _)| written.escalated.len())
    }

    async fn client(&mut self, who: &str) -> Client {
        let login = match who {
            "实施机构" => "shiban",
            "实施机构负责人" => "fuze",
            "市人民政府" => "zhengban",
            "市级部门" => "zhujian",
            "市政府分管领导" => "fenguan",
            "市委分管领导" => "shiwei",
            "区县数据主管部门" => "qushu",
            "区县政府" => "qingpu",
            "区县政府主要领导" => "quzhang",
            "公共数据提供单位" => "jiaotong",
            "提供单位审查员" => "jiaoshen",
            "另一提供单位" => "huangong",
            "运营机构" => "yunying",
            "经营主体" => "rongchuang",
            "系统管理员" => "guanli",
            "安全管理员" => "anquan",
            unknown => panic!("故事里的行为人“{unknown}”没有人认识"),
        };
        if let Some(client) = self.clients.get(login) {
            return client.clone();
        }
        let client = Client::builder().cookie_store(true).build().unwrap();
        let claim = json!({ "login": login, "password": PASSWORD });
        let answer = client.post(format!("{}/sign-in", self.address)).json(&claim).send().await.unwrap();
        assert!(answer.status().is_success(), "{login} 不能登录");
        self.clients.insert(login.to_owned(), client.clone());
        client
    }
}
