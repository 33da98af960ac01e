//! 统计数字 — what everybody may know in numbers: files by state and month, terms met, data supplied and taken (Article 32).
//!
//! Working days are counted by the calendar in force, from the day after something came until the day it
//! was dealt with; whether that was in time is asked of the term as it was on the day it began to run.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};
use regulation::{Calendar, Term, Terms};

pub use super::tally::{Flow, Month};
use super::{announcements::Announcement, tally::Tally};
use crate::RefusalSort;

/// How many days back 近期 reaches.
pub const RECENT_DAYS: i32 = 90;

/// 统计数字.
#[derive(Clone, Debug)]
pub struct Figures {
    /// 统计到哪一天
    pub on: Date,
    /// 办理日志到哪一条
    pub position: u64,
    /// 工作日历版本
    pub calendar: String,
    /// 各主题各状态的件数
    pub states: BTreeMap<(&'static str, &'static str), u64>,
    /// 各主题每月新增
    pub begun: BTreeMap<(&'static str, Month), u64>,
    /// 各期限的办理时效
    pub terms: Vec<Timeliness>,
    /// 在期授权 — agreements that are active and whose period covers the day
    pub in_period: u64,
    /// 每月供给
    pub supplied: BTreeMap<Month, Flow>,
    /// 每月取数
    pub accessed: BTreeMap<Month, Flow>,
    /// 不予办理：依据、类别、次数
    pub refusals: BTreeMap<(String, Option<RefusalSort>), u64>,
    /// 审核不通过所依据的条款
    pub grounds: BTreeMap<String, u64>,
    /// 近期数据需求审核平均工作日
    pub recent: Option<Recent>,
    /// 公示公告，最近的在前
    pub news: Vec<Announcement>,
    /// 已公开答复的来件，最近的在前
    pub answered: Vec<String>,
}

/// 办理时效 — of one term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeliness {
    /// 期限
    pub term: Term,
    /// 名称
    pub name: String,
    /// 期限的工作日数
    pub length: u16,
    /// 办结件数
    pub done: u64,
    /// 中位数，工作日
    pub median: i64,
    /// 最长，工作日
    pub longest: i64,
    /// 按期件数
    pub in_time: u64,
}

impl Timeliness {
    /// 按期率，百分数，舍去小数.
    pub fn rate(&self) -> i64 {
        let rate = self.in_time.saturating_mul(100).checked_div(self.done).unwrap_or(0);
        i64::try_from(rate).unwrap_or(0)
    }
}

/// 近期平均.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recent {
    /// 件数
    pub done: u64,
    /// 工作日合计
    pub working_days: u64,
}

impl Recent {
    /// 4.5 — working days on average, to a tenth, rounded.
    pub fn average(&self) -> String {
        let tenths = (self.working_days * 10 + self.done / 2).checked_div(self.done).unwrap_or(0);
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

impl Figures {
    pub(super) fn of(tally: &Tally, calendar: &Calendar, on: Date) -> Self {
        let since = on.saturating_sub(RECENT_DAYS.days());
        let recent = tally.decided.iter().filter(|((_, until), _)| *until > since);
        let recent = recent.fold(Recent { done: 0, working_days: 0 }, |sum, ((from, until), count)| Recent {
            done: sum.done + count,
            working_days: sum.working_days + count * unsigned(calendar.working_days(*from, *until)),
        });
        Self {
            on,
            position: tally.position(),
            calendar: calendar.version().to_owned(),
            states: tally.states.clone(),
            begun: tally.begun.clone(),
            terms: timeliness(&tally.met, calendar, on),
            in_period: tally.periods.values().filter(|period| period.covers(on)).count() as u64,
            supplied: tally.supplied.clone(),
            accessed: tally.accessed.clone(),
            refusals: tally.refusals.clone(),
            grounds: tally.grounds.clone(),
            recent: Some(recent).filter(|recent| recent.done > 0),
            news: tally.news.iter().cloned().collect(),
            answered: tally.answered.iter().cloned().collect(),
        }
    }

    /// How many files of a subject stand in a state.
    pub fn standing(&self, subject: &'static str, state: &'static str) -> u64 {
        self.states.get(&(subject, state)).copied().unwrap_or(0)
    }
}

fn unsigned(days: i64) -> u64 {
    u64::try_from(days).unwrap_or(0)
}

/// 时效 — each term that has been met, in the order of the Measures.
fn timeliness(met: &BTreeMap<(Term, Date, Date), u64>, calendar: &Calendar, on: Date) -> Vec<Timeliness> {
    let today = Terms::in_force_on(on);
    let mut lengths: BTreeMap<Date, Terms> = BTreeMap::new();
    let mut days: BTreeMap<Term, BTreeMap<i64, u64>> = BTreeMap::new();
    let mut in_time: BTreeMap<Term, u64> = BTreeMap::new();
    for ((term, from, until), count) in met {
        let took = calendar.working_days(*from, *until);
        *days.entry(*term).or_default().entry(took).or_default() += count;
        let then = lengths.entry(*from).or_insert_with(|| Terms::in_force_on(*from));
        if calendar.due(*from, then.length(*term)).date >= *until {
            *in_time.entry(*term).or_default() += count;
        }
    }
    let one = |(term, days): (Term, BTreeMap<i64, u64>)| {
        let done = days.values().sum();
        Timeliness {
            name: today.entry(term).name.clone(),
            length: today.length(term).0,
            done,
            median: middle(&days, done),
            longest: days.keys().next_back().copied().unwrap_or(0),
            in_time: in_time.get(&term).copied().unwrap_or(0),
            term,
        }
    };
    days.into_iter().map(one).collect()
}

/// 中位数 — the smallest number of days within which half of them were done.
fn middle(days: &BTreeMap<i64, u64>, done: u64) -> i64 {
    let mut so_far = 0;
    for (took, count) in days {
        so_far += count;
        if so_far * 2 >= done {
            return *took;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_off_do_not_count_and_the_last_day_of_a_term_is_in_time() {
        let calendar = Calendar::built_in();
        // The National Day holiday lies between: five working days from September 30 end on October 14.
        let (from, last, late) = (date(2025, 9, 30), date(2025, 10, 14), date(2025, 10, 15));
        let met = [((Term::FormalReview, from, last), 2), ((Term::FormalReview, from, late), 1)];
        let told = timeliness(&met.into(), &calendar, date(2025, 11, 1));
        let [one] = &told[..] else { panic!("{told:?}") };
        assert_eq!((one.done, one.in_time, one.median, one.longest, one.rate()), (3, 2, 5, 6, 66));
    }

    #[test]
    fn the_middle_is_a_number_that_occurred_and_an_average_is_told_to_a_tenth() {
        let days = |days: &[(i64, u64)]| days.iter().copied().collect::<BTreeMap<_, _>>();
        assert_eq!(middle(&days(&[(1, 1), (3, 1)]), 2), 1);
        assert_eq!(middle(&days(&[(1, 1), (3, 2), (9, 1)]), 4), 3);
        assert_eq!(middle(&days(&[]), 0), 0);
        for (done, working_days, told) in [(2, 9, "4.5"), (3, 10, "3.3"), (3, 11, "3.7"), (1, 5, "5.0")] {
            assert_eq!(Recent { done, working_days }.average(), told);
        }
    }
}
