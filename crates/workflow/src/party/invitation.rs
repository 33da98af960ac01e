//! 邀请 — how people come in, and how they get a new password: by a token that is shown once and ends in a week.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use regulation::{Provision, Role, Standing};
use serde::{Deserialize, Serialize};
use store::party::{Invitation, Membership, Organisation, Person};

use super::{
    Fault, attempts,
    federation::{self, Account},
    mail,
    membership::take_up,
    number, password,
    person::end_sessions,
    text,
};
use crate::{Acting, File, Office, Recorded, Refused};

/// How long an invitation waits.
const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// 邀请.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Issue {
    /// 账号 — a new one, or one that somebody already has.
    pub person: String,
    /// 姓名
    #[serde(default)]
    pub name: String,
    /// 电子邮箱
    #[serde(default)]
    pub mail: String,
    /// 单位
    pub org: String,
    /// 身份
    pub role: Role,
    /// 岗位
    pub post: String,
}

/// 发出邀请 — the token goes with the answer, once; what is kept is its digest.
pub async fn issue(mut file: File<'_>, ask: &Issue) -> Result<Recorded, Refused> {
    file.entitled("invitation.issue", "邀请人员")?;
    let organisation: Organisation = file.read("单位", &ask.org).await?;
    number(&ask.person)?;
    if !file.acting.role.invites(ask.role) {
        return Err(Fault::Uninvited(file.acting.role, ask.role).into());
    }
    if !(organisation.roles.contains(&ask.role) || ask.role == Role::OrganisationAdministrator) {
        return Err(Fault::NotTheirs(organisation.name, ask.role).into());
    }
    let known: Option<Person> = file.find(&ask.person).await?;
    let name = match &known {
        Some(known) => known.name.clone(),
        None => text("姓名", &ask.name, 50)?,
    };
    let (token, id) = token(file.office);
    let invitation = Invitation {
        id,
        person: ask.person.clone(),
        name,
        mail: mail(&ask.mail)?,
        org: ask.org.clone(),
        role: ask.role,
        post: text("岗位", &ask.post, 30)?,
        renews: false,
        by: file.acting.person.clone(),
        until: file.acting.at.saturating_add(LASTS).unwrap_or(file.acting.at),
        standing: Standing::InForce,
    };
    file.write(&invitation)?;
    let said = (&invitation.person, invitation.role.name());
    Ok(file.record("issue", &invitation, "待接受", Provision::PLATFORM, &said)?.with_secret(token))
}

/// 重置口令 — an invitation to choose a new one. An organisation's own administrator may do it only for people
/// who act nowhere else: it would open the other organisation's door too.
pub async fn renew(mut file: File<'_>, membership: &str) -> Result<Recorded, Refused> {
    let held: Membership = file.read("任职", membership).await?;
    let person: Person = file.read("人员", &held.person).await?;
    if file.acting.role == Role::OrganisationAdministrator {
        for id in &person.memberships {
            let other: Membership = file.read("任职", id).await?;
            if other.org != held.org && other.standing != Standing::Ended {
                return Err(Fault::ActsElsewhere(person.id).into());
            }
        }
    }
    let (token, id) = token(file.office);
    let invitation = Invitation {
        id,
        person: person.id,
        name: person.name,
        mail: person.mail,
        org: held.org,
        role: held.role,
        post: held.post,
        renews: true,
        by: file.acting.person.clone(),
        until: file.acting.at.saturating_add(LASTS).unwrap_or(file.acting.at),
        standing: Standing::InForce,
    };
    file.write(&invitation)?;
    Ok(file.record("renew", &invitation, "待接受", Provision::PLATFORM, &membership)?.with_secret(token))
}

/// 撤回邀请.
pub async fn revoke(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut invitation: Invitation = file.read("邀请", id).await?;
    if invitation.standing != Standing::InForce {
        return Err(Fault::NoInvitation.into());
    }
    invitation.standing = Standing::Ended;
    file.write(&invitation)?;
    file.record("revoke", &invitation, "已撤回", Provision::PLATFORM, &invitation.person)
}

