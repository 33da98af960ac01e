//! 放假安排 — the State Council's yearly arrangement of holidays, entered in `calendar/`.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Date};
use serde::Deserialize;

/// 放假安排 — one year's arrangement, and the notice it comes from: by its number, or by its title
/// where we are not sure of the number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Arrangement {
    notice: String,
    published: Date,
    #[serde(default)]
    amendment: Vec<Amendment>,
    pub(super) festival: Vec<Festival>,
}

/// 调整 — a later notice that changed the arrangement, and that `festival` already reflects.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Amendment {
    notice: String,
    published: Date,
}

/// 节日 — the days off, and the weekend days worked in exchange.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Festival {
    pub(super) name: String,
    pub(super) off: Vec<Days>,
    #[serde(default)]
    pub(super) work: Vec<Date>,
}

/// 起止 — from the first to the last day, both included: `2026-01-01..2026-01-03`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Days {
    first: Date,
    last: Date,
}

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
pub(super) fn built_in() -> Result<BTreeMap<i16, Arrangement>, toml::de::Error> {
    TEXT.into_iter().map(|(year, text)| Ok((year, toml::from_str(text)?))).collect()
}

impl Arrangement {
    /// The notice and what amended it, as a page names them.
    pub(super) fn citation(&self) -> String {
        let amendments = self.amendment.iter().map(|later| (&later.notice, later.published));
        let notices = std::iter::once((&self.notice, self.published)).chain(amendments);
        let named = notices.map(|(notice, published)| format!("{notice}（{published}）"));
        named.collect::<Vec<_>>().join("、")
    }
}

impl Days {
    pub(super) fn iter(self) -> impl Iterator<Item = Date> {
        self.first.series(1.day()).take_while(move |day| *day <= self.last)
    }
}

impl TryFrom<String> for Days {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (first, last) = text.split_once("..").unwrap_or((&text, &text));
        Ok(Self { first: first.parse()?, last: last.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Weekday;

    #[test]
    fn every_arrangement_is_whole() {
        for (year, arrangement) in built_in().unwrap() {
            assert!(arrangement.published.year() < year, "arranged beforehand");
            let names: String = arrangement.festival.iter().map(|f| f.name.as_str()).collect();
            for festival in ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"] {
                assert!(names.contains(festival), "{year}年缺{festival}");
            }
        }
    }

    #[test]
    fn ranges_run_forward_and_make_up_days_lie_on_weekends() {
        for (year, arrangement) in built_in().unwrap() {
            for festival in arrangement.festival {
                for days in &festival.off {
                    assert!(days.first <= days.last && days.last.year() == year, "{days:?}");
                    assert!(days.iter().count() <= 10, "{days:?}");
                }
                for day in festival.work {
                    assert_eq!(day.year(), year);
                    assert!(matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday), "{day}");
                }
            }
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
