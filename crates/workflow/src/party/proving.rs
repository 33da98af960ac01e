//! 再次验证 — dangerous acts are not performed on the strength of a sign-in that is long past.

use jiff::{SignedDuration, Timestamp};
use regulation::{Kind, Provision};
use store::party::{Means, Session};

use super::{
    attempts, federation, passkey, password,
    session::{self, Presence},
};
use crate::{Acting, Notice, Office, Refused};

/// 验证之后多久内有效.
pub const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// 须再次验证的行为 — what binds an organisation, stops its data, changes who may do what, or changes how
/// somebody proves who they are.
#[rustfmt::skip] // It is a table; let it look like one.
pub const GRAVE: &[&str] = &[
    "agreement.sign", "agreement.suspend", "agreement.resume",
    "use_agreement.sign",
    "credential.take",
    "endpoint.add", "endpoint.rotate",
    "organisation.suspend", "organisation.end", "person.suspend", "person.end", "membership.suspend", "membership.end",
    "invitation.issue", "invitation.renew", "person.revoke_passkeys",
    "policies.propose", "policies.approve", "calendar.approve",
    "passkey.register", "passkey.remove",
    "federation.link", "federation.unlink",
];

/// 凭什么再次验证.
#[derive(Clone, Copy, Debug)]
pub enum Proof<'a> {
    /// 口令
    Password(&'a str),
    /// 通行密钥：验证编号和浏览器交来的内容
    Passkey(&'a str, &'a str),
    /// 单点登录，由门核对过
    Outside(&'a federation::Account),
}

/// 须再次验证.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stale {
    #[error("办理这一事项，须在{}分钟内验证过身份", FRESH.as_mins())]
    Old,
    #[error("您登记了通行密钥，请用它验证")]
    Passkey,
}

impl regulation::Violation for Stale {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }
    fn advice(&self) -> String {
        match self {
            Self::Old => "请再次验证身份，填写的内容都保留着",
            Self::Passkey => "请出示通行密钥",
        }
        .to_owned()
    }
    fn kind(&self) -> Kind {
        Kind::Role
    }
}

/// Whether this act may go on, or has to wait for a fresh proof.
///
/// # Errors
/// The last proof is too old for it.
pub fn recent(act: &str, session: &Session, at: Timestamp) -> Result<(), Refused> {
    if GRAVE.contains(&act) && session.proven.duration_until(at) >= FRESH {
        Err(Refused::Unproven(Notice::of(&Stale::Old)))
    } else {
        Ok(())
    }
}

/// 再次验证 — returns the token of the session that follows; the one until now ends with it.
pub async fn prove(office: &Office, presence: &Presence, proof: Proof<'_>) -> Result<String, Refused> {
    let Presence { acting, session, .. } = presence;
    let means = match proof {
        Proof::Password(password) => by_password(office, acting, password).await.map(|()| Means::Password),
        Proof::Passkey(ceremony, credential) => {
            let shown = passkey::proves(office, acting, &session.id, (ceremony, credential)).await;
            shown.map(|()| Means::Passkey)
        }
        Proof::Outside(account) => federation::proves(office, acting, account).await.map(|()| Means::SingleSignOn),
    }?;
    session::rotate(office, presence, means).await
}

/// The password proves, unless its owner has a passkey: then it is not enough here either.
async fn by_password(office: &Office, acting: &Acting, typed: &str) -> Result<(), Refused> {
    if !passkey::of(office, &acting.person).await?.is_empty() {
        return Err(Stale::Passkey.into());
    }
    let account = attempts::account(&acting.person);
    let _turn = office.queues.turn(&account).await;
    let before = attempts::so_far(office, &account, acting.at).await?;
    let person = office.store.get::<store::party::Person>(&acting.person).await.map_err(Refused::unavailable)?;
    let hash = person.map(|(person, _)| person.password).filter(|hash| !hash.is_empty());
    if !password::matches(office, hash, typed).await {
        attempts::failed(office, &account, before, acting.at).await?;
        return Err(Refused::Unidentified(Notice::of(&session::Mismatch)));
    }
    match before.filter(|before| before.failures > 0) {
        Some(before) => attempts::forgiven(office, before, acting.at).await,
        None => Ok(()),
    }
}
