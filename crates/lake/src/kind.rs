//! 类型 — what a column holds, and the one reading of its values that survey, load and filter share.

use arrow::datatypes::{DataType, TimeUnit};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// 空值 — the spellings that mean "no value", after trimming and whether quoted or not.
pub const NULLS: [&str; 7] = ["", "NA", "N/A", "NaN", "null", "NULL", "-"];

/// 列 — one column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The code name, legal everywhere.
    pub name: String,
    /// The header as it stood in the file.
    pub title: String,
    /// What the column holds.
    pub kind: Kind,
    /// How many rows have no value.
    pub nulls: u64,
}

/// 列类型 — the six kinds of column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 整数 — 64 bits; a leading zero or too many digits make it text.
    Integer,
    /// 小数 — finite, at most 17 significant digits.
    Decimal,
    /// 文本
    Text,
    /// 日期 — `2025-09-01` or `2025/9/1`.
    Date,
    /// 时间 — a date, an hour and a minute in Beijing time, kept as UTC microseconds.
    Timestamp,
    /// 布尔 — true or false.
    Boolean,
}

impl Kind {
    /// The kind's Chinese name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Integer => "整数",
            Self::Decimal => "小数",
            Self::Text => "文本",
            Self::Date => "日期",
            Self::Timestamp => "时间",
            Self::Boolean => "布尔",
        }
    }

    /// Reads a value of this kind from text, as a query string brings it; null spellings give null.
    #[must_use]
    pub fn value(self, text: &str) -> Option<Value> {
        let trimmed = trim(text);
        if is_null(trimmed) {
            return Some(Value::Null);
        }
        match self {
            Self::Integer => integer(trimmed).map(Value::from),
            Self::Decimal => decimal(trimmed).map(Value::from),
            Self::Text => Some(Value::from(text)),
            Self::Date => date(trimmed).map(|_| Value::from(trimmed)),
            Self::Timestamp => instant(trimmed).map(|_| Value::from(trimmed)),
            Self::Boolean => boolean(trimmed).map(Value::from),
        }
    }

    /// The kind of a value, which is not one of [`NULLS`], by itself.
    pub(crate) fn of(trimmed: &str) -> Self {
        match trimmed.as_bytes() {
            [_, _, _, _, b'-' | b'/', ..] if date(trimmed).is_some() => Self::Date,
            [_, _, _, _, b'-' | b'/', ..] if timestamp(trimmed).is_some() => Self::Timestamp,
            [b'0'..=b'9' | b'-', ..] => match number(trimmed) {
                Some(Number::Integer(_)) => Self::Integer,
                Some(Number::Decimal(_)) => Self::Decimal,
                None => Self::Text,
            },
            [b't' | b'T' | b'f' | b'F', ..] if boolean(trimmed).is_some() => Self::Boolean,
            _ => Self::Text,
        }
    }

    /// How tables keep it.
    pub(crate) fn stored(self) -> DataType {
        match self {
            Self::Integer => DataType::Int64,
            Self::Decimal => DataType::Float64,
            Self::Text => DataType::Utf8,
            Self::Date => DataType::Date32,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Boolean => DataType::Boolean,
        }
    }

    /// The kind that tables keep this way.
    pub(crate) fn from_stored(stored: &DataType) -> Option<Self> {
        match stored {
            DataType::Int64 => Some(Self::Integer),
            DataType::Float64 => Some(Self::Decimal),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(Self::Text),
            DataType::Date32 => Some(Self::Date),
            DataType::Timestamp(..) => Some(Self::Timestamp),
            DataType::Boolean => Some(Self::Boolean),
            _ => None,
        }
    }
}

