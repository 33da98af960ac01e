//! 证明 — that an entry is in the tree, and that a later tree only added to an earlier one (RFC 9162 §2.1).

use crate::{
    Algorithm, Frontier, Hash,
    place::{Place, Side, Strayed},
};

/// 证明之误 — why there is no proof, or why a proof proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 序号越界
    #[error("规模为{size}的存证树没有序号{index}（序号从0起）")]
    Index {
        /// 序号
        index: u64,
        /// 树的规模
        size: u64,
    },
    /// 规模越界
    #[error("存证树只有{held}条，不足以证明规模{size}")]
    Size {
        /// 所求规模
        size: u64,
        /// 实有条数
        held: usize,
    },
    /// 规模缩小
    #[error("存证树只增不减：旧规模{old}大于新规模{new}")]
    Shrunk {
        /// 旧规模
        old: u64,
        /// 新规模
        new: u64,
    },
    /// 证明长度不符
    #[error("证明的长度与树的规模不符")]
    Length,
    /// 与根不符
    #[error("证明与存证树的根不符，数据或证明已被改动")]
    Root,
    /// 与旧根不符
    #[error("证明与旧树的根不符，旧记录或证明已被改动")]
    OldRoot,
}

impl From<Strayed> for Fault {
    fn from(_: Strayed) -> Self {
        Self::Length
    }
}

/// 根 — the root over these leaf hashes.
#[must_use]
pub fn root_of(algorithm: Algorithm, leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::new(algorithm);
    for leaf in leaves {
        frontier.push(*leaf);
    }
    frontier.root()
}

/// 包含证明 — the siblings of leaf `index` on its way up in the tree of the first `size` leaves, deepest first.
///
/// # Errors
///
/// When there are fewer than `size` leaves, or no leaf `index` among them.
pub fn inclusion(algorithm: Algorithm, leaves: &[Hash], index: u64, size: u64) -> Result<Vec<Hash>, Fault> {
    let mut tree = first(leaves, size)?;
    let mut at = usize::try_from(index).ok().filter(|at| *at < tree.len()).ok_or(Fault::Index { index, size })?;
    let mut path = Vec::new();
    while tree.len() > 1 {
        let (left, right) = halves(tree);
        let (here, sibling) = if at < left.len() {
            (left, right)
        } else {
            at -= left.len();
            (right, left)
        };
        path.push(root_of(algorithm, sibling));
        tree = here;
    }
    path.reverse(); // collected from the root down
    Ok(path)
}

/// 一致性证明 — that the tree of the first `old` leaves is where the tree of the first `new` began.
///
/// Empty for `old == new`, and for `old == 0`: everything begins with nothing.
///
/// # Errors
///
/// When `old > new`, or there are fewer than `new` leaves.
pub fn consistency(algorithm: Algorithm, leaves: &[Hash], old: u64, new: u64) -> Result<Vec<Hash>, Fault> {
    if old > new {
        return Err(Fault::Shrunk { old, new });
    }
    let mut tree = first(leaves, new)?;
    let mut kept = first(leaves, old)?.len();
    let mut path = Vec::new();
    if kept == 0 {
        return Ok(path);
    }
    // While we only ever went left, the old tree is a subtree whose root the verifier holds already.
    let mut known = true;
    while kept < tree.len() {
        let (left, right) = halves(tree);
        let (here, sibling) = if kept <= left.len() {
            (left, right)
        } else {
            kept -= left.len();
            known = false;
            (right, left)
        };
        path.push(root_of(algorithm, sibling));
        tree = here;
    }
    if !known {
        path.push(root_of(algorithm, tree));
    }
    path.reverse();
    Ok(path)
}

/// 核验包含证明 — RFC 9162 §2.1.3.2.
///
/// # Errors
///
/// When the proof does not lead from this leaf, at this place, to this root.
pub fn verify_inclusion(
    algorithm: Algorithm,
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), Fault> {
    if index >= size {
        return Err(Fault::Index { index, size });
    }
    let mut place = Place::new(index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        hash = match place.climb()? {
            Side::Left => algorithm.node(sibling, &hash),
            Side::Right => algorithm.node(&hash, sibling),
        };
    }
    place.arrived()?;
    if hash == *root { Ok(()) } else { Err(Fault::Root) }
}

/// 核验一致性证明 — RFC 9162 §2.1.4.2, and the two cases it leaves out: an empty old tree and equal sizes.
///
/// # Errors
///
/// When the proof does not show that the old root's tree is where the new root's tree began.
pub fn verify_consistency(
    algorithm: Algorithm,
    old: u64,
    new: u64,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), Fault> {
    if old > new {
        return Err(Fault::Shrunk { old, new });
    }
    if old == 0 && *old_root != algorithm.empty() {
        return Err(Fault::OldRoot);
    }
    if old == new && old_root != new_root {
        return Err(Fault::Root);
    }
    if old == 0 || old == new {
        return if proof.is_empty() { Ok(()) } else { Err(Fault::Length) };
    }

    let mut place = Place::new(old - 1, new - 1);
    place.complete();
    // The walk starts at the largest subtree that ends where the old tree ends. When that is the
    // whole old tree, its root is not repeated in the proof.
    let (start, rest) =
        if old.is_power_of_two() { (old_root, proof) } else { proof.split_first().ok_or(Fault::Length)? };
    let (mut old_hash, mut new_hash) = (*start, *start);
    for sibling in rest {
        match place.climb()? {
            Side::Left => {
                old_hash = algorithm.node(sibling, &old_hash);
                new_hash = algorithm.node(sibling, &new_hash);
            }
            // What lies to the right was added after the old tree.
            Side::Right => new_hash = algorithm.node(&new_hash, sibling),
        }
    }
    place.arrived()?;
    if old_hash != *old_root {
        return Err(Fault::OldRoot);
    }
    if new_hash == *new_root { Ok(()) } else { Err(Fault::Root) }
}

fn first(leaves: &[Hash], size: u64) -> Result<&[Hash], Fault> {
    let fewer = Fault::Size { size, held: leaves.len() };
    usize::try_from(size).ok().and_then(|size| leaves.get(..size)).ok_or(fewer)
}

/// The two subtrees of a tree of two leaves or more: the left one is the largest perfect one that
/// leaves something to the right.
fn halves(tree: &[Hash]) -> (&[Hash], &[Hash]) {
    let last = tree.len().saturating_sub(1);
    tree.split_at(last.checked_ilog2().map_or(0, |bits| 1 << bits))
}
