//! 通行密钥 — registered by their owner; they prove who one is alone, or after the password.
//!
//! Whoever has one is not let in by the password alone. The device checks its user (a finger, a face,
//! a code) each time, and signs for our address only: what was typed into a forged page is worth nothing.

use jiff::Timestamp;
use regulation::Provision;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{
    party::{Means, Person, Session, passkey::Passkey},
    record,
};
use url::Url;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey as Key, PublicKeyCredential, RegisterPublicKeyCredential, Uuid, Webauthn,
    WebauthnBuilder, WebauthnError,
};

mod fault;

use self::fault::Fault;
use super::{attempts, ceremony::Ceremony, person::end_sessions, session, text};
use crate::{Acting, File, Notice, Office, Recorded, Refused, office::hex};

/// How many one person may have.
pub const MOST: usize = 10;
/// How long a name may be, in characters.
const NAME: usize = 40;

/// 出题 — what the browser asks its device, and the number under which the answer is awaited.
#[derive(Clone, Debug)]
pub struct Asked {
    /// 验证编号
    pub ceremony: String,
    /// 交给浏览器的内容
    pub options: Value,
}

impl Office {
    /// 对外的地址 — where people reach this platform; passkeys are bound to its host's name.
    ///
    /// # Errors
    /// The address has no host's name: passkeys know names, not numbers.
    pub fn at(mut self, origin: &Url) -> Result<Self, Unnameable> {
        let host = origin.domain().ok_or(Unnameable)?;
        let site = WebauthnBuilder::new(host, origin).and_then(|site| site.rp_name("公共数据运营服务平台").build());
        self.site = Some(std::sync::Arc::new(site.map_err(|_| Unnameable)?));
        Ok(self)
    }

    /// Whether passkeys can be used at all.
    pub fn has_site(&self) -> bool {
        self.site.is_some()
    }

    fn site(&self) -> Result<&Webauthn, Refused> {
        self.site.as_deref().ok_or_else(|| Fault::Unconfigured.into())
    }
}

/// 地址没有主机名.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("通行密钥须绑定主机名，不能是 IP 地址")]
pub struct Unnameable;

/// 我的通行密钥 — those not removed, the oldest first.
pub async fn of(office: &Office, person: &str) -> Result<Vec<Passkey>, Refused> {
    let key = record::key::<Person>(person);
    let mut all: Vec<Passkey> = office.store.children(&key).await.map_err(Refused::unavailable)?;
    all.retain(|passkey| !passkey.ended);
    all.sort_by_key(|passkey| passkey.since);
    Ok(all)
}

/// 开始登记.
pub async fn ask_to_register(office: &Office, acting: &Acting) -> Result<Asked, Refused> {
    let site = office.site()?;
    let mine = of(office, &acting.person).await?;
    if mine.len() >= MOST {
        return Err(Fault::Many.into());
    }
    let person = office.store.get::<Person>(&acting.person).await.map_err(Refused::unavailable)?;
    let Some((person, _)) = person else {
        return Err(Refused::Missing { what: "人员", id: acting.person.clone() });
    };
    let handle = mine.first().map_or_else(|| Uuid::from_bytes(office.random()).to_string(), |one| one.handle.clone());
    let known = mine.iter().map(|one| Ok(key(one)?.cred_id().clone())).collect::<Result<Vec<_>, Refused>>()?;
    let owner = Uuid::parse_str(&handle).map_err(|why| corrupt(&handle, &why))?;
    let asked = site.start_passkey_registration(owner, &person.id, &person.name, Some(known));
    let (options, state) = asked.map_err(|why| corrupt("通行密钥", &why))?;
    let mut options = public(&options)?;
    // So that it is found without an account's name, where the device has room for that.
    if let Some(selection) = options.get_mut("authenticatorSelection") {
        selection["residentKey"] = json!("preferred");
    }
    let ceremony = Ceremony::Register { person: person.id, handle, state };
    Ok(Asked { ceremony: office.ceremonies.begin(office, ceremony, acting.at), options })
}

