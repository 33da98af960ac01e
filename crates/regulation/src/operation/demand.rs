//! 数据需求 — the operator's demand for data and how it is met (Article 23).
#![doc = include_str!("../../text/measures/23.md")]

use serde::{Deserialize, Serialize};

use crate::{
    Kind, Provision, Role, Term, Violation, article, procedure,
    procedure::{Procedure, step},
};

const FLOW: Provision = article(23).paragraph(1);
/// What was supplied is kept up to date by whoever supplied it.
const UPKEEP: Provision = article(22);

/// 办理程序 — every lawful step of a demand. A person reviews; no step happens by itself.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Draft,          Submit, Operator,           FormalReview,   FLOW),
        step(FormalReview,   Pass,   ImplementingAgency, ProviderReview, FLOW),
        step(FormalReview,   Refuse, ImplementingAgency, Refused,        FLOW),
        step(ProviderReview, Pass,   DataProvider,       AwaitingSupply, FLOW),
        step(ProviderReview, Refuse, DataProvider,       Refused,        FLOW),
        step(AwaitingSupply, Supply, DataProvider,       Supplied,       FLOW),
        step(Supplied,       Supply, DataProvider,       Supplied,       UPKEEP),
    ])
};

words! {
    /// 办理状态.
    pub enum State {
        Draft = "草拟",
        FormalReview = "形式审查",
        ProviderReview = "提供单位审核",
        AwaitingSupply = "待供给",
        Supplied = "已供给",
        Refused = "不予通过",
    }
}

words! {
    /// 行为.
    pub enum Act { Submit = "提交", Pass = "通过", Refuse = "不予通过", Supply = "供给" }
}

impl procedure::State for State {
    fn within(self) -> Option<Term> {
        match self {
            Self::FormalReview => Some(Term::FormalReview),
            Self::ProviderReview => Some(Term::ProviderReview),
            Self::AwaitingSupply => Some(Term::Supply),
            Self::Draft | Self::Supplied | Self::Refused => None,
        }
    }
}

/// 一路通过 — what lies before a demand once it is submitted: who acts within which term, until it is supplied.
pub fn ahead() -> Vec<(State, Vec<Role>, Term)> {
    // The table names what leads onward first, and refusing after it.
    let onward = |state: State| PROCEDURE.0.iter().find(|step| step.from == state).map(|step| step.to);
    let mut course = Vec::new();
    let mut state = onward(State::Draft);
    while let Some(here) = state {
        let Some(term) = procedure::State::within(here) else { break };
        course.push((here, PROCEDURE.awaits(here), term));
        state = onward(here);
    }
    course
}

words! {
    /// 用途类别 — the two groups of Article 10 item 7, each in its parts; it decides whether there is a price.
    pub enum Purpose {
        PublicGovernance = "公共治理",
        PublicWelfare = "公益事业",
        Industry = "产业发展",
        Sector = "行业发展",
    }
}

/// 不予通过的告知 — the notice an applicant is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// 理由
    pub reason: String,
    /// 相关法律法规
    pub legal_basis: Vec<String>,
}

/// 需求有误 — what may be wrong with a demand or with handling it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 未说明场景
    #[error("数据需求应写明应用场景和必要性")]
    Unexplained,
    /// 协议不在履行中
    #[error("授权运营协议“{0}”不在履行中，不能发起数据需求")]
    Unauthorised(String),
    /// 一次只向一个目录条目提出
    #[error("一件数据需求只针对一个目录条目，本件涉及{0}个，请分开提出")]
    Manifold(usize),
    /// 前次没有不予通过
    #[error("数据需求“{0}”没有被不予通过，不能据此再提出")]
    NotRefused(String),
    /// 未告知理由
    #[error("审核不通过的，应当告知理由")]
    Unreasoned,
    /// 未告知法律法规
    #[error("审核不通过的，应当告知相关法律法规，写明到条")]
    Ungrounded,
}

impl Refusal {
    /// 审核不通过的，审核方应当告知不通过的理由及相关法律法规.
    ///
    /// # Errors
    /// The [`Fault`] that keeps the notice from being sent.
    pub fn check(&self) -> Result<(), Fault> {
        if self.reason.trim().is_empty() {
            return Err(Fault::Unreasoned);
        }
        let cites = |law: &String| law.contains('第') && law.contains('条');
        if self.legal_basis.iter().any(cites) { Ok(()) } else { Err(Fault::Ungrounded) }
    }
}

impl Violation for Fault {
    fn provision(&self) -> Provision {
        match self {
            Self::Unexplained | Self::Unreasoned | Self::Ungrounded => FLOW,
            Self::Manifold(_) | Self::NotRefused(_) => Provision::PLATFORM,
            Self::Unauthorised(_) => article(21),
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::Unexplained => "scenario",
            Self::Unreasoned => "reason",
            Self::Ungrounded => "legal_basis",
            Self::Unauthorised(_) | Self::Manifold(_) | Self::NotRefused(_) => "",
        }
    }

    fn kind(&self) -> Kind {
        if matches!(self, Self::NotRefused(_)) { Kind::State } else { Kind::Content }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operator_may_not_pass_its_own_demand() {
        let told = PROCEDURE.step(State::FormalReview, Act::Pass, Role::Operator).unwrap_err();
        assert_eq!(told.to_string(), "运营机构不得在“形式审查”时通过");
        assert_eq!(told.provision(), FLOW);
        assert_eq!(told.advice(), "这一环节由实施机构办理");
    }

    #[test]
    fn a_demand_has_three_terms_ahead_of_it_each_with_one_party() {
        use {Role::*, State::*};
        let course = [
            (FormalReview, vec![ImplementingAgency], Term::FormalReview),
            (ProviderReview, vec![DataProvider], Term::ProviderReview),
            (AwaitingSupply, vec![DataProvider], Term::Supply),
        ];
        assert_eq!(ahead(), course);
    }

    #[test]
    fn a_refusal_needs_a_reason_and_an_article() {
        let refusal =
            |reason: &str, law: &str| Refusal { reason: reason.into(), legal_basis: vec![law.into()] }.check();
        assert_eq!(refusal(" ", "第十二条"), Err(Fault::Unreasoned));
        assert_eq!(refusal("超出最小必要", "有关规定"), Err(Fault::Ungrounded));
        assert_eq!(refusal("超出最小必要", "第十二条第三款"), Ok(()));
    }
}
