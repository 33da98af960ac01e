//! 参选申请 — who takes part in a selection, and whether it is qualified (Articles 14 and 15).

use jiff::civil::Date;

use super::{COMPETITION, State as Stage};
use crate::{
    Kind, Provision, Role, Violation, article, procedure,
    procedure::{Procedure, step},
};

const CONDITIONS: Provision = article(15);

/// 办理程序 — an operator changes or withdraws its application until applications close; then the agency examines it.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Submitted,    Revise,     Operator,           Submitted,    COMPETITION),
        step(Submitted,    Withdraw,   Operator,           Withdrawn,    COMPETITION),
        step(Submitted,    Qualify,    ImplementingAgency, Qualified,    CONDITIONS),
        step(Submitted,    Disqualify, ImplementingAgency, Disqualified, CONDITIONS),
        step(Disqualified, Qualify,    ImplementingAgency, Qualified,    CONDITIONS),
        step(Qualified,    Disqualify, ImplementingAgency, Disqualified, CONDITIONS),
        step(Qualified,    Inquire,    ImplementingAgency, Qualified,    CONDITIONS),
        step(Qualified,    Score,      ImplementingAgency, Qualified,    COMPETITION),
        step(Qualified,    Renew,      Operator,           Qualified,    CONDITIONS),
    ])
};

words! {
    /// 参选状态.
    pub enum State {
        Submitted = "待资格审查",
        Qualified = "资格审查合格",
        Disqualified = "资格审查不合格",
        Withdrawn = "已撤回参选",
    }
}

words! {
    /// 行为.
    pub enum Act {
        Revise = "修改申请",
        Withdraw = "撤回参选",
        Qualify = "审查合格",
        Disqualify = "审查不合格",
        Inquire = "查询失信名单",
        Score = "评分",
        Renew = "更新证明",
    }
}

impl procedure::State for State {}

/// 参选缺陷.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 已截止
    #[error("申请已于{0}截止")]
    Closed(Date),
    /// 遴选不在这一步
    #[error("遴选处于“{state}”，不能{to}")]
    Moment {
        /// 状态
        state: Stage,
        /// 办什么
        to: &'static str,
    },
    /// 没有受邀
    #[error("“{0}”不在受邀单位之内")]
    NotInvited(String),
    /// 已经申请
    #[error("“{0}”已经参选，一家单位只能有一份申请")]
    Twice(String),
    /// 没有写明法定代表人
    #[error("应写明法定代表人")]
    NoRepresentative,
    /// 没有单位名称
    #[error("应写明参选单位的名称")]
    NoName,
    /// 统一社会信用代码有误
    #[error("{0}")]
    Uscc(crate::UsccFault),
    /// 已登记的单位自己申请
    #[error("“{0}”已在平台登记，由它自己在平台申请")]
    Registered(String),
    /// 没有理由
    #[error("审查不合格应说明理由")]
    NoReason,
    /// 更新证明只对已选定的
    #[error("没有被选定的单位不需要更新证明")]
    NotChosen,
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        match self {
            Self::NotChosen | Self::NoReason => CONDITIONS,
            Self::NoRepresentative | Self::NoName | Self::Uscc(_) | Self::Registered(_) => Provision::PLATFORM,
            _ => COMPETITION,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::NoRepresentative => "representative",
            Self::NoName => "name",
            Self::Uscc(_) | Self::Registered(_) => "uscc",
            Self::NoReason => "reason",
            _ => "",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Closed(_) | Self::Moment { .. } | Self::Twice(_) | Self::NotChosen => Kind::State,
            _ => Kind::Content,
        }
    }
}

/// 申请是否还开着 — until the end of the day on which applications close.
///
/// # Errors
/// [`Flaw::Closed`] or [`Flaw::Moment`].
pub fn check_open(stage: Stage, deadline: Option<Date>, today: Date, to: &'static str) -> Result<(), Flaw> {
    if stage != Stage::Announced {
        return Err(Flaw::Moment { state: stage, to });
    }
    match deadline.filter(|deadline| *deadline < today) {
        Some(deadline) => Err(Flaw::Closed(deadline)),
        None => Ok(()),
    }
}
