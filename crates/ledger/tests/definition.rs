//! 定义 — frontier and proofs against the recursive definitions of RFC 9162, written out as printed there.

use ledger::{
    Algorithm::{self, Sha256, Sm3},
    Frontier, Hash,
    proof::{self, Fault, verify_consistency, verify_inclusion},
};
use proptest::prelude::*;

/// MTH(D[n]) of §2.1.1, over leaf hashes.
fn mth(h: Algorithm, d: &[Hash]) -> Hash {
    match d {
        [] => h.empty(),
        [leaf] => *leaf,
        _ => {
            let k = k(d.len());
            h.node(&mth(h, &d[..k]), &mth(h, &d[k..]))
        }
    }
}

/// PATH(m, D[n]) of §2.1.3.1.
fn path(h: Algorithm, m: usize, d: &[Hash]) -> Vec<Hash> {
    if d.len() == 1 {
        return vec![];
    }
    let k = k(d.len());
    let (mut rest, sibling) =
        if m < k { (path(h, m, &d[..k]), mth(h, &d[k..])) } else { (path(h, m - k, &d[k..]), mth(h, &d[..k])) };
    rest.push(sibling);
    rest
}

/// SUBPROOF(m, D[n], b) of §2.1.4.1.
fn subproof(h: Algorithm, m: usize, d: &[Hash], whole: bool) -> Vec<Hash> {
    if m == d.len() {
        return if whole { vec![] } else { vec![mth(h, d)] };
    }
    let k = k(d.len());
    let (mut rest, sibling) = if m <= k {
        (subproof(h, m, &d[..k], whole), mth(h, &d[k..]))
    } else {
        (subproof(h, m - k, &d[k..], false), mth(h, &d[..k]))
    };
    rest.push(sibling);
    rest
}

