//! 工作日历 — the year as terms are counted, its source, and a place to count one's own.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use jiff::civil::Date;
use regulation::{Calendar, Day, WorkingDays, calendar::Change};
use serde::Deserialize;
use serde_json::json;
use workflow::{Acting, Refused};

use crate::{
    Door, answer,
    frame::{Frame, date},
    session,
};

/// The years that can be asked for: a term of the Measures never reaches beyond them.
const YEARS: std::ops::RangeInclusive<i16> = 2020..=2099;
/// The longest term that is counted here, in working days.
const LONGEST: u16 = 1000;

/// 一格 — a day of a month, or an empty place before its first.
#[derive(Default)]
pub struct Cell {
    /// 几日
    pub number: i8,
    /// 工作日、周末、休、班
    pub kind: &'static str,
    /// 节日名等
    pub told: String,
    /// 改动之前，如“原为工作日”；没有改动的是空的
    pub was: String,
}

/// 一个月.
pub struct Month {
    /// 几月
    pub number: i8,
    /// 各周，周一在前
    pub weeks: Vec<Vec<Cell>>,
    /// 工作日数
    pub working: usize,
}

/// 试算 — what was asked, and what came of it.
#[derive(Default)]
struct Counted {
    from: String,
    days: String,
    sentence: String,
    skipped: String,
    wrong: bool,
}

#[derive(Template)]
#[template(path = "public/calendar.html")]
struct Page {
    frame: Frame,
    year: i16,
    notice: Option<String>,
    months: Vec<Month>,
    working: usize,
    counted: Counted,
    version: String,
    before: Option<i16>,
    after: Option<i16>,
}

/// 试算的要求.
#[derive(Default, Deserialize)]
pub struct Ask {
    #[serde(default)]
    from: String,
    #[serde(default)]
    days: String,
}

/// 今年.
pub async fn show(state: State<Door>, ask: Query<Ask>, headers: HeaderMap, uri: Uri) -> Response {
    let year = Acting::clock(state.now()).today().year();
    one(state, Path(year.to_string()), ask, headers, uri).await
}

/// 某年.
pub async fn one(
    State(door): State<Door>,
    Path(year): Path<String>,
    Query(ask): Query<Ask>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let Some(year) = known(&year) else { return nothing(year, &headers, &uri) };
    let visitor = session::visitor(&door, &headers).await.unwrap_or_default();
    let calendar = &door.office.calendar();
    let months = months(calendar, year, &[]);
    answer::page(&Page {
        frame: Frame::new(format!("{year}年工作日历"), "calendar", visitor.as_ref()),
        year,
        notice: calendar.notice(year).map(str::to_owned),
        working: months.iter().map(|month| month.working).sum(),
        months,
        counted: count(calendar, &ask),
        version: calendar.version().to_owned(),
        before: Some(year - 1).filter(|year| YEARS.contains(year)),
        after: Some(year + 1).filter(|year| YEARS.contains(year)),
    })
}

/// 某年（程序）.
pub async fn json(State(door): State<Door>, Path(year): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    let Some(year) = known(&year) else { return nothing(year, &headers, &uri) };
    let calendar = &door.office.calendar();
    let days = || days(year);
    let off: Vec<_> = days()
        .filter_map(|day| match calendar.day(day) {
            Day::Off(festival) => Some(json!({ "date": day, "festival": festival })),
            _ => None,
        })
        .collect();
    let worked: Vec<Date> = days().filter(|day| calendar.day(*day) == Day::Worked).collect();
    Json(json!({
        "year": year, "source": calendar.notice(year), "provisional": !calendar.knows(year), "version": calendar.version(),
        "off": off, "worked": worked, "working_days": days().filter(|day| calendar.is_working_day(*day)).count(),
    }))
    .into_response()
}

fn known(year: &str) -> Option<i16> {
    year.parse().ok().filter(|year| YEARS.contains(year))
}

