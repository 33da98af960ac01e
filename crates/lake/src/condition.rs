//! 条件 — one comparison of a column with a value; structured, never SQL text.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// 条件 — a comparison of one column with one value.
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
