//! 公共数据产品和服务 — built from what was supplied, masked where it must be, priced, published (Articles 3, 21, 24 and 25).
#![doc = include_str!("../../text/measures/25.md")]

use crate::{
    Provision, Role, Violation, article, procedure,
    procedure::{Procedure, step},
};

const PROCESSING: Provision = article(25).paragraph(1);
const PRICE: Provision = article(24).paragraph(1);
const FAIR: Provision = article(8).paragraph(5);

/// 办理程序 — the operator builds and proposes a price, the agency approves it, the operator publishes.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Planned,     Build,        Operator,           Built,       PROCESSING),
        step(Built,       ProposePrice, Operator,           PriceReview, PRICE),
        step(PriceReview, ApprovePrice, ImplementingAgency, Priced,      PRICE),
        step(PriceReview, ReturnPrice,  ImplementingAgency, Built,       PRICE),
        step(Priced,      Publish,      Operator,           Published,   FAIR),
        step(Published,   Withdraw,     Operator,           Withdrawn,   FAIR),
    ])
};

words! {
    /// 产品状态.
    pub enum State {
        Planned = "立项", Built = "已加工", PriceReview = "价格审核", Priced = "已定价", Published = "已上架", Withdrawn = "已下架",
    }
}

words! {
    /// 行为.
    pub enum Act {
        Build = "加工", ProposePrice = "报价", ApprovePrice = "核定价格", ReturnPrice = "退回报价", Publish = "上架", Withdraw = "下架",
    }
}

impl procedure::State for State {}

/// 产品有误.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 需求未供给
    #[error("数据需求“{0}”尚未完成供给，没有可加工的数据")]
    NotSupplied(String),
    /// 超出需求的字段
    #[error("信息项“{0}”不在数据需求的范围内")]
    BeyondDemand(String),
    /// 个人信息未脱敏
    #[error("信息项“{0}”涉及个人信息，应采取脱敏措施后方可进入产品")]
    Unmasked(String),
    /// 加工失败
    #[error("产品加工未完成：{0}")]
    Recipe(String),
    /// 没有输出
    #[error("产品至少要有一个输出项")]
    Empty,
}

impl Violation for Fault {
    fn provision(&self) -> Provision {
        match self {
            Self::NotSupplied(_) => article(23).paragraph(1),
            Self::BeyondDemand(_) => article(21),
            Self::Unmasked(_) | Self::Recipe(_) | Self::Empty => PROCESSING,
        }
    }
}
