//! 放假安排的缺陷 — why a notice cannot be counted with, in words for whoever enters it.

use jiff::civil::{Date, Weekday};

use super::{
    Days,
    arrangement::{FESTIVALS, MonthDay, YEARS},
};
use crate::{Provision, Violation};

/// 缺陷.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 什么也没有
    #[error("没有可读的内容：请粘贴通知全文、上传文件，或者逐项填写")]
    Nothing,
    /// 两种方式
    #[error("既有通知的内容，又逐项填写了节日，请只用一种方式")]
    Both,
    /// 过长
    #[error("内容有{0}字节，一份放假安排不会超过{limit}字节", limit = super::import::LARGEST)]
    TooLarge(usize),
    /// 格式不对
    #[error("内容读不懂：{0}")]
    Unreadable(String),
    /// 读不懂的句子
    #[error("“{0}”：这一句没有读懂“{1}”")]
    Unread(String, String),
    /// 与填写的不一致
    #[error("{what}不一致：填写的是“{typed}”，内容里是“{read}”")]
    Disagrees {
        /// 哪一项
        what: &'static str,
        /// 填写的
        typed: String,
        /// 读到的
        read: String,
    },
    /// 没有年份
    #[error("没有写明是哪一年的放假安排")]
    NoYear,
    /// 不是年份
    #[error("“{0}”不是{first}年至{last}年间的年份", first = YEARS.start(), last = YEARS.end())]
    NotAYear(String),
    /// 没有依据
    #[error("没有写明所依据的通知：请填写文号，没有文号的填写标题")]
    NoNotice,
    /// 没有出处
    #[error("没有所依据的通知：papers 是空的")]
    NoPapers,
    /// 没有日期
    #[error("没有写明通知的印发日期")]
    Undated,
    /// 将来的通知
    #[error("印发日期{}还没有到", plain(*.0))]
    FromTheFuture(Date),
    /// 不是这一年的通知
    #[error("印发日期是{day}，而{1}年的放假安排应在上一年或者当年印发", day = plain(*.0))]
    Untimely(Date, i16),
    /// 空壳
    #[error("没有任何一天放假，这是一份空的安排")]
    Empty,
    /// 缺节日
    #[error("缺少“{0}”")]
    Missing(&'static str),
    /// 没有名称
    #[error("有一个节日没有写名称")]
    Nameless,
    /// 没有日期的节日
    #[error("“{0}”没有放假的日子")]
    Dayless(String),
    /// 没有的日子
    #[error("没有“{0}”这一天")]
    NoSuchDay(String),
    /// 星期不符
    #[error("{}是{}，不是{}", plain(*.0), weekday(.0.weekday()), weekday(*.1))]
    WrongWeekday(Date, Weekday),
    /// 前后颠倒
    #[error("“{0}”的起止前后颠倒：{first}至{last}", first = plain(.1.first), last = plain(.1.last))]
    Backward(String, Days),
    /// 过长
    #[error("“{0}”自{first}至{last}超过10天，请核对", first = plain(.1.first), last = plain(.1.last))]
    TooLong(String, Days),
    /// 天数不符
    #[error("“{festival}”写明共{told}天，所列日期是{listed}天")]
    Total {
        /// 节日
        festival: String,
        /// 写明的
        told: u16,
        /// 所列的
        listed: usize,
    },
    /// 工作日调休上班
    #[error("{}本来就是工作日，不能是调休上班的日子", told(*.0))]
    WorkedWeekday(Date),
    /// 又休又班
    #[error("{}既放假又上班", told(*.0))]
    OffAndWorked(Date),
    /// 放两次
    #[error("{}的放假写了两次", told(*.0))]
    OffTwice(Date),
    /// 班两次
    #[error("{}的上班写了两次", told(*.0))]
    WorkedTwice(Date),
    /// 不在这一年
    #[error("{day}不在{1}年，也不在上一年的12月", day = told(*.0))]
    Outside(Date, i16),
    /// 不是这个时节
    #[error("“{festival}”总在{first}月{}日至{last}月{}日之间，这里却没有放假", .from.1, .until.1, first = .from.0, last = .until.0)]
    OutOfSeason {
        /// 节日
        festival: &'static str,
        /// 最早，月和日
        from: MonthDay,
        /// 最晚，月和日
        until: MonthDay,
    },
    /// 离得太远
    #[error("{day}上班离“{1}”的假期超过{far}天，请核对", day = told(*.0), far = super::arrangement::FARTHEST)]
    Far(Date, String),
    /// 法定节日不放假
    #[error("{day}是{1}，应当放假", day = plain(*.0))]
    NotOff(Date, &'static str),
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }

    fn advice(&self) -> String {
        match self {
            Self::Missing(_) => {
                let names: Vec<&str> = FESTIVALS.iter().map(|(name, ..)| *name).collect();
                format!("一份放假安排应当包括{}，请对照通知补齐", names.join("、"))
            }
            Self::NoPapers | Self::Empty => "国务院公布放假安排之后再录入；没有公布的年份，平台按周末暂定".to_owned(),
            _ => "请对照国务院办公厅的通知原文，改正后重新提请".to_owned(),
        }
    }
}

/// 2026年1月1日（周四）
fn told(day: Date) -> String {
    format!("{}（{}）", plain(day), weekday(day.weekday()))
}

/// 2026年1月1日
pub(super) fn plain(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// 周四
pub fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}
