//! 工作日历 — entering a year's arrangement, the second person's approval, and what has come into force.

pub mod import;
pub mod proposal;
pub mod years;

use regulation::Calendar;

use crate::public::calendar::days;

/// How many working days a year has.
fn working(calendar: &Calendar, year: i16) -> usize {
    days(year).filter(|day| calendar.is_working_day(*day)).count()
}
