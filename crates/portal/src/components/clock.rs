//! 时限 — how many working days are left, and how that was counted: the most important component of all.

use askama::Template;
use jiff::civil::Date;
use regulation::{Calendar, Due, WorkingDays};

use super::tag::{Tag, Tone};
use crate::frame::date;

/// 时限.
#[derive(Clone, Debug, Template)]
#[template(path = "components/clock.html")]
pub struct Clock {
    /// 名目，如“形式审查时限”
    pub title: String,
    /// 剩余工作日；负数为逾期
    pub remaining: i64,
    /// 届满之日
    pub due: String,
    /// 届满之日（ISO），给程序看
    pub iso: String,
    /// 暂定（次年安排未公布）
    pub provisional: bool,
    /// 法定长度；不知道的不画进度
    pub length: Option<i64>,
    /// 跳过的日子
    pub skipped: Vec<String>,
    /// 日历版本 — the one that the date was counted with.
    pub calendar: String,
    /// 自何日起，多长
    pub counted: String,
}

component!(Clock);

impl Clock {
    /// The clock of a term that ends on `due`.
    pub fn of(calendar: &Calendar, due: &Due, today: Date) -> Self {
        Self {
            title: "办理时限".to_owned(),
            remaining: calendar.remaining(today, due.date),
            due: date(due.date),
            iso: due.date.to_string(),
            provisional: due.provisional,
            length: None,
            skipped: due.skipped.iter().map(|skip| format!("{}（{}）", date(skip.day), skip.reason)).collect(),
            calendar: if due.calendar.is_empty() { calendar.version().to_owned() } else { due.calendar.clone() },
            counted: match (due.from, due.term) {
                (Some(from), Some(term)) => format!("{}收到，期限{term}", date(from)),
                _ => String::new(),
            },
        }
    }

    #[must_use]
    pub fn titled(self, title: &str) -> Self {
        Self { title: title.to_owned(), ..self }
    }

    /// How many working days the law gives.
    #[must_use]
    pub fn long(self, length: Option<WorkingDays>) -> Self {
        Self { length: length.map(|length| i64::from(length.0)), ..self }
    }

    /// 剩余2个工作日 / 今天届满 / 已逾期1个工作日.
    pub fn told(&self) -> String {
        remaining(self.remaining)
    }

    /// The tone it is shown in.
    pub fn tone(&self) -> Tone {
        Tone::of_remaining(self.remaining)
    }

    /// 已用的工作日 — never more than there are.
    fn used(&self) -> i64 {
        let length = self.length.unwrap_or_default();
        (length - self.remaining).clamp(0, length)
    }

    #[expect(clippy::unused_self, reason = "the template asks its component")]
    fn guess(&self) -> Tag {
        Tag::state("暂定")
    }
}

/// 剩余2个工作日 / 今天届满 / 已逾期1个工作日.
pub fn remaining(days: i64) -> String {
    match days {
        0 => "今天届满".to_owned(),
        1.. => format!("剩余 {days} 个工作日"),
        _ => format!("已逾期 {} 个工作日", -days),
    }
}
