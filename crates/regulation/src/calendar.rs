//! 工作日历 — which days are working days, and on which day a term ends (Articles 13, 16, 23, 26).
//!
//! The Measures count in working days and leave the counting to the Civil Code (Articles 201 and
//! 203): the day a term starts from is not counted, and days off are not working days. Which days
//! these are, the State Council arranges year by year; the arrangements of past years stand in
//! `calendar/`, those of new years are entered and approved, and make a new edition of the calendar.
//! For a year without one we count weekends only and call the date provisional: no date is invented.

mod arrangement;
mod difference;
mod flaw;
mod import;
mod notice;
pub mod proposal;

use std::{
    collections::BTreeMap,
    fmt,
    ops::Bound::{Excluded, Included},
    sync::LazyLock,
};

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

pub use arrangement::{Amendment, Arrangement, Days, Festival};
pub use difference::Change;
pub use flaw::{Flaw, weekday};
pub use import::{Import, Reading, Row};

/// 若干个工作日 — the length of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct WorkingDays(pub u16);

/// 届满之日 — the last day of a term, and how it was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// 届满之日 — the term ends with this day.
    pub date: Date,
    /// 暂定 — a holiday arrangement that is not known yet may still move the date.
    pub provisional: bool,
    /// 起算之日 — the day the term runs from, itself not counted; old rows do not have it.
    #[serde(default)]
    pub from: Option<Date>,
    /// 长度 — in working days; old rows do not have it.
    #[serde(default)]
    pub term: Option<WorkingDays>,
    /// 日历版本 — the calendar that it was counted with; old rows do not have it.
    #[serde(default)]
    pub calendar: String,
    /// 跳过的日子 — the days that did not count, in their order.
    pub skipped: Vec<Skipped>,
}

/// 跳过的日子 — a day that did not count, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// 日期.
    pub day: Date,
    /// 原因 — such as 周六 or 国庆节放假.
    pub reason: String,
}

/// 工作日历 — the arrangements of the years we know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    edition: u32,
    version: String,
    arrangements: BTreeMap<i16, Arrangement>,
    notices: BTreeMap<i16, String>,
    exceptions: BTreeMap<Date, Exception>,
}

/// 日子 — what a day is, for whoever draws the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day<'a> {
    /// 工作日
    Working,
    /// 周末
    Weekend,
    /// 放假 — for the festival of this name.
    Off(&'a str),
    /// 调休上班
    Worked,
}

impl Day<'_> {
    /// 计入期限.
    pub fn is_worked(self) -> bool {
        matches!(self, Self::Working | Self::Worked)
    }
}

/// A day that is not what its weekday says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Exception {
    /// 放假 — off, for the festival of this name.
    Off(String),
    /// 调休上班 — a day of a weekend that is worked.
    Worked,
}

impl Calendar {
    /// 内置日历 — the arrangements that come with the program: the first edition.
    pub fn built_in() -> Self {
        static BUILT_IN: LazyLock<Calendar> = LazyLock::new(|| {
            let arrangements = arrangement::built_in();
            Calendar::of(1, arrangements.expect("a test parses calendar/*.toml"))
        });
        BUILT_IN.clone()
    }

    /// 某一版 — exactly the arrangements that this edition has.
    pub fn edition_of(edition: u32, arrangements: BTreeMap<i16, Arrangement>) -> Self {
        Self::of(edition, arrangements)
    }

    /// Knows also the years that came with the program and that this edition does not have; what it has, it keeps.
    #[must_use]
    pub fn and_built_in(self) -> Self {
        let mut all = Self::built_in().arrangements;
        all.extend(self.arrangements);
        Self::of(self.edition, all)
    }

    /// 下一版 — this calendar with another arrangement of one year.
    #[must_use]
    pub fn with(&self, arrangement: Arrangement) -> Self {
        let mut arrangements = self.arrangements.clone();
        arrangements.insert(arrangement.year, arrangement);
        Self::of(self.edition.saturating_add(1), arrangements)
    }

    fn of(edition: u32, arrangements: BTreeMap<i16, Arrangement>) -> Self {
        let years = runs(arrangements.keys().copied());
        let version = match (years.is_empty(), edition) {
            (true, _) => "仅计周末".to_owned(),
            (false, 0 | 1) => format!("国务院{years}"),
            (false, edition) => format!("国务院{years}（第{edition}版）"),
        };
        let (mut notices, mut exceptions) = (BTreeMap::new(), BTreeMap::new());
        // Year by year: what the next year's notice says of December comes later, and holds.
        for (year, arrangement) in &arrangements {
            notices.insert(*year, arrangement.citation());
            let off = arrangement.off().map(|(day, festival)| (day, Exception::Off(festival.to_owned())));
            let worked = arrangement.worked().map(|day| (day, Exception::Worked));
            exceptions.extend(off.chain(worked));
        }
        Self { edition, version, arrangements, notices, exceptions }
    }

    /// 第几版 — one more for every arrangement that was approved.
    pub fn edition(&self) -> u32 {
        self.edition
    }

    /// 放假安排 — by year.
    pub fn arrangements(&self) -> &BTreeMap<i16, Arrangement> {
        &self.arrangements
    }

