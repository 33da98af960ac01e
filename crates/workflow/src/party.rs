//! 各方 — organisations and people are registered; people sign in and out.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use regulation::{Nature, Provision, Role, Uscc};
use serde::{Deserialize, Serialize};
use store::party::{Appointment, Organisation, Person, Session};

use crate::{Acting, File, Office, Recorded, Refused};

/// 会话时长.
const SESSION: SignedDuration = SignedDuration::from_hours(12);
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
    #[error("账号或者口令不正确")]
    SignIn,
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
            Self::SignIn => "请核对账号和口令后重新登录",
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

/// 登录 — returns the session's token; only its digest is kept.
pub async fn sign_in(office: &Office, login: &str, password: &str, at: Timestamp) -> Result<(String, Person), Refused> {
    let found = office.store.get::<Person>(login).await.map_err(Refused::unavailable)?;
    // Unknown accounts cost as much as known ones, so that nobody can tell them apart by the time.
    let hash = found.as_ref().map_or_else(|| DECOY.to_owned(), |(person, _)| person.password.clone());
    let right = verify(hash, password.to_owned()).await;
    let Some((person, _)) = found.filter(|_| right) else {
        return Err(Fault::SignIn.into());
    };
    let token = URL_SAFE_NO_PAD.encode(office.random::<32>());
    let session = Session {
        id: delivery::digest(&token),
        person: person.id.clone(),
        until: at.saturating_add(SESSION).unwrap_or(at),
        ended: false,
    };
    let acting = acting_as(&person, at);
    let mut file = File::open(office, &acting);
    file.write(&session)?;
    let recorded = file.record("begin", &session, "已登录", Provision::PLATFORM, &person.id)?;
    office.commit(&acting, recorded).await?;
    Ok((token, person))
}

/// 会话 — who stands behind a token now.
pub async fn signed_in(office: &Office, token: &str, at: Timestamp) -> Result<Option<(Person, Acting)>, Refused> {
    let session = office.store.get::<Session>(&delivery::digest(token)).await.map_err(Refused::unavailable)?;
    let Some((session, _)) = session.filter(|(session, _)| !session.ended && at < session.until) else {
        return Ok(None);
    };
    let person = office.store.get::<Person>(&session.person).await.map_err(Refused::unavailable)?;
    Ok(person.map(|(person, _)| {
        let acting = acting_as(&person, at);
        (person, acting)
    }))
}

/// 退出.
pub async fn sign_out(office: &Office, token: &str, at: Timestamp) -> Result<(), Refused> {
    let Some((_, acting)) = signed_in(office, token, at).await? else { return Ok(()) };
    let mut file = File::open(office, &acting);
    let mut session: Session = file.read("会话", &delivery::digest(token)).await?;
    session.ended = true;
    file.write(&session)?;
    let recorded = file.record("end", &session, "已退出", Provision::PLATFORM, &acting.person)?;
    office.commit(&acting, recorded).await.map(|_| ())
}

/// Acting as this person.
pub fn acting_as(person: &Person, at: Timestamp) -> Acting {
    Acting { person: person.id.clone(), org: person.org.clone(), role: person.role, at }
}

/// 口令摘要 — Argon2id (19 MiB, two passes) with a salt from the office.
pub async fn hash_password(office: &Office, password: &str) -> String {
    let (salt, password) = (office.random::<16>(), password.to_owned());
    let hashed = tokio::task::spawn_blocking(move || {
        let hash: Result<PasswordHash, _> = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).unwrap_or_default()
    });
    // A hash that could not be made matches no password.
    hashed.await.unwrap_or_default()
}

async fn verify(hash: String, password: String) -> bool {
    let verified = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    });
    verified.await.unwrap_or(false)
}

/// A hash of nothing anybody types.
const DECOY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2h1eXVuLWRlY295LXNhbHQ$1rXo2vCFOFH7wVbeGhMKE1MEsXyHbZVhIGVYx7pzN9U";
