//! 标出 — a text in pieces, those that the query found set apart, so that a page can mark them.

use search::marks;

/// How long an excerpt is, in characters.
const EXCERPT: usize = 80;

/// 一段 of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// 文字
    pub text: String,
    /// 是检索到的
    pub found: bool,
}

/// 一句话.
pub type Words = Vec<Piece>;

fn piece(text: &str, found: bool) -> Piece {
    Piece { text: text.to_owned(), found }
}

/// The whole text.
pub fn highlight(query: &str, text: &str) -> Words {
    let mut words = Words::new();
    let mut place = 0;
    for range in marks(query, text) {
        let (before, found) = (text.get(place..range.start), text.get(range.clone()));
        words.extend(before.filter(|before| !before.is_empty()).map(|before| piece(before, false)));
        words.extend(found.map(|found| piece(found, true)));
        place = range.end;
    }
    words.extend(text.get(place..).filter(|rest| !rest.is_empty()).map(|rest| piece(rest, false)));
    words
}

/// Some of a long text: from a little before what was found first, else from its beginning.
pub fn excerpt(query: &str, text: &str) -> Words {
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let first = marks(query, &text)
        .first()
        .map_or(0, |range| text.get(..range.start).map_or(0, |before| before.chars().count()));
    let length = text.chars().count();
    let from = if length <= EXCERPT { 0 } else { first.saturating_sub(EXCERPT / 4).min(length - EXCERPT) };
    let shown: String = text.chars().skip(from).take(EXCERPT).collect();
    let mut words = Words::new();
    if from > 0 {
        words.push(piece("…", false));
    }
    words.extend(highlight(query, &shown));
    if from + EXCERPT < length {
        words.push(piece("…", false));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: &Words) -> String {
        words.iter().map(|Piece { text, found }| if *found { format!("[{text}]") } else { text.clone() }).collect()
    }

    #[test]
    fn a_long_text_is_shown_about_what_was_found() {
        assert_eq!(told(&highlight("tcc", "市停车场泊位")), "市[停车场]泊位");
        assert_eq!(told(&highlight("没有", "市停车场泊位")), "市停车场泊位");
        let long = format!("{}停车场{}", "前".repeat(200), "后".repeat(200));
        assert_eq!(told(&excerpt("停车场", &long)), format!("…{}[停车场]{}…", "前".repeat(20), "后".repeat(57)));
        assert_eq!(told(&excerpt("末尾", &format!("{}末尾", "前".repeat(200)))), format!("…{}[末尾]", "前".repeat(78)));
        assert_eq!(told(&excerpt("停车", "停车\n场")), "[停车] 场");
    }
}
