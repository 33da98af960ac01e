//! 提请放假安排 — who may bring a year's arrangement into force: one proposes, another approves.

use crate::{
    Procedure, Provision, Role,
    procedure::{self, step},
};

/// 办理程序 — a new year's arrangement comes into force when a second person has compared it with the notice.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::ImplementingAgency, State::*};
    Procedure(&[
        step(Proposed, Revise,   ImplementingAgency, Proposed,  Provision::PLATFORM),
        step(Proposed, Approve,  ImplementingAgency, InForce,   Provision::PLATFORM),
        step(Proposed, Withdraw, ImplementingAgency, Withdrawn, Provision::PLATFORM),
    ])
};

words! {
    /// 状态.
    pub enum State { Proposed = "待复核", InForce = "已生效", Withdrawn = "已撤回" }
}

words! {
    /// 行为.
    pub enum Act { Revise = "修改", Approve = "复核同意", Withdraw = "撤回" }
}

impl procedure::State for State {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_force_or_withdrawn_stays_so() {
        for state in [State::InForce, State::Withdrawn] {
            assert!(Role::ALL.iter().all(|role| PROCEDURE.open_to(state, *role).next().is_none()));
        }
    }
}
