//! 签名文本的规矩 — every MUST of C2SP signed-note, one test each.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ledger::{
    SigningKey, VerifyingKey,
    note::{Fault, open},
};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

const TEXT: &str = "第一行\n\n空行之后\n";

fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name, &[seed; 32]).unwrap()
}

/// The signature line alone.
fn line(key: &SigningKey, text: &str) -> String {
    key.sign(text).unwrap()[text.len() + 1..].to_owned()
}

fn note(text: &str, lines: &[String]) -> String {
    format!("{text}\n{}", lines.concat())
}

/// A line that is well-formed and of no known key.
fn stranger(number: usize) -> String {
    format!("\u{2014} witness{number}.example {}\n", STANDARD.encode([0xff; 76]))
}

#[test]
fn the_text_is_what_stands_before_the_last_empty_line() {
    let key = key("log.example", 1);
    let signed = key.sign(TEXT).unwrap();
    assert_eq!(open(&signed, &[key.verifying_key()]), Ok(TEXT));
    for text in ["\n", "a\n\n", "\n\n\n", "\u{2014} log.example AAAAAAAA\n"] {
        let signed = key.sign(text).unwrap();
        assert_eq!(open(&signed, &[key.verifying_key()]), Ok(text));
    }
}

#[test]
fn unknown_keys_are_ignored_even_with_our_name_or_our_id() {
    let ours = key("log.example", 1);
    let known = [ours.verifying_key()];
    let same_name = line(&key("log.example", 2), TEXT);
    let same_id = line(&ours, TEXT).replace("log.example", "other.example");
    let good = line(&ours, TEXT);
    assert_eq!(open(&note(TEXT, &[same_name.clone(), same_id.clone(), stranger(1), good]), &known), Ok(TEXT));
    assert_eq!(open(&note(TEXT, &[same_name, same_id, stranger(1)]), &known), Err(Fault::Untrusted));
    assert_eq!(open(&ours.sign(TEXT).unwrap(), &[]), Err(Fault::Untrusted));
}

#[test]
fn one_wrong_signature_of_a_known_key_spoils_the_note() {
    let (a, b) = (key("a.example", 1), key("b.example", 2));
    let known = [a.verifying_key(), b.verifying_key()];
    let (good, wrong) = (line(&a, TEXT), line(&b, "another text\n"));
    let short = format!("\u{2014} b.example {}\n", {
        let bytes = STANDARD.decode(line(&b, TEXT).trim_end().rsplit_once(' ').unwrap().1).unwrap();
        STANDARD.encode(&bytes[..67])
    });
    assert_eq!(open(&note(TEXT, &[good.clone(), line(&b, TEXT)]), &known), Ok(TEXT));
    for lines in [vec![good.clone(), wrong.clone()], vec![wrong.clone(), good.clone()], vec![wrong], vec![good, short]]
    {
        assert_eq!(open(&note(TEXT, &lines), &known), Err(Fault::Signature("b.example".into())));
    }
    // Also when the same key has signed correctly as well.
    let twice = [line(&a, TEXT), line(&a, "another text\n")];
    assert_eq!(open(&note(TEXT, &twice), &known), Err(Fault::Signature("a.example".into())));
}

#[test]
fn sixteen_signatures_are_accepted_and_a_flood_is_not() {
    let ours = key("log.example", 1);
    let with = |strangers: usize| {
        let lines: Vec<String> = (0..strangers).map(stranger).chain([line(&ours, TEXT)]).collect();
        open(&note(TEXT, &lines), &[ours.verifying_key()]).map(str::to_owned)
    };
    assert_eq!(with(15), Ok(TEXT.to_owned()));
    assert_eq!(with(99), Ok(TEXT.to_owned()));
    assert_eq!(with(100), Err(Fault::TooLarge));
    let long = "a".repeat(1_000_000) + "\n";
    assert_eq!(ours.sign(&long), Err(Fault::TooLarge));
    assert_eq!(open(&long, &[]), Err(Fault::TooLarge));
}

