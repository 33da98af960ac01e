//! 任职 — as what a person acts, and for whom; it is suspended, ended, and handed over when they leave.

use regulation::{Provision, Role, STANDING, Standing, StandingAct};
use serde::{Deserialize, Serialize};
use store::{
    party::{Membership, Organisation, Person},
    record,
};

use super::{Fault, person::end_sessions, text};
use crate::{File, Office, Recorded, Refused};

/// 任职 — while a platform is founded; afterwards people come by invitation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Begin {
    /// 账号
    pub person: String,
    /// 单位
    pub org: String,
    /// 身份
    pub role: Role,
    /// 岗位
    pub post: String,
}

/// 开始任职.
pub async fn begin(mut file: File<'_>, ask: &Begin) -> Result<Recorded, Refused> {
    file.entitled("membership.begin", "登记任职")?;
    let mut person: Person = file.read("人员", &ask.person).await?;
    let held = take_up(&mut file, &mut person, (&ask.org, ask.role, &ask.post)).await?;
    file.write(&person)?;
    file.record("begin", &held, held.standing.name(), Provision::PLATFORM, ask)
}

/// 停用、恢复、终止 — its sessions end with it.
pub async fn stand(mut file: File<'_>, id: &str, act: StandingAct, reason: &str) -> Result<Recorded, Refused> {
    let mut held: Membership = file.read("任职", id).await?;
    let step = file.step(&STANDING, (held.standing, act), &held)?;
    let reason = text("事由", reason, 500)?;
    if act != StandingAct::Resume {
        not_the_last(&file, &held).await?;
        end_sessions(&mut file, &held.person, |session| session.membership == held.id).await?;
    }
    held.standing = step.to;
    file.write(&held)?;
    file.record(&act.code(), &held, step.to.name(), step.basis, &reason)
}

/// 交接 — ends a membership and says who goes on: somebody in the same role of the same organisation.
pub async fn hand_over(mut file: File<'_>, id: &str, to: &str) -> Result<Recorded, Refused> {
    let mut held: Membership = file.read("任职", id).await?;
    let step = file.step(&STANDING, (held.standing, StandingAct::End), &held)?;
    let successor: Membership = file.read("任职", to).await?;
    let fits = successor.standing == Standing::InForce
        && successor.id != held.id
        && (&successor.org, successor.role) == (&held.org, held.role);
    if !fits {
        return Err(Fault::NoSuccessor.into());
    }
    end_sessions(&mut file, &held.person, |session| session.membership == held.id).await?;
    held.standing = step.to;
    held.successor = Some(successor.id);
    file.write(&held)?;
    file.record("hand_over", &held, step.to.name(), step.basis, &to)
}

/// Takes up a membership: in a role that the organisation has, and that goes with what the person already is.
pub(crate) async fn take_up(
    file: &mut File<'_>,
    person: &mut Person,
    (org, role, post): (&str, Role, &str),
) -> Result<Membership, Refused> {
    let organisation: Organisation = file.read("单位", org).await?;
    if organisation.standing != Standing::InForce {
        return Err(Fault::NotInForce("单位", organisation.name, organisation.standing).into());
    }
    if role.is_the_program() || !(organisation.roles.contains(&role) || role == Role::OrganisationAdministrator) {
        return Err(Fault::NotTheirs(organisation.name, role).into());
    }
    separate(file, person, role).await?;
    let id = Membership::number(&person.id, org, role);
    let before: Option<Membership> = file.find(&id).await?;
    if let Some(before) = before.filter(|before| before.standing != Standing::Ended) {
        return Err(Fault::Taken(format!("{}（{}）", person.id, before.role)).into());
    }
    let held = Membership {
        id,
        person: person.id.clone(),
        org: org.to_owned(),
        role,
        post: text("岗位", post, 30)?,
        standing: Standing::InForce,
        since: file.acting.at,
        successor: None,
    };
    if !person.memberships.contains(&held.id) {
        person.memberships.push(held.id.clone());
    }
    file.write(&held)?;
    Ok(held)
}

/// 三员分立 — a keeper holds nothing else, and whoever holds something else becomes no keeper.
async fn separate(file: &mut File<'_>, person: &Person, role: Role) -> Result<(), Refused> {
    for id in &person.memberships {
        let held: Membership = file.read("任职", id).await?;
        if held.standing != Standing::Ended && !held.role.goes_with(role) {
            return Err(Fault::NotSeparate(held.role, role).into());
        }
    }
    Ok(())
}

/// The last one in force of those without whom the platform cannot be kept is not put out of force.
pub(crate) async fn not_the_last(file: &File<'_>, held: &Membership) -> Result<(), Refused> {
    if !Role::KEEPERS.contains(&held.role) || held.standing != Standing::InForce {
        return Ok(());
    }
    let key = record::key::<Organisation>(&held.org);
    let beside: Vec<Membership> = file.office.store.children(&key).await.map_err(Refused::unavailable)?;
    let another = |one: &&Membership| one.role == held.role && one.id != held.id && one.standing == Standing::InForce;
    if beside.iter().any(|one| another(&one)) { Ok(()) } else { Err(Fault::Last(held.role).into()) }
}

/// 任职 — those of a person that are in force, in organisations that are.
pub async fn in_force(office: &Office, person: &Person) -> Result<Vec<(Membership, Organisation)>, Refused> {
    let mut found = Vec::new();
    for id in &person.memberships {
        let held = office.store.get::<Membership>(id).await.map_err(Refused::unavailable)?;
        let Some((held, _)) = held.filter(|(held, _)| held.standing == Standing::InForce) else { continue };
        let organisation = office.store.get::<Organisation>(&held.org).await.map_err(Refused::unavailable)?;
        if let Some((organisation, _)) = organisation.filter(|(org, _)| org.standing == Standing::InForce) {
            found.push((held, organisation));
        }
    }
    Ok(found)
}
