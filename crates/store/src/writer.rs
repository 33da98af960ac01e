//! 写入者 — one task per log owns the transactions and commits what waits, together.
//!
//! A commit costs one flush to disk, whoever waits for it; so everything that has arrived goes into
//! one (组提交). Those who were answered together tend to act again together: the writer waits up to
//! 2 ms until as many have come as last time. Somebody who acts alone never waits.

use std::{collections::HashMap, time::Duration};

use jiff::Timestamp;
use ledger::{Algorithm, Hash};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use crate::{
    Committed, Entry, Fault, Head, Log, Row,
    engine::Engine,
    entry::{Commitments, Leaf, Outcome, Payload, Said},
    listing::{Lists, Stood},
};

/// At most this many acts share a transaction.
const BATCH: usize = 64;
/// How long a commit waits for those who shared the last one.
const COMPANY: Duration = Duration::from_millis(2);

type Answer = oneshot::Sender<Result<Committed, Fault>>;

/// 备好的 — an entry with everything that can be made of it before its place is known: whoever asks makes
/// it, beside the one who writes.
#[derive(Debug)]
struct Prepared {
    entry: Entry,
    payload: Vec<u8>,
    commitments: Commitments,
    rows: Vec<Row>,
}

impl Prepared {
    fn of(entry: Entry) -> Result<Self, Fault> {
        let said = Said { detail: &entry.detail, reply: &entry.reply, rows: &entry.writes };
        let payload = serde_json::to_vec(&said).map_err(|why| Fault::corrupt("待记录的内容", why))?;
        let commitments = Commitments::to(&entry.salt, &payload);
        let rows = entry.writes.iter().map(|write| Row::of(write, 0, None)).collect();
        Ok(Self { entry, payload, commitments, rows })
    }
}

/// 写入者 — a handle; the task ends when the last handle is dropped.
#[derive(Clone, Debug)]
pub struct Writer(mpsc::Sender<(Prepared, Answer)>);

impl Writer {
    pub fn start(engine: Engine, log: Log) -> Self {
        let (sender, mut waiting) = mpsc::channel::<(Prepared, Answer)>(4 * BATCH);
        tokio::spawn(async move {
            let mut acts = Vec::new();
            let mut company = 1;
            while waiting.recv_many(&mut acts, BATCH).await > 0 {
                let patience = tokio::time::sleep(COMPANY);
                tokio::pin!(patience);
                while acts.len() < company {
                    let room = BATCH - acts.len();
                    tokio::select! {
                        more = waiting.recv_many(&mut acts, room) => if more == 0 { break },
                        () = &mut patience => break,
                    }
                }
                company = acts.len();
                let mut batch = Batch::new(log, std::mem::take(&mut acts));
                let written = engine.write(&mut batch).await;
                batch.answer(written);
            }
        });
        Self(sender)
    }

    pub async fn commit(&self, entry: Entry) -> Result<Committed, Fault> {
        let (answer, answered) = oneshot::channel();
        self.0.send((Prepared::of(entry)?, answer)).await.map_err(|_| Fault::Stopped)?;
        answered.await.map_err(|_| Fault::Stopped)?
    }
}

/// 一批 — acts that share one transaction, each with its own fate.
#[derive(Debug)]
pub struct Batch {
    pub log: Log,
    waiting: Vec<(Prepared, Answer)>,
    fates: Vec<Result<Committed, Fault>>,
}

/// What a batch writes.
#[derive(Debug, Default)]
pub struct Sheets {
    pub events: Vec<Sheet>,
    pub rows: Vec<Row>,
    pub lists: Lists,
    pub notes: Vec<Note>,
}

/// 动态 — who acted for whom, as the list of an organisation's activity has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub org: String,
    pub position: u64,
    pub actor: String,
    pub act: String,
    pub refused: bool,
}

impl Note {
    /// The note of an act: none of signing in and out and of having read, which is everybody's own; none of what
    /// the post does by itself.
    pub fn of(org: &str, position: u64, (actor, act): (&str, &str), outcome: Outcome) -> Option<Self> {
        let own =
            ["session.", "attempts.", "reading.", "outbox.", "dispatch.attempt"].iter().any(|own| act.starts_with(own));
        (!own).then(|| Self {
            org: org.to_owned(),
            position,
            actor: actor.to_owned(),
            act: act.to_owned(),
            refused: outcome == Outcome::Refused,
        })
    }
}

/// One event as it is written.
#[derive(Debug)]
pub struct Sheet {
    pub position: u64,
    pub subject: String,
    pub command: String,
    pub digest: Hash,
    pub leaf: Vec<u8>,
    pub salt: [u8; 32],
    pub payload: Vec<u8>,
}

/// What is known of a request that was performed before: position, digest, payload.
type Known = HashMap<String, (i64, Vec<u8>, Option<Vec<u8>>)>;

impl Batch {
    fn new(log: Log, waiting: Vec<(Prepared, Answer)>) -> Self {
        Self { log, waiting, fates: Vec::new() }
    }

    pub fn commands(&self) -> Vec<String> {
        self.waiting.iter().map(|(act, _)| act.entry.command.clone()).collect()
    }

