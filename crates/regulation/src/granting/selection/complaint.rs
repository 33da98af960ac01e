//! 遴选异议 — an applicant objects, the agency answers; until it has, nobody is selected (Article 14).

use jiff::civil::Date;

use super::COMPETITION;
use crate::{
    Instrument, Kind, Provision, Role, Violation, procedure,
    procedure::{Procedure, step},
};

const OBJECTION: Provision = Instrument::TenderRegulation.article(54);

/// 办理程序.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Draft, Lodge,  Operator,           Open,     COMPETITION),
        step(Open,  Answer, ImplementingAgency, Answered, COMPETITION),
    ])
};

words! {
    /// 异议状态.
    pub enum State { Draft = "填写异议", Open = "异议待答复", Answered = "异议已答复" }
}

words! {
    /// 行为.
    pub enum Act { Lodge = "提出异议", Answer = "答复异议" }
}

impl procedure::State for State {}

words! {
    /// 答复的结论.
    pub enum Outcome { Dismissed = "不成立", Upheld = "成立" }
}

/// 异议缺陷.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 没有参选
    #[error("没有参选的单位不能以参选单位的身份提出异议")]
    NotTakingPart,
    /// 已过期限
    #[error("候选人公示已于{0}期满，不能再提出异议")]
    Late(Date),
    /// 已有结果
    #[error("遴选已有结果，不能再提出异议")]
    Over,
    /// 没有写明事由
    #[error("异议应写明事项和理由")]
    NoGrounds,
    /// 没有答复
    #[error("答复应写明结论的理由")]
    NoAnswer,
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        match self {
            Self::Late(_) => OBJECTION,
            _ => COMPETITION,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::NoGrounds => "grounds",
            Self::NoAnswer => "answer",
            _ => "",
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::NotTakingPart => "可以在“公示公告”里以社会公众的身份提出公示异议".to_owned(),
            Self::Late(_) | Self::Over => "仍有意见的，可以依法向有关部门投诉".to_owned(),
            _ => "请改好后再提交".to_owned(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Late(_) | Self::Over => Kind::State,
            Self::NotTakingPart => Kind::Role,
            _ => Kind::Content,
        }
    }
}
