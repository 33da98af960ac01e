//! 页面多快 — how soon the signed-in pages begin to answer in a full city.
//!
//! `cargo bench -p server --bench workspace -- [--postgres URL] [--cases 10000] [--seconds 5]`
//!
//! A new home with 52 organisations, 200 users and 10,000 open cases; eight people sign in by the form and
//! ask for one page after another over loopback HTTP, all at once. Measured is the time until the first
//! byte has come; the clients share the machine with the server.

mod fill;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use futures::future::join_all;
use regulation::{Level, Nature, Role, Uscc};
use reqwest::{Client, redirect::Policy};
use server::{home::Home, serving};
use workflow::{
    Acting, Office, Request,
    party::{organisation, password, person},
};

const PASSWORD: &str = "量一量页面多快-2025";
const OPERATORS: usize = 25;
const PROVIDERS: usize = 25;
const USERS: usize = 200;

/// Whom the eight clients sign in as.
const CLIENTS: [&str; 8] =
    ["agency-1", "agency-2", "operator-00-1", "operator-01-1", "provider-00-1", "provider-01-1", "audit-1", "agency-3"];

/// What was asked for on the command line.
struct Asked {
    postgres: Option<String>,
    cases: usize,
    seconds: u64,
}

impl Asked {
    fn read() -> Option<Self> {
        let mut asked = Self { postgres: None, cases: 10_000, seconds: 5 };
        let mut measured = false;
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--postgres" => asked.postgres = words.next(),
                "--cases" => asked.cases = words.next()?.parse().ok()?,
                "--seconds" => asked.seconds = words.next()?.parse().ok()?,
                "--bench" => measured = true,
                _ => return None,
            }
        }
        measured.then_some(asked)
    }
}

fn main() {
    let Some(asked) = Asked::read() else {
        return println!("cargo bench -p server --bench workspace -- [--postgres URL] [--cases 10000] [--seconds 5]");
    };
    let program = std::env::current_exe().expect("a program stands somewhere");
    let folder = tempfile::tempdir_in(program.parent().expect("in a folder")).expect("a folder on the disk");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure(&folder.path().join("home"), &asked));
}

async fn measure(home: &Path, asked: &Asked) {
    let home = Home::create(home, asked.postgres.as_deref()).expect("a new home");
    let office = home.open().await.expect("an open office");
    let begun = Instant::now();
    let parties = found(&office).await;
    fill::cases(&office.store, &parties, asked.cases, serving::now()).await.expect("cases that are kept");
    println!("{} 件在办，{USERS} 个账号，{}，填充 {:.0?}\n", asked.cases, office.store.engine_name(), begun.elapsed());
    let listener = serving::bind("127.0.0.1:0".parse().expect("an address")).await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    let doors = serving::doors(office, serving::wall_clock());
    tokio::spawn(async move { axum::serve(listener, doors).await });
    let clients = join_all(CLIENTS.map(|login| sign_in(&address, login))).await;
    println!(
        "| 页面 | 次数 | p50（毫秒） | p95（毫秒） | p99（毫秒） | 最慢（毫秒） |\n|---|---:|---:|---:|---:|---:|"
    );
    let pages = [
        ("工作台", "/tasks"),
        ("工作台，第20页", "/tasks?page=20"),
        ("工作台，按状态筛选", "/tasks?subject=demand&left=overdue"),
        ("卷宗", "/files"),
        ("卷宗，第100页", "/files?subject=demand&page=100"),
        ("卷宗，按名称查找", "/files?subject=demand&word=99"),
        ("办理动态", "/activity"),
        ("一件数据需求", "/operation/demands/XQ-20250901-000002"),
        ("一份协议及其下位卷宗", "/files/agreement/XY-operator-00"),
    ];
    for (name, path) in pages {
        let end = Instant::now() + Duration::from_secs(asked.seconds);
        let each = clients.iter().map(|client| ask(client, format!("{address}{path}"), end));
        let mut each: Vec<Duration> = join_all(each).await.into_iter().flatten().collect();
        each.sort_unstable();
        let at = |share: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a share of a count"
            )]
            let place = ((each.len() as f64 * share) as usize).min(each.len() - 1);
            each[place].as_secs_f64() * 1e3
        };
        println!("| {name} | {} | {:.1} | {:.1} | {:.1} | {:.1} |", each.len(), at(0.5), at(0.95), at(0.99), at(1.0));
    }
}

/// The city's organisations and its people, by the acts that register them.
async fn found(office: &Office) -> fill::Parties {
    let founder = Acting::founder(serving::now());
    let operators: Vec<String> = (0..OPERATORS).map(|n| format!("operator-{n:02}")).collect();
    let providers: Vec<String> = (0..PROVIDERS).map(|n| format!("provider-{n:02}")).collect();
    let mut all =
        vec![("agency".to_owned(), Role::ImplementingAgency), ("government".to_owned(), Role::MunicipalGovernment)];
    all.push(("audit".to_owned(), Role::Auditor));
    all.extend(operators.iter().map(|id| (id.clone(), Role::Operator)));
    all.extend(providers.iter().map(|id| (id.clone(), Role::DataProvider)));
    for (place, (id, role)) in all.iter().enumerate() {
        let body = *role != Role::Operator;
        let head = if body { "11510199" } else { "91510199" };
        let uscc = Uscc::complete(&format!("{head}{place:09}")).expect("a whole code").to_string();
        let register = organisation::Register {
            id: id.clone(),
            name: format!("锦川市第{place}单位"),
            uscc,
            nature: if body { Nature::StateOrgan } else { Nature::LegalPerson },
            level: if body { Level::Municipal } else { Level::None },
            region: String::new(),
            roles: vec![*role],
        };
        office
            .perform(&founder, &Request::OrganisationRegister(register), None)
            .await
            .expect("a registered organisation");
    }
    let password = password::hash(office, PASSWORD).await; // once: registering is not what is measured
    for n in 0..USERS {
        let (org, role) = &all[n % all.len()];
        let register = person::Register {
            id: format!("{org}-{}", n / all.len() + 1),
            name: format!("人员{n}"),
            mail: String::new(),
            org: org.clone(),
            role: *role,
            post: "经办".to_owned(),
            password: password.clone(),
        };
        office.perform(&founder, &Request::PersonRegister(register), None).await.expect("a registered person");
    }
    fill::Parties { agency: "agency".to_owned(), government: "government".to_owned(), operators, providers }
}

async fn sign_in(address: &str, login: &str) -> Client {
    let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().expect("a client");
    let body =
        format!("login={login}&password={}", PASSWORD.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>());
    let post = client.post(format!("{address}/sign-in")).body(body);
    let answer = post.header("Content-Type", "application/x-www-form-urlencoded").send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 303, "{login} signs in");
    client
}

/// Asks for a page again and again, and measures until its first byte.
async fn ask(client: &Client, page: String, end: Instant) -> Vec<Duration> {
    let mut each = Vec::new();
    while Instant::now() < end {
        let begun = Instant::now();
        let answer = client.get(&page).send().await.expect("an answer");
        each.push(begun.elapsed());
        let status = answer.status().as_u16();
        assert!(matches!(status, 200 | 404), "{page}: {status}"); // not everybody may open every case
        answer.bytes().await.expect("the whole page");
    }
    each
}
