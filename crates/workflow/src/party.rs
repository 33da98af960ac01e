//! 各方 — organisations and people are registered; they sign in with passwords, under sessions.

pub mod attempts;
pub mod password;
pub mod session;

use jiff::Timestamp;
use regulation::{Nature, Provision, Role, Uscc};
use serde::{Deserialize, Serialize};
use store::party::{Appointment, Organisation, Person};

use crate::{Acting, File, Recorded, Refused};

/// The roles that the city has exactly one holder of.
const APPOINTED: [Role; 2] = [Role::ImplementingAgency, Role::MunicipalGovernment];

/// 登记单位.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RegisterOrganisation {
    /// 编号
    pub id: String,
    /// 名称
    pub name: String,
    /// 统一社会信用代码
    pub uscc: Uscc,
    /// 主体性质
    pub nature: Nature,
    /// 身份
    pub roles: Vec<Role>,
}

/// 登记人员 — the password comes as its hash, never in the clear.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RegisterPerson {
    /// 账号
    pub id: String,
    /// 姓名
    pub name: String,
    /// 单位
    pub org: String,
    /// 身份
    pub role: Role,
    /// 岗位
    pub post: String,
    /// 口令（Argon2id）
    pub password: String,
}

/// 不予登记.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("“{0}”已经登记")]
    Taken(String),
    #[error("{0}已由另一单位担任")]
    Occupied(Role),
    #[error("“{0}”没有{1}的身份")]
    NotTheirs(String, Role),
    #[error("全市还没有确定{0}")]
    Vacant(Role),
}

impl regulation::Violation for Fault {
    fn provision(&self) -> Provision {
        match self {
            Self::Occupied(_) | Self::Vacant(_) => regulation::article(8).paragraph(1),
            _ => Provision::PLATFORM,
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::Vacant(_) => "请平台管理员先登记",
            _ => "请核对后重新登记",
        }
        .to_owned()
    }
}

/// 登记单位 — by the administrator; a role that the city has once is given once.
pub async fn register_organisation(mut file: File<'_>, ask: &RegisterOrganisation) -> Result<Recorded, Refused> {
    file.only(Role::Administrator, "登记单位")?;
    if file.find::<Organisation>(&ask.id).await?.is_some() {
        return Err(Fault::Taken(ask.name.clone()).into());
    }
    let RegisterOrganisation { id, name, uscc, nature, roles } = ask.clone();
    for role in roles.iter().filter(|role| APPOINTED.contains(role)) {
        if file.find::<Appointment>(role.name()).await?.is_some() {
            return Err(Fault::Occupied(*role).into());
        }
        file.write(&Appointment { id: role.name().to_owned(), org: id.clone() })?;
    }
    let organisation = Organisation { id, name, uscc, nature, roles };
    file.write(&organisation)?;
    file.record("register", &organisation, "已登记", Provision::PLATFORM, &ask.name)
}

/// 登记人员 — in a role that their organisation has.
pub async fn register_person(mut file: File<'_>, ask: &RegisterPerson) -> Result<Recorded, Refused> {
    file.only(Role::Administrator, "登记人员")?;
    let organisation: Organisation = file.read("单位", &ask.org).await?;
    if !organisation.roles.contains(&ask.role) {
        return Err(Fault::NotTheirs(organisation.name, ask.role).into());
    }
    if file.find::<Person>(&ask.id).await?.is_some() {
        return Err(Fault::Taken(ask.id.clone()).into());
    }
    let RegisterPerson { id, name, org, role, post, password } = ask.clone();
    let person = Person { id, name, org, role, post, password };
    file.write(&person)?;
    file.record("register", &person, "已登记", Provision::PLATFORM, &person.id)
}

/// The organisation that holds a role of which the city has one.
pub(crate) async fn holder(file: &mut File<'_>, role: Role) -> Result<String, Refused> {
    let appointment = file.find::<Appointment>(role.name()).await?;
    appointment.map(|appointment| appointment.org).ok_or_else(|| Fault::Vacant(role).into())
}

/// Acting as this person.
pub fn acting_as(person: &Person, at: Timestamp) -> Acting {
    Acting { person: person.id.clone(), org: person.org.clone(), role: person.role, at }
}
