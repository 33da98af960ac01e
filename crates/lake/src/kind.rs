//! 类型 — what a column holds and how tables keep it.

use arrow::datatypes::{DataType, TimeUnit};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::value::{Number, boolean, date, decimal, instant, integer, is_null, number, timestamp, trim};

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
    fn a_query_string_is_read_by_the_column() {
        assert_eq!(Kind::Integer.value(" 5 "), Some(Value::from(5)));
        assert_eq!(Kind::Integer.value("5.5"), None);
        assert_eq!(Kind::Text.value("007"), Some(Value::from("007")));
        assert_eq!(Kind::Date.value("NA"), Some(Value::Null));
    }
}
