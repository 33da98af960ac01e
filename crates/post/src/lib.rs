//! 送达 — carries notices out of the house, by e-mail and by webhook: the only part that calls others.
//!
//! What is to be sent stands in the rows; this part sorts new notices into dispatches, takes up what is due,
//! sends it and records what became of it, all by acts of the clock. It may die at any moment: what was not
//! recorded is sent again under the same number. Several may work beside each other.

mod guard;
mod mail;
mod message;
mod webhook;

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use regulation::Role;
use store::notice::{Address, Dispatch, Endpoint, Notice, Outbox};
use tokio::task::JoinSet;
use workflow::{
    Acting, Office, Refused, Request, competence,
    notice::dispatch::{self, BATCH, Outcome},
};

pub use mail::{Mail, Unusable};
pub use message::Words;

/// 时钟 — handed in by the program.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How many notices that go nowhere are passed over before that is written down.
const PASSED_OVER: u64 = 1000;
/// How much may be under way to one place at a time, so that a slow one does not keep the others waiting.
const AT_ONCE: usize = 8;

/// 一次送出之后 — what is recorded of it.
pub(crate) struct Told {
    pub outcome: Outcome,
    pub said: String,
}

impl Told {
    pub(crate) fn new(outcome: Outcome, said: impl Into<String>) -> Self {
        Self { outcome, said: said.into() }
    }
}

/// 送达 — one worker.
pub struct Post {
    carrier: Arc<Carrier>,
    /// Up to where notices were looked at; `None` until the outbox was read.
    reached: Option<i64>,
    passed_over: u64,
    flying: JoinSet<String>,
    under_way: HashMap<String, usize>,
}

struct Carrier {
    office: Office,
    clock: Clock,
    mail: Option<Mail>,
    words: Words,
}

impl Post {
    /// A worker of this office.
    pub fn new(office: Office, clock: Clock, mail: Option<Mail>, words: Words) -> Self {
        let carrier = Arc::new(Carrier { office, clock, mail, words });
        Self { carrier, reached: None, passed_over: 0, flying: JoinSet::new(), under_way: HashMap::new() }
    }

    /// 一轮 — sorts what is new, and sets out with what is due; returns how many it set out with. Those under way
    /// go on meanwhile.
    pub async fn round(&mut self) -> Result<usize, Refused> {
        while let Some(landed) = self.flying.try_join_next() {
            self.land(landed.ok());
        }
        // A city whose rules are older than this program does not let it send: nothing is tried, nothing recorded.
        if !competence::may(&self.carrier.office.competence(), Role::Clock, "outbox.sort") {
            return Ok(0);
        }
        self.sort().await?;
        self.set_out().await
    }

    /// 等到都有结果 — until nothing is under way any more.
    pub async fn settle(&mut self) {
        while let Some(landed) = self.flying.join_next().await {
            self.land(landed.ok());
        }
    }

    fn land(&mut self, place: Option<String>) {
        match place.as_ref().and_then(|place| self.under_way.get_mut(place)) {
            Some(1) | None => drop(place.map(|place| self.under_way.remove(&place))),
            Some(several) => *several -= 1,
        }
        if self.flying.is_empty() {
            self.under_way.clear(); // also what a panic took along
        }
    }

    async fn sort(&mut self) -> Result<(), Refused> {
        let office = &self.carrier.office;
        let stored = async || -> Result<i64, Refused> {
            let outbox = office.store.get::<Outbox>(Outbox::ID).await.map_err(Refused::Unavailable)?;
            Ok(outbox.map_or(-1, |(outbox, _)| outbox.reached))
        };
        let mut from = match self.reached {
            Some(reached) => reached,
            None => stored().await?,
        };
        loop {
            let mut rows = office.store.notices_after(from, BATCH).await.map_err(Refused::Unavailable)?;
            if rows.len() == BATCH as usize {
                // The last act of a full page may go on in the next one.
                let last = rows.last().map_or(0, |row| row.since);
                if rows.first().is_some_and(|row| row.since < last) {
                    rows.retain(|row| row.since < last);
                }
            }
            let Some(to) = rows.last().map(|row| row.since) else { break };
            let mut wanted = false;
            for row in &rows {
                let notice: Notice = row.read().map_err(Refused::Unavailable)?;
                wanted = wanted || !dispatch::places(office, &notice).await?.is_empty();
            }
            self.passed_over += u64::try_from(rows.len()).unwrap_or(0);
            if wanted || self.passed_over >= PASSED_OVER {
                let clock = Acting::clock((self.carrier.clock)());
                match office.perform(&clock, &Request::OutboxSort { from, to }, None).await {
                    Ok(_) => self.passed_over = 0,
                    Err(Refused::Against(_)) => {} // another server was quicker
                    Err(refused) => return Err(refused),
                }
            }
            from = to.max(if wanted { stored().await? } else { to });
        }
        self.reached = Some(from);
        Ok(())
    }

