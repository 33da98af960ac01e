//! 凭据 — what a program shows at the gate; it stands on one use agreement (Article 25) and is traceable (Article 19).
#![doc = include_str!("../../text/measures/19.md")]

use crate::{
    Provision, Role, Violation, article, procedure,
    procedure::{Procedure, step},
};

const TRACEABLE: Provision = article(19).paragraph(1);

/// 办理程序 — taken by the business entity; either party withdraws it at once.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Valid, Revoke, BusinessEntity, Revoked, TRACEABLE),
        step(Valid, Revoke, Operator,       Revoked, TRACEABLE),
    ])
};

words! {
    /// 凭据状态.
    pub enum State { Valid = "有效", Revoked = "已吊销" }
}

words! {
    /// 行为.
    pub enum Act { Revoke = "吊销" }
}

impl procedure::State for State {}

/// 不予领取.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 协议不在履行中
    #[error("数据开发利用协议“{0}”不在履行中，不能领取凭据")]
    NoAgreement(String),
}

impl Violation for Fault {
    fn provision(&self) -> Provision {
        match self {
            Self::NoAgreement(_) => article(25).paragraph(1),
        }
    }
}
