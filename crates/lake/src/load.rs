//! 装载 — loads.
use std::path::Path;

use crate::{Column, Fault, Lake, Progress, Raw, Survey};

/// 装载结果 — the raw version that a batch made.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Loaded {
    /// The raw table and its new version.
    pub raw: Raw,
    /// Its rows.
    pub rows: u64,
    /// The file's bytes.
    pub bytes: u64,
}

impl Lake {
    /// Loads.
    ///
    /// # Errors
    /// Any.
    pub async fn load(
        &self,
        _table: &str,
        _path: &Path,
        _survey: &Survey,
        _batch: &str,
        _progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Loaded, Fault> {
        todo!()
    }

    /// Columns.
    ///
    /// # Errors
    /// Any.
    pub async fn raw_columns(&self, _raw: &Raw) -> Result<Vec<Column>, Fault> {
        todo!()
    }
}
