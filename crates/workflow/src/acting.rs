//! 行为人 — who acts, for whom, in which role, and when: the first argument of everything.

use jiff::{Timestamp, civil::Date, tz::Offset};
use regulation::Role;

/// 谁、代表谁、以何身份、何时.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// 人员编号
    pub person: String,
    /// 单位编号
    pub org: String,
    /// 身份
    pub role: Role,
    /// 岗位
    pub post: String,
    /// 时间 — read once, at the door.
    pub at: Timestamp,
}

impl Acting {
    /// 平台时限服务 — the clock itself: it escalates, and can do nothing else.
    pub fn clock(at: Timestamp) -> Self {
        Self { person: "clock".into(), org: "platform".into(), role: Role::Clock, post: String::new(), at }
    }

    /// 建库程序 — the program while it founds a platform.
    pub fn founder(at: Timestamp) -> Self {
        Self { person: "founder".into(), org: "platform".into(), role: Role::Founder, post: String::new(), at }
    }

    /// 门 — the clock's service at the door: it counts who tries in vain.
    pub(crate) fn door(at: Timestamp) -> Self {
        Self { person: "door".into(), ..Self::clock(at) }
    }

    /// 今天 — the civil day in the city (UTC+8).
    pub fn today(&self) -> Date {
        day(self.at)
    }
}

/// The civil day in the city at a moment.
pub(crate) fn day(at: Timestamp) -> Date {
    Offset::constant(8).to_datetime(at).date()
}
