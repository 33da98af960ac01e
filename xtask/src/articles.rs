//! 条文 — where the code and the stories cite which article, and which articles are not code.

use std::collections::{BTreeMap, BTreeSet};

use regulation::{UNCODED, article, uncoded, unwritten};

use crate::{
    finding::Finding,
    house::{House, Text},
};

/// How many articles the Measures have.
pub const LAST: u16 = 37;

/// Where the articles without code stand.
const UNCODED_FILE: &str = "crates/regulation/uncoded.md";

/// Which files stand for which article.
pub type Places = BTreeMap<u16, BTreeSet<String>>;

/// 条文覆盖 — each article is cited by code or listed with its reason, and never both.
pub fn coverage(house: &House) -> Vec<Finding> {
    let listed: BTreeSet<u16> = uncoded().map(|(number, _)| number).collect();
    check(&in_code(house), &listed, UNCODED)
}

fn check(cited: &Places, listed: &BTreeSet<u16>, table: &str) -> Vec<Finding> {
    let line = |number: u16| {
        let row = format!("| {number} |");
        table.lines().position(|line| line.starts_with(&row)).map_or(1, |place| place + 1)
    };
    let tell = |number, told: String| Finding::new(UNCODED_FILE, line(number), "条文覆盖", told);
    let beyond = cited.keys().chain(listed).filter(|number| !(1..=LAST).contains(*number));
    let mut findings: Vec<Finding> = beyond.map(|number| tell(*number, format!("本办法没有第{number}条"))).collect();
    for number in 1..=LAST {
        match (cited.get(&number), listed.contains(&number)) {
            (None, false) => {
                findings.push(tell(number, format!("{}既没有被代码引用，也没有列明不编码的原因", article(number))));
            }
            (Some(files), true) => findings.push(tell(
                number,
                format!(
                    "{}已被代码引用（{}），不应再列为未编码；只有一部分未编码的，条号后写明是哪一部分",
                    article(number),
                    files.iter().map(String::as_str).collect::<Vec<_>>().join("、")
                ),
            )),
            _ => {}
        }
    }
    findings
}

/// 代码引用 — every `article(N)` of the program that speaks of the Measures.
pub fn in_code(house: &House) -> Places {
    let mut places = Places::new();
    for text in house.program() {
        for line in text.code() {
            for number in cited(line.code) {
                places.entry(number).or_default().insert(text.path.clone());
            }
        }
    }
    places
}

/// The numbers in `article(N)`; not in `other.article(N)`, which is of another instrument.
fn cited(code: &str) -> Vec<u16> {
    let calls = code.match_indices("article(").filter(|(place, _)| {
        let before = code[..*place].chars().next_back();
        before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_' && letter != '.')
    });
    calls
        .filter_map(|(place, call)| {
            let (number, _) = code[place + call.len()..].split_once(')')?;
            number.parse().ok()
        })
        .collect()
}

/// 故事引用 — every story that names an article of the Measures.
pub fn in_stories(house: &House) -> Places {
    let is_story = |text: &&Text| {
        let path = text.path.as_str();
        text.ends_in("md") && path.starts_with("stories/") && !path.ends_with("README.md")
    };
    let mut places = Places::new();
    for text in house.texts.iter().filter(is_story) {
        for number in 1..=LAST {
            if names(&text.body, &article(number).to_string()) {
                places.entry(number).or_default().insert(text.path.clone());
            }
        }
    }
    places
}

/// Whether the text names this article, and not that of a book with another title: 《…》第五条.
fn names(text: &str, citation: &str) -> bool {
    text.match_indices(citation).any(|(place, _)| !text[..place].ends_with('》'))
}

/// 未编码的理由 — of the whole article, or of the part that the row names.
pub fn reasons() -> BTreeMap<u16, String> {
    let told = |(number, part, reason): (u16, &str, &str)| {
        let part = if part.is_empty() { String::new() } else { format!("（{part}）") };
        (number, format!("{part}{reason}"))
    };
    unwritten().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_articles_of_the_measures_are_counted() {
        let code = "a(article(23).paragraph(1), Instrument::CivilCode.article(203), regulation::article(8), \
                    measures_article(9), article(number))";
        assert_eq!(cited(code), [23, 8]);
    }

    #[test]
    fn a_story_about_article_20_does_not_speak_of_article_10() {
        assert!(names("不得（第二十条）", &article(20).to_string()));
        assert!(!names("不得（第二十条）", &article(10).to_string()));
        assert!(!names("《中华人民共和国民法典》第二十条", &article(20).to_string()));
    }

    #[test]
    fn an_article_in_neither_place_or_in_both_is_told_at_its_line() {
        let all = (3..=LAST).map(|number| (number, BTreeSet::from(["a.rs".to_owned()]))).collect();
        let findings = check(&all, &BTreeSet::from([2, 3]), "| 条 |\n| 2 | 理由 |\n| 3 | 理由 |\n");
        let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "crates/regulation/uncoded.md:1: 条文覆盖：第一条既没有被代码引用，也没有列明不编码的原因",
                "crates/regulation/uncoded.md:3: 条文覆盖：第三条已被代码引用（a.rs），不应再列为未编码；只有一部分未编码的，条号后写明是哪一部分",
            ]
        );
    }

    #[test]
    fn a_reason_for_a_part_names_the_part() {
        assert!(reasons()[&26].starts_with("（第二、三款）"));
        assert!(!reasons()[&1].starts_with('（'));
    }
}