/// 登记.
pub async fn register(
    office: &Office,
    acting: &Acting,
    ceremony: &str,
    (credential, name): (&str, &str),
) -> Result<(), Refused> {
    let site = office.site()?;
    let name = named(name)?;
    let Some(Ceremony::Register { person, handle, state }) = office.ceremonies.take(ceremony, acting.at) else {
        return Err(Fault::Spent.into());
    };
    if person != acting.person {
        return Err(Fault::Spent.into());
    }
    let credential: RegisterPublicKeyCredential = serde_json::from_str(credential).map_err(|_| Fault::Garbled)?;
    let new = site.finish_passkey_registration(&credential, &state).map_err(|_| Fault::Unfit)?;
    let mut file = File::open(office, acting);
    let id = number(new.cred_id().as_ref());
    if file.find::<Passkey>(&id).await?.is_some_and(|known| !known.ended || known.person != person) {
        return Err(Fault::Taken.into());
    }
    let key = serde_json::to_value(&new).map_err(|why| corrupt(&id, &why))?;
    let passkey = Passkey { id, person, name, handle, key, since: acting.at, used: None, suspect: false, ended: false };
    file.write(&passkey)?;
    let recorded = file.record("register", &passkey, "已登记", Provision::PLATFORM, &passkey.name)?;
    office.commit(acting, recorded).await.map(|_| ())
}

/// 改名.
pub async fn rename(office: &Office, acting: &Acting, id: &str, name: &str) -> Result<(), Refused> {
    let name = named(name)?;
    let mut file = File::open(office, acting);
    let mut passkey = mine(&mut file, id).await?;
    passkey.name = name;
    file.write(&passkey)?;
    let recorded = file.record("rename", &passkey, "已改名", Provision::PLATFORM, &passkey.name)?;
    office.commit(acting, recorded).await.map(|_| ())
}

/// 移除.
pub async fn remove(office: &Office, acting: &Acting, current: &str, id: &str) -> Result<(), Refused> {
    let mut file = File::open(office, acting);
    let mut passkey = mine(&mut file, id).await?;
    passkey.ended = true;
    file.write(&passkey)?;
    // Which of several passkeys began a session is not kept: whoever holds this one may be in any of them.
    let by_passkey = |session: &Session| matches!(session.means, Means::Passkey | Means::Both);
    end_sessions(&mut file, &acting.person, |session| session.id != current && by_passkey(session)).await?;
    let recorded = file.record("remove", &passkey, "已移除", Provision::PLATFORM, &passkey.name)?;
    office.commit(acting, recorded).await.map(|_| ())
}

/// 遗失 — all passkeys of somebody who lost them are removed, and what was open for them ends; by somebody else.
pub async fn revoke(mut file: File<'_>, id: &str, reason: &str) -> Result<Recorded, Refused> {
    let person: Person = file.read("人员", id).await?;
    file.entitled("person.revoke_passkeys", "移除别人的通行密钥")?;
    let reason = text("事由", reason, 500)?;
    let all = of(file.office, id).await?;
    if all.is_empty() {
        return Err(Fault::NoneThere(person.name).into());
    }
    for passkey in all {
        let mut passkey: Passkey = file.read("通行密钥", &passkey.id).await?;
        passkey.ended = true;
        file.write(&passkey)?;
    }
    end_sessions(&mut file, id, |_| true).await?;
    file.record("revoke_passkeys", &person, "已移除通行密钥", Provision::PLATFORM, &reason)
}

/// 请出示 — puts the question to whoever wants to sign in by a passkey alone.
pub fn ask_to_enter(office: &Office, at: Timestamp) -> Result<Asked, Refused> {
    let (options, state) = ask(office, &[])?;
    Ok(Asked { ceremony: office.ceremonies.begin(office, Ceremony::Enter { state }, at), options })
}

