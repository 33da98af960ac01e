//! 存储 — where what happened is kept: SQLite by default, PostgreSQL by configuration.
//!
//! Two logs (`control` for acts, `access` for every access to data) and one table of rows. A commit
//! locks the head of its log first, appends the events with their leaves, moves the frontiers of
//! both trees, and puts the changed rows: all in one transaction, or nothing. Position and leaf
//! index are one number, without gaps, and what is acknowledged already stands under a root.
//!
//! This crate is the only one that speaks SQL. It decides nothing: the acts stand in `workflow`.

mod engine;
mod entry;
mod fault;
mod listing;
mod schema;
mod statements;
mod writer;

pub mod approval;
pub mod basics;
pub mod competence;
pub mod draft;
pub mod granting;
pub mod list;
pub mod notice;
pub mod operation;
pub mod party;
pub mod record;
pub mod replay;
pub mod supervision;

pub use entry::{Committed, Entry, Event, Log, Outcome, Write};
pub use fault::Fault;
pub use listing::EVERYBODY;
pub use record::{Record, Row};

use std::collections::{BTreeMap, HashMap};

use engine::Engine;
use entry::fits;
use writer::Writer;

/// 存储 — one open database, shared by everyone in the process.
#[derive(Clone, Debug)]
pub struct Store {
    engine: Engine,
    control: Writer,
    access: Writer,
}

impl Store {
    /// Opens `sqlite:PATH`, `sqlite::memory:` or `postgres://…`, and brings an older schema up to date.
    pub async fn open(url: &str) -> Result<Self, Fault> {
        let engine = Engine::open(url).await?;
        let control = Writer::start(engine.clone(), Log::Control);
        let access = Writer::start(engine.clone(), Log::Access);
        Ok(Self { engine, control, access })
    }

    /// 提交 — commits one entry with its leaf and rows; on return it is durable and under a root.
    pub async fn commit(&self, log: Log, entry: Entry) -> Result<Committed, Fault> {
        entry.fits()?;
        match log {
            Log::Control => self.control.commit(entry).await,
            Log::Access => self.access.commit(entry).await,
        }
    }

    /// The row under `key`, whatever its subject.
    pub async fn row(&self, key: &str) -> Result<Option<Row>, Fault> {
        if !fits(key) {
            return Ok(None); // no database keeps such a key, and one of them refuses to look for it
        }
        self.engine.row(key).await
    }

    /// The rows under these keys, in the order of the keys; what is not there is left out.
    pub async fn rows(&self, keys: &[String]) -> Result<Vec<Row>, Fault> {
        let asked: Vec<String> = keys.iter().filter(|key| fits(key)).cloned().collect();
        let found = self.engine.rows_at(&asked).await?;
        let mut found: HashMap<String, Row> = found.into_iter().map(|row| (row.key.clone(), row)).collect();
        Ok(keys.iter().filter_map(|key| found.remove(key)).collect())
    }

    /// The rows of a subject after `after` in key order, at most `limit`.
    pub async fn rows_of(&self, subject: &str, after: &str, limit: u32) -> Result<Vec<Row>, Fault> {
        self.engine.rows_of(subject, after, limit).await
    }

    /// 改动 — the rows as the acts from position `from` left them, each as it was left last, and the position
    /// after the last act that was read: whoever keeps something of the rows follows them by this.
    pub async fn written(&self, from: u64, limit: u32) -> Result<(Vec<Row>, u64), Fault> {
        let events = self.engine.events(Log::Control, from, limit).await?;
        let next = events.last().map_or(from, |event| event.position + 1);
        let mut last = BTreeMap::new();
        for row in events.iter().flat_map(Event::rows) {
            last.insert(row.key.clone(), row);
        }
        Ok((last.into_values().collect(), next))
    }

    /// One record of a subject.
    pub async fn get<R: Record>(&self, id: &str) -> Result<Option<(R, i64)>, Fault> {
        let row = self.row(&record::key::<R>(id)).await?;
        row.map(|row| Ok((row.read()?, row.version))).transpose()
    }

    /// All rows of a subject after `after` in key order, at most `limit`.
    pub async fn list<R: Record>(&self, after: &str, limit: u32) -> Result<Vec<R>, Fault> {
        let after = record::key::<R>(after);
        if !fits(&after) {
            return Ok(Vec::new());
        }
        self.engine.rows_of(R::SUBJECT, &after, limit).await?.iter().map(Row::read).collect()
    }

    /// The rows that stand directly on `parent`.
    pub async fn children<R: Record>(&self, parent: &str) -> Result<Vec<R>, Fault> {
        if !fits(parent) {
            return Ok(Vec::new());
        }
        self.engine.children_of(R::SUBJECT, parent).await?.iter().map(Row::read).collect()
    }

    /// 办理过程 — what happened to one row, in order.
    pub async fn history(&self, key: &str) -> Result<Vec<Event>, Fault> {
        if !fits(key) {
            return Ok(Vec::new());
        }
        self.engine.history(key).await
    }

    /// A page of a log from position `from`.
    pub async fn events(&self, log: Log, from: u64, limit: u32) -> Result<Vec<Event>, Fault> {
        self.engine.events(log, from, limit).await
    }

    /// Size and frontiers of a log, as stored.
    pub async fn head(&self, log: Log) -> Result<Head, Fault> {
        self.engine.head(log).await
    }

    /// The first `size` leaf hashes (SHA-256) of a log, for proofs.
    pub async fn leaf_hashes(&self, log: Log, size: u64) -> Result<Vec<ledger::Hash>, Fault> {
        let leaves = self.engine.leaves(log, size).await?;
        Ok(leaves.iter().map(|leaf| ledger::Algorithm::Sha256.leaf(leaf)).collect())
    }

    /// The engine's name, for the operator's eyes.
    pub fn engine_name(&self) -> &'static str {
        self.engine.name()
    }

    /// Prepares every statement of the catalogue and tells each one's parameters and columns.
    pub async fn prepare_all(&self) -> Result<Vec<(&'static str, usize, Vec<String>)>, Fault> {
        self.engine.prepare_all().await
    }
}

/// 树首 — size and frontiers of a log.
#[derive(Clone, Debug)]
pub struct Head {
    /// SHA-256 tree.
    pub sha256: ledger::Frontier,
    /// SM3 tree.
    pub sm3: ledger::Frontier,
    /// 最近一次记录的时间，毫秒
    pub last_at: i64,
}