fn nothing(year: String, headers: &HeaderMap, uri: &Uri) -> Response {
    answer::told(&Refused::Missing { what: "年份", id: year }, headers, uri)
}

/// Every day of a year.
pub fn days(year: i16) -> impl Iterator<Item = Date> {
    let first = Date::new(year, 1, 1).ok();
    first
        .into_iter()
        .flat_map(|first| first.series(jiff::Span::new().days(1)))
        .take_while(move |day| day.year() == year)
}

/// 全年 — drawn as it is counted, with a mark on what is another than it was.
pub fn months(calendar: &Calendar, year: i16, changes: &[Change<'_>]) -> Vec<Month> {
    let was: BTreeMap<Date, String> =
        changes.iter().map(|change| (change.day, format!("原为{}", told(change.before)))).collect();
    (1..=12).filter_map(|number| month(calendar, year, number, &was)).collect()
}

/// 工作日, 周末, 国庆节放假, 调休上班
pub fn told(day: Day<'_>) -> String {
    match day {
        Day::Working => "工作日".to_owned(),
        Day::Weekend => "周末".to_owned(),
        Day::Off(festival) => format!("{festival}放假"),
        Day::Worked => "调休上班".to_owned(),
    }
}

/// A month in weeks that begin on Monday.
fn month(calendar: &Calendar, year: i16, number: i8, was: &BTreeMap<Date, String>) -> Option<Month> {
    let first = Date::new(year, number, 1).ok()?;
    let empty = usize::try_from(first.weekday().to_monday_zero_offset()).unwrap_or(0);
    let mut cells: Vec<Cell> = (0..empty).map(|_| Cell::default()).collect();
    let month = || first.series(jiff::Span::new().days(1)).take_while(|day| day.month() == number);
    cells.extend(month().map(|day| {
        let is = calendar.day(day);
        let kind = match is {
            Day::Working => "",
            Day::Weekend => "weekend",
            Day::Off(_) => "off",
            Day::Worked => "worked",
        };
        let was = was.get(&day).cloned().unwrap_or_default();
        let plain = was.is_empty() && matches!(is, Day::Working | Day::Weekend);
        Cell { number: day.day(), kind, told: if plain { String::new() } else { told(is) }, was }
    }));
    let mut weeks = Vec::new();
    while !cells.is_empty() {
        let rest = cells.split_off(cells.len().min(7));
        weeks.push(std::mem::replace(&mut cells, rest));
    }
    Some(Month { number, weeks, working: month().filter(|day| calendar.is_working_day(*day)).count() })
}

/// 试算 — a term counted aloud.
fn count(calendar: &Calendar, ask: &Ask) -> Counted {
    let (from, days) = (ask.from.trim().to_owned(), ask.days.trim().to_owned());
    if from.is_empty() && days.is_empty() {
        return Counted::default();
    }
    let counted = Counted { from: from.clone(), days: days.clone(), ..Counted::default() };
    let Some(day) = from.parse::<Date>().ok().filter(|day| YEARS.contains(&day.year())) else {
        let sentence = format!("“{from}”不是{}年至{}年间的日期，应写成 2026-09-30 的样子", YEARS.start(), YEARS.end());
        return Counted { sentence, wrong: true, ..counted };
    };
    let Some(length) = days.parse().ok().filter(|days| (1..=LONGEST).contains(days)) else {
        let sentence = format!("“{days}”不是1至{LONGEST}之间的工作日数");
        return Counted { sentence, wrong: true, ..counted };
    };
    let due = calendar.due(day, WorkingDays(length));
    let provisional =
        if due.provisional { "（暂定：涉及的年份尚无放假安排，按周末推算）" } else { "" };
    let skipped: Vec<String> =
        due.skipped.iter().map(|skip| format!("{}（{}）", date(skip.day), skip.reason)).collect();
    Counted {
        sentence: format!("{}收到，{length}个工作日的期限于{}届满{provisional}", date(day), date(due.date)),
        skipped: skipped.join("、"),
        ..counted
    }
}
