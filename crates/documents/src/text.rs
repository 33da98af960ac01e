//! 文字 — how days, periods and what people typed are written in a paper.

use jiff::{Timestamp, civil::Date, tz::Offset};
use regulation::Due;

/// 2025年9月1日
pub fn date(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// 2025年9月1日至2028年8月31日
pub fn span(from: Date, until: Date) -> String {
    format!("{}至{}", date(from), date(until))
}

/// The day it is in the city at this moment.
pub fn day(at: Timestamp) -> Date {
    Offset::constant(8).to_datetime(at).date()
}

/// One line of what somebody typed: what cannot be printed, or would turn the reading order round, is left out.
pub fn plain(text: &str) -> String {
    let kept = text.chars().filter_map(|letter| match letter {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => None,
        letter if letter.is_control() || matches!(letter, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}') => None,
        letter => Some(letter),
    });
    kept.collect::<String>().trim().to_owned()
}

/// The lines of what somebody typed, without the empty ones.
pub fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(plain).filter(|line| !line.is_empty())
}

/// Ends a sentence that whoever typed it may have ended already.
pub fn ended(text: &str) -> String {
    let text = plain(text);
    if text.ends_with(['。', '！', '？', '；', '.']) { text } else { format!("{text}。") }
}

/// Until when, in words.
pub fn until(due: Option<&Due>) -> String {
    due.map_or_else(String::new, |due| {
        let provisional = if due.provisional { "，来年放假安排未公布，日期暂定" } else { "" };
        format!("（{}届满{provisional}）", date(due.date))
    })
}
