//! 条件 — one comparison of a column with a value; structured, never SQL text.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, Operator, binary_expr, ident, lit};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::scan::Edition;
use crate::value;
use crate::{Kind, Mistake};

/// 条件 — a comparison of one column with one value. A row without a value meets no comparison
/// but that with null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// The column's code name.
    pub column: String,
    /// How they compare.
    pub op: Op,
    /// The value, of the column's kind; null goes with equal and not equal.
    pub value: Value,
}

/// 比较 — the six comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// 等于
    Eq,
    /// 不等于
    Ne,
    /// 小于
    Lt,
    /// 不大于
    Le,
    /// 大于
    Gt,
    /// 不小于
    Ge,
}

impl Op {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [Self::Eq, Self::Ne, Self::Lt, Self::Le, Self::Gt, Self::Ge];

    /// The comparison's Chinese name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Eq => "等于",
            Self::Ne => "不等于",
            Self::Lt => "小于",
            Self::Le => "不大于",
            Self::Gt => "大于",
            Self::Ge => "不小于",
        }
    }

    fn operator(self) -> Operator {
        match self {
            Self::Eq => Operator::Eq,
            Self::Ne => Operator::NotEq,
            Self::Lt => Operator::Lt,
            Self::Le => Operator::LtEq,
            Self::Gt => Operator::Gt,
            Self::Ge => Operator::GtEq,
        }
    }
}

impl Condition {
    /// The condition as the engine has it, once the column is known and the value is of its kind.
    pub(crate) fn expression(&self, edition: &Edition) -> Result<Expr, Mistake> {
        let column = edition.column(&self.column)?;
        let wrong =
            || Mistake::WrongValue { column: self.column.clone(), kind: column.kind, value: self.value.to_string() };
        // Text is read as the column's kind would be read from a file: what a query string brings has no kind.
        let value = match self.value.as_str() {
            Some(text) => column.kind.value(text).ok_or_else(wrong)?,
            None => self.value.clone(),
        };
        if value.is_null() {
            return match self.op {
                Op::Eq => Ok(ident(&self.column).is_null()),
                Op::Ne => Ok(ident(&self.column).is_not_null()),
                _ => Err(Mistake::OrderedNull { column: self.column.clone() }),
            };
        }
        let value = scalar(column.kind, &value).ok_or_else(wrong)?;
        Ok(binary_expr(ident(&self.column), self.op.operator(), lit(value)))
    }
}

fn scalar(kind: Kind, value: &Value) -> Option<ScalarValue> {
    let text = || value.as_str();
    Some(match kind {
        Kind::Integer => ScalarValue::Int64(Some(value.as_i64()?)),
        Kind::Decimal => ScalarValue::Float64(Some(value.as_f64()?)),
        Kind::Text => ScalarValue::Utf8(Some(text()?.to_owned())),
        Kind::Date => ScalarValue::Date32(Some(value::date(text()?.trim())?)),
        Kind::Timestamp => {
            let micros = value::instant(text()?.trim())?;
            ScalarValue::TimestampMicrosecond(Some(micros), Some("UTC".into()))
        }
        Kind::Boolean => ScalarValue::Boolean(Some(value.as_bool()?)),
    })
}
