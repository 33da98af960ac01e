//! 人员 — an account; suspended, it opens no session, and those that are open end.

use regulation::{Provision, Role, STANDING, Standing, StandingAct};
use serde::{Deserialize, Serialize};
use store::{
    party::{Membership, Person, Session},
    record,
};

use super::{Fault, mail, membership, number, text};
use crate::{File, Recorded, Refused};

/// 登记人员 — while a platform is founded; afterwards people come by invitation. The password comes as its hash.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Register {
    /// 账号
    pub id: String,
    /// 姓名
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
    /// 口令（Argon2id）
    pub password: String,
}

/// 登记人员 — with their first membership, in a role that their organisation has.
pub async fn register(mut file: File<'_>, ask: &Register) -> Result<Recorded, Refused> {
    file.entitled("person.register", "登记人员")?;
    number(&ask.id)?;
    if file.find::<Person>(&ask.id).await?.is_some() {
        return Err(Fault::Taken(ask.id.clone()).into());
    }
    let mut person = Person {
        id: ask.id.clone(),
        name: text("姓名", &ask.name, 50)?,
        mail: mail(&ask.mail)?,
        password: ask.password.clone(),
        memberships: Vec::new(),
        standing: Standing::InForce,
    };
    membership::take_up(&mut file, &mut person, (&ask.org, ask.role, &ask.post)).await?;
    file.write(&person)?;
    file.record("register", &person, "已登记", Provision::PLATFORM, &person.id)
}

/// 停用、恢复、终止 — of an account, wherever its holder acts.
pub async fn stand(mut file: File<'_>, id: &str, act: StandingAct, reason: &str) -> Result<Recorded, Refused> {
    let mut person: Person = file.read("人员", id).await?;
    let step = file.step(&STANDING, (person.standing, act), &person)?;
    let reason = text("事由", reason, 500)?;
    if act != StandingAct::Resume {
        for held in &person.memberships {
            let held: Membership = file.read("任职", held).await?;
            membership::not_the_last(&file, &held).await?;
        }
        end_sessions(&mut file, id, |_| true).await?;
    }
    person.standing = step.to;
    file.write(&person)?;
    file.record(&act.code(), &person, step.to.name(), step.basis, &reason)
}

/// Ends the open sessions of a person that `which` picks.
pub(crate) async fn end_sessions(
    file: &mut File<'_>,
    person: &str,
    which: impl Fn(&Session) -> bool,
) -> Result<(), Refused> {
    let key = record::key::<Person>(person);
    let sessions: Vec<Session> = file.office.store.children(&key).await.map_err(Refused::unavailable)?;
    for session in sessions.into_iter().filter(|session| !session.ended && which(session)) {
        let mut session: Session = file.read("会话", &session.id).await?;
        session.ended = true;
        file.write(&session)?;
    }
    Ok(())
}
