//! 前沿 — the whole tree as the roots of its perfect subtrees: small enough to stand in one row.

use crate::{Algorithm, Hash};

/// 规模上限 — the largest tree: what a signed 64-bit column can count.
pub const MAX_SIZE: u64 = u64::MAX >> 1;

/// 前沿 — a compact range `[0, size)`: one root per set bit of the size, the largest subtree first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frontier {
    algorithm: Algorithm,
    size: u64,
    nodes: Vec<Hash>,
}

/// 前沿之误 — why stored bytes are no frontier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 残缺
    #[error("存证前沿的长度应为32字节的整数倍，实为{0}字节")]
    Torn(usize),
    /// 节点数不符
    #[error("规模为{size}的存证前沿应有{expected}个节点，实有{found}个")]
    Count {
        /// 树的规模
        size: u64,
        /// 应有节点数
        expected: u32,
        /// 实有节点数
        found: usize,
    },
    /// 规模过大
    #[error("存证树的规模{0}超过上限")]
    TooLarge(u64),
}

impl Frontier {
    /// 空树 — no leaves yet.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        Self { algorithm, size: 0, nodes: Vec::new() }
    }

    /// 追加 — appends one leaf, already hashed with [`Algorithm::leaf`].
    pub fn push(&mut self, leaf_hash: Hash) {
        let mut hash = leaf_hash;
        // Like carrying in a binary counter: every trailing 1 is a subtree that is now complete.
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.nodes.pop() else { break };
            hash = self.algorithm.node(&left, &hash);
        }
        self.nodes.push(hash);
        self.size = self.size.saturating_add(1); // MAX_SIZE is 2^63 pushes short of saturating
    }

    /// 规模 — how many leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// 根 — the root over all leaves so far.
    #[must_use]
    pub fn root(&self) -> Hash {
        // From the right: the smallest subtree is the deepest.
        let folded = self.nodes.iter().copied().rev().reduce(|right, left| self.algorithm.node(&left, &right));
        folded.unwrap_or_else(|| self.algorithm.empty())
    }

    /// 存 — the nodes, 32 bytes each. The size is stored beside them, since queries need it too.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.nodes.concat()
    }

    /// 取 — the frontier that [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    ///
    /// When the bytes cannot be a frontier of that size. Whether they are *the* frontier, only a
    /// checkpoint can tell.
    pub fn from_bytes(algorithm: Algorithm, size: u64, bytes: &[u8]) -> Result<Self, Fault> {
        if size > MAX_SIZE {
            return Err(Fault::TooLarge(size));
        }
        let (nodes, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() {
            return Err(Fault::Torn(bytes.len()));
        }
        let expected = size.count_ones();
        if usize::try_from(expected) != Ok(nodes.len()) {
            return Err(Fault::Count { size, expected, found: nodes.len() });
        }
        Ok(Self { algorithm, size, nodes: nodes.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_another_size_are_refused() {
        let of = |size, bytes: usize| Frontier::from_bytes(Algorithm::Sm3, size, &vec![0; bytes]);
        assert_eq!(of(3, 63), Err(Fault::Torn(63)));
        assert_eq!(of(3, 32), Err(Fault::Count { size: 3, expected: 2, found: 1 }));
        assert_eq!(of(0, 32), Err(Fault::Count { size: 0, expected: 0, found: 1 }));
        assert_eq!(of(MAX_SIZE + 1, 32), Err(Fault::TooLarge(MAX_SIZE + 1)));
        assert!(of(3, 64).is_ok());
    }

    #[test]
    fn the_largest_frontier_still_takes_a_leaf() {
        let mut full = Frontier::from_bytes(Algorithm::Sha256, MAX_SIZE, &[7; 63 * 32]).unwrap();
        full.push([7; 32]);
        assert_eq!((full.size(), full.to_bytes().len()), (1 << 63, 32));
    }
}
