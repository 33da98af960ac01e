//! 会话 — begun by signing in, ended by signing out, by half an hour's rest, or after twelve hours.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use regulation::Provision;
use store::{
    party::{Means, Membership, Organisation, Person, Session},
    record,
};

use super::{attempts, membership, passkey, password};
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

/// 在场 — who stands behind a session now, and as what they act.
#[derive(Clone, Debug)]
pub struct Presence {
    /// 会话
    pub session: Session,
    /// 人员
    pub person: Person,
    /// 任职
    pub membership: Membership,
    /// 单位
    pub organisation: Organisation,
    /// 行为人
    pub acting: Acting,
}

/// 没有可用的任职.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Idle {
    #[error("这一账号{0}，不能登录")]
    Account(regulation::Standing),
    #[error("您现在没有在用的任职，不能登录")]
    NoMembership,
    #[error("这一任职不是您的，或者不在用")]
    NotYours,
}

impl regulation::Violation for Idle {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }
    fn advice(&self) -> String {
        "请本单位管理员邀请您任职或者恢复您的任职；账号被停用的，请系统管理员恢复".to_owned()
    }
    fn kind(&self) -> regulation::Kind {
        regulation::Kind::Role
    }
}

/// 登录了，或者还差一步.
#[derive(Clone, Debug)]
pub enum Entered {
    /// 已登录：会话的令牌，和登录的人
    In(String, Box<Person>),
    /// 口令相符，还须出示通行密钥：验证编号
    Second(String),
}

/// 登录 — with a password. Unknown accounts cost as much as known ones and wait as long, so that nobody can
/// tell them apart. Whoever has a passkey has to show it too.
pub async fn sign_in(
    office: &Office,
    (login, password): (&str, &str),
    agent: &str,
    at: Timestamp,
) -> Result<Entered, Refused> {
    let account = attempts::account(login);
    let _turn = office.queues.turn(&account).await;
    let before = attempts::so_far(office, &account, at).await?;
    let found = office.store.get::<Person>(login).await.map_err(Refused::unavailable)?;
    let hash = found.as_ref().map(|(person, _)| person.password.clone()).filter(|hash| !hash.is_empty());
    let right = password::matches(office, hash, password).await;
    let Some((person, _)) = found.filter(|_| right) else {
        attempts::failed(office, &account, before, at).await?;
        return Err(Refused::Unidentified(Notice::of(&Mismatch)));
    };
    if let Some(before) = before.filter(|before| before.failures > 0) {
        attempts::forgiven(office, before, at).await?;
    }
    if !passkey::of(office, &person.id).await?.is_empty() {
        return Ok(Entered::Second(passkey::second(office, &person.id, at)));
    }
    let token = begin(office, &person, None, Means::Password, agent, at).await?;
    Ok(Entered::In(token, Box::new(person)))
}

/// 登录 — of somebody who proved who they are in another way than by a password.
pub(crate) async fn enter(
    office: &Office,
    person: &str,
    means: Means,
    agent: &str,
    at: Timestamp,
) -> Result<(String, Person), Refused> {
    let found = office.store.get::<Person>(person).await.map_err(Refused::unavailable)?;
    let Some((person, _)) = found else { return Err(Refused::Unidentified(Notice::of(&Mismatch))) };
    let token = begin(office, &person, None, means, agent, at).await?;
    Ok((token, person))
}

/// 开始会话 — for somebody who has just proved who they are; as the membership they name, else their first.
pub async fn begin(
    office: &Office,
    person: &Person,
    membership: Option<&str>,
    means: Means,
    agent: &str,
    at: Timestamp,
) -> Result<String, Refused> {
    if person.standing != regulation::Standing::InForce {
        return Err(Idle::Account(person.standing).into());
    }
    let held = membership::in_force(office, person).await?;
    let held = match membership {
        Some(id) => held.into_iter().find(|(held, _)| held.id == id).ok_or(Idle::NotYours)?,
        None => held.into_iter().next().ok_or(Idle::NoMembership)?,
    };
    let (token, session) = fresh(office, person, &held.0, means, agent, at);
    let acting = acting_as(person, &held.0, at);
    let mut file = File::open(office, &acting);
    file.write(&session)?;
    let recorded = file.record("begin", &session, "已登录", Provision::PLATFORM, &(&person.id, means.name()))?;
    office.commit(&acting, recorded).await?;
    office.seen.rested(&session.id, at); // signing in is its first use
    Ok(token)
}