/// 还须出示 — the password was right, and this person has passkeys: remembers that for five minutes.
pub(crate) fn second(office: &Office, person: &str, at: Timestamp) -> String {
    office.ceremonies.begin(office, Ceremony::Second { person: person.to_owned(), state: None }, at)
}

/// 请出示，在口令之后.
pub async fn ask_for_second(office: &Office, ceremony: &str, at: Timestamp) -> Result<Asked, Refused> {
    let Some(Ceremony::Second { person, .. }) = office.ceremonies.take(ceremony, at) else {
        return Err(Fault::Spent.into());
    };
    let (options, state) = ask(office, &of(office, &person).await?)?;
    office.ceremonies.keep(ceremony.to_owned(), Ceremony::Second { person, state: Some(state) }, at);
    Ok(Asked { ceremony: ceremony.to_owned(), options })
}

/// 请出示，再次验证.
pub async fn ask_to_prove(office: &Office, acting: &Acting, session: &str) -> Result<Asked, Refused> {
    let mine = of(office, &acting.person).await?;
    if mine.is_empty() {
        return Err(Fault::None.into());
    }
    let (options, state) = ask(office, &mine)?;
    let ceremony = Ceremony::Prove { session: session.to_owned(), person: acting.person.clone(), state };
    Ok(Asked { ceremony: office.ceremonies.begin(office, ceremony, acting.at), options })
}

/// The question, to any passkey or to these.
fn ask(office: &Office, among: &[Passkey]) -> Result<(Value, DiscoverableAuthentication), Refused> {
    let asked = office.site()?.start_discoverable_authentication();
    let (options, state) = asked.map_err(|why| corrupt("通行密钥", &why))?;
    let mut options = public(&options)?;
    let allowed = among.iter().map(|one| Ok(json!({ "type": "public-key", "id": one.key["cred"]["cred_id"] })));
    options["allowCredentials"] = Value::Array(allowed.collect::<Result<_, Refused>>()?);
    Ok((options, state))
}

/// 以通行密钥登录 — alone, or after the password. Returns the session's token.
pub async fn sign_in(
    office: &Office,
    (ceremony, credential): (&str, &str),
    agent: &str,
    at: Timestamp,
) -> Result<(String, Person), Refused> {
    let (state, expected) = match office.ceremonies.take(ceremony, at) {
        Some(Ceremony::Enter { state }) => (state, None),
        Some(Ceremony::Second { person, state: Some(state) }) => (state, Some(person)),
        _ => return Err(Fault::Spent.into()),
    };
    let person = verify(office, (state, expected.as_deref()), credential, at).await?;
    let means = if expected.is_some() { Means::Both } else { Means::Passkey };
    session::enter(office, &person, means, agent, at).await
}

/// 再次验证，以通行密钥 — whether it is proof for this session.
pub(crate) async fn proves(
    office: &Office,
    acting: &Acting,
    session: &str,
    (ceremony, credential): (&str, &str),
) -> Result<(), Refused> {
    match office.ceremonies.take(ceremony, acting.at) {
        Some(Ceremony::Prove { session: of, person, state }) if of == session && person == acting.person => {
            verify(office, (state, Some(&person)), credential, acting.at).await.map(|_| ())
        }
        _ => Err(Fault::Spent.into()),
    }
}

