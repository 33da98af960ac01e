//! 数据湖 — the data itself: files are surveyed, loaded, turned into products and read page by page.
//!
//! A file becomes a [`Raw`] table, a recipe makes a [`Product`] of it, and only a product has
//! pages. The two are different types in different places, so raw data cannot be served by mistake.
//! What is acknowledged is on disk; a crash leaves either a whole version or none.

mod batch;
mod condition;
mod durable;
mod fault;
mod files;
mod header;
mod kind;
mod load;
mod mask;
mod page;
mod product;
mod records;
mod scan;
mod sheet;
mod source;
mod survey;
mod table;
mod value;
mod veil;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use condition::{Condition, Op};
pub use durable::Durable;
pub use fault::{Defect, Fault, Mistake};
pub use kind::{Column, Kind};
pub use load::Loaded;
pub use mask::{Keys, Mask};
pub use page::{Ask, PAGE_LIMIT, Page};
pub use product::{Built, Recipe, Take};
pub use source::{Encoding, Progress};
pub use survey::{Manifest, Survey, manifest_matches, survey};
pub use table::{Product, Raw};
pub use value::NULLS;

/// 数据湖 — one home folder with its raw tables, its products and a place for uploads.
#[derive(Clone)]
pub struct Lake {
    inner: Arc<table::Ground>,
    keys: Keys,
}

impl Lake {
    /// Opens the lake below `home`, creating `raw`, `products` and `staging` where missing.
    ///
    /// # Errors
    /// When a folder cannot be made or made durable.
    pub fn open(home: &Path) -> Result<Self, Fault> {
        Ok(Self { inner: Arc::new(table::Ground::open(home)?), keys: Keys::default() })
    }

    /// Opens the lake together with the masking keys it may use, each named by its id.
    ///
    /// # Errors
    /// As [`Lake::open`].
    pub fn open_with_keys(home: &Path, keys: HashMap<String, [u8; 32]>) -> Result<Self, Fault> {
        Ok(Self::open(home)?.with_keys(keys))
    }

    /// The same lake with other masking keys.
    #[must_use]
    pub fn with_keys(self, keys: HashMap<String, [u8; 32]>) -> Self {
        Self { keys: Keys::new(keys), ..self }
    }

    /// 暂存 — where an upload may wait until it has been surveyed and loaded.
    #[must_use]
    pub fn staging(&self) -> PathBuf {
        self.inner.staging()
    }
}
