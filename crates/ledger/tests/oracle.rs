//! 旁证 — the same trees and notes in independent implementations: `tlog_tiles`, `signed_note`, fixed vectors.

use std::cell::RefCell;

use ledger::{Algorithm::Sha256, Checkpoint, Hash, SigningKey, VerifyingKey, note, proof};
use proptest::prelude::*;
use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};
use tlog_tiles::HashReader;

/// The storage that `tlog_tiles` expects: every subtree root in the order in which it was completed.
#[derive(Default)]
struct Stored(RefCell<Vec<tlog_tiles::Hash>>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        let stored = self.0.borrow();
        Ok(indexes.iter().map(|index| stored[usize::try_from(*index).unwrap()]).collect())
    }
}

fn both(n: u64) -> (Vec<Hash>, Stored) {
    let stored = Stored::default();
    let leaves = (0..n).map(|i| {
        let entry = format!("leaf-{i}");
        let new = tlog_tiles::stored_hashes(i, entry.as_bytes(), &stored).unwrap();
        stored.0.borrow_mut().extend(new);
        Sha256.leaf(entry.as_bytes())
    });
    (leaves.collect(), stored)
}

fn bare(hashes: &[tlog_tiles::Hash]) -> Vec<Hash> {
    hashes.iter().map(|hash| hash.0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn trees_and_proofs_are_those_of_tlog_tiles((n, index, old) in (1u64..=300).prop_flat_map(|n| (Just(n), 0..n, 1..=n))) {
        let (leaves, stored) = both(n);
        let held = usize::try_from(old).unwrap();
        let (before, after) = (proof::root_of(Sha256, &leaves[..held]), proof::root_of(Sha256, &leaves));
        prop_assert_eq!(before, tlog_tiles::tree_hash(old, &stored).unwrap().0);
        prop_assert_eq!(after, tlog_tiles::tree_hash(n, &stored).unwrap().0);

        let theirs = tlog_tiles::prove_record(n, index, &stored).unwrap();
        let ours = proof::inclusion(Sha256, &leaves, index, n).unwrap();
        prop_assert_eq!(&ours, &bare(&theirs));
        let leaf = leaves[usize::try_from(index).unwrap()];
        prop_assert!(proof::verify_inclusion(Sha256, &leaf, index, n, &bare(&theirs), &after).is_ok());
        let as_theirs = ours.into_iter().map(tlog_tiles::Hash).collect();
        prop_assert!(tlog_tiles::check_record(&as_theirs, n, tlog_tiles::Hash(after), index, tlog_tiles::Hash(leaf)).is_ok());

        let theirs = tlog_tiles::prove_tree(n, old, &stored).unwrap();
        let ours = proof::consistency(Sha256, &leaves, old, n).unwrap();
        prop_assert_eq!(&ours, &bare(&theirs));
        prop_assert!(proof::verify_consistency(Sha256, old, n, &bare(&theirs), &before, &after).is_ok());
        let as_theirs = ours.into_iter().map(tlog_tiles::Hash).collect();
        prop_assert!(tlog_tiles::check_tree(&as_theirs, n, tlog_tiles::Hash(after), old, tlog_tiles::Hash(before)).is_ok());
    }

    #[test]
    fn both_verifiers_judge_any_proof_alike(
        (n, index, old) in (1u64..=40).prop_flat_map(|n| (Just(n), 0..n, 1..=n)),
        (claimed_n, claimed_index, claimed_old) in (1u64..=41, 0u64..=41, 1u64..=41),
        wrong: bool, drop: bool,
    ) {
        let (leaves, _) = both(n);
        let (n2, i2, o2) = if wrong { (claimed_n, claimed_index, claimed_old) } else { (n, index, old) };
        let root = proof::root_of(Sha256, &leaves);
        let before = proof::root_of(Sha256, &leaves[..usize::try_from(old).unwrap()]);
        let leaf = leaves[usize::try_from(index).unwrap()];
        let theirs = |path: &[Hash]| path.iter().copied().map(tlog_tiles::Hash).collect::<Vec<_>>();

        let mut path = proof::inclusion(Sha256, &leaves, index, n).unwrap();
        if drop { path.pop(); }
        prop_assert_eq!(
            proof::verify_inclusion(Sha256, &leaf, i2, n2, &path, &root).is_ok(),
            tlog_tiles::check_record(&theirs(&path), n2, tlog_tiles::Hash(root), i2, tlog_tiles::Hash(leaf)).is_ok()
        );
        let mut path = proof::consistency(Sha256, &leaves, old, n).unwrap();
        if drop { path.pop(); }
        prop_assert_eq!(
            proof::verify_consistency(Sha256, o2, n2, &path, &before, &root).is_ok(),
            tlog_tiles::check_tree(&theirs(&path), n2, tlog_tiles::Hash(root), o2, tlog_tiles::Hash(before)).is_ok()
        );
    }

    #[test]
    fn notes_are_read_in_both_directions(seed: [u8; 32], name in "[a-z.]{1,12}/[^ \\p{White_Space}+\\x00-\\x1f]{0,8}", lines in prop::collection::vec("[^\\x00-\\x1f]{0,20}", 1..6)) {
        let text = lines.join("\n") + "\n";
        let key = SigningKey::from_seed(&name, &seed).unwrap();
        let vkey = key.verifying_key().to_string();
        let signed = key.sign(&text).unwrap();

        let verifier = StandardVerifier::new(&vkey).unwrap();
        let theirs = Note::from_bytes(signed.as_bytes()).unwrap();
        prop_assert_eq!(theirs.text(), text.as_bytes());
        let (verified, _) = theirs.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
        prop_assert_eq!(verified.len(), 1);

        let mut theirs = Note::new(text.as_bytes(), &[]).unwrap();
        theirs.add_sigs(&[&their_signer(&vkey, &seed)]).unwrap();
        let theirs = String::from_utf8(theirs.to_bytes()).unwrap();
        prop_assert_eq!(&theirs, &signed); // Ed25519 is deterministic
        let known: VerifyingKey = vkey.parse().unwrap();
        prop_assert_eq!(note::open(&theirs, &[known]), Ok(text.as_str()));
    }

    #[test]
    fn checkpoints_are_read_in_both_directions(origin in "[^\\x00-\\x1f]{1,20}", size: u64, root: [u8; 32]) {
        let text = Checkpoint { origin: origin.clone(), size, root }.to_text();
        let theirs = tlog_tiles::Checkpoint::from_bytes(text.as_bytes()).unwrap();
        prop_assert_eq!((theirs.origin(), theirs.size(), theirs.hash().0), (origin.as_str(), size, root));
        let theirs = tlog_tiles::Checkpoint::new(&origin, size, tlog_tiles::Hash(root), "").unwrap().to_bytes();
        prop_assert_eq!(Checkpoint::parse(&String::from_utf8(theirs).unwrap()), Ok(Checkpoint { origin, size, root }));
    }
}

fn their_signer(vkey: &str, seed: &[u8; 32]) -> StandardSigner {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let mut parts = vkey.split('+');
    let (name, id) = (parts.next().unwrap(), parts.next().unwrap());
    let key = STANDARD.encode([&[1], &seed[..]].concat());
    StandardSigner::new(&format!("PRIVATE+KEY+{name}+{id}+{key}")).unwrap()
}

/// The eight entries of RFC 6962's reference implementation, known to every log since 2013.
#[test]
fn roots_are_those_of_the_certificate_transparency_test_tree() {
    let entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let leaves: Vec<Hash> = entries.iter().map(|entry| Sha256.leaf(&hex::decode(entry).unwrap())).collect();
    let root = |n: usize| hex::encode(proof::root_of(Sha256, &leaves[..n]));
    assert_eq!(root(1), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assert_eq!(root(8), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

/// A note that was signed elsewhere and verified with a third library.
#[test]
fn a_note_signed_elsewhere_opens() {
    let known: VerifyingKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k".parse().unwrap();
    let note = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    assert_eq!(note::open(note, std::slice::from_ref(&known)), Ok("This is an example message.\n"));
    let changed = note.replace("example message", "example massage");
    assert_eq!(note::open(&changed, &[known]), Err(note::Fault::Signature("example.com/foo".into())));
}

/// The key and the note in the tests of Go's `golang.org/x/mod/sumdb/note`.
#[test]
fn we_sign_what_go_signs() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let skey = STANDARD.decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz").unwrap();
    let key = SigningKey::from_seed("PeterNeumann", skey[1..].try_into().unwrap()).unwrap();
    assert!(key.verifying_key().to_string().starts_with("PeterNeumann+c74f20a3+"));
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    assert_eq!(
        key.sign(text).unwrap(),
        format!(
            "{text}\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        )
    );
}
