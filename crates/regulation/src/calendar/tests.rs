//! 工作日历的检验 — the counting, against days that are known and against chance.

use expect_test::expect;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;

#[test]
fn terms_end_on_the_days_counted_by_hand() {
    let calendar = Calendar::built_in();
    let due = |from, days| {
        let due = calendar.due(from, WorkingDays(days));
        assert!(!due.provisional);
        due.date
    };
    for (from, after_5, after_10, after_15) in [
        (date(2025, 9, 26), date(2025, 10, 10), date(2025, 10, 16), date(2025, 10, 23)),
        (date(2026, 2, 12), date(2026, 2, 26), date(2026, 3, 4), date(2026, 3, 11)),
        (date(2026, 4, 29), date(2026, 5, 9), date(2026, 5, 15), date(2026, 5, 22)),
        (date(2026, 9, 18), date(2026, 9, 24), date(2026, 10, 9), date(2026, 10, 15)),
    ] {
        assert_eq!((due(from, 5), due(from, 10), due(from, 15)), (after_5, after_10, after_15));
    }
}

#[test]
fn a_due_date_tells_how_it_was_counted() {
    let due = Calendar::built_in().due(date(2025, 9, 26), WorkingDays(5));
    let skipped: Vec<_> = due.skipped.iter().map(|s| format!("{} {}", s.day, s.reason)).collect();
    expect![[r"
        2025-09-27 周六
        2025-10-01 国庆节、中秋节放假
        2025-10-02 国庆节、中秋节放假
        2025-10-03 国庆节、中秋节放假
        2025-10-04 国庆节、中秋节放假
        2025-10-05 国庆节、中秋节放假
        2025-10-06 国庆节、中秋节放假
        2025-10-07 国庆节、中秋节放假
        2025-10-08 国庆节、中秋节放假"]]
    .assert_eq(&skipped.join("\n"));
}

/// The arrangements as the calendar understood them, read back day by day.
#[test]
fn the_days_off_and_the_days_worked_of_every_year() {
    let calendar = Calendar::built_in();
    let report: String = (2020..=2026).map(|year| year_in_words(&calendar, year)).collect();
    expect![[r"
        2020 249天 休 1/1 1/24–2/2 4/4–4/6 5/1–5/5 6/25–6/27 10/1–10/8 班 1/19 4/26 5/9 6/28 9/27 10/10
        2021 250天 休 1/1–1/3 2/11–2/17 4/3–4/5 5/1–5/5 6/12–6/14 9/19–9/21 10/1–10/7 班 2/7 2/20 4/25 5/8 9/18 9/26 10/9
        2022 249天 休 1/1–1/3 1/31–2/6 4/3–4/5 4/30–5/4 6/3–6/5 9/10–9/12 10/1–10/7 12/31 班 1/29 1/30 4/2 4/24 5/7 10/8 10/9
        2023 249天 休 1/1–1/2 1/21–1/27 4/5 4/29–5/3 6/22–6/24 9/29–10/6 班 1/28 1/29 4/23 5/6 6/25 10/7 10/8
        2024 251天 休 1/1 2/10–2/17 4/4–4/6 5/1–5/5 6/10 9/15–9/17 10/1–10/7 班 2/4 2/18 4/7 4/28 5/11 9/14 9/29 10/12
        2025 248天 休 1/1 1/28–2/4 4/4–4/6 5/1–5/5 5/31–6/2 10/1–10/8 班 1/26 2/8 4/27 9/28 10/11
        2026 248天 休 1/1–1/3 2/15–2/23 4/4–4/6 5/1–5/5 6/19–6/21 9/25–9/27 10/1–10/7 班 1/4 2/14 2/28 5/9 9/20 10/10
    "]]
    .assert_eq(&report);
}

fn year_in_words(calendar: &Calendar, year: i16) -> String {
    let month_and_day = |day: Date| format!("{}/{}", day.month(), day.day());
    let (mut off, mut worked): (Vec<(Date, Date)>, Vec<String>) = Default::default();
    for (&day, exception) in calendar.exceptions.iter().filter(|(day, _)| day.year() == year) {
        match (exception, off.last_mut()) {
            (Exception::Worked, _) => worked.push(month_and_day(day)),
            (Exception::Off(_), Some((_, last))) if day.yesterday().ok() == Some(*last) => {
                *last = day;
            }
            (Exception::Off(_), _) => off.push((day, day)),
        }
    }
    let range = |(first, last): (Date, Date)| {
        if first == last { month_and_day(first) } else { format!("{}–{}", month_and_day(first), month_and_day(last)) }
    };
    let off: Vec<String> = off.into_iter().map(range).collect();
    let days = calendar.working_days(date(year - 1, 12, 31), date(year, 12, 31));
    format!("{year} {days}天 休 {} 班 {}\n", off.join(" "), worked.join(" "))
}

#[test]
fn it_names_what_a_date_was_counted_with() {
    let calendar = Calendar::built_in();
    assert_eq!(calendar.version(), "国务院2020–2026");
    assert_eq!(calendar.notice(2026), Some("国办发明电〔2025〕7号（2025-11-04）"));
    assert_eq!(calendar.notice(2027), None);
}

#[test]
fn a_year_without_an_arrangement_gives_a_provisional_date() {
    let calendar = Calendar::built_in();
    assert!(!calendar.knows(2027));
    let due = calendar.due(date(2027, 9, 30), WorkingDays(5));
    assert_eq!((due.date, due.provisional), (date(2027, 10, 7), true), "weekends only");
    let across = calendar.due(date(2026, 12, 31), WorkingDays(1));
    assert_eq!((across.date, across.provisional), (date(2027, 1, 1), true));
}

#[test]
fn the_last_days_of_december_wait_for_the_next_arrangement() {
    let calendar = Calendar::built_in();
    let provisional = |day| calendar.due(day, WorkingDays(1)).provisional;
    assert!(!provisional(date(2026, 12, 24)), "due on 12-25");
    assert!(provisional(date(2026, 12, 25)), "due on 12-28");
    assert!(!provisional(date(2025, 12, 25)), "2026 is known");
    assert!(calendar.due(date(2026, 12, 27), WorkingDays(0)).provisional);
}

#[test]
fn what_remains_is_zero_on_the_last_day_and_negative_from_the_next_morning() {
    let calendar = Calendar::built_in();
    let due = date(2025, 9, 26); // a Friday; the Sunday after it is worked
    for (today, left) in [
        (date(2025, 9, 19), 5),
        (date(2025, 9, 25), 1),
        (date(2025, 9, 26), 0),
        (date(2025, 9, 27), -1),
        (date(2025, 9, 28), -1),
        (date(2025, 9, 29), -2),
        (date(2025, 10, 8), -3),
        (date(2025, 10, 9), -4),
    ] {
        assert_eq!(calendar.remaining(today, due), left, "{today}");
    }
}

#[test]
fn without_any_arrangement_only_weekends_are_off() {
    let calendar = Calendar::of(0, BTreeMap::new());
    assert_eq!(calendar.version(), "仅计周末");
    let due = calendar.due(date(2025, 9, 26), WorkingDays(5));
    assert_eq!((due.date, due.provisional), (date(2025, 10, 3), true));
}

#[test]
fn a_term_ends_where_time_ends() {
    let calendar = Calendar::built_in();
    for from in [Date::MAX, Date::MAX.yesterday().unwrap(), date(9999, 1, 1)] {
        let due = calendar.due(from, WorkingDays(u16::MAX));
        assert_eq!((due.date, due.provisional), (Date::MAX, true));
    }
    assert!(calendar.remaining(Date::MIN, Date::MAX) > 5_000_000);
    assert!(calendar.remaining(Date::MAX, Date::MIN) < -5_000_000);
}

#[test]
fn a_due_date_survives_being_stored() {
    let due = Calendar::built_in().due(date(2025, 9, 26), WorkingDays(1));
    let stored = toml::to_string(&due).unwrap();
    assert!(stored.contains("date = \"2025-09-28\""), "{stored}");
    assert_eq!(toml::from_str::<Due>(&stored).unwrap(), due);
}

fn known_day() -> impl Strategy<Value = Date> {
    (2019_i16..=2027, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn any_day() -> impl Strategy<Value = Date> {
    let day = (-9999_i16..=9999, 1_i8..=12, 1_i8..=28);
    prop_oneof![
        9 => day.prop_map(|(year, month, day)| date(year, month, day)),
        1 => Just(Date::MIN),
        1 => Just(Date::MAX),
    ]
}

proptest! {
    #[test]
    fn a_term_ends_on_a_working_day_and_counts_exactly(from in known_day(), days in 1_u16..300) {
        let calendar = Calendar::built_in();
        let due = calendar.due(from, WorkingDays(days));
        prop_assert!(calendar.is_working_day(due.date));
        prop_assert_eq!(calendar.working_days(from, due.date), i64::from(days));
        prop_assert_eq!(calendar.remaining(from, due.date), i64::from(days));
        let elapsed = usize::try_from((due.date - from).get_days()).unwrap();
        prop_assert_eq!(due.skipped.len() + usize::from(days), elapsed);
        prop_assert!(due.skipped.iter().all(|skipped| !calendar.is_working_day(skipped.day)));
    }

    #[test]
    fn a_longer_term_ends_later(from in known_day(), days in 0_u16..300) {
        let calendar = Calendar::built_in();
        let (shorter, longer) = (WorkingDays(days), WorkingDays(days + 1));
        prop_assert!(calendar.due(from, shorter).date < calendar.due(from, longer).date);
    }

    #[test]
    fn a_term_that_starts_later_never_ends_earlier(from in known_day(), days in 0_u16..300) {
        let calendar = Calendar::built_in();
        let (today, tomorrow) = (from, from.tomorrow().unwrap());
        let term = WorkingDays(days);
        prop_assert!(calendar.due(today, term).date <= calendar.due(tomorrow, term).date);
    }

    #[test]
    fn counting_agrees_with_looking_at_every_day(after in known_day(), span in 0_i64..800) {
        let calendar = Calendar::built_in();
        let until = after.saturating_add(jiff::Span::new().days(span));
        let mut day = after;
        let mut seen = 0;
        while day < until {
            day = day.tomorrow().unwrap();
            seen += i64::from(calendar.is_working_day(day));
        }
        prop_assert_eq!(calendar.working_days(after, until), seen);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_date_and_no_length_is_too_much(from in any_day(), days: u16, other in any_day()) {
        let calendar = Calendar::built_in();
        let due = calendar.due(from, WorkingDays(days));
        prop_assert!(due.date >= from);
        prop_assert!(due.date == Date::MAX
            || calendar.working_days(from, due.date) == i64::from(days));
        prop_assert_eq!(calendar.remaining(other, from) < 0, other > from);
    }
}
