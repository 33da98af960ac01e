//! 凭证的规矩 — a record proves exactly one leaf in exactly one log, and nothing once it is changed.

use ledger::{
    Algorithm::{self, Sha256, Sm3},
    Checkpoint, Hash, InclusionRecord, SigningKey, checkpoint, note, proof,
    record::Fault,
};

const ORIGIN: &str = "log.example/city";

fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[5; 32]).unwrap()
}

fn leaves(algorithm: Algorithm) -> Vec<Hash> {
    (0..13u8).map(|i| algorithm.leaf(&[i])).collect()
}

fn record(algorithm: Algorithm, index: u64) -> InclusionRecord {
    let leaves = leaves(algorithm);
    let root = proof::root_of(algorithm, &leaves);
    let checkpoint = Checkpoint { origin: ORIGIN.into(), size: 13, root };
    InclusionRecord {
        index,
        proof: proof::inclusion(algorithm, &leaves, index, 13).unwrap(),
        checkpoint_note: key().sign(&checkpoint.to_text()).unwrap(),
    }
}

#[test]
fn every_leaf_gets_a_record_that_survives_as_text() {
    for algorithm in [Sha256, Sm3] {
        for (index, leaf) in (0..).zip(leaves(algorithm)) {
            let record = record(algorithm, index);
            let read = InclusionRecord::parse(&record.to_text()).unwrap();
            assert_eq!(read, record);
            let seen = read.verify(algorithm, &leaf, ORIGIN, &[key().verifying_key()]).unwrap();
            assert_eq!((seen.origin.as_str(), seen.size), (ORIGIN, 13));
        }
    }
}

#[test]
fn the_text_is_that_of_the_specification() {
    let text = record(Sha256, 12).to_text();
    let lines: Vec<&str> = text.split('\n').collect();
    assert_eq!(lines[..2], ["c2sp.org/tlog-proof@v1", "index 12"]);
    // Leaf 12 of 13 stands alone up to the level of 4 + 8: two siblings, then the checkpoint.
    assert_eq!((lines[2].len(), lines[3].len()), (44, 44));
    assert_eq!(lines[4..7], ["", ORIGIN, "13"]);
    assert!(lines[9].starts_with("\u{2014} log.example/city "));
    assert_eq!(lines[10..], [""]);
}

#[test]
fn a_record_of_another_leaf_log_key_or_hash_proves_nothing() {
    let (record, leaves) = (record(Sm3, 4), leaves(Sm3));
    let known = [key().verifying_key()];
    let other = SigningKey::from_seed(ORIGIN, &[6; 32]).unwrap();
    let of = |leaf, origin, known: &_| record.verify(Sm3, leaf, origin, std::slice::from_ref(known));
    assert!(of(&leaves[4], ORIGIN, &known[0]).is_ok());
    assert_eq!(of(&leaves[5], ORIGIN, &known[0]), Err(Fault::Proof(proof::Fault::Root)));
    assert_eq!(of(&leaves[4], ORIGIN, &other.verifying_key()), Err(Fault::Note(note::Fault::Untrusted)));
    let elsewhere = Fault::Origin { expected: "log.example/city/sm3".into(), found: ORIGIN.into() };
    assert_eq!(of(&leaves[4], "log.example/city/sm3", &known[0]), Err(elsewhere));
    assert!(record.verify(Sha256, &leaves[4], ORIGIN, &known).is_err());

    let no_checkpoint = InclusionRecord { checkpoint_note: key().sign("hello\n").unwrap(), ..record };
    assert_eq!(no_checkpoint.verify(Sm3, &leaves[4], ORIGIN, &known), Err(Fault::Checkpoint(checkpoint::Fault::Lines)));
}

#[test]
fn no_change_of_one_character_leaves_a_record_valid() {
    let (record, leaf) = (record(Sha256, 6), leaves(Sha256)[6]);
    let text = record.to_text();
    for (at, _) in text.char_indices().filter(|(at, _)| text.as_bytes()[*at].is_ascii()) {
        for to in ["", "A", "0", "\n"] {
            let changed = [&text[..at], to, &text[at + 1..]].concat();
            if changed == text {
                continue;
            }
            let verdict = InclusionRecord::parse(&changed)
                .and_then(|record| record.verify(Sha256, &leaf, ORIGIN, &[key().verifying_key()]));
            assert!(verdict.is_err(), "at {at}: {changed}");
        }
    }
}

#[test]
fn extra_data_is_read_over() {
    let record = record(Sha256, 6);
    let extra = |line: &str| record.to_text().replace("\nindex", &format!("\n{line}\nindex"));
    assert_eq!(InclusionRecord::parse(&extra("extra QUJD")), Ok(record.clone()));
    assert_eq!(InclusionRecord::parse(&extra("extra ABC")), Err(Fault::Extra));
    assert_eq!(InclusionRecord::parse(&extra("other QUJD")), Err(Fault::Index));
}

#[test]
fn malformed_records_say_what_is_wrong() {
    let good = record(Sha256, 6).to_text();
    let head = good.split_once("\n\n").unwrap().0;
    for (text, fault) in [
        (String::new(), Fault::NoCheckpoint),
        (head.to_owned(), Fault::NoCheckpoint),
        (format!("{head}\n\n"), Fault::NoCheckpoint),
        (good.replace("@v1", "@v2"), Fault::Header),
        (format!(" {good}"), Fault::Header),
        (good.replace("index 6", "index 06"), Fault::Index),
        (good.replace("index 6", "index -6"), Fault::Index),
        (good.replace("index 6\n", ""), Fault::Index),
        (good.replacen("=\n", "\n", 1), Fault::Hash(1)),
    ] {
        assert_eq!(InclusionRecord::parse(&text), Err(fault), "{text}");
    }
}
