//! 日历的差异 — what a day was before and is after, day by day.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Calendar, Day};

/// 改动 — one day that is no longer what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// 日期
    pub day: Date,
    /// 原来
    pub before: Day<'a>,
    /// 改为
    pub after: Day<'a>,
}

impl Change<'_> {
    /// Whether terms are counted differently: a Saturday that becomes a holiday was off before.
    pub fn counts(&self) -> bool {
        self.before.is_worked() != self.after.is_worked()
    }
}

impl Calendar {
    /// 差异 — every day that is another in `after`, in order.
    pub fn differences<'a>(&'a self, after: &'a Self) -> Vec<Change<'a>> {
        let days: BTreeSet<Date> = self.exceptions.keys().chain(after.exceptions.keys()).copied().collect();
        let change = |day| Change { day, before: self.day(day), after: after.day(day) };
        days.into_iter().map(change).filter(|change| change.before != change.after).collect()
    }
}
