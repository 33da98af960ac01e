//! 检索索引 — kept up by following the acts: an index is a projection, and can be thrown away at any time.
//!
//! With every commit the index keeps a mark: the form of what is in it, the position that it has reached,
//! and the digest of the last leaf before it. Where the mark does not fit the log, as after an older
//! backup was put back, the index is built anew from the rows.

use std::time::Duration;

use portal::finding::{self, FACETS, FORM, Finder, Names, SUBJECTS};
use search::{Index, Item};
use store::{Log, Store};
use tokio::sync::watch;

use crate::{Fault, home::Home};

/// How often the follower looks whether something was done.
const LOOK: Duration = Duration::from_millis(200);
/// How many acts or rows are taken at a time.
const TOGETHER: u32 = 1000;
/// How many acts that put nothing into the index may pass before its mark moves on.
const UNMARKED: u64 = 10_000;
/// How long the follower rests after something failed.
const REST: Duration = Duration::from_secs(5);

/// 跟随者 — keeps one index up with one store.
pub struct Follower {
    store: Store,
    index: Index,
    names: Names,
    reached: u64,
    /// 索引的记号所到之处
    marked: u64,
    tell: watch::Sender<Option<u64>>,
}

/// The index of a home: in its folder `index`.
pub fn of_home(home: &Home) -> Result<Index, Fault> {
    Ok(Index::open(&home.path().join("index"), FACETS)?)
}

/// An index in memory.
pub fn in_ram() -> Result<Index, Fault> {
    Ok(Index::in_ram(FACETS)?)
}

/// An index that is kept up from now on, for as long as somebody asks it.
pub fn follow(store: Store, index: Index) -> Finder {
    let (finder, tell) = Finder::new(index.clone());
    let names = Names::of(store.clone());
    tokio::spawn(Follower { store, index, names, reached: 0, marked: 0, tell }.run());
    finder
}

impl Follower {
    async fn run(mut self) {
        let mut begun = false;
        while !self.tell.is_closed() {
            let done = if begun { self.catch_up().await } else { self.begin().await };
            begun |= done.is_ok();
            match done {
                Ok(()) => tokio::time::sleep(LOOK).await,
                Err(why) => {
                    eprintln!("检索索引没有跟上：{why}");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    /// Goes on where the index's mark says, or builds it anew.
    async fn begin(&mut self) -> Result<(), Fault> {
        let kept = self.index.mark();
        let position = kept.as_deref().and_then(position).unwrap_or(0);
        let head = self.store.head(Log::Control).await?.sha256.size();
        if position == 0 || position > head || kept != Some(self.mark(position).await?) {
            return self.build().await;
        }
        (self.reached, self.marked) = (position, position);
        self.tell.send_replace(Some(position));
        // Whoever was renamed meanwhile is not told apart from whoever was only changed.
        let mut renamed = false;
        for row in self.changed_since(position).await? {
            renamed |= row.subject() == "organisation" && row.version > 1;
        }
        if renamed { self.build().await } else { self.catch_up().await }
    }

    async fn changed_since(&self, mut position: u64) -> Result<Vec<store::Row>, Fault> {
        let mut changed = Vec::new();
        loop {
            let (rows, next) = self.store.written(position, TOGETHER).await?;
            if next == position {
                return Ok(changed);
            }
            changed.extend(rows.into_iter().filter(|row| row.subject() == "organisation"));
            position = next;
        }
    }

    /// 重建 — from the rows; what is asked meanwhile is answered from what was there before.
    async fn build(&mut self) -> Result<(), Fault> {
        let head = self.store.head(Log::Control).await?.sha256.size();
        let mark = self.mark(head).await?;
        self.names = Names::of(self.store.clone());
        self.write(|index| index.clear()).await?;
        self.add(finding::articles()).await?;
        for subject in SUBJECTS {
            let mut after = format!("{subject}/");
            loop {
                let rows = self.store.rows_of(subject, &after, TOGETHER).await?;
                let Some(last) = rows.last() else { break };
                after.clone_from(&last.key);
                let mut items = Vec::with_capacity(rows.len());
                for row in &rows {
                    items.extend(finding::item(row, &mut self.names).await?);
                }
                self.add(items).await?;
            }
        }
        self.write(move |index| index.commit(&mark)).await?;
        (self.reached, self.marked) = (head, head);
        self.catch_up().await
    }

    /// 跟上 — everything that was done since; one commit for as much as waits.
    async fn catch_up(&mut self) -> Result<(), Fault> {
        loop {
            let (rows, next) = self.store.written(self.reached, TOGETHER).await?;
            if next == self.reached {
                self.tell.send_replace(Some(next));
                return Ok(());
            }
            let mut items = Vec::new();
            let mut renamed = false;
            for row in &rows {
                if row.subject() == "organisation" {
                    renamed |= self.names.renamed(row)?;
                }
                items.extend(finding::item(row, &mut self.names).await?);
            }
            if renamed {
                return Box::pin(self.build()).await;
            }
            if !items.is_empty() || next - self.marked > UNMARKED {
                let mark = self.mark(next).await?;
                self.write(move |index| index.put(&items).and_then(|()| index.commit(&mark))).await?;
                self.marked = next;
            }
            self.reached = next;
            self.tell.send_replace(Some(next));
        }
    }

    /// What is kept with the index when everything before `position` is in it.
    async fn mark(&self, position: u64) -> Result<String, Fault> {
        let last = match position.checked_sub(1) {
            Some(last) => self.store.events(Log::Control, last, 1).await?.pop(),
            None => None,
        };
        let leaf = last.map(|event| ledger::Algorithm::Sha256.leaf(&event.leaf)).unwrap_or_default();
        Ok(format!("{FORM} {position} {}", hex::encode(leaf)))
    }

    async fn add(&self, items: Vec<Item>) -> Result<(), Fault> {
        self.write(move |index| index.add(&items)).await
    }

    /// Writing waits for the disk, and so stands aside of the threads that answer.
    async fn write(
        &self,
        write: impl FnOnce(&Index) -> Result<(), search::Fault> + Send + 'static,
    ) -> Result<(), Fault> {
        let index = self.index.clone();
        let written = tokio::task::spawn_blocking(move || write(&index)).await;
        Ok(written.map_err(|_| search::Fault::Stopped)??)
    }
}

/// The position that a mark tells, where it is one of ours.
fn position(mark: &str) -> Option<u64> {
    mark.strip_prefix(&format!("{FORM} "))?.split(' ').next()?.parse().ok()
}
