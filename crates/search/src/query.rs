//! 检索式 — what was asked, as the index understands it. It is built from words, never parsed: nothing typed is an operator.

use tantivy::{
    Term,
    query::{BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query, TermQuery},
    schema::{Field, IndexRecordOption},
};

use crate::{
    Ask, cut,
    fields::Fields,
    sound,
    text::{self, Word},
};

type Part = Box<dyn Query>;

/// The query of what was asked, and whether there is anything to be relevant to.
pub fn query(fields: &Fields, ask: &Ask) -> (Part, bool) {
    let words = text::words(&ask.text);
    if words.is_empty() && !ask.text.trim().is_empty() {
        return (Box::new(EmptyQuery), false); // something was asked, and it has no letter in it
    }
    let mut all: Vec<(Occur, Part)> = vec![(Occur::Must, any_of(fields.audience, &ask.viewer))];
    if !ask.kinds.is_empty() {
        all.push((Occur::Must, any_of(fields.kind, &ask.kinds)));
    }
    if let Some(about) = &ask.about {
        all.push((Occur::Must, any_of(fields.about, std::slice::from_ref(about))));
    }
    all.extend(words.iter().map(|word| (Occur::Must, found(fields, word))));
    // What was typed in one piece and stands so in the name comes first.
    let whole = text::runs(&ask.text).into_iter().filter(|run| !words.contains(run));
    let whole = whole.filter_map(|run| if let Word::Han(run) = run { phrase(fields.title, &run) } else { None });
    all.extend(whole.map(|phrase| (Occur::Should, boost(phrase, 4.0))));
    (Box::new(BooleanQuery::new(all)), !words.is_empty())
}

/// A filter: it holds or not, and makes nothing more relevant.
fn any_of(field: Field, values: &[String]) -> Part {
    let mut parts: Vec<Part> = values.iter().map(|value| exact(field, value)).collect();
    match parts.len() {
        0 => Box::new(EmptyQuery),
        1 => Box::new(ConstScoreQuery::new(parts.remove(0), 0.0)),
        _ => Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::union(parts)), 0.0)),
    }
}

/// Where a word may stand.
fn found(fields: &Fields, word: &Word) -> Part {
    let mut places: Vec<Part> = Vec::new();
    match word {
        Word::Han(word) => {
            places.extend(phrase(fields.title, word).map(|part| boost(part, 4.0)));
            places.extend(phrase(fields.owner, word).map(|part| boost(part, 2.0)));
            let inside: Vec<Part> = text::segments(word, true).iter().map(|word| counted(fields.body, word)).collect();
            places.extend(all_of(inside));
        }
        Word::Code(code) => {
            let parts = || text::parts(code).map(str::to_owned).collect::<Vec<_>>();
            for (field, weight) in [(fields.title, 4.0), (fields.owner, 2.0), (fields.body, 1.0)] {
                let parts = parts().iter().map(|part| counted(field, part)).collect();
                places.extend(all_of(parts).map(|part| boost(part, weight)));
            }
            if code.chars().any(|letter| !letter.is_alphabetic()) {
                let threes = cut::threes(code).into_iter().map(|three| three.text).collect();
                places.extend(row(fields.number, threes).map(|part| boost(part, 8.0)));
            }
            for way in sound::syllables(code) {
                places.extend(row(fields.sound, way).map(|part| boost(part, 2.0)));
            }
            if sound::are_initials(code) {
                let letters: Vec<char> = code.chars().collect();
                let pairs = letters.windows(2).map(|two| two.iter().collect()).collect();
                places.extend(row(fields.initials, pairs).map(|part| boost(part, 1.5)));
            }
        }
    }
    match places.len() {
        0 => Box::new(EmptyQuery),
        1 => places.remove(0),
        _ => Box::new(BooleanQuery::union(places)),
    }
}

/// Chinese characters that stand together just so.
fn phrase(field: Field, run: &str) -> Option<Part> {
    let letters: Vec<char> = run.chars().collect();
    if letters.len() == 1 {
        return Some(counted(field, run));
    }
    row(field, letters.windows(2).map(|two| two.iter().collect()).collect())
}

/// Pieces that follow each other.
fn row(field: Field, pieces: Vec<String>) -> Option<Part> {
    match pieces.as_slice() {
        [] => None,
        [one] => Some(counted(field, one)),
        _ => Some(Box::new(PhraseQuery::new(pieces.iter().map(|piece| Term::from_field_text(field, piece)).collect()))),
    }
}

fn all_of(mut parts: Vec<Part>) -> Option<Part> {
    match parts.len() {
        0 => None,
        1 => Some(parts.remove(0)),
        _ => Some(Box::new(BooleanQuery::intersection(parts))),
    }
}

fn counted(field: Field, text: &str) -> Part {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

fn exact(field: Field, text: &str) -> Part {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}

fn boost(part: Part, weight: f32) -> Part {
    Box::new(BoostQuery::new(part, weight))
}
