//! 送达 — a notice goes out by each channel that was asked for; each attempt and its outcome is recorded.
//!
//! Notices are sorted into dispatches, in order and once: the outbox remembers up to where, and a dispatch is
//! numbered by its notice and its place. Whoever means to send takes a dispatch up for a short while, sends, and
//! records what became of it. Who dies in between sends nothing more; when the while is over another sends
//! again, under the same number, so that the receiver can tell.

use jiff::{SignedDuration, Timestamp};
use regulation::{Provision, Standing, notice::Stage};
use serde::{Deserialize, Serialize};
use store::{
    Row,
    notice::{Address, Dispatch, Endpoint, Notice, Outbox, Try, mailbox, outbox},
    party::{Organisation, Person},
    record,
};

use crate::{File, Office, Recorded, Refused, party::membership};

use super::{endpoint, permitted};

/// 领取多久 — longer than an attempt can take; when it is over, somebody else may send.
pub const HELD: SignedDuration = SignedDuration::from_secs(20);
/// 重试间隔 — after as many failures as these, it is given up.
pub const AGAIN: [SignedDuration; 6] = [
    SignedDuration::from_secs(30),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(8),
    SignedDuration::from_hours(24),
];
/// How many notices are sorted, and how many dispatches taken up, in one act.
pub const BATCH: u32 = 64;
/// How many attempts a dispatch remembers; the log has them all.
const REMEMBERED: usize = 12;

/// 一次送出的结果.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 对方收下了
    Taken,
    /// 没有送到，还可再试
    Missed,
    /// 不必再试
    Hopeless,
    /// 对方说此处不再接收（410）
    Gone,
}

/// 不能再办.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("这些告知已经由另一台服务排过")]
    Sorted,
    #[error("这一件已经由另一台服务领取，或者已有结果")]
    Held,
    #[error("电子邮件的送达不能重放")]
    NotReplayed,
}

impl regulation::Violation for Fault {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }
    fn kind(&self) -> regulation::Kind {
        regulation::Kind::State
    }
}

/// 去处 — where a notice goes besides its mailbox: the keys of addresses and endpoints that asked for it.
pub async fn places(office: &Office, notice: &Notice) -> Result<Vec<String>, Refused> {
    let mut places = Vec::new();
    if office.posting.mail {
        let addresses: Vec<Address> = office.store.children(&notice.mailbox).await.map_err(Refused::unavailable)?;
        for address in addresses {
            let wanted = !address.mail.is_empty() && address.reasons.contains(&notice.reason);
            if wanted && address.since <= notice.at && works_there(office, &address).await? {
                places.push(record::key::<Address>(&address.id));
            }
        }
    }
    if in_service(office, &notice.org).await? {
        let organisation = record::key::<Organisation>(&notice.org);
        let endpoints: Vec<Endpoint> = office.store.children(&organisation).await.map_err(Refused::unavailable)?;
        let wanted = endpoints.iter().filter(|one| one.disabled.is_empty() && one.since <= notice.at);
        places.extend(wanted.map(|endpoint| record::key::<Endpoint>(&endpoint.id)));
    }
    Ok(places)
}

/// Whether somebody still works at the desk whose notices they asked for: by a membership in force, of an
/// organisation that is, with an account that is.
pub async fn works_there(office: &Office, address: &Address) -> Result<bool, Refused> {
    let person = office.store.get::<Person>(&address.person).await.map_err(Refused::unavailable)?;
    let Some((person, _)) = person.filter(|(person, _)| person.standing == Standing::InForce) else {
        return Ok(false);
    };
    let held = membership::in_force(office, &person).await?;
    Ok(held.iter().any(|(held, _)| mailbox(held.role, &held.org) == address.mailbox))
}

/// Whether an organisation takes anything now; nothing leaves the house for one that is suspended or has ended.
pub async fn in_service(office: &Office, org: &str) -> Result<bool, Refused> {
    let organisation = office.store.get::<Organisation>(org).await.map_err(Refused::unavailable)?;
    Ok(organisation.is_some_and(|(organisation, _)| organisation.standing == Standing::InForce))
}

