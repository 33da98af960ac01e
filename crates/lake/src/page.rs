//! 分页 — pages.

use serde::{Deserialize, Serialize};

use crate::{Column, Condition, Fault, Lake, Product};

/// 每页最多行数 — a larger limit is cut to this; `next` says where to go on.
pub const PAGE_LIMIT: usize = 10_000;

/// 请求 — which columns and rows of a product are wanted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// The columns in the wanted order; empty means all.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Conditions; all must hold.
    #[serde(default)]
    pub filter: Vec<Condition>,
    /// Where to go on: 0 at first, then the last page's `next`.
    #[serde(default)]
    pub offset: u64,
    /// How many rows at most.
    pub limit: usize,
}

/// 页 — rows of a product as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The columns in the order of the rows' members.
    pub columns: Vec<Column>,
    /// A JSON array of objects, one per row.
    pub json: Vec<u8>,
    /// How many rows.
    pub count: usize,
    /// The next page's `offset`, when there are more rows.
    pub next: Option<u64>,
}

impl Lake {
    /// Reads a page.
    ///
    /// # Errors
    /// Any.
    pub async fn page(&self, _product: &Product, _ask: &Ask) -> Result<Page, Fault> {
        todo!()
    }
}
