//! 检索的性质 — what holds for any name and any query.

use proptest::prelude::*;
use search::{Ask, Index, Item, marks};

fn ask(text: &str) -> Ask {
    Ask { text: text.into(), viewer: vec!["公众".into()], limit: 10, ..Ask::default() }
}

fn only(title: &str, number: &str) -> Index {
    let index = Index::in_ram(&[]).unwrap();
    let item = Item {
        key: "a/1".into(),
        title: title.into(),
        numbers: vec![number.into()],
        audience: vec!["公众".into()],
        ..Item::default()
    };
    index.put(&[item]).unwrap();
    index.commit("").unwrap();
    index
}

fn han() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop::sample::select("停车场空余泊位小时数据银行重庆长江质量监测".chars().collect::<Vec<_>>()),
        2..12,
    )
    .prop_map(|letters| letters.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_part_of_a_name_finds_it(title in han(), from in 0usize..12, length in 1usize..12) {
        let letters: Vec<char> = title.chars().collect();
        let from = from % letters.len();
        let part: String = letters[from..(from + length).min(letters.len())].iter().collect();
        prop_assert_eq!(only(&title, "").find(&ask(&part)).unwrap().total, 1, "{} 找 {}", title, part);
        prop_assert!(!marks(&part, &title).is_empty());
    }

    #[test]
    fn every_part_of_a_number_finds_it(number in "[A-Z]{2}-[0-9]{8}-[0-9A-Z]{6}", from in 3usize..11, length in 3usize..10) {
        let part = number[from..(from + length).min(number.len())].trim_end_matches('-');
        prop_assume!(part.len() >= 3);
        prop_assert_eq!(only("名称", &number).find(&ask(part)).unwrap().total, 1, "{} 找 {}", number, part);
    }

    #[test]
    fn any_text_at_all_is_searched_for_and_marked_without_an_error(query in "\\PC*", text in "\\PC*", raw in any::<Vec<u8>>()) {
        let index = only(&text, &query);
        prop_assert!(index.find(&ask(&query)).unwrap().total <= 1);
        prop_assert!(index.find(&ask(&String::from_utf8_lossy(&raw))).unwrap().total <= 1);
        let mut place = 0;
        for range in marks(&query, &text) {
            prop_assert!(range.start >= place && range.end > range.start);
            prop_assert!(text.get(range.clone()).is_some());
            place = range.end;
        }
    }
}
