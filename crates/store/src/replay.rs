//! 重放 — replays all events into empty tables, and compares: leaves, trees, commitments and rows.

use ledger::{Algorithm, Frontier};
use serde::Serialize;

use crate::{
    Event, Fault, Log, Row, Store,
    engine::Engine,
    entry::{Leaf, Payload},
};

/// How many rows or events are held at a time.
const PAGE: u32 = 1000;

/// 重放结果 — what was compared and what differs.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// 办理日志的事件数
    pub control_events: u64,
    /// 存取日志的事件数
    pub access_events: u64,
    /// 比较的行数
    pub rows: u64,
    /// 差异，每条一句话
    pub differences: Vec<String>,
}

impl Report {
    /// 一致
    pub fn agrees(&self) -> bool {
        self.differences.is_empty()
    }

    fn differs(&mut self, what: String) {
        // A broken store breaks in thousands of places; the first hundred say enough.
        if self.differences.len() < 100 {
            self.differences.push(what);
        }
    }
}

impl Store {
    /// Replays both logs.
    pub async fn replay(&self) -> Result<Report, Fault> {
        let mut report = Report::default();
        let empty = Engine::open("sqlite::memory:").await?;
        report.control_events = self.replay_log(Log::Control, Some(&empty), &mut report).await?;
        report.access_events = self.replay_log(Log::Access, None, &mut report).await?;
        self.compare_rows(&empty, &mut report).await?;
        Ok(report)
    }

    async fn replay_log(
        &self,
        log: Log,
        into: Option<&Engine>,
        report: &mut Report,
    ) -> Result<u64, Fault> {
        let head = self.head(log).await?;
        let mut sha256 = Frontier::new(Algorithm::Sha256);
        let mut sm3 = Frontier::new(Algorithm::Sm3);
        // Only up to the head as it stood: a running server may go on writing.
        while sha256.size() < head.sha256.size() {
            let events = self.events(log, sha256.size(), PAGE).await?;
            if events.is_empty() {
                break;
            }
            let left = usize::try_from(head.sha256.size() - sha256.size()).unwrap_or(usize::MAX);
            let mut rows = Vec::new();
            for event in events.iter().take(left) {
                if event.position != sha256.size() {
                    report.differs(format!("{}日志在位置{}缺失", log.name(), sha256.size()));
                    return Ok(sha256.size());
                }
                sha256.push(Algorithm::Sha256.leaf(&event.leaf));
                sm3.push(Algorithm::Sm3.leaf(&event.leaf));
                rows.extend(rows_of(event, log, report)?);
            }
            if let Some(empty) = into {
                let mut last: std::collections::BTreeMap<String, Row> = std::collections::BTreeMap::new();
                for row in rows {
                    last.insert(row.key.clone(), row);
                }
                empty.put_replayed(&last.into_values().collect::<Vec<_>>()).await?;
            }
        }
        if (sha256.size(), sha256.root()) != (head.sha256.size(), head.sha256.root()) {
            report.differs(format!("{}日志重算的SHA-256树根与存储的不一致", log.name()));
        }
        if sm3.root() != head.sm3.root() {
            report.differs(format!("{}日志重算的SM3树根与存储的不一致", log.name()));
        }
        Ok(sha256.size())
    }

    async fn compare_rows(&self, replayed: &Engine, report: &mut Report) -> Result<(), Fault> {
        let mut after = String::new();
        loop {
            let kept = self.engine.all_rows(&after, PAGE).await?;
            let again = replayed.all_rows(&after, PAGE).await?;
            if kept.is_empty() && again.is_empty() {
                return Ok(());
            }
            // Compare up to the shorter page's end, so that one missing row is one difference.
            let end = match (kept.last(), again.last()) {
                (Some(one), Some(other)) => one.key.clone().min(other.key.clone()),
                (Some(one), None) | (None, Some(one)) => one.key.clone(),
                (None, None) => return Ok(()),
            };
            let kept: Vec<&Row> = kept.iter().filter(|row| row.key <= end).collect();
            let again: Vec<&Row> = again.iter().filter(|row| row.key <= end).collect();
            report.rows += u64::try_from(kept.len()).unwrap_or(0);
            for row in &kept {
                match again.iter().find(|other| other.key == row.key) {
                    None => report.differs(format!("“{}”没有任何事件作依据", row.key)),
                    Some(other) if other != row => report.differs(format!("“{}”与重放的结果不一致", row.key)),
                    Some(_) => {}
                }
            }
            for row in again.iter().filter(|row| !kept.iter().any(|other| other.key == row.key)) {
                report.differs(format!("“{}”有事件而没有行", row.key));
            }
            after = end;
        }
    }
}

/// The rows that an event carries; checks on the way that its payload is the one its leaf commits to.
fn rows_of(event: &Event, log: Log, report: &mut Report) -> Result<Vec<Row>, Fault> {
    let place = format!("{}日志位置{}", log.name(), event.position);
    let (Some(salt), Some(bytes)) = (&event.salt, &event.payload) else {
        report.differs(format!("{place}的内容缺失"));
        return Ok(Vec::new());
    };
    let leaf: Leaf = serde_json::from_slice(&event.leaf).map_err(|why| Fault::corrupt(&place, why))?;
    if !leaf.commits_to(salt, bytes) {
        report.differs(format!("{place}的内容与叶子中的承诺不符"));
    }
    let payload: Payload = serde_json::from_slice(bytes).map_err(|why| Fault::corrupt(&place, why))?;
    let row = |write: crate::Write| Row {
        position: i64::try_from(event.position).unwrap_or(i64::MAX),
        body: write.body.to_string(),
        key: write.key,
        version: write.version,
        parent: write.parent,
        awaits: write.awaits,
        due: write.due,
    };
    Ok(payload.rows.into_iter().map(row).collect())
}
