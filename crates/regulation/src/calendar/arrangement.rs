//! 放假安排 — the State Council's arrangement of one year's holidays, and what may be wrong with one.
//!
//! The arrangements of past years stand in `calendar/`; those of new years are entered on a page
//! ([`super::import`]) and pass the same checks.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan as _, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Flaw, import, is_weekend};

/// 放假安排 — one year's arrangement, and the notice it comes from: by its number, or by its title
/// where we are not sure of the number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrangement {
    /// 年份
    pub year: i16,
    /// 通知的文号或者标题
    pub notice: String,
    /// 印发日期
    pub published: Option<Date>,
    /// 出处 — where the notice can be read.
    #[serde(default)]
    pub papers: Vec<String>,
    /// 后来的调整
    #[serde(default)]
    pub amendment: Vec<Amendment>,
    /// 各节日
    pub festival: Vec<Festival>,
}

/// 调整 — a later notice that changed the arrangement, and that `festival` already reflects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// 文号或者标题
    pub notice: String,
    /// 印发日期
    pub published: Date,
}

/// 节日 — the days off, and the weekend days worked in exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Festival {
    /// 名称；一起放假的写在一起，如“国庆节、中秋节”
    pub name: String,
    /// 放假
    pub off: Vec<Days>,
    /// 调休上班
    #[serde(default)]
    pub work: Vec<Date>,
    /// “共几天” — as the notice says; it has to agree with the days.
    #[serde(default)]
    pub total: Option<u16>,
}

/// 起止 — from the first to the last day, both included: `2026-01-01..2026-01-03`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Days {
    /// 首日
    pub first: Date,
    /// 末日
    pub last: Date,
}

/// The years that an arrangement can be of.
pub const YEARS: std::ops::RangeInclusive<i16> = 2020..=2099;

/// 月和日.
pub type MonthDay = (i8, i8);

/// 法定节日 — each of them stands in every year's arrangement, alone or beside another; and between
/// which days it falls in this century, month and day.
#[rustfmt::skip] // It is a table; let it look like one.
pub const FESTIVALS: [(&str, MonthDay, MonthDay); 7] = [
    ("元旦",   (1, 1),  (1, 1)),
    ("春节",   (1, 21), (2, 20)),
    ("清明节", (4, 4),  (4, 5)),
    ("劳动节", (5, 1),  (5, 1)),
    ("端午节", (5, 28), (6, 25)),
    ("中秋节", (9, 7),  (10, 8)),
    ("国庆节", (10, 1), (10, 1)),
];

/// A make-up day is never farther from its holiday, in days.
pub const FARTHEST: i64 = 14;

/// No holiday was ever longer, in days: more is a slip of the pen.
const LONGEST: usize = 10;

const TEXT: [(i16, &str); 7] = [
    (2020, include_str!("../../calendar/2020.toml")),
    (2021, include_str!("../../calendar/2021.toml")),
    (2022, include_str!("../../calendar/2022.toml")),
    (2023, include_str!("../../calendar/2023.toml")),
    (2024, include_str!("../../calendar/2024.toml")),
    (2025, include_str!("../../calendar/2025.toml")),
    (2026, include_str!("../../calendar/2026.toml")),
];

/// The arrangements that come with the program, by year.
pub(super) fn built_in() -> Result<BTreeMap<i16, Arrangement>, Vec<Flaw>> {
    let read = |(year, text)| {
        let (arrangement, flaws) = import::from_toml(text);
        if flaws.is_empty() { Ok((year, Arrangement { year, ..arrangement })) } else { Err(flaws) }
    };
    TEXT.into_iter().map(read).collect()
}

impl Arrangement {
    /// The notice and what amended it, as a page names them.
    pub fn citation(&self) -> String {
        let amendments = self.amendment.iter().map(|later| (&later.notice, Some(later.published)));
        let notices = std::iter::once((&self.notice, self.published)).chain(amendments);
        let named = notices.map(|(notice, published)| match published {
            Some(day) => format!("{notice}（{day}）"),
            None => notice.clone(),
        });
        named.collect::<Vec<_>>().join("、")
    }

    /// 缺陷 — everything that keeps the arrangement from being counted with, told at once.
    pub fn flaws(&self, today: Date) -> Vec<Flaw> {
        let mut flaws = self.flaws_of_source(today);
        let off: Vec<Date> = self.off().map(|(day, _)| day).collect();
        if off.is_empty() {
            flaws.push(Flaw::Empty);
            return flaws; // that every festival is missing says nothing more
        }
        flaws.extend(self.festival.iter().flat_map(Festival::flaws));
        let days = self.festival.iter().flat_map(Festival::ends);
        flaws.extend(days.filter(|day| !self.may_hold(*day)).map(|day| Flaw::Outside(day, self.year)));
        let worked: Vec<Date> = self.worked().collect();
        flaws.extend(repeated(&off).into_iter().map(Flaw::OffTwice));
        flaws.extend(repeated(&worked).into_iter().map(Flaw::WorkedTwice));
        let (off, worked): (BTreeSet<Date>, BTreeSet<Date>) = (off.into_iter().collect(), worked.into_iter().collect());
        flaws.extend(off.intersection(&worked).map(|day| Flaw::OffAndWorked(*day)));
        flaws.extend(FESTIVALS.iter().filter_map(|festival| self.flaw_of_festival(*festival)));
        flaws
    }