    async fn set_out(&mut self) -> Result<usize, Refused> {
        let office = &self.carrier.office;
        let clock = Acting::clock((self.carrier.clock)());
        let mut ids = Vec::new();
        let mut under_way = self.under_way.clone();
        for row in dispatch::waiting(office, clock.at).await? {
            let dispatch: Dispatch = row.read().map_err(Refused::Unavailable)?;
            let flying = under_way.entry(dispatch.to).or_default();
            if *flying < AT_ONCE && ids.len() + self.flying.len() < BATCH as usize {
                *flying += 1;
                ids.push(dispatch.id);
            }
        }
        if ids.is_empty() {
            return Ok(0);
        }
        let holder = hex(office.random::<8>());
        match office.perform(&clock, &Request::OutboxTake { ids: ids.clone(), holder: holder.clone() }, None).await {
            Ok(_) => {}
            Err(Refused::Against(_)) => return Ok(0), // another server was quicker
            Err(refused) => return Err(refused),
        }
        let mut taken = 0;
        for id in ids {
            let dispatch = office.store.get::<Dispatch>(&id).await.map_err(Refused::Unavailable)?;
            if let Some((dispatch, _)) = dispatch.filter(|(dispatch, _)| dispatch.holder == holder) {
                taken += 1;
                *self.under_way.entry(dispatch.to.clone()).or_default() += 1;
                let carrier = Arc::clone(&self.carrier);
                self.flying.spawn(async move { carrier.carry(dispatch).await });
            }
        }
        Ok(taken)
    }
}

impl Carrier {
    /// Sends one, and records what became of it; returns where it went. What cannot be recorded now is sent again
    /// when its time is over.
    async fn carry(&self, dispatch: Dispatch) -> String {
        if let Ok(told) = self.send(&dispatch).await {
            let clock = Acting::clock((self.clock)());
            let Dispatch { id, holder, .. } = dispatch;
            let request = Request::DispatchAttempt { id, holder, outcome: told.outcome, said: told.said };
            let _ = self.office.perform(&clock, &request, None).await;
        }
        dispatch.to
    }

    async fn send(&self, dispatch: &Dispatch) -> Result<Told, Refused> {
        let store = &self.office.store;
        let notice = store.get::<Notice>(&dispatch.notice).await.map_err(Refused::Unavailable)?;
        let Some((notice, _)) = notice else {
            return Ok(Told::new(Outcome::Hopeless, "告知不在了"));
        };
        match dispatch.to.split_once('/') {
            Some(("endpoint", id)) => {
                let endpoint = store.get::<Endpoint>(id).await.map_err(Refused::Unavailable)?;
                match endpoint.map(|(endpoint, _)| endpoint).filter(|endpoint| endpoint.disabled.is_empty()) {
                    Some(endpoint) if dispatch::in_service(&self.office, &endpoint.org).await? => {
                        let at = (self.clock)();
                        let secrets = self.office.posting.secrets(&endpoint, at);
                        let loopback = self.office.posting.loopback;
                        Ok(webhook::send(&endpoint.url, &secrets, &notice, (at, loopback)).await)
                    }
                    _ => Ok(Told::new(Outcome::Hopeless, "端点或者单位已停用")),
                }
            }
            Some(("address", id)) => {
                let address = store.get::<Address>(id).await.map_err(Refused::Unavailable)?;
                let address = address.map(|(address, _)| address).filter(|address| !address.mail.is_empty());
                match (address, &self.mail) {
                    (Some(address), Some(mail)) if dispatch::works_there(&self.office, &address).await? => {
                        let letter = self.words.letter(&notice);
                        Ok(mail.send(&address.mail, &letter, &dispatch.id, (self.clock)()).await)
                    }
                    (Some(_), None) => Ok(Told::new(Outcome::Missed, "平台没有配置发信")),
                    _ => Ok(Told::new(Outcome::Hopeless, "收件人已不用这一地址")),
                }
            }
            _ => Ok(Told::new(Outcome::Hopeless, "不认识的去处")),
        }
    }
}

fn hex<const N: usize>(bytes: [u8; N]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