/// Whose passkey answered. What fails is counted apart from wrong passwords: whoever guesses at those must
/// not be able to keep out somebody who holds a passkey.
async fn verify(
    office: &Office,
    (state, expected): (DiscoverableAuthentication, Option<&str>),
    credential: &str,
    at: Timestamp,
) -> Result<String, Refused> {
    let site = office.site()?;
    let credential: PublicKeyCredential = serde_json::from_str(credential).map_err(|_| Fault::Garbled)?;
    let id = number(&credential.raw_id);
    let door = Acting::door(at);
    let mut file = File::open(office, &door);
    let found = file.find::<Passkey>(&id).await?.filter(|passkey| !passkey.ended);
    let counted = found.as_ref().map_or(id.as_str(), |passkey| passkey.person.as_str());
    let account = attempts::account(&format!("通行密钥 {}", expected.unwrap_or(counted)));
    let _turn = office.queues.turn(&account).await;
    let before = attempts::so_far(office, &account, at).await?;
    let ours = |passkey: &Passkey| expected.is_none_or(|person| person == passkey.person) && owns(passkey, &credential);
    let Some(mut passkey) = found.filter(ours) else {
        attempts::failed(office, &account, before, at).await?;
        return Err(Refused::Unidentified(Notice::of(&Fault::Mismatch)));
    };
    if passkey.suspect {
        return Err(Refused::Unidentified(Notice::of(&Fault::Suspect)));
    }
    let mut known = key(&passkey)?;
    match site.finish_discoverable_authentication_v2(&credential, state, &known) {
        Ok(result) => {
            known.update_credential(&result);
            passkey.key = serde_json::to_value(&known).map_err(|why| corrupt(&id, &why))?;
            passkey.used = Some(at);
            file.write(&passkey)?;
            let recorded = file.record("use", &passkey, "已出示", Provision::PLATFORM, &passkey.person)?;
            office.commit(&door, recorded).await?;
            if let Some(before) = before.filter(|before| before.failures > 0) {
                attempts::forgiven(office, before, at).await?;
            }
            Ok(passkey.person)
        }
        Err(WebauthnError::CredentialPossibleCompromise) => {
            passkey.suspect = true;
            file.write(&passkey)?;
            let recorded =
                file.record("suspect", &passkey, "疑似被复制，已停用", Provision::PLATFORM, &passkey.person)?;
            office.commit(&door, recorded).await?;
            Err(Refused::Unidentified(Notice::of(&Fault::Suspect)))
        }
        Err(_) => {
            attempts::failed(office, &account, before, at).await?;
            Err(Refused::Unidentified(Notice::of(&Fault::Mismatch)))
        }
    }
}

/// Whether the device, where it says whose the key is, says what we know.
fn owns(passkey: &Passkey, credential: &PublicKeyCredential) -> bool {
    let told = credential.get_user_unique_id().filter(|told| !told.is_empty());
    told.is_none_or(|told| Uuid::from_slice(told).is_ok_and(|told| told.to_string() == passkey.handle))
}

async fn mine(file: &mut File<'_>, id: &str) -> Result<Passkey, Refused> {
    let person = file.acting.person.clone();
    let found = file.find::<Passkey>(id).await?.filter(|passkey| passkey.person == person && !passkey.ended);
    found.ok_or_else(|| Refused::Missing { what: "通行密钥", id: id.to_owned() })
}

/// 名称.
fn named(name: &str) -> Result<String, Fault> {
    let name: String = name.trim().chars().filter(|letter| !letter.is_control()).collect();
    if name.is_empty() || name.chars().count() > NAME { Err(Fault::Unnamed) } else { Ok(name) }
}

/// 编号 — the digest of what the device calls its key: that may be longer than a database's key.
fn number(credential: &[u8]) -> String {
    hex(&Sha256::digest(credential))
}

fn key(passkey: &Passkey) -> Result<Key, Refused> {
    serde_json::from_value(passkey.key.clone()).map_err(|why| corrupt(&passkey.id, &why))
}

/// What the browser is told, without the envelope.
fn public(options: &impl serde::Serialize) -> Result<Value, Refused> {
    let mut whole = serde_json::to_value(options).map_err(|why| corrupt("通行密钥", &why))?;
    Ok(whole["publicKey"].take())
}

fn corrupt(what: &str, why: &dyn std::fmt::Display) -> Refused {
    Refused::unavailable(store::Fault::Corrupt { what: what.to_owned(), why: why.to_string() })
}
