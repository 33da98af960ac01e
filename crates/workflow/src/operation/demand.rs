//! 数据需求 — the acts of Article 23.

use std::collections::{BTreeMap, BTreeSet};

use regulation::{
    granting::scope::Scope,
    operation::demand::{Act, Fault, PROCEDURE, Purpose, Refusal, State},
};
use serde::{Deserialize, Serialize};
use store::{basics::catalogue::Entry, granting::agreement::Agreement, operation::demand::Demand};

use crate::{
    File, Recorded, Refused,
    draft::{self, Used},
};

/// 提交 — what the operator asks for, and why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Submission {
    /// 授权运营协议
    pub agreement: String,
    /// 目录条目
    pub entry: String,
    /// 信息项
    #[serde(default)]
    pub fields: BTreeSet<String>,
    /// 用途类别
    pub purpose: Purpose,
    /// 应用场景
    #[serde(default)]
    pub scenario: String,
    /// 必要性说明
    #[serde(default)]
    pub necessity: String,
    /// 逐项的必要性
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<String, String>,
    /// 前次申请 — the refused demand that this one is made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// 所用的草稿
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Used>,
}

/// 提交 — under an agreement in force, within its scope.
pub async fn submit(mut file: File<'_>, ask: &Submission) -> Result<Recorded, Refused> {
    file.entitled("demand.submit", "发起数据需求")?;
    let agreement: Agreement = file.read("授权运营协议", &ask.agreement).await?;
    let entry: Entry = file.read("目录条目", &ask.entry).await?;
    let mut demand = Demand {
        id: file.number("XQ"),
        agreement: agreement.id.clone(),
        operator: agreement.operator.clone(),
        agency: agreement.agency.clone(),
        entry: entry.id.clone(),
        provider: entry.provider.clone(),
        fields: ask.fields.clone(),
        purpose: ask.purpose,
        scenario: ask.scenario.trim().to_owned(),
        necessity: ask.necessity.trim().to_owned(),
        reasons: reasons(ask),
        follows: ask.follows.clone(),
        followed: Vec::new(),
        state: State::Draft,
        refusal: None,
        due: None,
        escalated: Vec::new(),
    };
    let step = file.step(&PROCEDURE, (demand.state, Act::Submit), &demand)?;
    if !(agreement.state.active() && agreement.period.covers(file.today())) {
        return Err(Fault::Unauthorised(agreement.id).into());
    }
    entry.state.check_in_use(&entry.id)?;
    if demand.scenario.is_empty() || demand.necessity.is_empty() {
        return Err(Fault::Unexplained.into());
    }
    let scope = Scope([(entry.id, demand.fields.clone())].into());
    scope.check_filled("数据需求")?;
    scope.check_within(&agreement.scope, "授权运营协议")?;
    if let Some(used) = &ask.draft {
        draft::send(&mut file, used, &demand.id).await?;
    }
    if let Some(earlier) = &ask.follows {
        let mut earlier: Demand = file.read("数据需求", earlier).await?;
        if earlier.operator != demand.operator {
            return Err(Refused::Missing { what: "数据需求", id: earlier.id });
        }
        if earlier.state != State::Refused {
            return Err(Fault::NotRefused(earlier.id).into());
        }
        earlier.followed.push(demand.id.clone());
        file.write(&earlier)?;
    }
    demand.state = step.to;
    demand.due = file.due(demand.state);
    file.write(&demand)?;
    file.record("submit", &demand, demand.state.name(), step.basis, ask)
}

/// What was said of single fields, as far as they are asked for.
fn reasons(ask: &Submission) -> BTreeMap<String, String> {
    let said = ask.reasons.iter().map(|(field, reason)| (field.clone(), reason.trim().to_owned()));
    said.filter(|(field, reason)| ask.fields.contains(field) && !reason.is_empty()).collect()
}

/// 通过 — passes the demand on to its next step.
pub async fn pass(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut demand: Demand = file.read("数据需求", id).await?;
    let step = file.step(&PROCEDURE, (demand.state, Act::Pass), &demand)?;
    demand.state = step.to;
    demand.due = file.due(demand.state);
    file.write(&demand)?;
    file.record("pass", &demand, demand.state.name(), step.basis, &id)
}

/// 不予通过 — with the reason and the law that the applicant is owed.
pub async fn refuse(mut file: File<'_>, id: &str, refusal: &Refusal) -> Result<Recorded, Refused> {
    let mut demand: Demand = file.read("数据需求", id).await?;
    let step = file.step(&PROCEDURE, (demand.state, Act::Refuse), &demand)?;
    refusal.check()?;
    demand.state = step.to;
    demand.refusal = Some(refusal.clone());
    demand.due = None;
    file.write(&demand)?;
    file.record("refuse", &demand, demand.state.name(), step.basis, refusal)
}
