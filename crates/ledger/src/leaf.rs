//! 承诺 — what stands in the log instead of an event: a salted hash that tells nothing by itself.

use crate::{Algorithm, Hash};

/// Versioned, so that a later form of commitment can never be mistaken for this one.
const DOMAIN: &[u8] = b"shuyun/v1";

/// 承诺 — the log entry of a payload: `H("shuyun/v1" || salt || payload)`.
///
/// The result is an *entry*; its place in the tree is `algorithm.leaf(&commit(…))`. The salt makes a
/// short payload (a name, a number) impossible to guess from the public log. Whoever erases payload
/// and salt together has erased the personal data, and every proof still holds.
///
/// 定长前缀 — domain and salt have fixed lengths, so no two pairs of salt and payload collide by
/// shifting bytes between them.
#[must_use]
pub fn commit(algorithm: Algorithm, salt: &[u8; 32], payload: &[u8]) -> Hash {
    algorithm.of(&[DOMAIN, salt, payload])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Python: `hashlib.sha256(b"shuyun/v1" + bytes(range(32)) + "受理".encode())`.
    const SHA256: &str = "089859da55ec8a33ff57474086bdaac9e1cd62cf3ec9673474103db0587ba419";
    /// The same with `hashlib.new("sm3", …)`, which is OpenSSL.
    const SM3: &str = "30a1b0877f7173d370fa6991ee6ae2b0cd8429733078ae4b1a97285d7383c6bd";

    fn salt() -> [u8; 32] {
        std::array::from_fn(|i| u8::try_from(i).expect("below 32"))
    }

    #[test]
    fn a_commitment_is_what_another_implementation_computes() {
        let of = |algorithm| hex::encode(commit(algorithm, &salt(), "受理".as_bytes()));
        assert_eq!(of(Algorithm::Sha256), SHA256);
        assert_eq!(of(Algorithm::Sm3), SM3);
    }

    #[test]
    fn another_salt_or_payload_is_another_commitment() {
        let ours = commit(Algorithm::Sm3, &salt(), b"payload");
        assert_ne!(ours, commit(Algorithm::Sm3, &[0; 32], b"payload"));
        assert_ne!(ours, commit(Algorithm::Sm3, &salt(), b"payloae"));
    }
}
