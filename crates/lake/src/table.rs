//! 表 — tables.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Fault;

/// 原始表 — an entry's raw table at a version. It has no pages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Raw {
    /// The table's name.
    pub table: String,
    /// Its version.
    pub version: i64,
}

/// 产品表 — a product's table at a version.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Product {
    /// The table's name.
    pub table: String,
    /// Its version.
    pub version: i64,
}

pub(crate) struct Ground {
    home: PathBuf,
}

impl Ground {
    pub(crate) fn open(home: &Path) -> Result<Self, Fault> {
        Ok(Self { home: home.to_path_buf() })
    }
    pub(crate) fn staging(&self) -> PathBuf {
        self.home.join("staging")
    }
}
