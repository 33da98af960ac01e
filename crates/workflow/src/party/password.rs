//! 口令 — hashed by Argon2id, a few at a time: who floods the door with passwords must not take all memory.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};

use crate::Office;

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

/// A hash of nothing anybody types.
const DECOY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2h1eXVuLWRlY295LXNhbHQ$1rXo2vCFOFH7wVbeGhMKE1MEsXyHbZVhIGVYx7pzN9U";
