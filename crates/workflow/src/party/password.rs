//! 口令 — hashed by Argon2id, a few at a time: who floods the door with passwords must not take all memory.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};

use regulation::Provision;
use store::party::{Person, Session};

use super::{attempts, session};
use crate::{Acting, File, Office, Refused};

/// How many passwords are hashed at once; each takes 19 MiB and tens of milliseconds.
pub(crate) const AT_ONCE: usize = 4;

/// 口令摘要 — Argon2id (19 MiB, two passes) with a salt from the office.
pub async fn hash(office: &Office, password: &str) -> String {
    let (salt, password) = (office.random::<16>(), password.to_owned());
    let _turn = office.hashing.acquire().await;
    let hashed = tokio::task::spawn_blocking(move || {
        let hash: Result<PasswordHash, _> = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).unwrap_or_default()
    });
    // A hash that could not be made matches no password.
    hashed.await.unwrap_or_default()
}

/// Whether this is the password of that hash; without one it is never, and takes as long.
pub(crate) async fn matches(office: &Office, hash: Option<String>, password: &str) -> bool {
    let (known, password) = (hash.is_some(), password.to_owned());
    let hash = hash.unwrap_or_else(|| DECOY.to_owned());
    let _turn = office.hashing.acquire().await;
    let verified = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    });
    verified.await.unwrap_or(false) && known
}

/// 口令不合要求 — length is what makes a password hard to guess; what everybody chooses is tried first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// 太短
    #[error("口令至少{SHORTEST}个字符")]
    Short,
    /// 太长
    #[error("口令至多{LONGEST}个字符")]
    Long,
    /// 含账号
    #[error("口令不得包含账号")]
    Named,
    /// 常见
    #[error("口令过于常见或者过于单调，容易被猜中")]
    Common,
    /// 与旧口令相同
    #[error("新口令与现在的口令相同")]
    Same,
}

impl regulation::Violation for Weak {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }
    fn advice(&self) -> String {
        "可以用几个不相干的词连成一句，汉字也可以".to_owned()
    }
}

/// The shortest password, in characters.
pub const SHORTEST: usize = 10;
/// The longest, in characters: hashing is not to be made to last.
pub const LONGEST: usize = 128;
/// What is tried first: the beginnings of the world's commonest passwords of this length, and ours.
const COMMON: [&str; 24] = [
    "1234567890",
    "0123456789",
    "qwertyuiop",
    "password",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "1q2w3e4r5t",
    "qazwsxedc",
    "1qaz2wsx",
    "asdfghjkl",
    "administrator",
    "admin123",
    "woaini",
    "iloveyou",
    "abc123",
    "abcd1234",
    "a123456",
    "123123",
    "112233",
    "520131",
    "5201314",
    "shuyun",
    "chengdu",
];

/// Whether a password may be chosen.
///
/// # Errors
/// Why not.
pub fn check(login: &str, password: &str) -> Result<(), Weak> {
    let (length, plain) = (password.chars().count(), password.to_lowercase());
    let different = plain.chars().collect::<std::collections::BTreeSet<_>>().len();
    let common = |known: &&str| plain.starts_with(*known) && plain.chars().count() < known.chars().count() + SHORTEST;
    match () {
        () if length < SHORTEST => Err(Weak::Short),
        () if length > LONGEST => Err(Weak::Long),
        () if !login.is_empty() && plain.contains(&login.to_lowercase()) => Err(Weak::Named),
        () if different < 5 || COMMON.iter().any(common) => Err(Weak::Common),
        () => Ok(()),
    }
}

/// 更换口令 — with the present one, which may be guessed at no more freely than at the door; every other
/// session of this person ends.
pub async fn change(office: &Office, acting: &Acting, current: &str, (old, new): (&str, &str)) -> Result<(), Refused> {
    let account = attempts::account(&acting.person);
    let _turn = office.queues.turn(&account).await;
    let before = attempts::so_far(office, &account, acting.at).await?;
    check(&acting.person, new)?;
    let mut file = File::open(office, acting);
    let mut person: Person = file.read("人员", &acting.person).await?;
    if !matches(office, Some(person.password.clone()), old).await {
        attempts::failed(office, &account, before, acting.at).await?;
        return Err(session::Mismatch.into());
    }
    if old == new {
        return Err(Weak::Same.into());
    }
    for (other, _) in session::open(office, acting).await?.into_iter().filter(|(other, _)| other.id != current) {
        let mut other: Session = file.read("会话", &other.id).await?;
        other.ended = true;
        file.write(&other)?;
    }
    person.password = hash(office, new).await;
    file.write(&person)?;
    let recorded = file.record("password", &person, "已更换口令", Provision::PLATFORM, &person.id)?;
    office.commit(acting, recorded).await.map(|_| ())
}

/// A hash of nothing anybody types.
const DECOY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2h1eXVuLWRlY295LXNhbHQ$1rXo2vCFOFH7wVbeGhMKE1MEsXyHbZVhIGVYx7pzN9U";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_common_or_named_after_oneself_is_refused() {
        let table = [
            ("短口令", Err(Weak::Short)),
            ("Password2026", Err(Weak::Common)),
            ("1234567890", Err(Weak::Common)),
            ("aaaaaaaaaaaabbbb", Err(Weak::Common)),
            ("我是Lin-Yue的口令", Err(Weak::Named)),
            ("停车场东门的第三棵银杏", Ok(())),
            ("password 与银杏、灯塔和三轮车", Ok(())),
        ];
        for (password, expected) in table {
            assert_eq!(check("lin-yue", password), expected, "{password}");
        }
        assert_eq!(check("x", &"长".repeat(129)), Err(Weak::Long));
    }
}