/// The largest power of two smaller than n.
fn k(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

fn leaves(h: Algorithm, n: usize) -> Vec<Hash> {
    (0..n).map(|i| h.leaf(format!("leaf-{i}").as_bytes())).collect()
}

fn size(n: usize) -> u64 {
    u64::try_from(n).unwrap()
}

fn algorithm() -> impl Strategy<Value = Algorithm> {
    prop_oneof![Just(Sha256), Just(Sm3)]
}

/// A tree, a leaf in it, and an earlier size.
fn tree() -> impl Strategy<Value = (Algorithm, usize, usize, usize)> {
    (algorithm(), 1usize..=300).prop_flat_map(|(h, n)| (Just(h), Just(n), 0..n, 1..=n))
}

/// Every way to change one thing about a proof: a bit, a hash too few, too many, doubled, swapped.
fn spoiled(proof: &[Hash], at: usize, bit: usize) -> Vec<Vec<Hash>> {
    let mut all = vec![[proof, &[[0; 32]]].concat(), [&[[0; 32]], proof].concat()];
    if !proof.is_empty() {
        let at = at % proof.len();
        let mut flipped = proof.to_vec();
        flipped[at][bit / 8 % 32] ^= 1 << (bit % 8);
        let mut shorter = proof.to_vec();
        shorter.remove(at);
        let mut doubled = proof.to_vec();
        doubled.insert(at, proof[at]);
        let mut turned = proof.to_vec();
        turned.rotate_left(1);
        all.extend([flipped, shorter, doubled]);
        if turned != proof {
            all.push(turned);
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_frontier_holds_the_root_of_every_size((h, n, _, _) in tree()) {
        let leaves = leaves(h, n);
        let mut frontier = Frontier::new(h);
        for (pushed, leaf) in leaves.iter().enumerate() {
            prop_assert_eq!(frontier.size(), size(pushed));
            let bytes = frontier.to_bytes();
            prop_assert_eq!(bytes.len(), usize::try_from(pushed.count_ones()).unwrap() * 32);
            prop_assert_eq!(Frontier::from_bytes(h, size(pushed), &bytes), Ok(frontier.clone()));
            frontier.push(*leaf);
        }
        prop_assert_eq!(frontier.root(), mth(h, &leaves));
        prop_assert_eq!(proof::root_of(h, &leaves), mth(h, &leaves));
    }

    #[test]
    fn a_frontier_read_back_grows_into_the_same_tree((h, n, _, old) in tree()) {
        let leaves = leaves(h, n);
        let mut frontier = Frontier::new(h);
        leaves[..old].iter().for_each(|leaf| frontier.push(*leaf));
        let mut read = Frontier::from_bytes(h, size(old), &frontier.to_bytes()).unwrap();
        leaves[old..].iter().for_each(|leaf| read.push(*leaf));
        prop_assert_eq!(read.root(), mth(h, &leaves));
    }

    #[test]
    fn inclusion_is_the_path_of_the_definition((h, n, index, older) in tree()) {
        let all = leaves(h, n);
        // A proof for an earlier size must not look at later leaves.
        for n in [n, older.max(index + 1)] {
            let proof = proof::inclusion(h, &all, size(index), size(n)).unwrap();
            prop_assert_eq!(&proof, &path(h, index, &all[..n]));
            let root = mth(h, &all[..n]);
            prop_assert_eq!(verify_inclusion(h, &all[index], size(index), size(n), &proof, &root), Ok(()));
        }
    }

    #[test]
    fn a_changed_inclusion_proof_proves_nothing((h, n, index, _) in tree(), at: usize, bit in 0usize..256) {
        let all = leaves(h, n);
        let (i, s, root) = (size(index), size(n), mth(h, &all));
        let proof = path(h, index, &all);
        let leaf = all[index];
        for spoiled in spoiled(&proof, at, bit) {
            prop_assert!(verify_inclusion(h, &leaf, i, s, &spoiled, &root).is_err());
        }
        let mut other = leaf;
        other[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(verify_inclusion(h, &other, i, s, &proof, &root), Err(Fault::Root));
        let mut other = root;
        other[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(verify_inclusion(h, &leaf, i, s, &proof, &other), Err(Fault::Root));
        for elsewhere in (0..s + 3).filter(|elsewhere| *elsewhere != i) {
            prop_assert!(verify_inclusion(h, &leaf, elsewhere, s, &proof, &root).is_err());
        }
        let other = if h == Sha256 { Sm3 } else { Sha256 };
        if n > 1 {
            prop_assert!(verify_inclusion(other, &leaf, i, s, &proof, &root).is_err());
        }
    }

    #[test]
    fn consistency_is_the_subproof_of_the_definition((h, n, _, old) in tree(), grown in 0usize..20) {
        let all = leaves(h, n + grown);
        let proof = proof::consistency(h, &all, size(old), size(n)).unwrap();
        prop_assert_eq!(&proof, &subproof(h, old, &all[..n], true));
        let (before, after) = (mth(h, &all[..old]), mth(h, &all[..n]));
        prop_assert_eq!(verify_consistency(h, size(old), size(n), &proof, &before, &after), Ok(()));
    }

    #[test]
    fn a_changed_consistency_proof_proves_nothing((h, n, _, old) in tree(), at: usize, bit in 0usize..256) {
        let all = leaves(h, n);
        let (o, s) = (size(old), size(n));
        let (before, after) = (mth(h, &all[..old]), mth(h, &all));
        let proof = subproof(h, old, &all, true);
        for spoiled in spoiled(&proof, at, bit) {
            prop_assert!(verify_consistency(h, o, s, &spoiled, &before, &after).is_err());
        }
        for (spoil_before, spoil_after) in [(1, 0), (0, 1), (1, 1)] {
            let (mut before, mut after) = (before, after);
            before[bit / 8] ^= spoil_before << (bit % 8);
            after[bit / 8] ^= spoil_after << (bit % 8);
            // Two equal trees with the same wrong root agree, as they should: no proof is involved.
            if old < n || spoil_before != spoil_after {
                prop_assert!(verify_consistency(h, o, s, &proof, &before, &after).is_err());
            }
        }
        // A rewritten old leaf: the log that did this has no proof to offer.
        let mut rewritten = all.clone();
        rewritten[at % old] = h.leaf(b"rewritten");
        let after = mth(h, &rewritten);
        for proof in [proof, subproof(h, old, &rewritten, true)] {
            prop_assert!(verify_consistency(h, o, s, &proof, &before, &after).is_err());
        }
    }

    #[test]
    fn no_sizes_and_no_proof_make_a_verifier_panic(
        h in algorithm(),
        index: u64, size: u64, small in 0u64..5, hashes in prop::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let [a, b] = [[1; 32], [2; 32]];
        for (index, size) in [(index, size), (size - small.min(size), size), (small, size), (u64::MAX - 1, u64::MAX), (index, u64::MAX)] {
            prop_assert!(verify_inclusion(h, &a, index, size, &hashes, &b).is_err());
            prop_assert!(verify_consistency(h, index, size, &hashes, &a, &b).is_err());
            prop_assert!(proof::inclusion(h, &[a, b], index.max(2), size).is_err());
            prop_assert!(proof::consistency(h, &[a, b], index, size.max(3)).is_err());
        }
    }
}

#[test]
fn every_small_tree_agrees_with_the_definition() {
    for h in [Sha256, Sm3] {
        let all = leaves(h, 40);
        for n in 1..=40 {
            let after = mth(h, &all[..n]);
            for m in 0..n {
                let proof = proof::inclusion(h, &all, size(m), size(n)).unwrap();
                assert_eq!(proof, path(h, m, &all[..n]));
                verify_inclusion(h, &all[m], size(m), size(n), &proof, &after).unwrap();
                let old = m + 1;
                let proof = proof::consistency(h, &all, size(old), size(n)).unwrap();
                assert_eq!(proof, subproof(h, old, &all[..n], true));
                verify_consistency(h, size(old), size(n), &proof, &mth(h, &all[..old]), &after).unwrap();
            }
        }
    }
}

#[test]
fn everything_is_consistent_with_the_empty_tree_and_with_itself() {
    let all = leaves(Sm3, 5);
    let (none, root) = (Sm3.empty(), mth(Sm3, &all));
    assert_eq!(proof::consistency(Sm3, &all, 0, 5), Ok(vec![]));
    assert_eq!(proof::consistency(Sm3, &all, 5, 5), Ok(vec![]));
    assert_eq!(verify_consistency(Sm3, 0, 5, &[], &none, &root), Ok(()));
    assert_eq!(verify_consistency(Sm3, 5, 5, &[], &root, &root), Ok(()));
    assert_eq!(verify_consistency(Sm3, 0, 0, &[], &none, &none), Ok(()));
    assert_eq!(verify_consistency(Sm3, 0, 0, &[], &none, &root), Err(Fault::Root));
    assert_eq!(verify_consistency(Sm3, 0, 5, &[], &root, &root), Err(Fault::OldRoot));
    assert_eq!(verify_consistency(Sm3, 0, 5, &[root], &none, &root), Err(Fault::Length));
    assert_eq!(verify_consistency(Sm3, 5, 5, &[root], &root, &root), Err(Fault::Length));
    assert_eq!(verify_consistency(Sm3, 3, 5, &[], &root, &root), Err(Fault::Length));
}

#[test]
fn no_leaf_lies_beyond_the_end_of_its_tree() {
    let leaf = Sm3.leaf(b"leaf");
    assert_eq!(verify_inclusion(Sm3, &leaf, 0, 1, &[], &leaf), Ok(()));
    for (index, size) in [(0, 0), (1, 1), (2, 1), (u64::MAX, 1), (u64::MAX, u64::MAX)] {
        let beyond = Err(Fault::Index { index, size });
        assert_eq!(verify_inclusion(Sm3, &leaf, index, size, &[], &leaf), beyond);
    }
}

#[test]
fn what_cannot_be_proved_says_why() {
    let all = leaves(Sha256, 3);
    assert_eq!(proof::inclusion(Sha256, &all, 3, 3), Err(Fault::Index { index: 3, size: 3 }));
    assert_eq!(proof::inclusion(Sha256, &all, 0, 0), Err(Fault::Index { index: 0, size: 0 }));
    assert_eq!(proof::inclusion(Sha256, &all, 0, 4), Err(Fault::Size { size: 4, held: 3 }));
    assert_eq!(proof::consistency(Sha256, &all, 3, 2), Err(Fault::Shrunk { old: 3, new: 2 }));
    assert_eq!(proof::consistency(Sha256, &all, 3, 4), Err(Fault::Size { size: 4, held: 3 }));
    assert_eq!(Fault::Shrunk { old: 3, new: 2 }.to_string(), "存证树只增不减：旧规模3大于新规模2");
}
