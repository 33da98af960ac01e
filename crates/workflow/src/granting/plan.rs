//! 实施方案 — drafted by the agency, alone or with whoever applied, adopted by the government, filed (Articles 10 to 13).

use regulation::{
    Role, article,
    basics::mode::Mode,
    granting::{
        plan::{Act, Content, Flaw, PROCEDURE, State, check_sector},
        scope::Scope,
    },
};
use serde::{Deserialize, Serialize};
use store::{
    basics::catalogue::Entry,
    granting::{
        Filing, Minutes,
        plan::{Joint, JointOpinion, Plan},
    },
};

use super::application;
use crate::{File, Recorded, Refused, approval::digest, party::holder};

/// 编制.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// 授权申请 — whose mode and grounds the plan has; without one it is for the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// 内容
    #[serde(flatten)]
    pub content: Content,
}

/// 修改 — the whole content anew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Revise {
    /// 编号
    pub id: String,
    /// 内容
    #[serde(flatten)]
    pub content: Content,
}

/// 编制实施方案 — opens a draft; what it lacks is told when it is submitted.
pub async fn draft(mut file: File<'_>, ask: &Draft) -> Result<Recorded, Refused> {
    file.entitled("plan.draft", "编制实施方案")?;
    let agency = holder(&mut file, Role::ImplementingAgency).await?;
    let government = holder(&mut file, Role::MunicipalGovernment).await?;
    let id = file.number("FA");
    let (mode, joint) = match ask.application.as_deref().filter(|application| !application.is_empty()) {
        Some(application) => {
            let (application, mode) = application::organise(&mut file, application, &id).await?;
            let joint = Joint { role: application.joint_role(), org: application.applicant, opinion: None };
            (mode, Some(joint))
        }
        None => (Mode::Whole, None),
    };
    let plan = Plan {
        id,
        agency,
        government,
        mode,
        application: ask.application.clone().filter(|application| !application.is_empty()),
        joint,
        content: ask.content.clone(),
        state: State::Draft,
        minutes: None,
        filing: None,
        due: None,
        escalated: Vec::new(),
    };
    file.write(&plan)?;
    file.record("draft", &plan, plan.state.name(), article(10), ask)
}

/// 修改 — whoever had agreed to the plan has not agreed to this.
pub async fn revise(mut file: File<'_>, ask: &Revise) -> Result<Recorded, Refused> {
    let mut plan: Plan = file.read("实施方案", &ask.id).await?;
    let step = file.step(&PROCEDURE, (plan.state, Act::Submit), &plan)?; // who may submit may revise
    plan.content = ask.content.clone();
    file.write(&plan)?;
    file.record("revise", &plan, plan.state.name(), step.basis, ask)
}

/// 征求意见 — of whoever the plan is made with; what it lacks is told before they read it.
pub async fn consult(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut plan: Plan = file.read("实施方案", id).await?;
    let step = file.step(&PROCEDURE, (plan.state, Act::Consult), &plan)?;
    if plan.joint.is_none() {
        return Err(Flaw::Alone.into());
    }
    check(&mut file, &plan).await?;
    plan.state = step.to;
    file.write(&plan)?;
    file.record("consult", &plan, plan.state.name(), step.basis, &id)
}

/// 同意方案、提出不同意见 — on exactly this content.
pub async fn answer(mut file: File<'_>, id: &str, act: Act, opinion: &str) -> Result<Recorded, Refused> {
    let mut plan: Plan = file.read("实施方案", id).await?;
    let step = file.step(&PROCEDURE, (plan.state, act), &plan)?;
    let agreed = act == Act::Concur;
    if !agreed && opinion.trim().is_empty() {
        return Err(Flaw::NoOpinion.into());
    }
    let given = JointOpinion {
        agreed,
        text: opinion.trim().to_owned(),
        by: file.acting.person.clone(),
        on: file.today(),
        digest: digest(&plan.content),
    };
    if let Some(joint) = &mut plan.joint {
        joint.opinion = Some(given);
    }
    plan.state = step.to;
    file.write(&plan)?;
    file.record(if agreed { "concur" } else { "object" }, &plan, plan.state.name(), step.basis, &opinion)
}

/// 报请审议 — complete, offering only what the catalogue has published, and agreed to by whoever it is made with.
pub async fn submit(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut plan: Plan = file.read("实施方案", id).await?;
    let step = file.step(&PROCEDURE, (plan.state, Act::Submit), &plan)?;
    check(&mut file, &plan).await?;
    if let Some(joint) = &plan.joint {
        let now = digest(&plan.content);
        if !joint.opinion.as_ref().is_some_and(|opinion| opinion.agreed && opinion.digest == now) {
            let org: store::party::Organisation = file.read("单位", &joint.org).await?;
            return Err(Flaw::NotConcurred(org.name).into());
        }
    }
    plan.state = step.to;
    file.write(&plan)?;
    file.record("submit", &plan, plan.state.name(), step.basis, &id)
}

/// 完整、在范围之内 — every gap at once, then how far it reaches.
async fn check(file: &mut File<'_>, plan: &Plan) -> Result<(), Refused> {
    Refused::if_any(&plan.content.flaws(&plan.mode))?;
    plan.content.scope.check_filled("实施方案")?;
    let (published, flaws) = published(file, plan).await?;
    plan.content.scope.check_within(&published, "已发布的授权运营目录")?;
    Refused::if_any(&flaws)
}

/// 审议通过 — by the collective decision of the government; the filing term begins.
pub async fn adopt(mut file: File<'_>, id: &str, minutes: &Minutes) -> Result<Recorded, Refused> {
    let mut plan: Plan = file.read("实施方案", id).await?;
    let step = file.step(&PROCEDURE, (plan.state, Act::Adopt), &plan)?;
    Refused::if_any(&minutes.flaws(file.today(), step.basis))?;
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

/// What the catalogue has published of the entries that the plan names, and which of them lie outside its sector.
async fn published(file: &mut File<'_>, plan: &Plan) -> Result<(Scope, Vec<Flaw>), Refused> {
    let (mut published, mut flaws) = (Scope::default(), Vec::new());
    for id in plan.content.scope.0.keys() {
        if let Some(entry) = file.find::<Entry>(id).await?
            && entry.state == regulation::basics::catalogue::State::Published
        {
            flaws.extend(check_sector(&plan.mode, &entry.content.name, entry.content.sector).err());
            let fields = entry.content.fields.into_iter().map(|field| field.code).collect();
            published.0.insert(id.clone(), fields);
        }
    }
    Ok((published, flaws))
}