fn fresh(
    office: &Office,
    person: &Person,
    held: &Membership,
    means: Means,
    agent: &str,
    at: Timestamp,
) -> (String, Session) {
    let token = URL_SAFE_NO_PAD.encode(office.random::<32>());
    let session = Session {
        id: number(&token),
        person: person.id.clone(),
        membership: held.id.clone(),
        means,
        proven: at,
        agent: agent.chars().filter(|letter| !letter.is_control()).take(AGENT).collect(),
        since: at,
        until: at.saturating_add(LONGEST).unwrap_or(at),
        ended: false,
    };
    (token, session)
}

/// 换任职 — goes on as another of one's memberships, under a new token; the old one ends. It lasts no longer.
pub async fn switch(office: &Office, presence: &Presence, to: &str, at: Timestamp) -> Result<String, Refused> {
    let held = membership::in_force(office, &presence.person).await?;
    let (held, _) = held.into_iter().find(|(held, _)| held.id == to).ok_or(Idle::NotYours)?;
    let acting = acting_as(&presence.person, &held, at);
    let mut file = File::open(office, &acting);
    let mut old: Session = file.read("会话", &presence.session.id).await?;
    let (token, session) = fresh(office, &presence.person, &held, old.means, &old.agent, at);
    let session = Session { since: old.since, until: old.until, proven: old.proven, ..session };
    old.ended = true;
    file.write(&old)?;
    file.write(&session)?;
    let recorded = file.record("switch", &session, "已换任职", Provision::PLATFORM, &held.id)?;
    office.commit(&acting, recorded).await?;
    office.seen.rested(&session.id, at);
    Ok(token)
}

/// 换新 — a new token for a session whose owner has just proved again who they are; the old one is worth nothing
/// from the same moment on. It lasts no longer.
pub(crate) async fn rotate(office: &Office, presence: &Presence, means: Means) -> Result<String, Refused> {
    let Presence { person, membership, acting, .. } = presence;
    let mut file = File::open(office, acting);
    let mut old: Session = file.read("会话", &presence.session.id).await?;
    if !lives(&old, acting.at) {
        return Err(Refused::Missing { what: "会话", id: old.id });
    }
    let (token, session) = fresh(office, person, membership, old.means, &old.agent, acting.at);
    let session = Session { since: old.since, until: old.until, ..session };
    old.ended = true;
    file.write(&old)?;
    file.write(&session)?;
    let recorded = file.record("prove", &session, "已再次验证", Provision::PLATFORM, &means.name())?;
    office.commit(acting, recorded).await?;
    office.seen.rested(&session.id, acting.at);
    Ok(token)
}

/// 会话 — who stands behind a token now. A session that rested too long is ended here; one whose account,
/// membership or organisation is out of force counts for nothing.
pub async fn signed_in(office: &Office, token: &str, at: Timestamp) -> Result<Option<Presence>, Refused> {
    let session = office.store.get::<Session>(&number(token)).await.map_err(Refused::unavailable)?;
    let Some((session, _)) = session.filter(|(session, _)| lives(session, at)) else {
        return Ok(None);
    };
    let person = office.store.get::<Person>(&session.person).await.map_err(Refused::unavailable)?;
    let membership = office.store.get::<Membership>(&session.membership).await.map_err(Refused::unavailable)?;
    let (Some((person, _)), Some((membership, _))) = (person, membership) else { return Ok(None) };
    let organisation = office.store.get::<Organisation>(&membership.org).await.map_err(Refused::unavailable)?;
    let Some((organisation, _)) = organisation else { return Ok(None) };
    let standing = [person.standing, membership.standing, organisation.standing];
    if standing.iter().any(|standing| *standing != regulation::Standing::InForce) {
        return Ok(None);
    }
    let acting = acting_as(&person, &membership, at);
    if office.seen.rested(&session.id, at) {
        close(office, &acting, &session.id, "已超时").await?;
        return Ok(None);
    }
    Ok(Some(Presence { session, person, membership, organisation, acting }))
}

/// Acting as this person in this membership.
fn acting_as(person: &Person, held: &Membership, at: Timestamp) -> Acting {
    Acting { person: person.id.clone(), org: held.org.clone(), role: held.role, post: held.post.clone(), at }
}

/// 退出.
pub async fn sign_out(office: &Office, token: &str, at: Timestamp) -> Result<(), Refused> {
    let Some(presence) = signed_in(office, token, at).await? else { return Ok(()) };
    close(office, &presence.acting, &presence.session.id, "已退出").await
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
