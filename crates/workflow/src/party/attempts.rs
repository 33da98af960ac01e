//! 登录失败 — counted for each account, whether it exists or not; after a few, every further one makes it wait longer.
//!
//! The count is a row, so that it survives a restart, and each failure an event. It is kept under the
//! digest of the account's name: what somebody mistyped into that field may well be a password.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use regulation::Provision;
use sha2::{Digest as _, Sha256};
use store::party::Attempts;
use tokio::sync::{Mutex, MutexGuard};

use crate::{Acting, File, Notice, Office, Refused, office::hex};

/// How many wrong passwords make nobody wait.
pub const FREE: u32 = 5;
/// The first wait; each further failure doubles it.
const FIRST: SignedDuration = SignedDuration::from_mins(1);
/// The longest wait.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);

/// 门前排队 — those who try the same account wait for each other, so that a thousand tries at once are
/// not a thousand free ones. A fixed number of queues: accounts are many, and may be made up.
#[derive(Clone)]
pub(crate) struct Queues(Arc<[Mutex<()>]>);

impl Default for Queues {
    fn default() -> Self {
        Self((0..256).map(|_| Mutex::new(())).collect())
    }
}

impl Queues {
    pub(crate) async fn turn(&self, account: &[u8; 32]) -> MutexGuard<'_, ()> {
        self.0[usize::from(account[0])].lock().await // 256 queues, one byte
    }
}

/// The digest under which an account's failures are counted.
pub(crate) fn account(login: &str) -> [u8; 32] {
    Sha256::digest(login.as_bytes()).into()
}

/// The failures of an account so far; refuses while it has to wait.
pub(crate) async fn so_far(office: &Office, account: &[u8; 32], at: Timestamp) -> Result<Option<Attempts>, Refused> {
    let found = office.store.get::<Attempts>(&hex(account)).await.map_err(Refused::unavailable)?;
    let attempts = found.map(|(attempts, _)| attempts);
    match attempts.as_ref().and_then(|attempts| attempts.until).filter(|until| at < *until) {
        Some(until) => Err(Refused::Slow(Notice::of(&Locked(at.duration_until(until))), at.duration_until(until))),
        None => Ok(attempts),
    }
}

/// 记一次失败.
pub(crate) async fn failed(
    office: &Office,
    account: &[u8; 32],
    before: Option<Attempts>,
    at: Timestamp,
) -> Result<(), Refused> {
    let failures = before.map_or(0, |before| before.failures).saturating_add(1);
    let until = wait(failures).map(|wait| at.saturating_add(wait).unwrap_or(at));
    keep(office, Attempts { id: hex(account), failures, until }, at, ("fail", "口令不符")).await
}

/// 清零 — after the right password.
pub(crate) async fn forgiven(office: &Office, before: Attempts, at: Timestamp) -> Result<(), Refused> {
    keep(office, Attempts { failures: 0, until: None, ..before }, at, ("forgive", "已清零")).await
}

/// 清零 — when an account has a new password, whatever was tried on the old one.
pub(crate) async fn begin_anew(office: &Office, login: &str, at: Timestamp) -> Result<(), Refused> {
    let found = office.store.get::<Attempts>(&hex(&account(login))).await.map_err(Refused::unavailable)?;
    match found.filter(|(attempts, _)| attempts.failures > 0) {
        Some((attempts, _)) => forgiven(office, attempts, at).await,
        None => Ok(()),
    }
}

async fn keep(office: &Office, attempts: Attempts, at: Timestamp, (act, state): (&str, &str)) -> Result<(), Refused> {
    let acting = Acting::door(at);
    let mut file = File::open(office, &acting);
    file.find::<Attempts>(&attempts.id).await?;
    file.write(&attempts)?;
    let recorded = file.record(act, &attempts, state, Provision::PLATFORM, &attempts.failures)?;
    office.commit(&acting, recorded).await.map(|_| ())
}

/// How long an account waits after so many failures.
fn wait(failures: u32) -> Option<SignedDuration> {
    let beyond = failures.checked_sub(FREE)?;
    let doubled = 1_i32.checked_shl(beyond.min(16)).unwrap_or(i32::MAX);
    Some(FIRST.saturating_mul(doubled).min(LONGEST))
}

/// 须等候.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("登录失败次数过多，请在{}分钟后再试", minutes(.0))]
struct Locked(SignedDuration);

fn minutes(left: &SignedDuration) -> i64 {
    left.as_secs().saturating_add(59) / 60
}

impl regulation::Violation for Locked {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }
    fn advice(&self) -> String {
        "忘记口令的，请本单位管理员重置".to_owned()
    }
    fn kind(&self) -> regulation::Kind {
        regulation::Kind::State
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_failure_waits_a_minute_more_each_time_up_to_an_hour() {
        let table = [(0, None), (4, None), (5, Some(1)), (6, Some(2)), (7, Some(4)), (10, Some(32)), (11, Some(60))];
        for (failures, minutes) in table {
            assert_eq!(wait(failures), minutes.map(SignedDuration::from_mins), "{failures}");
        }
        assert_eq!(wait(u32::MAX), Some(LONGEST));
    }

    #[test]
    fn a_wait_is_told_in_whole_minutes_rounded_up() {
        for (seconds, told) in [(1, "1分钟"), (60, "1分钟"), (61, "2分钟"), (3600, "60分钟")] {
            assert!(Locked(SignedDuration::from_secs(seconds)).to_string().contains(told));
        }
    }
}