    /// Every row that some act of the batch has read or means to write.
    pub fn keys(&self) -> Vec<String> {
        let read = |entry: &Entry| entry.reads.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
        let written = |entry: &Entry| entry.writes.iter().map(|write| write.key.clone()).collect::<Vec<_>>();
        let mut keys: Vec<String> =
            self.waiting.iter().flat_map(|(act, _)| [read(&act.entry), written(&act.entry)].concat()).collect();
        keys.sort_unstable(); // rows are locked in one order by everyone
        keys.dedup();
        keys
    }

    /// Gives every act its fate: kept at a position, repeated, or stale. Acts see what acts before
    /// them in the same batch have changed.
    pub fn decide(&mut self, head: &mut Head, known: &Known, stood: &HashMap<String, Stood>) -> Result<Sheets, Fault> {
        let mut versions: HashMap<String, i64> =
            stood.iter().map(|(key, stood)| (key.clone(), stood.version)).collect();
        let mut sheets = Sheets::default();
        let mut rows: HashMap<String, Row> = HashMap::new();
        let mut performed: HashMap<String, (Hash, Committed)> = HashMap::new();
        self.fates.clear();
        for (act, _) in &self.waiting {
            let entry = &act.entry;
            let fate = if let Some((digest, committed)) = performed.get(&entry.command) {
                repeated(entry, digest, Committed { repeated: true, ..committed.clone() })
            } else if let Some((position, digest, body)) = known.get(&entry.command) {
                recall(*position, body.as_deref()).and_then(|committed| repeated(entry, digest, committed))
            } else if entry.is_stale(&versions) {
                Err(Fault::Stale)
            } else {
                let sheet = sheet(act, self.log, head)?;
                for row in &act.rows {
                    versions.insert(row.key.clone(), row.version);
                    let before = rows.get(&row.key).map(|row| row.since);
                    let since = before.or_else(|| stood.get(&row.key).map(|stood| stood.since));
                    rows.insert(row.key.clone(), row.at(sheet.position, since));
                }
                if self.log == Log::Control {
                    let done = (&*entry.actor, &*entry.act);
                    sheets.notes.extend(Note::of(&entry.org, sheet.position, done, entry.outcome));
                }
                let committed = Committed { position: sheet.position, reply: entry.reply.clone(), repeated: false };
                performed.insert(entry.command.clone(), (entry.digest, committed.clone()));
                sheets.events.push(sheet);
                Ok(committed)
            };
            self.fates.push(fate);
        }
        sheets.rows = rows.into_values().collect();
        sheets.rows.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        sheets.lists = Lists::of(&sheets.rows, stood);
        Ok(sheets)
    }

    fn answer(self, written: Result<(), Fault>) {
        match written {
            Ok(()) => {
                for ((_, answer), fate) in self.waiting.into_iter().zip(self.fates) {
                    let _ = answer.send(fate); // whoever asked may have gone; what was kept stays kept
                }
            }
            Err(fault) => {
                let message = fault.to_string();
                let mut first = Some(fault);
                for (_, answer) in self.waiting {
                    let fault =
                        first.take().unwrap_or_else(|| Fault::Unavailable(sqlx::Error::Protocol(message.clone())));
                    let _ = answer.send(Err(fault));
                }
            }
        }
    }
}

impl Entry {
    /// 已过时 — something that the act relied on has changed since it was read.
    fn is_stale(&self, versions: &HashMap<String, i64>) -> bool {
        let now = |key: &String| versions.get(key).copied().unwrap_or(0);
        self.reads.iter().any(|(key, version)| now(key) != *version)
            || self.writes.iter().any(|write| now(&write.key) != write.version - 1)
    }
}

fn repeated(entry: &Entry, digest: &[u8], committed: Committed) -> Result<Committed, Fault> {
    if digest == entry.digest { Ok(committed) } else { Err(Fault::KeyReused) }
}

fn recall(position: i64, body: Option<&[u8]>) -> Result<Committed, Fault> {
    let reply = match body {
        Some(body) => {
            let payload: Payload = serde_json::from_slice(body).map_err(|why| Fault::corrupt("答复", why))?;
            payload.reply
        }
        None => Value::Null,
    };
    Ok(Committed { position: u64::try_from(position).unwrap_or(0), reply, repeated: true })
}

/// Takes the next position, and sets the leaf into both trees.
fn sheet(act: &Prepared, log: Log, head: &mut Head) -> Result<Sheet, Fault> {
    let entry = &act.entry;
    let position = head.sha256.size();
    // The log's time never runs backwards, whatever the clocks of several servers say.
    let at = entry.at.as_millisecond().max(head.last_at);
    let time = Timestamp::from_millisecond(at).map_err(|why| Fault::corrupt("时间", why))?;
    let leaf = Leaf::of(entry, log, position, time, &act.commitments);
    let leaf = serde_json::to_vec(&leaf).map_err(|why| Fault::corrupt("待记录的内容", why))?;
    head.sha256.push(Algorithm::Sha256.leaf(&leaf));
    head.sm3.push(Algorithm::Sm3.leaf(&leaf));
    head.last_at = at;
    Ok(Sheet {
        position,
        subject: entry.subject.clone(),
        command: entry.command.clone(),
        digest: entry.digest,
        leaf,
        salt: entry.salt,
        payload: act.payload.clone(),
    })
}
