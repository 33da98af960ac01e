//! 存证 — what happened, provably: an append-only Merkle log, its proofs, and what the operator signs.
//!
//! # 范围 — in scope
//!
//! | 文件 | what it follows |
//! |---|---|
//! | [`hash`] | RFC 9162 §2.1.1: leaf, node and empty tree, with SHA-256 or SM3 (GB/T 32905) |
//! | [`leaf`] | salted commitments, so that the log itself carries no personal data |
//! | [`frontier`] | the tree as at most 64 hashes, to be kept in one database row |
//! | [`proof`] | RFC 9162 §2.1.3 (inclusion) and §2.1.4 (consistency) |
//! | [`note`] | C2SP signed-note v1.0.0, signature type 0x01 (Ed25519) |
//! | [`checkpoint`] | C2SP tlog-checkpoint v1.0.0, without extension lines |
//! | [`record`] | C2SP tlog-proof@v1, the 存证凭证 that a person downloads and keeps |
//!
//! # 范围之外 — out of scope
//!
//! Tiles, witnesses, cosignatures, ML-DSA and SM2 signatures. Time, chance, disks and networks: seeds
//! and salts come in as arguments, texts go out. That a log never signs two inconsistent checkpoints
//! is the duty of whoever holds the [`SigningKey`]; this crate only makes a breach provable.
//!
//! # 凭证 — from an event to a record
//!
//! ```
//! use ledger::{Algorithm, Checkpoint, InclusionRecord, SigningKey, commit, proof};
//!
//! let algorithm = Algorithm::Sha256;
//! let key = SigningKey::from_seed("log.example/city", &[7; 32])?;
//! let leaves: Vec<_> = ["申请", "受理", "通过"]
//!     .iter()
//!     .map(|event| algorithm.leaf(&commit(algorithm, &[9; 32], event.as_bytes())))
//!     .collect();
//!
//! let root = proof::root_of(algorithm, &leaves);
//! let checkpoint = Checkpoint { origin: "log.example/city".into(), size: 3, root };
//! let record = InclusionRecord {
//!     index: 1,
//!     proof: proof::inclusion(algorithm, &leaves, 1, 3)?,
//!     checkpoint_note: key.sign(&checkpoint.to_text())?,
//! };
//!
//! // Years later, offline, with nothing but the record, the payload, its salt and the public key:
//! let record = InclusionRecord::parse(&record.to_text())?;
//! let leaf = algorithm.leaf(&commit(algorithm, &[9; 32], "受理".as_bytes()));
//! let seen = record.verify(algorithm, &leaf, "log.example/city", &[key.verifying_key()])?;
//! assert_eq!(seen.size, 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

pub mod checkpoint;
pub mod frontier;
pub mod hash;
pub mod leaf;
mod line;
pub mod note;
mod place;
pub mod proof;
pub mod record;

pub use checkpoint::Checkpoint;
pub use frontier::Frontier;
pub use hash::{Algorithm, Hash};
pub use leaf::commit;
pub use note::{SigningKey, VerifyingKey};
pub use record::InclusionRecord;
