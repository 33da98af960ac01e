//! 授权运营协议 — adopted, signed by both, filed; supply under it can be suspended (Articles 16, 17 and 34).

use regulation::{
    article,
    granting::{
        agreement::{Act, Clauses, Flaw, PROCEDURE, Period, State},
        scope::Scope,
        selection,
    },
};
use serde::{Deserialize, Serialize};
use store::granting::{Filing, Minutes, agreement::Agreement, plan::Plan, selection::Selection};

use crate::{File, Recorded, Refused};

/// 拟订.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// 遴选
    pub selection: String,
    /// 名称
    pub title: String,
    /// 授权范围
    pub scope: Scope,
    /// 条款
    pub clauses: Clauses,
    /// 运营期限
    pub period: Period,
}

/// 拟订协议 — with the operator that was lawfully selected, and within the plan.
pub async fn draft(mut file: File<'_>, ask: &Draft) -> Result<Recorded, Refused> {
    file.entitled("agreement.draft", "拟订授权运营协议")?;
    let selection: Selection = file.read("遴选", &ask.selection).await?;
    let operator = match (&selection.operator, selection.state) {
        (Some(operator), selection::State::Selected) => operator.clone(),
        _ => return Err(Flaw::NotSelected.into()),
    };
    let plan: Plan = file.read("实施方案", &selection.plan).await?;
    let agreement = Agreement {
        id: file.number("XY"),
        title: ask.title.clone(),
        selection: selection.id,
        agency: plan.agency.clone(),
        operator,
        mode: plan.mode.clone(),
        plan: plan.id,
        scope: ask.scope.clone(),
        clauses: ask.clauses.clone(),
        period: ask.period,
        state: State::Draft,
        submitted_by: None,
        minutes: None,
        filing: None,
        due: None,
        escalated: Vec::new(),
    };
    file.write(&agreement)?;
    file.record("draft", &agreement, agreement.state.name(), article(17), ask)
}

/// 提交审议 — complete, not longer than allowed, not wider than the plan.
pub async fn submit(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut agreement: Agreement = file.read("授权运营协议", id).await?;
    let step = file.step(&PROCEDURE, (agreement.state, Act::Submit), &agreement)?;
    Refused::if_any(&agreement.clauses.flaws())?;
    agreement.period.check(&file.terms())?;
    let plan: Plan = file.read("实施方案", &agreement.plan).await?;
    agreement.scope.check_filled("授权运营协议")?;
    agreement.scope.check_within(&plan.content.scope, "实施方案")?;
    agreement.state = step.to;
    agreement.submitted_by = Some(file.acting.person.clone());
    file.write(&agreement)?;
    file.record("submit", &agreement, agreement.state.name(), step.basis, &id)
}

/// 审议通过 — by the agency's collective decision, and never by whoever submitted it.
pub async fn adopt(mut file: File<'_>, id: &str, minutes: &Minutes) -> Result<Recorded, Refused> {
    let mut agreement: Agreement = file.read("授权运营协议", id).await?;
    let step = file.step(&PROCEDURE, (agreement.state, Act::Adopt), &agreement)?;
    Refused::if_any(&minutes.flaws(file.today(), step.basis))?;
    agreement.state = step.to;
    agreement.minutes = Some(minutes.clone());
    file.write(&agreement)?;
    file.record("adopt", &agreement, agreement.state.name(), step.basis, minutes)
}

/// 退回.
pub async fn send_back(mut file: File<'_>, id: &str, reason: &str) -> Result<Recorded, Refused> {
    let mut agreement: Agreement = file.read("授权运营协议", id).await?;
    let step = file.step(&PROCEDURE, (agreement.state, Act::Return), &agreement)?;
    agreement.state = step.to;
    file.write(&agreement)?;
    file.record("return", &agreement, agreement.state.name(), step.basis, &reason)
}

/// 签订 — first the operator, then the agency; with the second signature it is in force and must be filed.
pub async fn sign(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut agreement: Agreement = file.read("授权运营协议", id).await?;
    let step = file.step(&PROCEDURE, (agreement.state, Act::Sign), &agreement)?;
    agreement.state = step.to;
    agreement.due = file.due(agreement.state);
    file.write(&agreement)?;
    file.record("sign", &agreement, agreement.state.name(), step.basis, &id)
}

/// 备案 — with the number that the provincial data authority gave.
pub async fn file_with_province(mut file: File<'_>, id: &str, number: &str) -> Result<Recorded, Refused> {
    let mut agreement: Agreement = file.read("授权运营协议", id).await?;
    let step = file.step(&PROCEDURE, (agreement.state, Act::File), &agreement)?;
    if number.trim().is_empty() {
        return Err(Flaw::NoFilingNumber.into());
    }
    agreement.state = step.to;
    agreement.filing = Some(Filing { number: number.trim().to_owned(), date: file.today() });
    agreement.due = None;
    file.write(&agreement)?;
    file.record("file", &agreement, agreement.state.name(), step.basis, &number)
}

/// 暂停、恢复提供数据 — effective at every door for the very next request.
pub async fn suspend_or_resume(mut file: File<'_>, id: &str, act: Act, grounds: &str) -> Result<Recorded, Refused> {
    let mut agreement: Agreement = file.read("授权运营协议", id).await?;
    let step = file.step(&PROCEDURE, (agreement.state, act), &agreement)?;
    if grounds.trim().is_empty() {
        return Err(Flaw::NoGrounds.into());
    }
    agreement.state = step.to;
    file.write(&agreement)?;
    let name = if act == Act::Suspend { "suspend" } else { "resume" };
    file.record(name, &agreement, agreement.state.name(), step.basis, &grounds)
}
