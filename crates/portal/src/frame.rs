//! 页框 — what surrounds every page: who is signed in, where one is, and how dates are written.

use jiff::{Timestamp, civil::Date, tz::Offset};
use regulation::Calendar;
use workflow::Notice;

use crate::session::Visitor;

/// 页框.
#[derive(Clone, Debug)]
pub struct Frame {
    /// 页面标题
    pub title: String,
    /// 登录者：单位、姓名、身份
    pub who: Option<Who>,
    /// 当前栏目
    pub section: &'static str,
}

/// 登录者.
#[derive(Clone, Debug)]
pub struct Who {
    /// 单位
    pub org: String,
    /// 姓名
    pub name: String,
    /// 身份
    pub role: &'static str,
    /// 可以挂载文件
    pub supplies: bool,
    /// 未读的告知，如“3”“99+”；没有的为空
    pub unread: String,
}

impl Frame {
    pub fn new(title: impl Into<String>, section: &'static str, visitor: Option<&Visitor>) -> Self {
        let who = visitor.map(|visitor| Who {
            org: visitor.organisation.name.clone(),
            name: visitor.person.name.clone(),
            role: visitor.person.role.name(),
            unread: unread(visitor.unread),
            supplies: visitor.person.role == regulation::Role::DataProvider,
        });
        Self { title: title.into(), who, section }
    }
}

/// 3, 99+, or nothing where there is none.
fn unread(count: u64) -> String {
    match count {
        0 => String::new(),
        1..100 => count.to_string(),
        _ => "99+".to_owned(),
    }
}

/// 时限 — how many working days are left, and how that was counted.
#[derive(Clone, Debug)]
pub struct Clock {
    /// 剩余工作日；负数为逾期
    pub remaining: i64,
    /// 届满之日
    pub due: String,
    /// 暂定（次年安排未公布）
    pub provisional: bool,
    /// 跳过的日子
    pub skipped: Vec<String>,
    /// 日历版本
    pub calendar: String,
}

impl Clock {
    /// The clock of a term that ends on `due`.
    pub fn of(calendar: &Calendar, due: &regulation::Due, today: Date) -> Self {
        Self {
            remaining: calendar.remaining(today, due.date),
            due: date(due.date),
            provisional: due.provisional,
            skipped: due.skipped.iter().map(|skip| format!("{}（{}）", date(skip.day), skip.reason)).collect(),
            calendar: calendar.version().to_owned(),
        }
    }

    /// 剩余2个工作日 / 今天届满 / 已逾期1个工作日.
    pub fn told(&self) -> String {
        remaining(self.remaining)
    }

    /// The colour it is shown in.
    pub fn tone(&self) -> &'static str {
        tone(self.remaining)
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

/// The colour a remainder is shown in.
pub fn tone(days: i64) -> &'static str {
    match days {
        ..0 => "danger",
        0..=2 => "warn",
        _ => "ok",
    }
}

/// 2025年9月1日
pub fn date(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// 2025年9月1日 09:00, in the city.
pub fn time(at: Timestamp) -> String {
    let local = Offset::constant(8).to_datetime(at);
    format!("{} {:02}:{:02}", date(local.date()), local.hour(), local.minute())
}

/// 52,584
pub fn count(number: impl std::borrow::Borrow<u64>) -> String {
    let number = *number.borrow();
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// 办不成时 — the refusal and what had been typed, shown on the same page again.
#[derive(Clone, Debug, Default)]
pub struct Trouble {
    /// 告知
    pub notice: Option<Notice>,
    /// 已填写的内容
    pub typed: Vec<(String, String)>,
}

impl Trouble {
    /// What had been typed into a field.
    pub fn typed(&self, name: &str) -> &str {
        self.typed.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Whether a box had been ticked.
    pub fn ticked(&self, name: &str, value: &str) -> bool {
        self.typed.iter().any(|(field, ticked)| field == name && ticked == value)
    }
}