    /// What is wrong with one of the festivals that every year has.
    fn flaw_of_festival(&self, (name, from, until): (&'static str, MonthDay, MonthDay)) -> Option<Flaw> {
        let named: Vec<&Festival> = self.festival.iter().filter(|festival| festival.name.contains(name)).collect();
        if named.is_empty() {
            return Some(Flaw::Missing(name));
        }
        if self.year == 0 {
            return None; // that there is no year has been told
        }
        let (first, last) = (Date::new(self.year, from.0, from.1).ok()?, Date::new(self.year, until.0, until.1).ok()?);
        let mut off = named.iter().flat_map(|festival| festival.off.iter().flat_map(|days| days.iter())).peekable();
        let fits = off.peek().is_none() || off.any(|day| (first..=last).contains(&day));
        match (fits, first == last) {
            (true, _) => None,
            (false, true) => Some(Flaw::NotOff(first, name)),
            (false, false) => Some(Flaw::OutOfSeason { festival: name, from, until }),
        }
    }

    /// What is wrong with where it comes from.
    fn flaws_of_source(&self, today: Date) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        if self.year == 0 {
            flaws.push(Flaw::NoYear);
        } else if !YEARS.contains(&self.year) {
            flaws.push(Flaw::NotAYear(self.year.to_string()));
        }
        if self.notice.trim().is_empty() {
            flaws.push(Flaw::NoNotice);
        }
        match self.published {
            None => flaws.push(Flaw::Undated),
            Some(day) if day > today => flaws.push(Flaw::FromTheFuture(day)),
            Some(day) if self.year != 0 && !(self.year - 1..=self.year).contains(&day.year()) => {
                flaws.push(Flaw::Untimely(day, self.year));
            }
            Some(_) => {}
        }
        flaws
    }

    /// Whether a day can be arranged by this year's notice: New Year's holiday takes from, or gives to,
    /// the December before.
    fn may_hold(&self, day: Date) -> bool {
        self.year == 0 || day.year() == self.year || (day.year() == self.year - 1 && day.month() == 12)
    }

    /// 放假 — each day off, and for what.
    pub fn off(&self) -> impl Iterator<Item = (Date, &str)> {
        self.festival.iter().flat_map(|festival| {
            festival.off.iter().flat_map(|days| days.iter()).map(|day| (day, festival.name.as_str()))
        })
    }

    /// 调休上班.
    pub fn worked(&self) -> impl Iterator<Item = Date> {
        self.festival.iter().flat_map(|festival| festival.work.iter().copied())
    }
}

impl Festival {
    fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let name = || if self.name.is_empty() { "未命名的节日".to_owned() } else { self.name.clone() };
        if self.name.trim().is_empty() {
            flaws.push(Flaw::Nameless);
        }
        if self.off.is_empty() {
            flaws.push(Flaw::Dayless(name()));
        }
        for days in &self.off {
            let length = days.iter().take(LONGEST + 1).count();
            if days.first > days.last {
                flaws.push(Flaw::Backward(name(), *days));
            } else if length > LONGEST {
                flaws.push(Flaw::TooLong(name(), *days));
            }
        }
        let forward = self.off.iter().all(|days| days.first <= days.last);
        let length: usize = self.off.iter().map(|days| days.iter().take(400).count()).sum();
        if let Some(total) = self.total
            && forward
            && usize::from(total) != length
        {
            flaws.push(Flaw::Total { festival: name(), told: total, listed: length });
        }
        let working = self.work.iter().filter(|day| !is_weekend(day.weekday()));
        flaws.extend(working.map(|day| Flaw::WorkedWeekday(*day)));
        let near = |day: &Date| self.off.iter().any(|days| days.distance(*day) <= FARTHEST);
        let far = self.work.iter().filter(|day| !self.off.is_empty() && !near(day));
        flaws.extend(far.map(|day| Flaw::Far(*day, name())));
        flaws
    }

    /// The days at which what it arranges begins and ends.
    fn ends(&self) -> impl Iterator<Item = Date> {
        let off = self.off.iter().flat_map(|days| {
            let last = (days.last != days.first).then_some(days.last);
            std::iter::once(days.first).chain(last)
        });
        off.chain(self.work.iter().copied())
    }
}

impl Days {
    /// Day by day; none where it runs backward, and never more than a year and a month of them.
    pub fn iter(self) -> impl Iterator<Item = Date> {
        self.first.series(1.day()).take(400).take_while(move |day| *day <= self.last)
    }

    /// How many days a day lies before or after.
    fn distance(self, day: Date) -> i64 {
        let days = |from: Date, until: Date| i64::from((until - from).get_days());
        days(day, self.first).max(days(self.last, day)).max(0)
    }
}

impl TryFrom<String> for Days {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (first, last) = text.split_once("..").unwrap_or((&text, &text));
        Ok(Self { first: first.parse()?, last: last.parse()? })
    }
}

impl From<Days> for String {
    fn from(days: Days) -> Self {
        if days.first == days.last { days.first.to_string() } else { format!("{}..{}", days.first, days.last) }
    }
}

/// What occurs more than once, once each.
fn repeated(days: &[Date]) -> BTreeSet<Date> {
    let mut seen = BTreeSet::new();
    days.iter().copied().filter(|day| !seen.insert(*day)).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_arrangement_that_comes_with_the_program_is_whole() {
        for (year, arrangement) in built_in().unwrap() {
            assert!(arrangement.published.unwrap().year() < year, "arranged beforehand");
            assert_eq!(arrangement.flaws(date(2026, 11, 23)), [], "{year}");
        }
    }

    #[test]
    fn the_extended_spring_festival_cites_both_notices() {
        assert_eq!(
            built_in().unwrap()[&2020].citation(),
            "国办发明电〔2019〕16号（2019-11-21）、国务院办公厅关于延长2020年春节假期的通知（2020-01-26）"
        );
    }
}
