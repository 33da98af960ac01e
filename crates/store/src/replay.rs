//! 重放 — replays all events into empty tables, and compares: leaves, trees, commitments and rows.

use std::collections::BTreeMap;

use ledger::{Algorithm, Frontier};
use serde::Serialize;

use crate::{Event, Fault, Log, Row, Store, engine::Engine, entry::Leaf, listing::Listed};

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
    /// 比较的列目数 — entries of lists; none where acts went on meanwhile.
    pub listed: u64,
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
        self.compare_lists(&empty, &mut report).await?;
        Ok(report)
    }

    async fn replay_log(&self, log: Log, into: Option<&Engine>, report: &mut Report) -> Result<u64, Fault> {
        let head = self.head(log).await?;
        let mut sha256 = Frontier::new(Algorithm::Sha256);
        let mut sm3 = Frontier::new(Algorithm::Sm3);
        // Only up to the head as it stood: a running server may go on writing.
        while sha256.size() < head.sha256.size() {
            let events = match self.events(log, sha256.size(), PAGE).await {
                Err(fault @ Fault::Corrupt { .. }) => {
                    report.differs(format!("{}日志自位置{}起：{fault}", log.name(), sha256.size()));
                    return Ok(sha256.size());
                }
                events => events?,
            };
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
                let mut last: BTreeMap<String, Row> = BTreeMap::new();
                for row in rows {
                    let since = last.get(&row.key).map_or(row.since, |before| before.since);
                    last.insert(row.key.clone(), Row { since, ..row });
                }
                let notes: Vec<_> = events.iter().take(left).filter_map(Event::note).collect();
                empty.put_replayed(&last.into_values().collect::<Vec<_>>(), &notes).await?;
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
            // Compare up to the end of the page that ends first: a missing row is one difference, not
            // a page of them. A page that is not full is the last one, and ends nowhere.
            let end = |page: &[Row]| page.get(PAGE as usize - 1).map(|row| row.key.clone());
            let ends = [end(&kept), end(&again)].into_iter().flatten().min();
            let within = |row: &&Row| ends.as_ref().is_none_or(|end| row.key <= *end);
            let mut again: BTreeMap<&str, &Row> =
                again.iter().filter(within).map(|row| (row.key.as_str(), row)).collect();
            for row in kept.iter().filter(within) {
                report.rows += 1;
                match again.remove(row.key.as_str()) {
                    Some(other) if other == row => {}
                    _ if self.was_just_written(row, report).await? => {}
                    Some(_) => report.differs(format!("“{}”与重放的结果不一致", row.key)),
                    None => report.differs(format!("“{}”没有任何事件作依据", row.key)),
                }
            }
            for key in again.into_keys() {
                report.differs(format!("“{key}”有事件而没有行"));
            }
            match ends {
                Some(end) => after = end,
                None => return Ok(()),
            }
        }
    }

    /// Lists and counts follow from rows and leaves. They are compared where nothing has been done meanwhile:
    /// otherwise they are ahead of what was replayed.
    async fn compare_lists(&self, replayed: &Engine, report: &mut Report) -> Result<(), Fault> {
        let mut aside = Report::default();
        let mut after = Listed::default();
        loop {
            let (kept, again) =
                (self.engine.all_parties(&after, PAGE).await?, replayed.all_parties(&after, PAGE).await?);
            if kept != again {
                let other = kept.iter().zip(&again).find(|(kept, again)| kept != again).map(|(kept, _)| kept);
                let place =
                    other.or(kept.last()).or(again.last()).map_or_else(String::new, |listed| listed.key.clone());
                aside.differs(format!("各方的卷宗列表与重放的结果不一致，自“{place}”起"));
                break;
            }
            aside.listed += u64::try_from(kept.len()).unwrap_or(0);
            match kept.into_iter().last() {
                Some(last) => after = last,
                None => break,
            }
        }
        if self.engine.all_tallies().await? != replayed.all_tallies().await? {
            aside.differs("各方的卷宗计数与重放的结果不一致".to_owned());
        }
        for from in (0..report.control_events).step_by(PAGE as usize) {
            let until = report.control_events.min(from + u64::from(PAGE));
            if self.engine.all_activity(from, until).await? != replayed.all_activity(from, until).await? {
                aside.differs(format!("办理动态与日志不一致，在位置{from}至{until}之间"));
            }
        }
        if self.head(Log::Control).await?.sha256.size() == report.control_events {
            report.listed = aside.listed;
            aside.differences.into_iter().for_each(|what| report.differs(what));
        }
        Ok(())
    }

    /// Whether an act after the replayed ones has written this row just so: a running server goes on.
    async fn was_just_written(&self, row: &Row, report: &Report) -> Result<bool, Fault> {
        let position = u64::try_from(row.position).unwrap_or(0);
        if position < report.control_events {
            return Ok(false);
        }
        let events = self.events(Log::Control, position, 1).await?;
        let Some(event) = events.first().filter(|event| event.position == position) else {
            return Ok(false);
        };
        let mut aside = Report::default();
        let written = rows_of(event, Log::Control, &mut aside)?;
        // Since when it is there, the rows of a single event cannot tell.
        Ok(aside.agrees() && written.iter().any(|other| Row { since: row.since, ..other.clone() } == *row))
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
    Ok(event.rows()) // a payload that cannot be read is not what was committed to, so already told
}
