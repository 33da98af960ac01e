//! 验证过程 — what is remembered between the question and its answer: in memory, five minutes, answered once.
//!
//! The browser holds the number in a cookie of its own, so that nobody answers a question put to
//! somebody else. Nothing here is worth keeping over a restart: whoever was in the middle begins anew.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration};

use crate::Office;

/// 有效时间.
pub const LONGEST: SignedDuration = SignedDuration::from_mins(5);
/// How many are remembered at once; beyond them the oldest is forgotten.
const MANY: usize = 2048;
/// How long a form may be that is carried through a ceremony, in bytes.
pub const CARRIED: usize = 32 * 1024;

/// 一次验证.
#[derive(Debug)]
pub(crate) enum Ceremony {
    /// 登记通行密钥
    Register { person: String, handle: String, state: PasskeyRegistration },
    /// 以通行密钥登录
    Enter { state: DiscoverableAuthentication },
    /// 口令已经相符，还须出示通行密钥
    Second { person: String, state: Option<DiscoverableAuthentication> },
    /// 再次验证
    Prove { session: String, person: String, state: DiscoverableAuthentication },
    /// 单点登录
    Outside(Outside),
}

/// 去往单点登录 — what has to come back unchanged, and what for.
#[derive(Clone, Debug)]
pub struct Outside {
    /// 往返标识 — tells that the answer belongs to this question.
    pub state: String,
    /// 一次性随机数 — tells that the token was made for this question.
    pub nonce: String,
    /// 校验码（PKCE）
    pub verifier: String,
    /// 为了什么
    pub errand: Errand,
    /// 何时开始
    pub since: Timestamp,
    /// 保留着的表单
    pub typed: String,
    /// 之后回到哪里
    pub back: String,
}

/// 为了什么 — what somebody went to the single sign-on for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// 登录
    Enter,
    /// 关联到自己
    Link {
        /// 会话
        session: String,
    },
    /// 再次验证
    Prove {
        /// 会话
        session: String,
    },
    /// 接受邀请
    Accept {
        /// 邀请的令牌
        token: String,
    },
}

/// 正在进行的验证.
#[derive(Clone, Default)]
pub(crate) struct Ceremonies(Arc<Mutex<HashMap<String, (Timestamp, Ceremony)>>>);

impl Ceremonies {
    /// Remembers one under a new number.
    pub(crate) fn begin(&self, office: &Office, ceremony: Ceremony, at: Timestamp) -> String {
        let number = URL_SAFE_NO_PAD.encode(office.random::<32>());
        self.keep(number.clone(), ceremony, at);
        number
    }

    /// Remembers one under its number.
    pub(crate) fn keep(&self, number: String, ceremony: Ceremony, at: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MANY {
            all.retain(|_, (since, _)| lives(*since, at));
        }
        if all.len() >= MANY
            && let Some(oldest) = all.iter().min_by_key(|(_, (since, _))| *since).map(|(number, _)| number.clone())
        {
            all.remove(&oldest);
        }
        all.insert(number, (at, ceremony));
    }

    /// Takes one out: whoever answers, answers once.
    pub(crate) fn take(&self, number: &str, at: Timestamp) -> Option<Ceremony> {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(number);
        taken.filter(|(since, _)| lives(*since, at)).map(|(_, ceremony)| ceremony)
    }
}

fn lives(since: Timestamp, at: Timestamp) -> bool {
    since.duration_until(at) < LONGEST
}

impl Office {
    /// Remembers who went to the single sign-on, and what for.
    pub fn goes_outside(&self, outside: Outside) -> String {
        let at = outside.since;
        self.ceremonies.begin(self, Ceremony::Outside(outside), at)
    }

    /// Whoever comes back from the single sign-on, once.
    pub fn comes_back(&self, number: &str, at: Timestamp) -> Option<Outside> {
        match self.ceremonies.take(number, at) {
            Some(Ceremony::Outside(outside)) => Some(outside),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(person: &str) -> Ceremony {
        Ceremony::Second { person: person.into(), state: None }
    }

    fn minute(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn a_ceremony_is_answered_once_and_within_five_minutes() {
        let all = Ceremonies::default();
        all.keep("a".into(), second("一"), minute(0));
        all.keep("b".into(), second("二"), minute(0));
        assert!(all.take("a", minute(4)).is_some());
        assert!(all.take("a", minute(4)).is_none(), "只答一次");
        assert!(all.take("b", minute(5)).is_none(), "五分钟过了");
        assert!(all.take("c", minute(0)).is_none(), "没有问过");
    }

    #[test]
    fn a_flood_of_ceremonies_pushes_out_the_oldest_and_never_grows() {
        let all = Ceremonies::default();
        for n in 0..MANY + 10 {
            let at = Timestamp::UNIX_EPOCH + SignedDuration::from_millis(i64::try_from(n).unwrap());
            all.keep(n.to_string(), second("一"), at);
        }
        assert_eq!(all.0.lock().unwrap().len(), MANY);
        assert!(all.take("9", minute(0)).is_none(), "最早的让位");
        assert!(all.take(&(MANY + 9).to_string(), minute(0)).is_some());
    }
}