/// Without the blanks around it, full-width ones too.
pub(crate) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [] | [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

/// Whether a trimmed value is one of [`NULLS`].
pub(crate) fn is_null(trimmed: &str) -> bool {
    trimmed.len() <= 4 && NULLS.contains(&trimmed)
}

/// The largest integer up to which a decimal column keeps every integer exactly.
pub(crate) const EXACT: u64 = 1 << 53;

pub(crate) enum Number {
    Integer(i64),
    Decimal(f64),
}

/// Plain numbers only: `12`, `-0.5`, `1.2E-3`, `5e-05`. Not `007`, `+86`, `1E5` or `1,000`,
/// which are as likely codes; nor what 64 bits cannot keep.
pub(crate) fn number(trimmed: &str) -> Option<Number> {
    let unsigned = trimmed.strip_prefix('-').unwrap_or(trimmed);
    let (whole, rest) = digits(unsigned);
    if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    if rest.is_empty() {
        return trimmed.parse().ok().map(Number::Integer);
    }
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => Some(digits(rest)).filter(|(fraction, _)| !fraction.is_empty())?,
        None => ("", rest),
    };
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let unsigned = exponent.strip_prefix(['+', '-']);
        let (power, rest) = digits(unsigned.unwrap_or(exponent));
        let marked = unsigned.is_some() || !fraction.is_empty();
        if !marked || power.is_empty() || !rest.is_empty() {
            return None;
        }
    } else if !rest.is_empty() {
        return None;
    }
    let significant = match whole {
        "0" => fraction.trim_start_matches('0').len(),
        _ => whole.len() + fraction.len(),
    };
    let value: f64 = trimmed.parse().ok()?;
    (significant <= 17 && value.is_finite()).then_some(Number::Decimal(value))
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

pub(crate) fn integer(trimmed: &str) -> Option<i64> {
    match number(trimmed)? {
        Number::Integer(value) => Some(value),
        Number::Decimal(_) => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "integers up to 2^53 are exact")]
pub(crate) fn decimal(trimmed: &str) -> Option<f64> {
    match number(trimmed)? {
        Number::Integer(value) => (value.unsigned_abs() <= EXACT).then_some(value as f64),
        Number::Decimal(value) => Some(value),
    }
}

