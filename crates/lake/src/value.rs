//! 值 — the one reading of a file's values, which survey, load and filter share.

/// 空值 — the spellings that mean "no value", after trimming and whether quoted or not.
pub const NULLS: [&str; 7] = ["", "NA", "N/A", "NaN", "null", "NULL", "-"];

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
}