#[test]
fn control_characters_and_unfinished_texts_are_neither_signed_nor_opened() {
    let ours = key("log.example", 1);
    for text in ["", "no newline", "tab\there\n", "return\r\n", "nul\0\n", "escape\u{1b}\n"] {
        assert_eq!(ours.sign(text), Err(Fault::Text), "{text:?}");
    }
    for spoiled in ["\t", "\r", "\0"] {
        let signed = ours.sign(TEXT).unwrap() + spoiled;
        assert_eq!(open(&signed, &[ours.verifying_key()]), Err(Fault::Text));
    }
}

#[test]
fn malformed_notes_are_refused() {
    let ours = key("log.example", 1);
    let known = [ours.verifying_key()];
    let good = line(&ours, TEXT);
    for unsigned in [
        "",
        "\n",
        "\n\n",
        "text\n",
        "text\n\n",
        &format!("text\n{good}"),
        note(TEXT, std::slice::from_ref(&good)).trim_end(),
    ] {
        assert_eq!(open(unsigned, &known), Err(Fault::Unsigned), "{unsigned:?}");
    }
    for malformed in [
        good.replace('\u{2014}', "-"),
        good.replace('\u{2014}', "\u{2013}"),
        good.replace("log.example", ""),
        good.replace("log.example", "log+example"),
        good.replace("log.example", "log\u{3000}example"),
        good.replace("=\n", "\n"),
        good.replace('\n', " \n"),
        "\u{2014} log.example\n".to_owned(),
        "\u{2014} log.example AAAAAA==\n".to_owned(), // a key id and no signature
        "anything\n".to_owned(),
    ] {
        assert_eq!(open(&note(TEXT, &[good.clone(), malformed.clone()]), &known), Err(Fault::Line(2)), "{malformed:?}");
    }
}

#[test]
fn names_that_cannot_stand_in_a_line_get_no_key() {
    for name in ["", "a b", "a+b", "a\nb", "a\u{a0}b", "a\u{3000}b", "a\u{1}b"] {
        assert_eq!(SigningKey::from_seed(name, &[1; 32]).err(), Some(Fault::Name(name.to_owned())));
    }
    assert_eq!(key("城市.example/存证", 1).verifying_key().name(), "城市.example/存证");
}

#[test]
fn a_verifying_key_has_one_spelling() {
    let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    assert_eq!(vkey.parse::<VerifyingKey>().unwrap().to_string(), vkey);
    for wrong in [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
        " example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ] {
        assert!(wrong.parse::<VerifyingKey>().is_err(), "{wrong:?}");
    }
}

/// The neutral point is a key under which anyone can sign anything.
#[test]
fn a_weak_key_is_no_key_however_well_it_is_spelled() {
    let key = [&[1, 1], &[0; 31][..]].concat();
    let digest = Sha256::digest([b"weak\n", &key[..]].concat());
    let vkey = format!("weak+{}+{}", hex::encode(&digest[..4]), STANDARD.encode(key));
    assert_eq!(vkey.parse::<VerifyingKey>(), Err(Fault::Key));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_note_with_one_byte_changed_opens_to_another_text(at: prop::sample::Index, to in 0u8..128) {
        let ours = key("log.example", 1);
        let mut bytes = ours.sign("log.example\n7\nroot\n").unwrap().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        if let Ok(changed) = String::from_utf8(bytes) {
            prop_assert!(open(&changed, &[ours.verifying_key()]).is_err());
        }
    }

    #[test]
    fn nothing_makes_the_parsers_panic(text in "(\\PC|\n|\u{2014} |\\+){0,80}") {
        let _ = open(&text, &[key("log.example", 1).verifying_key()]);
        let _ = text.parse::<VerifyingKey>();
        let _ = ledger::Checkpoint::parse(&text);
        let _ = ledger::InclusionRecord::parse(&text);
    }
}
