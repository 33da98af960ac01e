//! 往返 — one arrangement as text, as a file and as a form is one arrangement; whatever else is pasted is told.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;
use regulation::calendar::{Arrangement, Days, Festival, Import, Row, weekday};

use crate::{TODAY, days, pasted, texts::OF_2026, told};

/// As a form is filled in; only for festivals that are off at a stretch.
pub fn filled(arrangement: &Arrangement) -> BTreeMap<String, Row> {
    let row = |(place, festival): (usize, &Festival)| {
        let work: Vec<String> = festival.work.iter().map(ToString::to_string).collect();
        let row = Row {
            name: festival.name.clone(),
            first: festival.off[0].first.to_string(),
            last: festival.off[0].last.to_string(),
            total: festival.total.map(|total| format!("共{total}天")).unwrap_or_default(),
            work: work.join("、"),
        };
        (place.to_string(), row)
    };
    arrangement.festival.iter().enumerate().map(row).collect()
}

/// As holiday-cn writes it.
fn as_json(arrangement: &Arrangement) -> String {
    let entry = |name: &str, day: Date, off: bool| format!(r#"{{"name":"{name}","date":"{day}","isOffDay":{off}}}"#);
    let days = arrangement.festival.iter().flat_map(|festival| {
        let off = festival.off.iter().flat_map(|days| days.iter()).map(|day| entry(&festival.name, day, true));
        off.chain(festival.work.iter().map(|day| entry(&festival.name, *day, false))).collect::<Vec<_>>()
    });
    let days = days.collect::<Vec<_>>().join(",");
    format!(r#"{{"$id":"x","year":{},"papers":["https://www.gov.cn/x"],"days":[{days}]}}"#, arrangement.year)
}

/// As the General Office prints it.
fn as_notice(arrangement: &Arrangement) -> String {
    let year = arrangement.year;
    let day = |day: Date| {
        let year = if day.year() == year { String::new() } else { format!("{}年", day.year()) };
        format!("{year}{}月{}日（{}）", day.month(), day.day(), weekday(day.weekday()))
    };
    let items = arrangement.festival.iter().zip("一二三四五六七".chars()).map(|(festival, ordinal)| {
        let Days { first, last } = festival.off[0];
        let until = if first == last {
            String::new()
        } else {
            let year = if first.year() == last.year() { String::new() } else { format!("{}年", last.year()) };
            format!("至{year}{}月{}日", last.month(), last.day())
        };
        let total = festival.total.map(|total| format!("，共{total}天")).unwrap_or_default();
        let work: Vec<String> = festival.work.iter().map(|worked| day(*worked)).collect();
        let work = if work.is_empty() { String::new() } else { format!("{}上班。", work.join("、")) };
        format!("{ordinal}、{}：{}{until}放假调休{total}。{work}\n", festival.name, day(first))
    });
    let items: String = items.collect();
    format!(
        "国务院办公厅关于{year}年部分节假日安排的通知\n国办发明电〔{}〕7号\n{items}国务院办公厅\n{}年11月4日",
        year - 1,
        year - 1
    )
}

/// A lawful arrangement of any year: seven festivals that do not touch, each with weekend days worked around it.
fn arrangement() -> impl Strategy<Value = Arrangement> {
    let each = (0_i64..3, 0_u16..7, 0_usize..3);
    (2021_i16..=2026, proptest::array::uniform7(each)).prop_map(|(year, each)| {
        let begin = [(1, 1), (2, 5), (4, 4), (5, 1), (6, 10), (9, 10), (10, 1)];
        let names = ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"];
        let festival = names.iter().zip(begin).zip(each).map(|((name, (month, day)), (early, more, worked))| {
            let first = date(year, month, day).saturating_sub(jiff::Span::new().days(early));
            let last = date(year, month, day).saturating_add(jiff::Span::new().days(more));
            let length = i64::from(more) + early + 1;
            let weekend = |day: &Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            let after = last.tomorrow().unwrap().series(jiff::Span::new().days(1));
            Festival {
                name: (*name).to_owned(),
                off: vec![Days { first, last }],
                work: after.filter(weekend).take(worked).collect(),
                total: u16::try_from(length).ok(),
            }
        });
        Arrangement {
            year,
            notice: format!("国办发明电〔{}〕7号", year - 1),
            published: Some(date(year - 1, 11, 4)),
            festival: festival.collect(),
            ..Arrangement::default()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn text_file_and_form_of_one_arrangement_are_one_arrangement(arrangement in arrangement()) {
        prop_assert_eq!(arrangement.flaws(TODAY), []);
        let text = pasted(&as_notice(&arrangement)).read();
        prop_assert_eq!(text.flaws, []);
        prop_assert_eq!(&text.arrangement, &arrangement);
        let typed = Import {
            year: arrangement.year.to_string(),
            notice: arrangement.notice.clone(),
            published: arrangement.published.unwrap().to_string(),
            ..Import::default()
        };
        let json = Import { content: as_json(&arrangement), ..typed.clone() }.read();
        prop_assert_eq!(json.flaws, []);
        prop_assert_eq!(days(&json.arrangement), days(&arrangement));
        let rows = Import { rows: filled(&arrangement), ..typed.clone() }.read();
        prop_assert_eq!(rows.flaws, []);
        prop_assert_eq!(&rows.arrangement, &arrangement);
        let kept = serde_json::to_value(&arrangement).unwrap();
        prop_assert_eq!(serde_json::from_value::<Arrangement>(kept).unwrap(), arrangement);
    }

    #[test]
    fn whatever_is_pasted_is_read_or_told(text in "[一元旦：1月日（周四）至放假共天。上班0-9\n{\\[ ]{0,200}") {
        let reading = pasted(&text).read();
        let flaws = reading.arrangement.flaws(TODAY);
        prop_assert!(!reading.flaws.is_empty() || !flaws.is_empty(), "so little is no year's arrangement");
    }

    #[test]
    fn a_notice_cut_off_anywhere_is_never_taken_for_whole(end in 0_usize..2000) {
        let cut: String = OF_2026.chars().take(end).collect();
        let whole = cut.contains("10月10日（周六）上班");
        prop_assume!(!whole);
        prop_assert!(!told(&pasted(&cut)).is_empty(), "{}", cut);
    }
}
