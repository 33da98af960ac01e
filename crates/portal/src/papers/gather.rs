//! 当时的情形 — the events that papers come from, and what stood around each when it was recorded.

use std::collections::HashMap;

use documents::{Issue, Known, Paper, Written, issue, write};
use store::{Event, Fault, Outcome, Row};
use workflow::Refused;

use crate::Door;

/// How often a paper may ask for more before it is given up: it asks for what it names, and for what that names.
const ROUNDS: usize = 6;

/// 一版 — one event that a paper comes from.
pub struct Version {
    pub issue: &'static Issue,
    pub event: Event,
}

/// Every version of every paper of this file, in order. What was lawfully erased can no longer be written.
pub async fn versions(door: &Door, subject: &str, id: &str) -> Result<Vec<Version>, Refused> {
    let history = door.office.store.history(&format!("{subject}/{id}")).await.map_err(Refused::Unavailable)?;
    let issued = issue::issued(&history).into_iter().filter(|(_, event)| !event.rows().is_empty());
    Ok(issued.map(|(issue, event)| Version { issue, event: event.clone() }).collect())
}

/// The paper of this version.
pub async fn written(door: &Door, version: &Version) -> Result<Paper, Refused> {
    let mut known = Known::new();
    for _ in 0..ROUNDS {
        match write(version.issue, &version.event, &known).map_err(Refused::Unavailable)? {
            Written::Paper(paper) => return Ok(*paper),
            Written::Wants(keys) => then(door, keys, version.event.position, &mut known).await?,
        }
    }
    let why = "所涉的卷宗彼此指向，没有尽头".to_owned();
    Err(Refused::Unavailable(Fault::Corrupt { what: version.event.subject.clone(), why }))
}

/// These rows as they stood at a position of the log.
async fn then(door: &Door, keys: Vec<String>, position: u64, known: &mut Known) -> Result<(), Refused> {
    let rows = door.office.store.rows(&keys).await.map_err(Refused::Unavailable)?;
    let mut rows: HashMap<String, Row> = rows.into_iter().map(|row| (row.key.clone(), row)).collect();
    for key in keys {
        let row = match rows.remove(&key) {
            Some(row) if u64::try_from(row.position).is_ok_and(|changed| changed > position) => {
                // It has changed since: how it was stands in its own history.
                Some(before(door, &key, position).await?.unwrap_or(row))
            }
            row => row,
        };
        known.insert(key, row);
    }
    Ok(())
}

async fn before(door: &Door, key: &str, position: u64) -> Result<Option<Row>, Refused> {
    let history = door.office.store.history(key).await.map_err(Refused::Unavailable)?;
    let earlier = history.iter().rev().filter(|event| event.position <= position && event.outcome == Outcome::Done);
    let mut rows = earlier.flat_map(Event::rows).filter(|row| row.key == key);
    Ok(rows.next())
}
