//! 余下的时间 — the parts of the days to come by which a list is narrowed.

use jiff::civil::Date;
use store::list::Filter;

/// 余下的时间 — in which part of the days to come a term ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// 逾期
    Overdue,
    /// 今天届满
    Today,
    /// 本周届满
    Week,
    /// 以后届满
    Later,
    /// 无法定时限
    Never,
}

impl Left {
    /// 全部 — the most urgent first.
    pub const ALL: [Self; 5] = [Self::Overdue, Self::Today, Self::Week, Self::Later, Self::Never];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Week => "week",
            Self::Later => "later",
            Self::Never => "none",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Overdue => "已逾期",
            Self::Today => "今天届满",
            Self::Week => "本周内届满",
            Self::Later => "下周起届满",
            Self::Never => "无法定时限",
        }
    }

    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|left| left.code() == code)
    }

    /// The part in which a day lies, as seen on `today`.
    pub fn of(due: Option<Date>, today: Date) -> Self {
        match due {
            None => Self::Never,
            Some(due) if due < today => Self::Overdue,
            Some(due) if due == today => Self::Today,
            Some(due) if due < next_monday(today) => Self::Week,
            Some(_) => Self::Later,
        }
    }

    /// Only what lies in this part.
    pub fn within(self, filter: Filter, today: Date) -> Filter {
        let (today, monday) = (today, next_monday(today));
        let tomorrow = today.tomorrow().unwrap_or(today);
        let (from, until) = match self {
            Self::Overdue => (String::new(), today.to_string()),
            Self::Today => (today.to_string(), tomorrow.to_string()),
            Self::Week => (tomorrow.to_string(), monday.to_string()),
            Self::Later => (monday.to_string(), String::new()),
            Self::Never => return filter.termless(),
        };
        Filter { from, until, ..filter }
    }
}

/// The Monday after `today`.
fn next_monday(today: Date) -> Date {
    let days = 7 - i64::from(today.weekday().to_monday_zero_offset());
    today.saturating_add(jiff::Span::new().days(days))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_fall_into_one_part_each_and_filters_ask_for_the_same() {
        let today = date(2025, 9, 4); // 星期四
        let table = [
            (Some(date(2025, 9, 3)), Left::Overdue),
            (Some(today), Left::Today),
            (Some(date(2025, 9, 5)), Left::Week),
            (Some(date(2025, 9, 7)), Left::Week),
            (Some(date(2025, 9, 8)), Left::Later),
            (None, Left::Never),
        ];
        for (due, left) in table {
            assert_eq!(Left::of(due, today), left, "{due:?}");
            let count = store::list::Count {
                subject: "demand".into(),
                state: "formal_review".into(),
                due: due.map(|due| due.to_string()).unwrap_or_default(),
                underway: true,
                rows: 1,
            };
            for part in Left::ALL {
                assert_eq!(part.within(Filter::default(), today).takes(&count), part == left, "{due:?} {part:?}");
            }
        }
    }
}
