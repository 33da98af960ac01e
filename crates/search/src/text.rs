//! 文字 — how letters are compared, and how what was typed comes apart into words.

use tantivy::tokenizer::{TokenStream as _, Tokenizer as _};
use tantivy_jieba::JiebaTokenizer;

/// How many characters of a query are read.
const READ: usize = 100;
/// How many words of a query count.
const WORDS: usize = 16;
/// Words that say nothing by themselves.
const PARTICLES: [&str; 14] = ["的", "了", "和", "与", "及", "或", "在", "等", "是", "之", "中", "对", "为", "以"];

/// 词 — one word of a query, normalised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// 汉字
    Han(String),
    /// 字母、数字，中间可有连接号
    Code(String),
}

/// 汉字.
pub fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// One letter as it is compared: half-width, in lower case. Letter by letter, so that places stay where they are.
pub fn plain(letter: char) -> char {
    let half = match letter {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        '\u{3000}' => ' ',
        other => other,
    };
    half.to_lowercase().next().unwrap_or(half)
}

/// A text as it is compared.
pub fn normal(text: &str) -> String {
    text.chars().map(plain).collect()
}

/// Whether a letter belongs to a code; joints only stand between others.
fn of_code(letter: char) -> bool {
    letter.is_alphanumeric() && !is_han(letter)
}

fn is_joint(letter: char) -> bool {
    matches!(letter, '-' | '_' | '.' | '/')
}

/// 分词 — the words of a query. Quotes, stars and whatever else is no letter only separates.
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = runs(text).into_iter().flat_map(apart).collect();
    let said = |word: &Word| !matches!(word, Word::Han(word) if PARTICLES.contains(&word.as_str()));
    if words.iter().any(said) {
        words.retain(said);
    }
    let mut seen = Vec::new();
    words.retain(|word| {
        !seen.contains(word) && {
            seen.push(word.clone());
            true
        }
    });
    words.truncate(WORDS);
    words
}

/// 连写 — what was typed in one piece, before it comes apart into words.
pub fn runs(text: &str) -> Vec<Word> {
    let mut runs = Vec::new();
    let mut han = String::new();
    let mut code = String::new();
    for letter in text.chars().take(READ).map(plain).chain([' ']) {
        if !is_han(letter) && !han.is_empty() {
            runs.push(Word::Han(std::mem::take(&mut han)));
        }
        if !of_code(letter) && !is_joint(letter) && !code.is_empty() {
            let trimmed = code.trim_matches(is_joint);
            if !trimmed.is_empty() {
                runs.push(Word::Code(trimmed.to_owned()));
            }
            code.clear();
        }
        if is_han(letter) {
            han.push(letter);
        } else if of_code(letter) || is_joint(letter) {
            code.push(letter);
        }
    }
    runs
}

fn apart(run: Word) -> Vec<Word> {
    match run {
        Word::Han(run) => segments(&run, false).into_iter().map(Word::Han).collect(),
        code @ Word::Code(_) => vec![code],
    }
}

/// 词语 — the words of a text by the dictionary; `within` tells the shorter words inside longer ones too.
pub fn segments(text: &str, within: bool) -> Vec<String> {
    let mut cutter = JiebaTokenizer::with_search_mode(within);
    let mut stream = cutter.token_stream(text);
    let mut words = Vec::new();
    while let Some(token) = stream.next() {
        let parts = token.text.split(|letter: char| !letter.is_alphanumeric());
        words.extend(parts.filter(|part| !part.is_empty()).map(str::to_owned));
    }
    words
}

/// The parts of a code between its joints: how it stands in a text's words.
pub fn parts(code: &str) -> impl Iterator<Item = &str> {
    code.split(is_joint).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let word = |word: &Word| match word {
            Word::Han(word) => word.clone(),
            Word::Code(word) => format!("<{word}>"),
        };
        words(text).iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_was_typed_comes_apart_into_words() {
        let table = [
            ("停车场 泊位", "停车场 泊位"),
            ("停车场的泊位", "停车场 泊位"),
            ("的", "的"),
            ("ＸＱ－2025", "<xq-2025>"),
            ("“停车”*?OR(", "停车 <or>"),
            ("PM2.5 小时值", "<pm2.5> 小时 值"),
            ("--- ... ///", ""),
            ("停车 停车", "停车"),
            ("\u{0}\u{7}停车\u{1b}", "停车"),
            ("", ""),
        ];
        for (typed, words) in table {
            assert_eq!(told(typed), words, "{typed:?}");
        }
    }

    #[test]
    fn only_the_beginning_of_a_very_long_query_is_read() {
        assert!(words(&"停车场 ".repeat(5000)).len() <= WORDS);
        assert_eq!(told(&"a".repeat(10_000)), format!("<{}>", "a".repeat(READ)));
    }
}
