//! 切分 — how each field's text comes apart in the index: letters and pairs, words, threes, sounds.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::{sound, text};

/// 切分法 — a plain function as the index wants it.
#[derive(Clone)]
pub struct Cut(pub fn(&str) -> Vec<Token>);

/// What came apart, one after the other.
pub struct Pieces {
    tokens: Vec<Token>,
    next: usize,
}

impl Tokenizer for Cut {
    type TokenStream<'a> = Pieces;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Pieces {
        Pieces { tokens: (self.0)(text), next: 0 }
    }
}

impl TokenStream for Pieces {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1] // 不会失败：只在 advance 说有的时候来取
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1] // 不会失败：同上
    }
}

fn token(position: usize, text: String) -> Token {
    Token { position, text, ..Token::default() }
}

/// 字与双字 — every Chinese character, every two that stand together, every code between its joints.
pub fn pairs(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut position = 0;
    let mut place = 0;
    while let Some(&letter) = letters.get(place) {
        place += 1;
        if text::is_han(letter) {
            tokens.push(token(position, letter.to_string()));
            if let Some(next) = letters.get(place).filter(|next| text::is_han(**next)) {
                tokens.push(token(position, format!("{letter}{next}")));
            }
        } else if letter.is_alphanumeric() {
            let mut code = String::from(letter);
            while let Some(next) = letters.get(place).filter(|next| next.is_alphanumeric() && !text::is_han(**next)) {
                code.push(*next);
                place += 1;
            }
            tokens.push(token(position, code));
        }
        position += 1;
    }
    tokens
}

/// 词 — words by the dictionary, and the shorter ones inside them.
pub fn words(text: &str) -> Vec<Token> {
    text::segments(text, true).into_iter().enumerate().map(|(position, word)| token(position, word)).collect()
}

/// 三字 — every three characters that stand together.
pub fn threes(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    letters.windows(3).enumerate().map(|(position, three)| token(position, three.iter().collect())).collect()
}

/// 音 — every reading of every character, at its place.
pub fn sounds(text: &str) -> Vec<Token> {
    let readings =
        |(place, letter)| sound::readings(letter).into_iter().map(move |sound| token(place, sound.to_owned()));
    text.chars().enumerate().flat_map(readings).collect()
}

/// 首字母 — every two initials that stand together.
pub fn initials(text: &str) -> Vec<Token> {
    let letters: Vec<Vec<char>> = text.chars().map(sound::initials).collect();
    let mut tokens = Vec::new();
    for (place, two) in letters.windows(2).enumerate() {
        for one in &two[0] {
            tokens.extend(two[1].iter().map(|other| token(place, format!("{one}{other}"))));
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cut_tells_its_pieces_and_their_places() {
        let told = |tokens: Vec<Token>| {
            tokens.iter().map(|token| format!("{}{}", token.position, token.text)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(told(pairs("停车pm25 a场")), "0停 0停车 1车 2pm25 4a 5场");
        assert_eq!(told(threes("xq-20")), "0xq- 1q-2 2-20");
        assert_eq!(told(threes("xq")), "");
        assert_eq!(told(sounds("停a车")), "0ting 2che 2ju");
        assert_eq!(told(initials("停车场")), "0tc 0tj 1cc 1jc");
        assert_eq!(told(words("停车场，泊位")), "0停车 1车场 2停车场 3泊位");
    }
}
