//! 试验场 — empty databases on both engines, and acts to put into them.

use std::{
    io::Write as _,
    panic::AssertUnwindSafe,
    sync::atomic::{AtomicU64, Ordering},
};

use futures::FutureExt as _;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use store::{Entry, Outcome, Record, Write, record};
use tokio::sync::Semaphore;

/// Runs promises on the engines: those that need a second connection not in memory, where there is none.
macro_rules! kept_by {
    (every engine { $($every:ident,)* } every engine that others can open too { $($shared:ident,)* }) => {
        mod memory { $( crate::ground::kept_by!(@ memory $every); )* }
        mod sqlite { $( crate::ground::kept_by!(@ sqlite $every); )* $( crate::ground::kept_by!(@ sqlite $shared); )* }
        mod postgres { $( crate::ground::kept_by!(@ postgres $every); )* $( crate::ground::kept_by!(@ postgres $shared); )* }
    };
    (@ $engine:ident $promise:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $promise() {
            crate::ground::$engine(async |url: &str| super::$promise(url).await).await;
        }
    };
}
pub(crate) use kept_by;

/// A file that goes away with its folder.
pub async fn sqlite(promise: impl AsyncFnOnce(&str)) {
    let folder = tempfile::tempdir().unwrap();
    promise(&format!("sqlite:{}", folder.path().join("store.db").display())).await;
}

/// The database that tests elsewhere use.
pub async fn memory(promise: impl AsyncFnOnce(&str)) {
    promise("sqlite::memory:").await;
}

/// Databases on one server at a time: it has a hundred connections, and machines have many cores.
static ROOM: Semaphore = Semaphore::const_new(6);
static COUNT: AtomicU64 = AtomicU64::new(0);

/// A database of its own on the server of `SHUYUN_TEST_POSTGRES`, sorted as Chinese people sort:
/// the platform must not depend on how a server happens to sort.
pub async fn postgres(promise: impl AsyncFnOnce(&str)) {
    #[expect(clippy::disallowed_methods, reason = "whoever runs the tests says where PostgreSQL is")]
    let Ok(server) = std::env::var("SHUYUN_TEST_POSTGRES") else {
        // Past the test harness, which keeps quiet about what passes.
        let _ = writeln!(std::io::stderr(), "跳过：未设置 SHUYUN_TEST_POSTGRES");
        return;
    };
    let _room = ROOM.acquire().await.unwrap();
    let name = format!("shuyun_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
    let sorted = format!("{create} LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'zh'");
    let mut admin = PgConnection::connect(&server).await.unwrap();
    if admin.execute(AssertSqlSafe(sorted)).await.is_err() {
        admin.execute(AssertSqlSafe(create)).await.unwrap(); // before version 15, or without ICU
    }
    let (address, options) = server.split_once('?').unwrap_or((&server, ""));
    let (host, _) = address.rsplit_once('/').expect("SHUYUN_TEST_POSTGRES 应写明数据库名");
    let kept = AssertUnwindSafe(promise(&format!("{host}/{name}?{options}"))).catch_unwind().await;
    admin.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
    if let Err(broken) = kept {
        std::panic::resume_unwind(broken);
    }
}

/// 旁路 — speaks SQL past the store, as whoever holds the database's password could.
pub async fn aside(url: &str, statement: &'static str) -> Result<u64, sqlx::Error> {
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await?;
        let done = connection.execute(statement).await?.rows_affected();
        connection.close().await?;
        Ok(done)
    } else {
        let mut connection = PgConnection::connect(url).await?;
        let done = connection.execute(statement).await?.rows_affected();
        connection.close().await?;
        Ok(done)
    }
}

/// 便笺 — a subject that exists only here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Note {
    pub id: String,
    pub on: String,
    pub waits_for: String,
    pub due: Option<Date>,
    pub text: String,
    pub weight: f64,
}

impl Record for Note {
    const SUBJECT: &'static str = "note";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        self.on.clone()
    }
    fn awaits(&self) -> String {
        self.waits_for.clone()
    }
    fn due(&self) -> Option<Date> {
        self.due
    }
}

/// A note of that number.
pub fn note(id: &str) -> Note {
    Note { id: id.into(), text: format!("第{id}号便笺"), ..Note::default() }
}

/// The note as it is written by who has read version `read`.
pub fn write(note: &Note, read: i64) -> Write {
    record::write(note, read).unwrap()
}

/// An act that reads and writes nothing yet; all acts happen on Monday at nine.
pub fn act(command: &str) -> Entry {
    Entry {
        at: monday(),
        actor: "p-7".into(),
        org: "o-1".into(),
        role: "operator".into(),
        act: "note.write".into(),
        subject: format!("note/{command}"),
        basis: "第二十三条第一款".into(),
        policies: "规则的摘要".into(),
        outcome: Outcome::Done,
        command: command.into(),
        digest: ledger::Algorithm::Sha256.leaf(command.as_bytes()),
        salt: [9; 32],
        detail: json!({ "command": command, "说明": "试验" }),
        reply: json!({ "ok": command }),
        reads: Vec::new(),
        writes: Vec::new(),
    }
}

/// An act that writes a new note of the same number.
pub fn act_on_new(command: &str) -> Entry {
    Entry { writes: vec![write(&note(command), 0)], ..act(command) }
}

/// 2025-09-01T09:00+08:00
pub fn monday() -> Timestamp {
    "2025-09-01T01:00:00Z".parse().unwrap()
}

/// The same numbers in every run, spread evenly.
pub fn dice(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % below
    }
}