/// 排件 — the notices after `from`, up to `to`, become dispatches.
pub(crate) async fn sort(mut file: File<'_>, from: i64, to: i64) -> Result<Recorded, Refused> {
    file.entitled("outbox.sort", "排送告知")?;
    let reached = file.find::<Outbox>(Outbox::ID).await?.map_or(-1, |outbox| outbox.reached);
    let from = from.max(reached);
    if to <= from {
        return Err(Fault::Sorted.into());
    }
    let rows = file.office.store.notices_after(from, 2 * BATCH).await.map_err(Refused::unavailable)?;
    let mut sorted: u32 = 0;
    for row in rows.iter().filter(|row| row.position <= to) {
        let notice: Notice = row.read().map_err(Refused::unavailable)?;
        for to in places(file.office, &notice).await? {
            let dispatch = Dispatch {
                id: Dispatch::number(&notice.id, &to),
                notice: notice.id.clone(),
                to,
                org: notice.org.clone(),
                stage: Stage::Waiting,
                next: file.acting.at,
                holder: String::new(),
                round: 0,
                tries: Vec::new(),
            };
            if file.find::<Dispatch>(&dispatch.id).await?.is_none() {
                file.write(&dispatch)?;
                sorted += 1;
            }
        }
    }
    let outbox = Outbox { id: Outbox::ID.to_owned(), reached: to };
    file.write(&outbox)?;
    file.record("sort", &outbox, "已排件", Provision::PLATFORM, &sorted)
}

/// 领取 — for a short while, by whoever calls themselves so.
pub(crate) async fn take(mut file: File<'_>, ids: &[String], holder: &str) -> Result<Recorded, Refused> {
    file.entitled("outbox.take", "领取待送的告知")?;
    let at = file.acting.at;
    let mut taken: u32 = 0;
    for id in ids.iter().take(BATCH as usize) {
        let found = file.find::<Dispatch>(id).await?;
        let Some(mut dispatch) = found.filter(|one| one.stage.goes_on() && one.next <= at) else { continue };
        dispatch.stage = Stage::Sending;
        dispatch.next = at.saturating_add(HELD).unwrap_or(at);
        holder.clone_into(&mut dispatch.holder);
        file.write(&dispatch)?;
        taken += 1;
    }
    if taken == 0 {
        return Err(Fault::Held.into());
    }
    let outbox = Outbox { id: Outbox::ID.to_owned(), reached: -1 }; // named, not written
    file.record("take", &outbox, "已领取", Provision::PLATFORM, &taken)
}

/// 记结果 — by whoever holds it; what the other side said is kept, in short.
pub(crate) async fn attempt(
    mut file: File<'_>,
    (id, holder): (&str, &str),
    outcome: Outcome,
    said: &str,
) -> Result<Recorded, Refused> {
    file.entitled("dispatch.attempt", "记录送达的结果")?;
    let mut dispatch: Dispatch = file.read("送达", id).await?;
    if dispatch.stage != Stage::Sending || dispatch.holder != holder {
        return Err(Fault::Held.into());
    }
    let at = file.acting.at;
    dispatch.holder.clear();
    dispatch.tries.push(Try { at, outcome: said.to_owned() });
    let old = dispatch.tries.len().saturating_sub(REMEMBERED);
    dispatch.tries.drain(..old);
    let pause = AGAIN.get(dispatch.round as usize);
    dispatch.round += 1;
    dispatch.stage = match (outcome, pause) {
        (Outcome::Taken, _) => Stage::Delivered,
        (Outcome::Missed, Some(pause)) => {
            dispatch.next = at.saturating_add(*pause).unwrap_or(at);
            Stage::Waiting
        }
        (Outcome::Missed | Outcome::Hopeless | Outcome::Gone, _) => Stage::Failed,
    };
    if let (Outcome::Gone, Some(("endpoint", id))) = (outcome, dispatch.to.split_once('/'))
        && let Some(mut endpoint) = file.find::<Endpoint>(id).await?
    {
        "对方答复此处不再接收（410）".clone_into(&mut endpoint.disabled);
        file.write(&endpoint)?;
    }
    file.write(&dispatch)?;
    file.record("attempt", &dispatch, dispatch.stage.name(), Provision::PLATFORM, &said)
}

/// 重放 — the same notice once more, under the same number.
pub(crate) async fn replay(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut dispatch: Dispatch = file.read("送达", id).await?;
    let Some(("endpoint", to)) = dispatch.to.split_once('/') else {
        return Err(Fault::NotReplayed.into());
    };
    let endpoint: Endpoint = file.read("接收端点", to).await?;
    permitted(&file, "dispatch.replay", "重放送达", &dispatch)?;
    if !endpoint.disabled.is_empty() {
        return Err(endpoint::Fault::Disabled(endpoint.disabled).into());
    }
    if dispatch.stage == Stage::Sending {
        return Err(Fault::Held.into());
    }
    dispatch.stage = Stage::Waiting;
    dispatch.next = file.acting.at;
    dispatch.round = 0;
    file.write(&dispatch)?;
    file.record("replay", &dispatch, dispatch.stage.name(), Provision::PLATFORM, &id)
}

/// 待送 — what may be taken up now, the earliest first.
pub async fn waiting(office: &Office, at: Timestamp) -> Result<Vec<Row>, Refused> {
    let (first, last) = (outbox(Timestamp::UNIX_EPOCH), outbox(at));
    office.store.awaiting_within(&first, &last, 8 * BATCH).await.map_err(Refused::unavailable)
}
