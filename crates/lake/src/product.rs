//! 产品 — products.

use serde::{Deserialize, Serialize};

use crate::{Column, Condition, Fault, Lake, Mask, Product, Raw};

/// 配方 — which columns, how masked, and which rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// The columns in their new order.
    pub columns: Vec<Take>,
    /// Conditions on the raw values; all must hold.
    #[serde(default)]
    pub filter: Vec<Condition>,
}

/// 取列 — one column of a recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Take {
    /// The column's code name.
    pub column: String,
    /// How it is masked, if it is.
    #[serde(default)]
    pub mask: Option<Mask>,
}

/// 加工结果 — the product version that a recipe made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Built {
    /// The product table and its new version.
    pub product: Product,
    /// Its rows.
    pub rows: u64,
    /// Its columns.
    pub columns: Vec<Column>,
}

impl Lake {
    /// Builds.
    ///
    /// # Errors
    /// Any.
    pub async fn build(
        &self,
        _product_table: &str,
        _from: &Raw,
        _recipe: &Recipe,
        _batch: &str,
    ) -> Result<Built, Fault> {
        todo!()
    }
}
