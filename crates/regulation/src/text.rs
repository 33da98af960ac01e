//! 文字 — what a careful registrar does not accept into a record: texts without end, and letters that cannot be seen.

/// Why this text cannot be kept, if it cannot: too long, or with letters that hide or turn round what is read.
/// Line breaks and tabs are fine.
pub fn unreadable(text: &str, longest: usize) -> Option<String> {
    let length = text.chars().count();
    if length > longest {
        return Some(format!("共{length}字，最多{longest}字"));
    }
    let hidden = text.chars().find(|letter| is_hidden(*letter))?;
    Some(format!("有看不见的字符（U+{:04X}）", u32::from(hidden)))
}

/// Control characters, and those that have no width or change the direction of writing.
pub fn is_hidden(letter: char) -> bool {
    let plain = matches!(letter, '\n' | '\r' | '\t');
    let invisible = matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    !plain && (letter.is_control() || invisible)
}

/// The text as it is compared: without blanks and punctuation, full-width letters as plain ones, in small letters.
pub fn same(text: &str) -> String {
    let plain = |letter: char| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        letter => letter,
    };
    text.chars().map(plain).filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_named_and_what_is_too_long_is_counted() {
        assert_eq!(unreadable("停车\n场\t泊位", 10), None);
        assert_eq!(unreadable("停车\u{200b}场", 10).as_deref(), Some("有看不见的字符（U+200B）"));
        assert_eq!(unreadable("一二三", 2).as_deref(), Some("共3字，最多2字"));
    }

    #[test]
    fn the_same_scenario_is_the_same_however_it_is_punctuated() {
        assert_eq!(same("中心城区 停车诱导（ＡＢＣ）"), same("中心城区“停车诱导”abc"));
        assert_ne!(same("停车诱导"), same("停车引导"));
    }
}
