//! 授权运营目录 — what a provider offers for authorised operation, and how it is screened (Articles 5 and 8).
#![doc = include_str!("../../text/measures/05.md")]

mod content;
mod difference;
mod flaw;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use self::{
    content::{Content, Cycle, DataType, Field, Format, Masking, Origin, Personal},
    difference::{Change, differences},
    flaw::{Flaw, LONGEST_NAME, LONGEST_TEXT, MOST_FIELDS},
};
pub use super::grading::Grade;
use crate::{
    Due, Kind, Provision, Role, Violation, article, procedure,
    procedure::{Procedure, step},
};

const KEEPING: Provision = article(8).paragraph(4);
const COORDINATION: Provision = article(8).paragraph(1);
const SCREENING: Provision = article(5).paragraph(1);
const CESSATION: Provision = article(26).paragraph(2);

/// 办理程序 — the provider compiles and screens, the implementing agency verifies and publishes. What is published
/// may be revised: the next version goes the same way from 编制中 while the published one stays in force.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Draft,        Submit,    DataProvider,       Screening,    KEEPING),
        step(Draft,        Revise,    DataProvider,       Draft,        KEEPING),
        step(Screening,    Screen,    DataProvider,       Screening,    SCREENING),
        step(Screening,    Forward,   DataProvider,       Verification, KEEPING),
        step(Screening,    Object,    DataProvider,       Draft,        SCREENING),
        step(Verification, Publish,   ImplementingAgency, Published,    COORDINATION),
        step(Verification, Return,    ImplementingAgency, Draft,        COORDINATION),
        step(Published,    Revise,    DataProvider,       Published,    KEEPING),
        step(Published,    Suspend,   DataProvider,       Suspended,    KEEPING),
        step(Published,    Suspend,   ImplementingAgency, Suspended,    COORDINATION),
        step(Suspended,    Revise,    DataProvider,       Suspended,    KEEPING),
        step(Suspended,    Resume,    ImplementingAgency, Published,    COORDINATION),
        step(Published,    Announce,  DataProvider,       Ending,       CESSATION),
        step(Published,    Announce,  ImplementingAgency, Ending,       CESSATION),
        step(Ending,       CallOff,   DataProvider,       Published,    CESSATION),
        step(Ending,       CallOff,   ImplementingAgency, Published,    CESSATION),
        step(Ending,       End,       DataProvider,       Ended,        CESSATION),
        step(Ending,       End,       ImplementingAgency, Ended,        CESSATION),
    ])
};

words! {
    /// 目录条目状态.
    pub enum State {
        Draft = "编制中",
        Screening = "单位合规审查",
        Verification = "核验中",
        Published = "已发布",
        Suspended = "暂停使用",
        Ending = "公告终止",
        Ended = "已终止保障",
    }
}

words! {
    /// 行为.
    pub enum Act {
        Submit = "提交审查",
        Revise = "修订",
        Screen = "审查",
        Forward = "报送核验",
        Object = "审查不予通过",
        Publish = "发布",
        Return = "退回",
        Suspend = "暂停使用",
        Resume = "恢复使用",
        Announce = "公告终止",
        CallOff = "撤回终止公告",
        End = "终止保障",
    }
}

impl procedure::State for State {}

impl State {
    /// 在用 — whether what it offers may be supplied and delivered: until its last day, one that ends is.
    pub const fn in_use(self) -> bool {
        matches!(self, Self::Published | Self::Ending)
    }

    /// 已公开 — whether the public sees it: also while it is suspended or about to end, and then it says so.
    pub const fn disclosed(self) -> bool {
        matches!(self, Self::Published | Self::Suspended | Self::Ending)
    }

    /// 编制、审查、核验的各步 — whether a version in this state is still being worked on.
    pub const fn in_work(self) -> bool {
        matches!(self, Self::Draft | Self::Screening | Self::Verification)
    }

    /// Whether something new may still be built on the entry.
    ///
    /// # Errors
    /// [`Fault::OutOfUse`] says how it stands.
    pub fn check_in_use(self, id: &str) -> Result<(), Fault> {
        if self.in_use() { Ok(()) } else { Err(Fault::OutOfUse(id.to_owned(), self)) }
    }
}

impl Act {
    /// Whether it moves the version that is being worked on, and not the entry that is in force.
    pub const fn on_version(self) -> bool {
        matches!(self, Self::Submit | Self::Screen | Self::Forward | Self::Object | Self::Publish | Self::Return)
    }
}

words! {
    /// 纳入审查 — the four screens of Article 5, in the order of the text.
    pub enum Screen {
        NationalSecurity = "不危害国家安全",
        PublicInterest = "不危害公共利益",
        TradeSecrets = "不侵犯商业秘密",
        PersonalRights = "不侵犯个人隐私、个人信息权益",
    }
}

impl Screen {
    /// 依据.
    pub const fn provision(self) -> Provision {
        SCREENING
    }
}

/// 审查意见 — one screen passed, by whom, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// 审查的一项
    pub screen: Screen,
    /// 审查人
    pub person: String,
    /// 时间
    pub at: jiff::Timestamp,
    /// 意见
    pub says: String,
}

/// 未审查的各项.
pub fn unscreened(opinions: &[Opinion]) -> Vec<Screen> {
    let passed = |screen: &Screen| opinions.iter().any(|opinion| opinion.screen == *screen);
    Screen::ALL.iter().copied().filter(|screen| !passed(screen)).collect()
}

