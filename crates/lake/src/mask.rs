//! 脱敏 — masks.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// 脱敏方式 — what happens to a column's values before they become a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mask {
    /// 保留首尾 — keeps the first and last characters and stars the others.
    KeepEnds {
        /// How many characters stay at the front.
        left: usize,
        /// How many stay at the end.
        right: usize,
    },
    /// 取整 — rounds to the nearest multiple.
    Round {
        /// The multiple's unit.
        step: f64,
    },
    /// 置空 — removes every value.
    Null,
    /// 加密摘要 — HMAC-SHA256 in hexadecimal, under a key known only by its id.
    Hash {
        /// Which key.
        key_id: String,
    },
}

/// 脱敏密钥 — the keys by id; it never prints one.
#[derive(Clone, Default)]
pub struct Keys(Arc<HashMap<String, [u8; 32]>>);

impl Keys {
    /// The keys by id.
    #[must_use]
    pub fn new(keys: HashMap<String, [u8; 32]>) -> Self {
        Self(Arc::new(keys))
    }
}
