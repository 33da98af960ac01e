//! 每秒办理 — how many acts a second are durable, and how long each of them waits.
//!
//! `cargo bench -p store --bench acts -- [--postgres URL] [--seconds 5]`
//!
//! An act is what the platform does all day: some 400 bytes said, two rows read, one row written, one
//! event under both trees. Every number is measured with fsync on, after the store has answered. The
//! disk's own fsync stands beside them, because no honest act alone is faster than that.

use std::{
    fs::File,
    io::{Seek as _, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use futures::future::join_all;
use ledger::Algorithm;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use store::{Entry, Log, Outcome, Store, Write};

/// How many act at the same time.
const WRITERS: [usize; 3] = [1, 8, 64];

/// What was asked for on the command line.
struct Asked {
    postgres: Option<String>,
    seconds: u64,
}

impl Asked {
    fn read() -> Option<Self> {
        let mut asked = Self { postgres: None, seconds: 5 };
        let mut measured = false;
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--postgres" => asked.postgres = words.next(),
                "--seconds" => asked.seconds = words.next()?.parse().ok()?,
                "--bench" => measured = true, // what `cargo bench` says, and `cargo test` does not
                _ => return None,
            }
        }
        measured.then_some(asked)
    }
}

fn main() {
    let Some(asked) = Asked::read() else {
        return println!("cargo bench -p store --bench acts -- [--postgres URL] [--seconds 5]");
    };
    let program = std::env::current_exe().expect("a program stands somewhere");
    let folder = program.parent().expect("in a folder"); // on the disk of the build, not in memory
    let folder = tempfile::tempdir_in(folder).expect("a folder that can be written");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!("| 数据库 | 同时办理 | 每秒办理 | p50（毫秒） | p99（毫秒） |");
    println!("|---|---:|---:|---:|---:|");
    let seconds = Duration::from_secs(asked.seconds);
    tell("磁盘 fsync", 1, &fsyncs(&folder.path().join("raw"), seconds.min(Duration::from_secs(2))));
    for writers in WRITERS {
        let url = format!("sqlite:{}", folder.path().join(format!("{writers}.db")).display());
        tell("SQLite", writers, &runtime.block_on(acts(&url, writers, seconds)));
    }
    for writers in asked.postgres.iter().flat_map(|_| WRITERS) {
        let server = asked.postgres.as_deref().unwrap_or_default();
        tell("PostgreSQL", writers, &runtime.block_on(postgres(server, writers, seconds)));
    }
}

/// What was measured: how long each took, and all of them together.
struct Measured {
    each: Vec<Duration>,
    together: Duration,
}

fn tell(what: &str, writers: usize, measured: &Measured) {
    let mut each: Vec<f64> = measured.each.iter().map(|took| took.as_secs_f64() * 1000.0).collect();
    each.sort_by(f64::total_cmp);
    let at = |percent: usize| each.get(each.len() * percent / 100).copied().unwrap_or(f64::NAN);
    let count = u32::try_from(each.len()).unwrap_or(u32::MAX);
    let rate = f64::from(count) / measured.together.as_secs_f64();
    println!("| {what} | {writers} | {rate:.0} | {:.2} | {:.2} |", at(50), at(99));
}

/// The disk alone: 4 KiB written and flushed, one after the other.
fn fsyncs(path: &Path, seconds: Duration) -> Measured {
    let mut file = File::create(path).expect("a file");
    let mut each = Vec::new();
    let start = Instant::now();
    while start.elapsed() < seconds {
        let begun = Instant::now();
        file.rewind().and_then(|()| file.write_all(&[7; 4096])).expect("a written page");
        file.sync_data().expect("a flushed page");
        each.push(begun.elapsed());
    }
    Measured { each, together: start.elapsed() }
}

/// A database of its own on this server, for as long as it is measured.
async fn postgres(server: &str, writers: usize, seconds: Duration) -> Measured {
    let mut admin = PgConnection::connect(server).await.expect("a server");
    let name = format!("shuyun_bench_{}", std::process::id());
    admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a new database");
    let (host, _) = server.rsplit_once('/').expect("postgres://…/database");
    let measured = acts(&format!("{host}/{name}"), writers, seconds).await;
    let _ = admin.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await;
    measured
}

/// So many writers act until the time is over.
async fn acts(url: &str, writers: usize, seconds: Duration) -> Measured {
    let store = Store::open(url).await.expect("a database");
    for base in ["agreement", "entry"] {
        let rows = vec![row(format!("{base}/1"), 1)];
        store.commit(Log::Control, Entry { writes: rows, ..act(base) }).await.expect("a kept row");
    }
    let start = Instant::now();
    let writing = (0..writers).map(|writer| tokio::spawn(write(store.clone(), writer, start + seconds)));
    let each = join_all(writing).await.into_iter().flat_map(|each| each.expect("no writer fails")).collect();
    Measured { each, together: start.elapsed() }
}

async fn write(store: Store, writer: usize, end: Instant) -> Vec<Duration> {
    let mut each = Vec::new();
    while Instant::now() < end {
        let command = format!("{writer:02}-{:08}", each.len());
        let reads = vec![("agreement/1".to_owned(), 1), ("entry/1".to_owned(), 1)];
        let rows = vec![row(format!("demand/XQ-{command}"), 1)];
        let entry = Entry { reads, writes: rows, ..act(&command) };
        let begun = Instant::now();
        store.commit(Log::Control, entry).await.expect("a kept act");
        each.push(begun.elapsed());
    }
    each
}

fn act(command: &str) -> Entry {
    Entry {
        at: "2025-09-01T01:00:00Z".parse().expect("a time"),
        actor: "lin".into(),
        org: "operator-1".into(),
        role: "operator".into(),
        act: "demand.submit".into(),
        subject: format!("demand/XQ-{command}"),
        basis: "第二十三条第一款".into(),
        policies: "规则的摘要".into(),
        outcome: Outcome::Done,
        command: command.into(),
        digest: Algorithm::Sha256.leaf(command.as_bytes()),
        salt: [7; 32],
        detail: json!({
            "场景": "普惠金融", "用途": "产品开发", "信息项": ["统一社会信用代码", "参保人数", "缴费月份"],
            "必要性": "小微企业信贷审批需要核验用工和缴费情况，自行采集无法覆盖，".repeat(3),
        }),
        reply: json!({ "id": format!("XQ-{command}"), "state": "形式审查" }),
        reads: Vec::new(),
        writes: Vec::new(),
    }
}

fn row(key: String, version: i64) -> Write {
    // A whole demand: three parties have it in their lists, and so has whoever reads everything.
    let id = key.split_once('/').map_or("", |(_, id)| id);
    let body = json!({
        "id": id, "agreement": "1", "operator": "operator-1", "agency": "agency-1", "entry": "1",
        "provider": "provider-1", "fields": ["统一社会信用代码", "参保人数", "缴费月份"],
        "purpose": "industry", "scenario": "普惠金融", "necessity": "小微企业信贷审批",
        "state": "formal_review", "refusal": null, "due": { "date": "2025-09-08", "provisional": false, "skipped": [] },
        "escalated": [],
    });
    Write {
        key,
        version,
        parent: "agreement/1".into(),
        awaits: "implementing_agency@agency-1".into(),
        due: "2025-09-08".into(),
        body,
    }
}
