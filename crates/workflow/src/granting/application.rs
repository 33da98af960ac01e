//! 授权申请 — the case is written, signed off by the right office or denied with reasons (Articles 7 to 9 and 11).

use regulation::{
    Level, Role, Standing,
    basics::mode::{Mode, Scenario},
    granting::application::{Act, Content, Flaw, Kind, PROCEDURE, State, signs_off},
    text,
};
use serde::{Deserialize, Serialize};
use store::{
    granting::application::{Application, Opinion, ScenarioTaken},
    party::Organisation,
};

use crate::{File, Recorded, Refused, approval::digest, party::holder};

/// 编制论证.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// 审签机关 — whose leader signs off; for a district, its government, which is the applicant.
    #[serde(default)]
    pub office: String,
    /// 内容
    pub content: Content,
}

/// 修改论证 — the whole content anew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Revise {
    /// 编号
    pub id: String,
    /// 审签机关
    #[serde(default)]
    pub office: String,
    /// 内容
    pub content: Content,
}

/// 编制论证 — opens a draft; what it lacks is told when it is submitted.
pub async fn draft(mut file: File<'_>, ask: &Draft) -> Result<Recorded, Refused> {
    file.entitled("application.draft", "编制授权运营的论证")?;
    let agency = holder(&mut file, Role::ImplementingAgency).await?;
    let mut application = Application {
        id: file.number("SQ"),
        author: file.acting.org.clone(),
        author_role: file.acting.role,
        applicant: String::new(),
        office: String::new(),
        agency,
        content: ask.content.clone(),
        state: State::Draft,
        submitted_by: None,
        opinion: None,
        plan: None,
    };
    name_office(&mut file, &mut application, &ask.office).await?;
    file.write(&application)?;
    let basis = PROCEDURE.step(State::Draft, Act::Submit, application.author_role)?.basis;
    file.record("draft", &application, application.state.name(), basis, ask)
}

/// 修改论证.
pub async fn revise(mut file: File<'_>, ask: &Revise) -> Result<Recorded, Refused> {
    let mut application: Application = file.read("授权申请", &ask.id).await?;
    let step = file.step(&PROCEDURE, (application.state, Act::Submit), &application)?; // who may submit may revise
    application.content = ask.content.clone();
    name_office(&mut file, &mut application, &ask.office).await?;
    file.write(&application)?;
    file.record("revise", &application, application.state.name(), step.basis, ask)
}

/// 审签机关 — an organisation that holds the right role; for a district, the government of the same district.
async fn name_office(file: &mut File<'_>, application: &mut Application, office: &str) -> Result<(), Refused> {
    let office = office.trim();
    if office.is_empty() {
        (application.office, application.applicant) = (String::new(), String::new());
        if application.author_role == Role::MunicipalDepartment {
            application.applicant.clone_from(&application.author);
        }
        return Ok(());
    }
    let found: Organisation = file.read("单位", office).await?;
    let signs = signs_off(application.author_role).ok_or(Flaw::NoOffice)?;
    if !found.roles.contains(&signs) || found.standing != Standing::InForce {
        return Err(Flaw::WrongOffice(found.name, "它没有承担这一审签的身份").into());
    }
    if signs == Role::DistrictLeader {
        let author: Organisation = file.read("单位", &application.author).await?;
        let district = found.roles.contains(&Role::DistrictGovernment) && found.level == Level::District;
        if !district || found.region != author.region {
            return Err(Flaw::WrongOffice(found.name, "它不是本区（市）县的人民政府").into());
        }
        application.applicant.clone_from(&found.id);
    } else {
        application.applicant.clone_from(&application.author);
    }
    application.office = found.id;
    Ok(())
}