/// 邀请 — the one behind a token, if it still stands.
pub async fn behind(office: &Office, token: &str, at: Timestamp) -> Result<Invitation, Refused> {
    let found = office.store.get::<Invitation>(&delivery::digest(token)).await.map_err(Refused::unavailable)?;
    let found = found.map(|(invitation, _)| invitation);
    found.filter(|invitation| stands(invitation, at)).ok_or_else(|| Fault::NoInvitation.into())
}

/// 以后凭什么登录 — what whoever accepts an invitation chooses.
#[derive(Clone, Copy, Debug)]
pub enum Chosen<'a> {
    /// 口令
    Password(&'a str),
    /// 单点登录的账号，由门核对过
    Outside(&'a Account),
}

/// 接受 — a new account chooses a password, or an account at the single sign-on; one that exists has to be
/// signed in (`who`), unless it only gets a new password. What was open for this person under the old one ends.
pub async fn accept(
    office: &Office,
    token: &str,
    chosen: Chosen<'_>,
    who: Option<&str>,
    at: Timestamp,
) -> Result<Person, Refused> {
    let id = delivery::digest(token);
    let invitation = behind(office, token, at).await?;
    let acting = Acting {
        person: invitation.person.clone(),
        org: invitation.org.clone(),
        role: invitation.role,
        post: invitation.post.clone(),
        at,
    };
    let mut file = File::open(office, &acting);
    let mut invitation: Invitation = file.read("邀请", &id).await?;
    if !stands(&invitation, at) {
        return Err(Fault::NoInvitation.into());
    }
    let known: Option<Person> = file.find(&invitation.person).await?;
    let new = known.is_none();
    let mut person = known.unwrap_or_else(|| Person {
        id: invitation.person.clone(),
        name: invitation.name.clone(),
        mail: invitation.mail.clone(),
        password: String::new(),
        memberships: Vec::new(),
        standing: Standing::InForce,
    });
    if person.standing != Standing::InForce {
        return Err(Fault::NotInForce("账号", person.id, person.standing).into());
    }
    if new || invitation.renews {
        match chosen {
            Chosen::Outside(account) if new => {
                federation::take(&mut file, account).await?;
            }
            Chosen::Outside(_) => return Err(password::Weak::Short.into()), // a new password was asked for
            Chosen::Password(chosen) => {
                password::check(&person.id, chosen)?;
                person.password = password::hash(office, chosen).await;
            }
        }
        end_sessions(&mut file, &person.id, |_| true).await?;
    } else if who != Some(person.id.as_str()) {
        return Err(Fault::SomebodyElses(person.id).into());
    }
    if !invitation.renews {
        take_up(&mut file, &mut person, (&invitation.org, invitation.role, &invitation.post)).await?;
    }
    invitation.standing = Standing::Ended;
    file.write(&person)?;
    file.write(&invitation)?;
    let recorded = file.record("accept", &invitation, "已接受", Provision::PLATFORM, &person.id)?;
    office.commit(&acting, recorded).await?;
    if invitation.renews {
        attempts::begin_anew(office, &person.id, at).await?; // whoever guessed before guesses at the old password
    }
    Ok(person)
}

/// The people of an organisation, and the invitations that still wait.
pub async fn members(office: &Office, org: &str, at: Timestamp) -> Result<(Vec<Membership>, Vec<Invitation>), Refused> {
    let key = store::record::key::<Organisation>(org);
    let members = office.store.children(&key).await.map_err(Refused::unavailable)?;
    let mut waiting: Vec<Invitation> = office.store.children(&key).await.map_err(Refused::unavailable)?;
    waiting.retain(|invitation| stands(invitation, at));
    Ok((members, waiting))
}

fn stands(invitation: &Invitation, at: Timestamp) -> bool {
    invitation.standing == Standing::InForce && at < invitation.until
}

/// A token and the number under which its invitation is kept.
fn token(office: &Office) -> (String, String) {
    let token = URL_SAFE_NO_PAD.encode(office.random::<32>());
    let id = delivery::digest(&token);
    (token, id)
}
