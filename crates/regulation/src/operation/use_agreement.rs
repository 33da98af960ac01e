//! 数据开发利用协议 — between the operator and a business entity; without it nothing is delivered (Article 25).
#![doc = include_str!("../../text/measures/25.md")]

use crate::{
    Provision, Role, Violation, article, procedure,
    procedure::{Procedure, step},
};

const AGREEMENT: Provision = article(25).paragraph(1);

/// 办理程序 — offered by the operator, signed by the business entity, ended by either.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Offered, Sign,    BusinessEntity, InForce,  AGREEMENT),
        step(Offered, Decline, BusinessEntity, Declined, AGREEMENT),
        step(InForce, End,     Operator,       Ended,    AGREEMENT),
        step(InForce, End,     BusinessEntity, Ended,    AGREEMENT),
    ])
};

words! {
    /// 协议状态.
    pub enum State { Offered = "待经营主体签订", InForce = "履行中", Declined = "已谢绝", Ended = "已终止" }
}

words! {
    /// 行为.
    pub enum Act { Sign = "签订", Decline = "谢绝", End = "终止" }
}

impl procedure::State for State {}

words! {
    /// 协议应明确的内容 — what Article 25 asks the agreement to settle, in the order of the text.
    pub enum Clause {
        Confidentiality = "安全保密使用内容",
        Conditions = "数据利用的条件",
        Liability = "责任",
        Requirements = "具体要求",
    }
}

/// 协议有误.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 缺项
    #[error("数据开发利用协议缺少“{0}”")]
    Missing(Clause),
    /// 产品未上架
    #[error("产品“{0}”尚未上架")]
    Unpublished(String),
}

/// Everything the agreement does not settle yet.
pub fn flaws(clauses: &std::collections::BTreeMap<Clause, String>) -> Vec<Fault> {
    let settled = |clause: &&Clause| clauses.get(clause).is_some_and(|text| !text.trim().is_empty());
    Clause::ALL.iter().filter(|clause| !settled(clause)).map(|clause| Fault::Missing(*clause)).collect()
}

impl Violation for Fault {
    fn provision(&self) -> Provision {
        match self {
            Self::Missing(_) => AGREEMENT,
            Self::Unpublished(_) => article(8).paragraph(5),
        }
    }
}
