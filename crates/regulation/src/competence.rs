//! 职权 — how the rules of who may do what are changed: proposed by one, approved by two others.
//!
//! The rules themselves are policies, which `workflow` keeps and asks; this is only the procedure of
//! changing them. It is our own rule (平台规则); that the implementing agency decides rests on Article 8.

use crate::{
    Kind, Procedure, Provision, Violation, article,
    procedure::{self, step},
};

/// How many must approve, none of whom is the proposer.
pub const APPROVERS: usize = 2;

words! {
    /// 状态.
    pub enum State {
        Proposed = "待同意",
        InForce = "施行中",
        Superseded = "已被取代",
        Rejected = "未获同意",
        Withdrawn = "已撤回",
    }
}

words! {
    /// 行为.
    pub enum Act {
        Revise = "修改",
        Approve = "同意",
        Reject = "不同意",
        Withdraw = "撤回",
    }
}

impl procedure::State for State {}

/// 办理程序 — the first approval leaves a proposal where it is; with the last it comes into force.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, State::*, crate::Role::*};
    const KEEP: Provision = Provision::PLATFORM;
    const DECIDE: Provision = article(8).paragraph(1);
    Procedure(&[
        step(Proposed, Revise,   SecurityAdministrator, Proposed,  KEEP),
        step(Proposed, Withdraw, SecurityAdministrator, Withdrawn, KEEP),
        step(Proposed, Approve,  ImplementingAgency,    InForce,   DECIDE),
        step(Proposed, Reject,   ImplementingAgency,    Rejected,  DECIDE),
    ])
};

/// 职权规则有误 — why a set of rules cannot be proposed, each with where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 读不懂
    #[error("{file}第{line}行读不懂：{why}")]
    Unreadable {
        /// 文件
        file: String,
        /// 行
        line: usize,
        /// 原因
        why: String,
    },
    /// 与词表不符
    #[error("规则“{rule}”与词表不符：{why}")]
    Unknown {
        /// 规则
        rule: String,
        /// 原因
        why: String,
    },
    /// 缺少说明
    #[error("{file}第{line}行起的规则缺少{what}")]
    Unsaid {
        /// 文件
        file: String,
        /// 行
        line: usize,
        /// 缺什么
        what: &'static str,
    },
    /// 重名
    #[error("规则“{0}”写了两遍")]
    Twice(String),
    /// 依据不明
    #[error("规则“{rule}”的依据“{basis}”不是某一条款，也不是“平台规则”")]
    Baseless {
        /// 规则
        rule: String,
        /// 所写的依据
        basis: String,
    },
    /// 破坏分立
    #[error("按这样的规则，{0}")]
    Breach(String),
    /// 没有改动
    #[error("与现行规则完全相同")]
    Same,
    /// 没有理由
    #[error("没有写明为什么要改")]
    Unexplained,
    /// 太大
    #[error("规则共{0}字节，最多{1}字节")]
    Huge(usize, usize),
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }

    fn advice(&self) -> String {
        match self {
            Self::Breach(_) => "这是平台不变的约束，任何规则都不能取消；请改写后再提请".to_owned(),
            _ => "请改正后重新提请".to_owned(),
        }
    }

    fn kind(&self) -> Kind {
        Kind::Content
    }
}
