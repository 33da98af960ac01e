//! 会话 — begun by signing in, ended by signing out, by half an hour's rest, or after twelve hours.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use regulation::Provision;
use store::{
    party::{Person, Session},
    record,
};

use super::{acting_as, attempts, password};
use crate::{Acting, File, Notice, Office, Refused};

/// 会话最长时长.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// 空闲多久即结束.
pub const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// How much of a browser's own name is kept, in characters.
const AGENT: usize = 160;
/// From how many on the list of moments is cleared of sessions that have ended.
const MANY: usize = 10_000;

/// 最近活动 — when each session was last used; kept in memory, since writing it would double every request.
/// After a restart a session counts as used when it is first seen again.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<HashMap<String, Timestamp>>>);

impl Seen {
    /// Notes that a session is used now; tells whether it had rested too long.
    fn rested(&self, session: &str, at: Timestamp) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rested = |last: Timestamp| last.duration_until(at) >= IDLE;
        if seen.len() > MANY {
            seen.retain(|_, last| !rested(*last));
        }
        match seen.insert(session.to_owned(), at) {
            Some(last) if rested(last) => {
                seen.remove(session);
                true
            }
            _ => false,
        }
    }

    /// When a session was last used.
    fn last(&self, session: &str) -> Option<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(session).copied()
    }
}

/// 账号或者口令不正确.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("账号或者口令不正确")]
pub(crate) struct Mismatch;

impl regulation::Violation for Mismatch {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }
    fn advice(&self) -> String {
        format!("请核对账号和口令后重新登录；连续失败{}次后须等候一段时间", attempts::FREE)
    }
}

/// 会话编号 — the digest of its token.
pub fn number(token: &str) -> String {
    delivery::digest(token)
}

/// 登录 — returns the session's token; only its digest is kept. Unknown accounts cost as much as known
/// ones and wait as long, so that nobody can tell them apart.
pub async fn sign_in(
    office: &Office,
    (login, password): (&str, &str),
    agent: &str,
    at: Timestamp,
) -> Result<(String, Person), Refused> {
    let account = attempts::account(login);
    let _turn = office.queues.turn(&account).await;
    let before = attempts::so_far(office, &account, at).await?;
    let found = office.store.get::<Person>(login).await.map_err(Refused::unavailable)?;
    let hash = found.as_ref().map(|(person, _)| person.password.clone());
    let right = password::matches(office, hash, password).await;
    let Some((person, _)) = found.filter(|_| right) else {
        attempts::failed(office, &account, before, at).await?;
        return Err(Refused::Unidentified(Notice::of(&Mismatch)));
    };
    if let Some(before) = before.filter(|before| before.failures > 0) {
        attempts::forgiven(office, before, at).await?;
    }
    let token = URL_SAFE_NO_PAD.encode(office.random::<32>());
    let session = Session {
        id: number(&token),
        person: person.id.clone(),
        agent: agent.chars().filter(|letter| !letter.is_control()).take(AGENT).collect(),
        since: at,
        until: at.saturating_add(LONGEST).unwrap_or(at),
        ended: false,
    };
    let acting = acting_as(&person, at);
    let mut file = File::open(office, &acting);
    file.write(&session)?;
    let recorded = file.record("begin", &session, "已登录", Provision::PLATFORM, &person.id)?;
    office.commit(&acting, recorded).await?;
    office.seen.rested(&session.id, at); // signing in is its first use
    Ok((token, person))
}

/// 会话 — who stands behind a token now. A session that rested too long is ended here.
pub async fn signed_in(office: &Office, token: &str, at: Timestamp) -> Result<Option<(Person, Acting)>, Refused> {
    let session = office.store.get::<Session>(&number(token)).await.map_err(Refused::unavailable)?;
    let Some((session, _)) = session.filter(|(session, _)| lives(session, at)) else {
        return Ok(None);
    };
    let person = office.store.get::<Person>(&session.person).await.map_err(Refused::unavailable)?;
    let Some((person, _)) = person else { return Ok(None) };
    let acting = acting_as(&person, at);
    if office.seen.rested(&session.id, at) {
        close(office, &acting, &session.id, "已超时").await?;
        return Ok(None);
    }
    Ok(Some((person, acting)))
}

/// 退出.
pub async fn sign_out(office: &Office, token: &str, at: Timestamp) -> Result<(), Refused> {
    let Some((_, acting)) = signed_in(office, token, at).await? else { return Ok(()) };
    close(office, &acting, &number(token), "已退出").await
}

/// 结束 — ends one of one's own sessions, wherever it is open.
pub async fn end(office: &Office, acting: &Acting, id: &str) -> Result<(), Refused> {
    let found = office.store.get::<Session>(id).await.map_err(Refused::unavailable)?;
    match found.filter(|(session, _)| session.person == acting.person) {
        Some((session, _)) if session.ended => Ok(()),
        Some((session, _)) => close(office, acting, &session.id, "已结束").await,
        None => Err(Refused::Missing { what: "会话", id: id.to_owned() }),
    }
}

/// 我的会话 — those that are open, the latest first, each with the moment of its last use where it is known.
pub async fn open(office: &Office, acting: &Acting) -> Result<Vec<(Session, Option<Timestamp>)>, Refused> {
    let key = record::key::<Person>(&acting.person);
    let mut sessions: Vec<Session> = office.store.children(&key).await.map_err(Refused::unavailable)?;
    sessions.retain(|session| lives(session, acting.at));
    sessions.sort_by_key(|session| std::cmp::Reverse(session.since));
    let told = |session: Session| {
        let last = office.seen.last(&session.id);
        (session, last)
    };
    Ok(sessions.into_iter().map(told).collect())
}

fn lives(session: &Session, at: Timestamp) -> bool {
    !session.ended && at < session.until
}

async fn close(office: &Office, acting: &Acting, id: &str, state: &str) -> Result<(), Refused> {
    let mut file = File::open(office, acting);
    let mut session: Session = file.read("会话", id).await?;
    session.ended = true;
    file.write(&session)?;
    let recorded = file.record("end", &session, state, Provision::PLATFORM, &acting.person)?;
    office.commit(acting, recorded).await.map(|_| ())
}