    /// 版本 — what a date was counted with; kept beside the date, so that it can be counted again.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether the arrangement of this year is known.
    pub fn knows(&self, year: i16) -> bool {
        self.notices.contains_key(&year)
    }

    /// 放假安排通知 — the notice that arranged this year, for the page that shows a date.
    pub fn notice(&self, year: i16) -> Option<&str> {
        self.notices.get(&year).map(String::as_str)
    }

    /// 已有放假安排的年份.
    pub fn years(&self) -> impl Iterator<Item = i16> {
        self.notices.keys().copied()
    }

    /// What this day is.
    pub fn day(&self, day: Date) -> Day<'_> {
        match self.exceptions.get(&day) {
            Some(Exception::Off(festival)) => Day::Off(festival),
            Some(Exception::Worked) => Day::Worked,
            None if is_weekend(day.weekday()) => Day::Weekend,
            None => Day::Working,
        }
    }

    /// Whether this is a working day. In a year we do not know, only weekends are off.
    pub fn is_working_day(&self, day: Date) -> bool {
        self.day(day).is_worked()
    }

    /// 届满之日 — the last day of a term that runs `from` this day, which itself is not counted.
    ///
    /// A term of no days ends on the day it runs from. Where time itself ends, so does the term.
    pub fn due(&self, from: Date, term: WorkingDays) -> Due {
        let mut due = Due {
            date: from,
            provisional: false,
            from: Some(from),
            term: Some(term),
            calendar: self.version.clone(),
            skipped: Vec::new(),
        };
        let mut left = term.0;
        while left > 0 {
            let Ok(day) = due.date.tomorrow() else { break };
            due.date = day;
            due.provisional |= !self.is_settled(day);
            match self.reason_off(day) {
                Some(reason) => due.skipped.push(Skipped { day, reason }),
                None => left -= 1,
            }
        }
        due.provisional |= !self.is_settled(due.date);
        due
    }

    /// 重算 — the same term counted with this calendar, where it is known from when and how long it runs.
    pub fn recount(&self, due: &Due) -> Option<Due> {
        Some(self.due(due.from?, due.term?))
    }

    /// 剩余工作日 — how many working days are left after `today`, the due day included.
    ///
    /// Zero: after today there is none, so today is the last day. Negative: overdue, by the working
    /// days since the due day; the first of them counts from the morning after, even on a day off,
    /// so that the sign alone tells whether something is overdue.
    pub fn remaining(&self, today: Date, due: Date) -> i64 {
        if today <= due { self.working_days(today, due) } else { -self.working_days(due, today).max(1) }
    }

    /// The working days after `after`, up to and including `until`.
    pub fn working_days(&self, after: Date, until: Date) -> i64 {
        if until <= after {
            return 0;
        }
        let exceptions = self.exceptions.range((Excluded(after), Included(until)));
        let adjustment: i64 = exceptions
            .map(|(day, exception)| match (exception, is_weekend(day.weekday())) {
                (Exception::Off(_), false) => -1,
                (Exception::Worked, true) => 1,
                _ => 0,
            })
            .sum();
        weekdays(after, until) + adjustment
    }

    /// 周六, 国庆节放假 — why a day is off; nothing for a working day.
    fn reason_off(&self, day: Date) -> Option<String> {
        match (self.exceptions.get(&day), day.weekday()) {
            (Some(Exception::Off(festival)), _) => Some(format!("{festival}放假")),
            (None, Weekday::Saturday) => Some("周六".to_owned()),
            (None, Weekday::Sunday) => Some("周日".to_owned()),
            _ => None,
        }
    }

    /// Whether no arrangement to come can change this day. New Year's holiday is arranged with the
    /// year it opens, and takes from, or gives to, the last days of the year before.
    fn is_settled(&self, day: Date) -> bool {
        let near_new_year = day.month() == 12 && day.day() >= 26;
        self.knows(day.year()) && (!near_new_year || self.knows(day.year() + 1))
    }
}

impl fmt::Display for WorkingDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}个工作日", self.0)
    }
}

impl Due {
    /// Whether both say the same of the same term, whatever calendar they were counted with.
    pub fn agrees(&self, other: &Self) -> bool {
        (self.date, self.provisional, &self.skipped) == (other.date, other.provisional, &other.skipped)
    }
}

/// 2020–2026、2028 — years, those that follow each other joined.
fn runs(years: impl Iterator<Item = i16>) -> String {
    let mut runs: Vec<(i16, i16)> = Vec::new();
    for year in years {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == year => *last = year,
            _ => runs.push((year, year)),
        }
    }
    let told =
        runs.iter().map(|(first, last)| if first == last { first.to_string() } else { format!("{first}–{last}") });
    told.collect::<Vec<_>>().join("、")
}

const fn is_weekend(weekday: Weekday) -> bool {
    matches!(weekday, Weekday::Saturday | Weekday::Sunday)
}

/// Mondays to Fridays after `after`, up to and including `until`.
fn weekdays(after: Date, until: Date) -> i64 {
    let days = i64::from((until - after).get_days());
    let mut count = days / 7 * 5;
    let mut weekday = until.weekday();
    for _ in 0..days % 7 {
        count += i64::from(!is_weekend(weekday));
        weekday = weekday.previous();
    }
    count
}

#[cfg(test)]
mod tests;
