//! 关联账号 — whoever the single sign-on vouches for is let in as the person their account is linked to.
//!
//! Nobody is registered by signing in: the single sign-on knows who somebody is, not what they may do here.

use jiff::Timestamp;
use regulation::{Kind, Provision};
use sha2::{Digest as _, Sha256};
use store::{
    party::{Means, Person, federation::Federation},
    record,
};

use super::{attempts, session};
use crate::{Acting, File, Notice, Office, Refused, office::hex};

/// 外部账号 — vouched for by the single sign-on, checked by the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// 签发方
    pub issuer: String,
    /// 账号
    pub subject: String,
}

impl Account {
    /// 编号 — the same account at the same issuer has one number.
    fn number(&self) -> String {
        hex(&Sha256::digest(format!("{}\n{}", self.issuer, self.subject)))
    }
}

/// 关联账号不能用.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// 没有关联
    #[error("单点登录账号“{0}”没有关联到本平台的人员")]
    Unlinked(String),
    /// 关联在别人名下
    #[error("这个单点登录账号已经关联到另一名人员")]
    Taken,
    /// 不是本人
    #[error("单点登录的账号不是关联到您的那一个")]
    Another,
    /// 只剩这一种办法
    #[error("您没有口令，也没有通行密钥，解除之后就不能登录了")]
    Last,
}

impl regulation::Violation for Fault {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }

    fn advice(&self) -> String {
        match self {
            Self::Unlinked(_) => "请先用口令或者通行密钥登录，在“登录方式”中关联；还没有账号的，请本单位管理员邀请",
            Self::Taken => "请核对登录的是不是自己的账号；确需更换的，请原来关联的人员先解除",
            Self::Another => "请在单点登录处退出后，用自己的账号重试",
            Self::Last => "请先设置口令或者登记通行密钥",
        }
        .to_owned()
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Unlinked(_) | Self::Another => Kind::Role,
            Self::Taken | Self::Last => Kind::State,
        }
    }
}

/// 我的关联账号.
pub async fn of(office: &Office, person: &str) -> Result<Vec<Federation>, Refused> {
    let key = record::key::<Person>(person);
    let mut all: Vec<Federation> = office.store.children(&key).await.map_err(Refused::unavailable)?;
    all.retain(|federation| !federation.ended);
    all.sort_by_key(|federation| federation.since);
    Ok(all)
}

/// 单点登录 — as whom the account is linked to. Returns the session's token. An account that nobody is
/// linked to is counted like a wrong password: it cannot fill the log.
pub async fn sign_in(
    office: &Office,
    account: &Account,
    agent: &str,
    at: Timestamp,
) -> Result<(String, Person), Refused> {
    let person = linked(office, account, at).await?;
    session::enter(office, &person, Means::SingleSignOn, agent, at).await
}

/// 再次验证，以单点登录 — whether the account is this person's.
pub(crate) async fn proves(office: &Office, acting: &Acting, account: &Account) -> Result<(), Refused> {
    let person = linked(office, account, acting.at).await?;
    if person == acting.person { Ok(()) } else { Err(Fault::Another.into()) }
}

/// Whose account it is.
async fn linked(office: &Office, account: &Account, at: Timestamp) -> Result<String, Refused> {
    let counted = attempts::account(&format!("单点登录 {}", account.number()));
    let _turn = office.queues.turn(&counted).await;
    let before = attempts::so_far(office, &counted, at).await?;
    let door = Acting::door(at);
    let mut file = File::open(office, &door);
    let found = file.find::<Federation>(&account.number()).await?.filter(|found| !found.ended);
    let Some(mut found) = found else {
        attempts::failed(office, &counted, before, at).await?;
        return Err(Refused::Unidentified(Notice::of(&Fault::Unlinked(account.subject.clone()))));
    };
    if let Some(before) = before.filter(|before| before.failures > 0) {
        attempts::forgiven(office, before, at).await?;
    }
    found.used = Some(at);
    file.write(&found)?;
    let recorded = file.record("use", &found, "已出示", Provision::PLATFORM, &found.person)?;
    office.commit(&door, recorded).await?;
    Ok(found.person)
}

/// 关联 — by whoever is signed in, to themselves.
pub async fn link(office: &Office, acting: &Acting, account: &Account) -> Result<(), Refused> {
    let mut file = File::open(office, acting);
    let federation = take(&mut file, account).await?;
    let recorded = file.record("link", &federation, "已关联", Provision::PLATFORM, &federation.issuer)?;
    office.commit(acting, recorded).await.map(|_| ())
}

/// Links an account to whoever acts, unless it is somebody else's.
pub(crate) async fn take(file: &mut File<'_>, account: &Account) -> Result<Federation, Refused> {
    let (id, acting) = (account.number(), file.acting);
    let known = file.find::<Federation>(&id).await?.filter(|known| !known.ended);
    if known.is_some_and(|known| known.person != acting.person) {
        return Err(Fault::Taken.into());
    }
    let Account { issuer, subject } = account.clone();
    let person = acting.person.clone();
    let federation = Federation { id, issuer, subject, person, since: acting.at, used: None, ended: false };
    file.write(&federation)?;
    Ok(federation)
}

/// 解除 — as long as another way in remains.
pub async fn unlink(office: &Office, acting: &Acting, id: &str) -> Result<(), Refused> {
    let mut file = File::open(office, acting);
    let found = file.find::<Federation>(id).await?.filter(|found| found.person == acting.person && !found.ended);
    let Some(mut federation) = found else {
        return Err(Refused::Missing { what: "关联账号", id: id.to_owned() });
    };
    let person: Person = file.read("人员", &acting.person).await?;
    let others = of(office, &acting.person).await?.len() > 1;
    if person.password.is_empty() && !others && super::passkey::of(office, &acting.person).await?.is_empty() {
        return Err(Fault::Last.into());
    }
    federation.ended = true;
    file.write(&federation)?;
    let recorded = file.record("unlink", &federation, "已解除", Provision::PLATFORM, &federation.issuer)?;
    office.commit(acting, recorded).await.map(|_| ())
}
