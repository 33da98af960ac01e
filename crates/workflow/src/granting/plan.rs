//! 实施方案 — drafted by the agency, adopted by the government, filed with the province (Articles 10 to 13).

use regulation::{
    Role, article,
    basics::mode::Mode,
    granting::{
        plan::{Act, Flaw, PROCEDURE, Sections, State},
        scope::Scope,
    },
};
use serde::{Deserialize, Serialize};
use store::{
    basics::catalogue::Entry,
    granting::{Filing, Minutes, plan::Plan},
};

use crate::{File, Recorded, Refused, party::holder};

/// 编制.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// 授权模式
    pub mode: Mode,
    /// 内容
    pub sections: Sections,
    /// 数据资源范围
    pub scope: Scope,
}

/// 编制实施方案 — opens a draft; what it lacks is told when it is submitted.
pub async fn draft(mut file: File<'_>, ask: &Draft) -> Result<Recorded, Refused> {
    file.entitled("plan.draft", "编制实施方案")?;
    let agency = holder(&mut file, Role::ImplementingAgency).await?;
    let government = holder(&mut file, Role::MunicipalGovernment).await?;
    let plan = Plan {
        id: file.number("FA"),
        agency,
        government,
        mode: ask.mode.clone(),
        sections: ask.sections.clone(),
        scope: ask.scope.clone(),
        state: State::Draft,
        minutes: None,
        filing: None,
        due: None,
        escalated: Vec::new(),
    };
    file.write(&plan)?;
    file.record("draft", &plan, plan.state.name(), article(10), ask)
}

/// 报请审议 — complete, and offering only what the catalogue has published.
pub async fn submit(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut plan: Plan = file.read("实施方案", id).await?;
    let step = file.step(&PROCEDURE, (plan.state, Act::Submit), &plan)?;
    Refused::if_any(&plan.sections.flaws())?;
    plan.scope.check_filled("实施方案")?;
    plan.scope.check_within(&published(&mut file, &plan.scope).await?, "已发布的授权运营目录")?;
    plan.state = step.to;
    file.write(&plan)?;
    file.record("submit", &plan, plan.state.name(), step.basis, &id)
}

/// 审议通过 — by the collective decision of the government; the filing term begins.
pub async fn adopt(mut file: File<'_>, id: &str, minutes: &Minutes) -> Result<Recorded, Refused> {
    let mut plan: Plan = file.read("实施方案", id).await?;
    let step = file.step(&PROCEDURE, (plan.state, Act::Adopt), &plan)?;
    if minutes.meeting.trim().is_empty() {
        return Err(Flaw::NoMinutes.into());
    }
    plan.state = step.to;
    plan.minutes = Some(minutes.clone());
    plan.due = file.due(plan.state);
    file.write(&plan)?;
    file.record("adopt", &plan, plan.state.name(), step.basis, minutes)
}

/// 退回.
pub async fn send_back(mut file: File<'_>, id: &str, reason: &str) -> Result<Recorded, Refused> {
    let mut plan: Plan = file.read("实施方案", id).await?;
    let step = file.step(&PROCEDURE, (plan.state, Act::Return), &plan)?;
    plan.state = step.to;
    file.write(&plan)?;
    file.record("return", &plan, plan.state.name(), step.basis, &reason)
}

/// 备案 — with the number that the provincial data authority gave.
pub async fn file_with_province(mut file: File<'_>, id: &str, number: &str) -> Result<Recorded, Refused> {
    let mut plan: Plan = file.read("实施方案", id).await?;
    let step = file.step(&PROCEDURE, (plan.state, Act::File), &plan)?;
    if number.trim().is_empty() {
        return Err(Flaw::NoFilingNumber.into());
    }
    plan.state = step.to;
    plan.filing = Some(Filing { number: number.trim().to_owned(), date: file.today() });
    plan.due = None;
    file.write(&plan)?;
    file.record("file", &plan, plan.state.name(), step.basis, &number)
}

/// What the catalogue has published of the entries that `scope` names.
async fn published(file: &mut File<'_>, scope: &Scope) -> Result<Scope, Refused> {
    let mut published = Scope::default();
    for id in scope.0.keys() {
        if let Some(entry) = file.find::<Entry>(id).await?
            && entry.state == regulation::basics::catalogue::State::Published
        {
            let fields = entry.content.fields.into_iter().map(|field| field.code).collect();
            published.0.insert(id.clone(), fields);
        }
    }
    Ok(published)
}
