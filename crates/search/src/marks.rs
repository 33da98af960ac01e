//! 标记 — where in a text the words of a query stand, so that a page can show it.

use std::ops::Range;

use crate::{
    sound,
    text::{self, Word},
};

/// How many characters of a text are looked at.
const LOOKED: usize = 2000;

/// 标记 — the byte ranges of `text` that `query` found there, in order, none touching another.
pub fn marks(query: &str, text: &str) -> Vec<Range<usize>> {
    let letters: Vec<(usize, char)> =
        text.char_indices().take(LOOKED).map(|(place, letter)| (place, text::plain(letter))).collect();
    let mut marked = vec![false; letters.len()];
    for word in text::words(query) {
        match &word {
            Word::Han(han) => {
                if !stands(han, &letters, &mut marked) {
                    for inside in text::segments(han, true).iter().filter(|inside| inside.chars().count() > 1) {
                        stands(inside, &letters, &mut marked);
                    }
                }
            }
            Word::Code(code) => {
                if !stands(code, &letters, &mut marked) {
                    for part in text::parts(code).filter(|part| part.len() > 1) {
                        stands(part, &letters, &mut marked);
                    }
                }
                sounds(code, &letters, &mut marked);
            }
        }
    }
    ranges(text, &letters, &marked)
}

/// Marks every place where `word` stands as it is.
fn stands(word: &str, letters: &[(usize, char)], marked: &mut [bool]) -> bool {
    let word: Vec<char> = word.chars().collect();
    let mut found = false;
    for start in 0..(letters.len() + 1).saturating_sub(word.len()) {
        if letters[start..].iter().zip(&word).all(|((_, letter), wanted)| letter == wanted) {
            marked[start..start + word.len()].fill(true);
            found = true;
        }
    }
    found
}

/// Marks every place that sounds like what was typed, whole or by initials.
fn sounds(code: &str, letters: &[(usize, char)], marked: &mut [bool]) {
    let ways = sound::syllables(code);
    let initials = sound::are_initials(code);
    for start in 0..letters.len() {
        let from = &letters[start..];
        for way in &ways {
            let alike = |(syllable, (_, letter)): (&String, &(usize, char))| {
                sound::readings(*letter).contains(&syllable.as_str())
            };
            if way.len() <= from.len() && way.iter().zip(from).all(alike) {
                marked[start..start + way.len()].fill(true);
            }
        }
        let length = code.len();
        let alike = |(initial, (_, letter)): (char, &(usize, char))| sound::initials(*letter).contains(&initial);
        if initials && length <= from.len() && code.chars().zip(from).all(alike) {
            marked[start..start + length].fill(true);
        }
    }
}

fn ranges(text: &str, letters: &[(usize, char)], marked: &[bool]) -> Vec<Range<usize>> {
    let end = |place: usize| letters.get(place).map_or(text.len(), |(start, _)| *start);
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (place, (start, _)) in letters.iter().enumerate().filter(|(place, _)| marked[*place]) {
        // The last letter that was looked at may not be the last of the text.
        let stop = if place + 1 < letters.len() {
            end(place + 1)
        } else {
            start + text[*start..].chars().next().map_or(0, char::len_utf8)
        };
        match ranges.last_mut() {
            Some(last) if last.end == *start => last.end = stop,
            _ => ranges.push(*start..stop),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(query: &str, text: &str) -> String {
        let mut told = String::new();
        let mut place = 0;
        for range in marks(query, text) {
            told += &format!("{}[{}]", &text[place..range.start], &text[range.clone()]);
            place = range.end;
        }
        told + &text[place..]
    }

    #[test]
    fn what_was_found_is_marked_where_it_stands() {
        let table = [
            ("停车", "停车场空余泊位，停车指数", "[停车]场空余泊位，[停车]指数"),
            ("泊位 停车场", "停车场空余泊位", "[停车场]空余[泊位]"),
            ("tcc", "市停车场", "市[停车场]"),
            ("tingche", "市停车场", "市[停车]场"),
            ("yinhang", "农村商业银行网点", "农村商业[银行]网点"),
            ("xq-2025", "编号 XQ-20250901-7K3M9Q", "编号 [XQ-2025]0901-7K3M9Q"),
            ("ＰＭ2.5", "PM2.5小时值", "[PM2.5]小时值"),
            ("*\"'<b>", "<b>停车</b>", "<[b]>停车</[b]>"),
            ("", "停车", "停车"),
            ("停车", "", ""),
            ("停车", "停", "停"),
        ];
        for (query, text, marked) in table {
            assert_eq!(told(query, text), marked, "{query}");
        }
    }
}
