//! 行 — the two kinds of line that checkpoints and records share: a number and a hash.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::Hash;

/// A decimal in its only spelling: no sign, no leading zero.
pub(crate) fn number(line: &str) -> Option<u64> {
    let number: u64 = line.parse().ok()?;
    (number.to_string() == line).then_some(number)
}

/// 32 bytes in standard base64, padded.
pub(crate) fn hash(line: &str) -> Option<Hash> {
    STANDARD.decode(line).ok()?.try_into().ok()
}

pub(crate) fn of_hash(hash: &Hash) -> String {
    STANDARD.encode(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(number("0"), Some(0));
        assert_eq!(number("18446744073709551615"), Some(u64::MAX));
        for wrong in ["", "00", "01", "+1", "-1", " 1", "1 ", "1\r", "1_000", "１", "18446744073709551616"] {
            assert_eq!(number(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_hash_has_thirty_two_bytes_and_one_spelling() {
        let line = of_hash(&[0xfb; 32]);
        assert_eq!(hash(&line), Some([0xfb; 32]));
        assert_eq!(hash(line.trim_end_matches('=')), None, "padding is required");
        assert_eq!(hash(&line.replace('+', "-")), None, "the URL alphabet is another one");
        assert_eq!(hash(&STANDARD.encode([0; 31])), None);
        assert_eq!(hash(&STANDARD.encode([0; 33])), None);
        // The last character of 32 bytes carries two bits that must be zero.
        assert_eq!(hash(&format!("{}B=", "A".repeat(42))), None);
    }
}
