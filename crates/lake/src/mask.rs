//! 脱敏 — which masks there are, which columns they go with, and the keys they may use.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, lit};
use serde::{Deserialize, Serialize};

use crate::veil::{Work, veil};
use crate::{Column, Kind, Mistake};

/// 脱敏方式 — what happens to a column's values before they become a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mask {
    /// 保留首尾 — keeps the first and last characters and stars the others; a value no longer than
    /// what would be kept is starred whole. For text and integers; gives text.
    KeepEnds {
        /// How many characters stay at the front.
        left: usize,
        /// How many stay at the end.
        right: usize,
    },
    /// 取整 — the nearest multiple, halves away from zero. For integers and decimals.
    Round {
        /// The multiple's unit.
        step: f64,
    },
    /// 置空 — removes every value.
    Null,
    /// 加密摘要 — HMAC-SHA256 in hexadecimal, under a key known only by its id. For text and
    /// integers; gives text.
    Hash {
        /// Which key.
        key_id: String,
    },
}

impl Mask {
    /// The mask's Chinese name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::KeepEnds { .. } => "保留首尾",
            Self::Round { .. } => "取整",
            Self::Null => "置空",
            Self::Hash { .. } => "加密摘要",
        }
    }

    /// The kind of a column after the mask.
    ///
    /// # Errors
    /// When the mask does not go with the column.
    pub fn kind_of(&self, column: &Column) -> Result<Kind, Mistake> {
        let wrong = || Mistake::WrongMask { column: column.name.clone(), kind: column.kind, mask: self.name() };
        match (self, column.kind) {
            (Self::Null, kind) => Ok(kind),
            (Self::KeepEnds { .. } | Self::Hash { .. }, Kind::Text | Kind::Integer) => Ok(Kind::Text),
            (Self::Round { step }, kind @ (Kind::Integer | Kind::Decimal)) => {
                let whole = step.fract() == 0.0 && *step < 9e15;
                if step.is_finite() && *step > 0.0 && (whole || kind == Kind::Decimal) {
                    Ok(kind)
                } else {
                    let (column, step) = (column.name.clone(), step.to_string());
                    Err(Mistake::WrongStep { column, step })
                }
            }
            _ => Err(wrong()),
        }
    }

    /// The masked column as the engine has it.
    pub(crate) fn expression(&self, column: &Column, keys: &Keys) -> Result<Expr, Mistake> {
        let kind = self.kind_of(column)?;
        let work = match self {
            Self::Null => {
                let nothing = ScalarValue::try_from(&kind.stored());
                return Ok(lit(nothing.unwrap_or(ScalarValue::Null)));
            }
            Self::KeepEnds { left, right } => Work::KeepEnds(*left, *right),
            Self::Round { step } => Work::Round(step.to_bits()),
            Self::Hash { key_id } if keys.get(key_id).is_some() => Work::Hash(key_id.clone(), keys.clone()),
            Self::Hash { key_id } => return Err(Mistake::NoKey(key_id.clone())),
        };
        Ok(veil(work, kind.stored(), &column.name))
    }
}

/// 脱敏密钥 — the keys by id. It prints the ids only.
#[derive(Clone, Default)]
pub struct Keys(Arc<HashMap<String, [u8; 32]>>);

impl Keys {
    /// The keys by id.
    #[must_use]
    pub fn new(keys: HashMap<String, [u8; 32]>) -> Self {
        Self(Arc::new(keys))
    }
}

impl Keys {
    pub(crate) fn get(&self, id: &str) -> Option<&[u8; 32]> {
        self.0.get(id)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(self.0.keys()).finish()
    }
}

impl PartialEq for Keys {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Keys {}

impl Hash for Keys {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_never_print() {
        let keys = Keys::new([("k1".to_owned(), [7; 32])].into());
        assert_eq!(format!("{keys:?}"), r#"{"k1"}"#);
    }
}