pub(crate) fn boolean(trimmed: &str) -> Option<bool> {
    if trimmed.eq_ignore_ascii_case("true") {
        Some(true)
    } else if trimmed.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Days since 1970-01-01.
pub(crate) fn date(trimmed: &str) -> Option<i32> {
    match leading_date(trimmed)? {
        (days, "") => Some(days),
        _ => None,
    }
}

/// UTC microseconds since 1970-01-01 of a Beijing time, UTC+8 all the year.
pub(crate) fn timestamp(trimmed: &str) -> Option<i64> {
    let (days, rest) = leading_date(trimmed)?;
    let (hour, rest) = few_digits(rest.strip_prefix([' ', 'T'])?, 1)?;
    let (minute, rest) = few_digits(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => few_digits(rest, 2)?,
        None => (0, rest),
    };
    let micros = match rest.strip_prefix('.') {
        Some(fraction) if (1..=6).contains(&fraction.len()) => match digits(fraction) {
            (fraction, "") => fraction.bytes().chain(*b"000000").take(6).fold(0, push_digit),
            _ => return None,
        },
        None if rest.is_empty() => 0,
        _ => return None,
    };
    let beijing_hours = 8;
    (hour < 24 && minute < 60 && second < 60).then(|| {
        let hours = i64::from(days) * 24 + hour - beijing_hours;
        ((hours * 60 + minute) * 60 + second) * 1_000_000 + micros
    })
}

/// A time as [`timestamp`] reads it, or with `Z` or `+08:00` as pages write it.
pub(crate) fn instant(trimmed: &str) -> Option<i64> {
    if let Some(utc) = trimmed.strip_suffix('Z') {
        return timestamp(utc).map(|micros| micros + 8 * 3_600_000_000);
    }
    timestamp(trimmed.strip_suffix("+08:00").unwrap_or(trimmed))
}

fn push_digit(number: i64, digit: u8) -> i64 {
    number * 10 + i64::from(digit - b'0')
}

/// A number of one or two digits, but not fewer than `least`.
fn few_digits(text: &str, least: usize) -> Option<(i64, &str)> {
    let (found, rest) = digits(text);
    (least..=2).contains(&found.len()).then(|| (found.bytes().fold(0, push_digit), rest))
}

/// `2025-09-01` or `2025/9/1` at the front of a text, as days since 1970-01-01.
fn leading_date(text: &str) -> Option<(i32, &str)> {
    let (year, rest) = digits(text);
    let (separator, least) = match rest.as_bytes().first()? {
        b'-' => ('-', 2),
        b'/' => ('/', 1),
        _ => return None,
    };
    let (month, rest) = few_digits(&rest[1..], least)?;
    let (day, rest) = few_digits(rest.strip_prefix(separator)?, least)?;
    if year.len() != 4 || year == "0000" {
        return None;
    }
    let year = year.bytes().fold(0, push_digit);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    // Count from 1 March, so that the leap day comes last: Howard Hinnant's days_from_civil.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468;
    i32::try_from(days).ok().map(|days| (days, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_kind() {
        use Kind::{Boolean, Date, Decimal, Integer, Text, Timestamp};
        #[rustfmt::skip]
        let table = [
            ("0", Integer), ("-5", Integer), ("9223372036854775807", Integer),
            ("510104199001011234", Integer),
            ("9223372036854775808", Text), ("12345678901234567890", Text),
            ("007", Text), ("-01", Text), ("00.5", Text), ("+86", Text), ("1,000", Text),
            ("0.5", Decimal), ("-0.50", Decimal), ("81.2", Decimal), ("1.2E-3", Decimal),
            ("5e-05", Decimal), ("1E+10", Decimal),
            ("1E5", Text), ("1.", Text), (".5", Text), ("1.0e999", Text), ("0x10", Text),
            ("0.123456789012345678", Text), ("inf", Text), ("--1", Text), ("1.2.3", Text),
            ("2025-09-01", Date), ("2025/9/1", Date), ("2024-02-29", Date),
            ("2025-9-1", Text), ("2025-02-29", Text), ("2025-13-01", Text), ("2025-09/01", Text),
            ("2025-09-01 08:00", Timestamp), ("2025/9/1 8:00:01", Timestamp),
            ("2025-09-01T08:00:00.25", Timestamp),
            ("2025-09-01 24:00", Text), ("2025-09-01 08", Text), ("2025-09-01 8:60", Text),
            ("true", Boolean), ("FALSE", Boolean), ("tru", Text), ("是", Text), ("成都", Text),
        ];
        for (value, kind) in table {
            assert_eq!(Kind::of(value), kind, "{value}");
        }
    }

    #[test]
    fn days_and_instants_count_from_1970() {
        assert_eq!(date("1970-01-01"), Some(0));
        assert_eq!(date("1969/12/31"), Some(-1));
        assert_eq!(date("2000-03-01"), Some(11_017));
        assert_eq!(date("9999-12-31"), Some(2_932_896));
        assert_eq!(timestamp("1970-01-01 08:00"), Some(0));
        assert_eq!(timestamp("1970-01-01 8:00:01.5"), Some(1_500_000));
        assert_eq!(instant("1970-01-01T00:00:01Z"), Some(1_000_000));
        assert_eq!(instant("1970-01-01T08:00:01+08:00"), Some(1_000_000));
    }

    #[test]
    fn a_decimal_column_takes_only_integers_it_keeps_exactly() {
        assert_eq!(decimal("9007199254740992"), Some(9_007_199_254_740_992.0));
        assert_eq!(decimal("9007199254740993"), None);
    }

    #[test]
    fn a_query_string_is_read_by_the_column() {
        assert_eq!(Kind::Integer.value(" 5 "), Some(Value::from(5)));
        assert_eq!(Kind::Integer.value("5.5"), None);
        assert_eq!(Kind::Text.value("007"), Some(Value::from("007")));
        assert_eq!(Kind::Date.value("NA"), Some(Value::Null));
    }
}