/// 报请审签 — with everything that is missing told at once.
pub async fn submit(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut application: Application = file.read("授权申请", id).await?;
    let step = file.step(&PROCEDURE, (application.state, Act::Submit), &application)?;
    let mut flaws = application.content.flaws(application.author_role);
    if application.office.is_empty() {
        flaws.push(Flaw::NoOffice);
    }
    flaws.extend(taken(&mut file, &application.content).await?);
    Refused::if_any(&flaws)?;
    application.state = step.to;
    application.submitted_by = Some(file.acting.person.clone());
    application.opinion = None;
    file.write(&application)?;
    file.record("submit", &application, application.state.name(), step.basis, &id)
}

/// 一场景一授权 — whether another application has been agreed to for the same scenario.
async fn taken(file: &mut File<'_>, content: &Content) -> Result<Option<Flaw>, Refused> {
    let key = Scenario::key_of(&content.scenario);
    if content.kind != Kind::Scenario || key.is_empty() {
        return Ok(None);
    }
    let taken = file.find::<ScenarioTaken>(&key).await?;
    Ok(taken.map(|taken| Flaw::ScenarioTaken(content.scenario.trim().to_owned(), taken.application)))
}

/// 审签同意 — of exactly what was submitted; a scenario is taken by it.
pub async fn agree(mut file: File<'_>, id: &str, opinion: &str) -> Result<Recorded, Refused> {
    let mut application: Application = file.read("授权申请", id).await?;
    let step = file.step(&PROCEDURE, (application.state, Act::Agree), &application)?;
    if let Some(flaw) = taken(&mut file, &application.content).await? {
        return Err(flaw.into());
    }
    if application.content.kind == Kind::Scenario {
        let key = Scenario::key_of(&application.content.scenario);
        file.write(&ScenarioTaken { id: key, application: application.id.clone() })?;
    }
    decide(&mut file, &mut application, step.to, opinion);
    file.write(&application)?;
    file.record("agree", &application, application.state.name(), step.basis, &application.opinion)
}

/// 不予同意、退回 — with the reason that the applicant is owed.
pub async fn decline(mut file: File<'_>, id: &str, act: Act, reason: &str) -> Result<Recorded, Refused> {
    let mut application: Application = file.read("授权申请", id).await?;
    let step = file.step(&PROCEDURE, (application.state, act), &application)?;
    if reason.trim().is_empty() {
        return Err(Flaw::NoReason.into());
    }
    if let Some(why) = text::unreadable(reason, 5000) {
        return Err(Flaw::Unreadable("理由", why, "reason").into());
    }
    decide(&mut file, &mut application, step.to, reason);
    file.write(&application)?;
    let name = if act == Act::Deny { "deny" } else { "return" };
    file.record(name, &application, application.state.name(), step.basis, &application.opinion)
}

fn decide(file: &mut File<'_>, application: &mut Application, to: State, opinion: &str) {
    application.state = to;
    application.opinion = Some(Opinion {
        decision: if to == State::Draft { "退回修改" } else { to.name() }.to_owned(),
        text: opinion.trim().to_owned(),
        by: file.acting.person.clone(),
        on: file.today(),
        digest: digest(&application.content),
    });
}

/// 撤回 — while it is still being written.
pub async fn withdraw(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut application: Application = file.read("授权申请", id).await?;
    let step = file.step(&PROCEDURE, (application.state, Act::Withdraw), &application)?;
    application.state = step.to;
    file.write(&application)?;
    file.record("withdraw", &application, application.state.name(), step.basis, &id)
}

/// 组织实施 — a plan is drafted from an application that was agreed to, and from each only one.
pub(super) async fn organise(file: &mut File<'_>, id: &str, plan: &str) -> Result<(Application, Mode), Refused> {
    let mut application: Application = file.read("授权申请", id).await?;
    if application.state != State::Agreed {
        return Err(Flaw::NotAgreed(application.id, application.state).into());
    }
    let step = file.step(&PROCEDURE, (application.state, Act::Organise), &application)?;
    let mode = application.content.mode().ok_or_else(|| Flaw::NotAgreed(application.id.clone(), application.state))?;
    application.state = step.to;
    application.plan = Some(plan.to_owned());
    file.write(&application)?;
    Ok((application, mode))
}