/// 暂停 — by whom, since when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// 身份
    pub by: Role,
    /// 自何日
    pub since: Date,
    /// 事由
    pub grounds: String,
}

/// 终止公告 — the notice that supply will cease (第二十六条第二款).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// 身份
    pub by: Role,
    /// 公告之日
    pub announced: Date,
    /// 依据
    pub grounds: String,
    /// 提前告知期限
    pub term: Due,
    /// 最后一日 — supply goes on until its end.
    pub last_day: Date,
    /// 告知的运营机构 — those whose grants include the entry.
    #[serde(default)]
    pub operators: Vec<String>,
}

impl Notice {
    /// 提前10个工作日告知，写明依据.
    ///
    /// # Errors
    /// Every [`Fault`] of the notice.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        if !(self.grounds.contains('第') && self.grounds.contains('条')) {
            faults.push(Fault::Groundless);
        }
        if self.last_day < self.term.date {
            faults.push(Fault::Hasty(self.last_day, self.term.date));
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

/// 不能办 — what stands against an act on an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 未审查
    #[error("纳入审查还缺“{}”", .0.name())]
    Unscreened(Screen),
    /// 意见空着
    #[error("“{}”没有写明审查意见", .0.name())]
    Speechless(Screen),
    /// 一项也没有审
    #[error("没有写明任何一项的审查意见")]
    NoOpinion,
    /// 没有理由
    #[error("没有写明理由")]
    Unreasoned,
    /// 没有依据
    #[error("终止数据保障应当提供相应依据，写明到条")]
    Groundless,
    /// 太急
    #[error("最后一日{0}早于提前告知期满之日{1}")]
    Hasty(Date, Date),
    /// 没有到
    #[error("最后一日{0}还没有过")]
    Early(Date),
    /// 不是公告的一方
    #[error("终止公告由{0}发出，也由其撤回")]
    NotTheirs(Role),
    /// 修订还在办
    #[error("第{0}版正在“{1}”，一次只能修订一版")]
    Underway(u32, State),
    /// 没有改动
    #[error("内容和现行的一版完全一样")]
    Unchanged,
    /// 不在用
    #[error("目录条目“{0}”现在是“{1}”，不能使用")]
    OutOfUse(String, State),
}

impl Violation for Fault {
    fn provision(&self) -> Provision {
        match self {
            Self::Unscreened(_) | Self::Speechless(_) | Self::NoOpinion => SCREENING,
            Self::Groundless | Self::Hasty(..) | Self::Early(_) | Self::NotTheirs(_) => CESSATION,
            Self::Unreasoned | Self::Underway(..) | Self::Unchanged => Provision::PLATFORM,
            Self::OutOfUse(..) => KEEPING,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::Speechless(screen) | Self::Unscreened(screen) => match screen {
                Screen::NationalSecurity => "opinions.national_security",
                Screen::PublicInterest => "opinions.public_interest",
                Screen::TradeSecrets => "opinions.trade_secrets",
                Screen::PersonalRights => "opinions.personal_rights",
            },
            Self::NoOpinion => "opinions.national_security",
            Self::Unreasoned => "reason",
            Self::Groundless => "grounds",
            Self::Hasty(..) => "last_day",
            _ => "",
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::Unscreened(_) => "请由没有参与编制的人员审查并写明意见",
            Self::Hasty(..) => "请改为期满之日或者以后的日子",
            Self::Early(_) => "请在最后一日过后办理",
            Self::Underway(..) => "请把正在办的一版办完，或者在它退回编制后修改",
            Self::OutOfUse(..) => "请等条目恢复使用，或者另选条目",
            Self::Unchanged => "没有要改的，不必修订",
            _ => "请补正后重新办理",
        }
        .to_owned()
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Unscreened(_) | Self::Early(_) | Self::Underway(..) | Self::OutOfUse(..) => Kind::State,
            Self::NotTheirs(_) => Kind::Role,
            _ => Kind::Content,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{Calendar, WorkingDays};

    #[test]
    fn supply_ceases_only_after_ten_working_days_and_with_a_basis() {
        let term = Calendar::built_in().due(date(2025, 9, 1), WorkingDays(10));
        assert_eq!(term.date, date(2025, 9, 15));
        let notice = |grounds: &str, last_day| Notice {
            by: Role::DataProvider,
            announced: date(2025, 9, 1),
            grounds: grounds.into(),
            term: term.clone(),
            last_day,
            operators: Vec::new(),
        };
        assert_eq!(notice("《停车条例》第八条修订", date(2025, 9, 15)).check(), Ok(()));
        let told = notice("工作需要", date(2025, 9, 12)).check().unwrap_err();
        assert_eq!(told, [Fault::Groundless, Fault::Hasty(date(2025, 9, 12), date(2025, 9, 15))]);
        assert_eq!(told[1].to_string(), "最后一日2025-09-12早于提前告知期满之日2025-09-15");
    }

    #[test]
    fn nothing_new_is_built_on_an_entry_that_is_not_in_use() {
        let used: Vec<_> = State::ALL.iter().filter(|state| state.check_in_use("ML-1").is_ok()).collect();
        assert_eq!(used, [&State::Published, &State::Ending]);
        let told = State::Suspended.check_in_use("ML-1").unwrap_err();
        assert_eq!(told.to_string(), "目录条目“ML-1”现在是“暂停使用”，不能使用");
    }
}
