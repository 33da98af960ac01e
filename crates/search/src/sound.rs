//! 读音 — pinyin, whole and by initials; a character that is read in several ways is found by each of them.

use std::{collections::BTreeSet, sync::LazyLock};

use pinyin::{ToPinyin as _, ToPinyinMulti as _};

/// How many readings of a character count: the rarer ones find what nobody meant.
const READINGS: usize = 3;
/// How many ways of reading what was typed are tried.
const WAYS: usize = 8;

/// 读音 — the readings of a character, without tones; none for what is no Chinese character.
pub fn readings(letter: char) -> Vec<&'static str> {
    let mut readings: Vec<&'static str> = Vec::new();
    for reading in letter.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain) {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings.truncate(READINGS);
    readings
}

/// The first letters of a character's readings.
pub fn initials(letter: char) -> Vec<char> {
    let mut initials: Vec<char> = readings(letter).iter().filter_map(|reading| reading.chars().next()).collect();
    initials.sort_unstable();
    initials.dedup();
    initials
}

/// 排序的读音 — a text as lists by name are ordered: by sound, character by character.
pub fn order(text: &str) -> String {
    text.chars()
        .take(40)
        .flat_map(|letter| letter.to_pinyin().map_or("", pinyin::Pinyin::plain).chars().chain([letter]))
        .collect()
}

/// Every syllable that some character is read as; the few without a vowel, such as `ng`, nobody types.
static SYLLABLES: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let spoken = |reading: &&str| reading.contains(['a', 'e', 'i', 'o', 'u', 'ü']);
    ('\u{4E00}'..='\u{9FFF}').flat_map(readings).filter(spoken).collect()
});

/// 音节 — the ways in which typed letters come apart into whole syllables, `xian` as `xian` and as `xi an`; v is typed for ü.
pub fn syllables(typed: &str) -> Vec<Vec<String>> {
    let mut ways = Vec::new();
    apart(&typed.replace('v', "ü"), &mut Vec::new(), &mut ways);
    ways
}

fn apart(rest: &str, before: &mut Vec<String>, ways: &mut Vec<Vec<String>>) {
    if rest.is_empty() && !before.is_empty() {
        ways.push(before.clone());
    }
    // The longest syllable first: it is what was most likely meant.
    for length in (1..=rest.len().min(6)).rev() {
        if ways.len() >= WAYS {
            return;
        }
        if rest.is_char_boundary(length) && SYLLABLES.contains(&rest[..length]) {
            before.push(rest[..length].to_owned());
            apart(&rest[length..], before, ways);
            before.pop();
        }
    }
}

/// Whether letters can be initials: no reading begins with i, u or v.
pub fn are_initials(typed: &str) -> bool {
    typed.len() >= 2 && typed.bytes().all(|letter| letter.is_ascii_lowercase() && !matches!(letter, b'i' | b'u' | b'v'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_apart_into_syllables_in_every_way() {
        let told = |typed: &str| syllables(typed).iter().map(|way| way.join(" ")).collect::<Vec<_>>();
        assert_eq!(told("tingche"), ["ting che"]);
        assert_eq!(told("xian"), ["xian", "xi an"]);
        assert_eq!(told("tcc"), Vec::<String>::new());
        assert_eq!(told("lvhua"), ["lü hua", "lü hu a"]);
        assert!(told(&"an".repeat(50)).len() <= WAYS);
    }

    #[test]
    fn a_character_has_all_its_common_readings() {
        assert!(readings('行').contains(&"hang") && readings('行').contains(&"xing"));
        assert!(readings('a').is_empty());
        assert!(are_initials("tcc") && !are_initials("t") && !are_initials("tin") && !are_initials("停车"));
    }

    #[test]
    fn names_are_ordered_by_sound() {
        let mut names = ["停车场", "环境监测", "安全评估", "交通运输", "A股", "超市"];
        names.sort_by_key(|name| order(&crate::text::normal(name)));
        assert_eq!(names, ["A股", "安全评估", "超市", "环境监测", "交通运输", "停车场"]);
    }
}
