//! 选择运营机构 — announced and decided under an adopted plan (Articles 14 and 15).

use regulation::{
    Role, article,
    granting::{
        plan,
        selection::{Act, Condition, Flaw, Method, PROCEDURE, State, flaws},
    },
};
use serde::{Deserialize, Serialize};
use store::{
    granting::{plan::Plan, selection::Selection},
    party::Organisation,
};

use crate::{File, Recorded, Refused};

/// 公告.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Announce {
    /// 实施方案
    pub plan: String,
    /// 方式
    pub method: Method,
    /// 公告
    pub notice: String,
}

/// 选定.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Select {
    /// 编号
    pub id: String,
    /// 选定的运营机构
    pub operator: String,
    /// 已证明的条件
    pub conditions: Vec<Condition>,
}

/// 公告遴选 — only under a plan that is in force.
pub async fn announce(mut file: File<'_>, ask: &Announce) -> Result<Recorded, Refused> {
    file.entitled("selection.announce", "组织选择运营机构")?;
    let plan: Plan = file.read("实施方案", &ask.plan).await?;
    if !plan.state.in_force() {
        return Err(plan::Flaw::NotAdopted(plan.id).into());
    }
    if ask.notice.trim().is_empty() {
        return Err(Flaw::NoNotice.into());
    }
    let selection = Selection {
        id: file.number("LX"),
        plan: plan.id,
        agency: plan.agency,
        method: ask.method,
        notice: ask.notice.clone(),
        state: State::Announced,
        operator: None,
        conditions: Vec::new(),
    };
    file.write(&selection)?;
    file.record("announce", &selection, selection.state.name(), article(14), ask)
}

/// 选定 — a legal person that meets every condition of the mode.
pub async fn select(mut file: File<'_>, ask: &Select) -> Result<Recorded, Refused> {
    let mut selection: Selection = file.read("遴选", &ask.id).await?;
    let step = file.step(&PROCEDURE, (selection.state, Act::Select), &selection)?;
    let operator: Organisation = file.read("单位", &ask.operator).await?;
    operator.nature.check_operator()?;
    if !operator.roles.contains(&Role::Operator) {
        return Err(Flaw::NotAnOperator(operator.name).into());
    }
    Refused::if_any(&flaws(&ask.conditions))?;
    selection.state = step.to;
    selection.operator = Some(operator.id);
    selection.conditions.clone_from(&ask.conditions);
    file.write(&selection)?;
    file.record("select", &selection, selection.state.name(), step.basis, ask)
}

/// 终止遴选.
pub async fn fail(mut file: File<'_>, id: &str, reason: &str) -> Result<Recorded, Refused> {
    let mut selection: Selection = file.read("遴选", id).await?;
    let step = file.step(&PROCEDURE, (selection.state, Act::Fail), &selection)?;
    selection.state = step.to;
    file.write(&selection)?;
    file.record("fail", &selection, selection.state.name(), step.basis, &reason)
}
