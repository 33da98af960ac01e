//! 单位 — registered once under its credit code; suspended, its people can do nothing.

use regulation::{Level, Nature, Provision, Role, STANDING, Standing, StandingAct, Uscc};
use serde::{Deserialize, Serialize};
use store::party::{Appointment, Credit, Organisation};

use super::{APPOINTED, Fault, number, text};
use crate::{File, Recorded, Refused};

/// 登记单位.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Register {
    /// 编号
    pub id: String,
    /// 名称
    pub name: String,
    /// 统一社会信用代码
    pub uscc: String,
    /// 主体性质
    pub nature: Nature,
    /// 层级
    #[serde(default = "municipal")]
    pub level: Level,
    /// 行政区划代码；不写则取信用代码中的
    #[serde(default)]
    pub region: String,
    /// 身份
    #[serde(default)]
    pub roles: Vec<Role>,
}

fn municipal() -> Level {
    Level::Municipal
}

/// 登记单位 — a role that the city has once is given once, a credit code too.
pub async fn register(mut file: File<'_>, ask: &Register) -> Result<Recorded, Refused> {
    file.entitled("organisation.register", "登记单位")?;
    number(&ask.id)?;
    let name = text("名称", &ask.name, 100)?;
    let uscc = Uscc::parse(&ask.uscc)?;
    if file.find::<Organisation>(&ask.id).await?.is_some() {
        return Err(Fault::Taken(ask.id.clone()).into());
    }
    if file.find::<Credit>(uscc.as_str()).await?.is_some() {
        return Err(Fault::SameCode(uscc.to_string()).into());
    }
    for role in &ask.roles {
        fit(*role, ask.nature)?;
        if APPOINTED.contains(role) {
            if file.find::<Appointment>(role.name()).await?.is_some() {
                return Err(Fault::Occupied(*role).into());
            }
            file.write(&Appointment { id: role.name().to_owned(), org: ask.id.clone() })?;
        }
    }
    let region = if ask.region.trim().is_empty() { uscc.region().to_owned() } else { ask.region.trim().to_owned() };
    if region.len() != 6 || !region.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Fault::Blank("六位的行政区划代码").into());
    }
    file.write(&Credit { id: uscc.as_str().to_owned(), org: ask.id.clone() })?;
    let organisation = Organisation {
        id: ask.id.clone(),
        name,
        uscc,
        nature: ask.nature,
        level: ask.level,
        region,
        roles: ask.roles.clone(),
        standing: Standing::InForce,
    };
    file.write(&organisation)?;
    file.record("register", &organisation, "已登记", Provision::PLATFORM, &organisation.name)
}

/// 主体是否适格 (第三条).
fn fit(role: Role, nature: Nature) -> Result<(), Refused> {
    match role {
        Role::Operator => Ok(nature.check_operator()?),
        Role::BusinessEntity => Ok(nature.check_business_entity()?),
        role if role.is_the_program() => Err(Fault::Uninvited(Role::SystemAdministrator, role).into()),
        _ => Ok(()),
    }
}

/// 停用、恢复、终止.
pub async fn stand(mut file: File<'_>, id: &str, act: StandingAct, reason: &str) -> Result<Recorded, Refused> {
    let mut organisation: Organisation = file.read("单位", id).await?;
    let step = file.step(&STANDING, (organisation.standing, act), &organisation)?;
    let reason = text("事由", reason, 500)?;
    organisation.standing = step.to;
    file.write(&organisation)?;
    file.record(&act.code(), &organisation, step.to.name(), step.basis, &reason)
}
