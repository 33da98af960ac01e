//! 杂凑 — the two hash functions of the log and the three ways it uses them (RFC 9162 §2.1.1).

use sha2::{Digest, Sha256};
use sm3::Sm3;

/// 杂凑值 — 32 bytes, whichever the algorithm.
pub type Hash = [u8; 32];

// A leaf must never pass for a node: without the prefixes, a two-leaf tree and a 64-byte entry
// could share one root.
const LEAF: &[u8] = &[0x00];
const NODE: &[u8] = &[0x01];

/// 杂凑算法 — SHA-256 for the world, SM3 for 商用密码 (GB/T 39786); the log keeps one tree of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// SHA-256（FIPS 180-4）
    Sha256,
    /// SM3（GB/T 32905）
    Sm3,
}

impl Algorithm {
    /// 叶 — the hash of one entry: `H(0x00 || entry)`.
    #[must_use]
    pub fn leaf(self, entry: &[u8]) -> Hash {
        self.of(&[LEAF, entry])
    }

    /// 节点 — the hash of two subtrees: `H(0x01 || left || right)`.
    #[must_use]
    pub fn node(self, left: &Hash, right: &Hash) -> Hash {
        self.of(&[NODE, left, right])
    }

    /// 空树 — the root of a tree without leaves: `H("")`.
    #[must_use]
    pub fn empty(self) -> Hash {
        self.of(&[])
    }

    pub(crate) fn of(self, parts: &[&[u8]]) -> Hash {
        match self {
            Self::Sha256 => parts.iter().fold(Sha256::new(), Digest::chain_update).finalize().into(),
            Self::Sm3 => parts.iter().fold(Sm3::new(), Digest::chain_update).finalize().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Algorithm::{Sha256, Sm3};

    fn hex(hash: super::Hash) -> String {
        hex::encode(hash)
    }

    #[test]
    fn sm3_gives_the_answers_printed_in_the_national_standard() {
        assert_eq!(hex(Sm3.of(&[b"abc"])), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_eq!(
            hex(Sm3.of(&["abcd".repeat(16).as_bytes()])),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
        );
    }

    #[test]
    fn the_empty_tree_is_the_hash_of_nothing() {
        assert_eq!(hex(Sha256.empty()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hex(Sm3.empty()), "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
    }

    #[test]
    fn leaves_and_nodes_carry_their_prefixes() {
        for algorithm in [Sha256, Sm3] {
            let (left, right) = (algorithm.leaf(b"left"), algorithm.leaf(b"right"));
            assert_eq!(left, algorithm.of(&[b"\0left"]));
            let children = [left, right].concat();
            assert_eq!(algorithm.node(&left, &right), algorithm.of(&[&[1], &children]));
            assert_ne!(algorithm.node(&left, &right), algorithm.leaf(&children));
        }
    }
}
