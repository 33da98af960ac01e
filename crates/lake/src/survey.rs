//! 检查 — reads a file from front to back before anything is loaded.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{Column, Encoding, Fault, Progress};

/// 检查结果 — what the file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// Data rows, without the header.
    pub rows: u64,
    /// Lines, with the header and those inside quotes.
    pub lines: u64,
    /// The file's size.
    pub bytes: u64,
    /// The file's SHA-256 in hexadecimal.
    pub sha256: String,
    /// How its characters are written.
    pub encoding: Encoding,
    /// Its columns in order.
    pub columns: Vec<Column>,
}

/// 清单 — what the sender says about the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The file's name.
    pub file: String,
    /// Data rows, without the header.
    pub rows: u64,
    /// The file's size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Surveys the file.
///
/// # Errors
/// The first defect found.
pub async fn survey(
    _path: &Path,
    _progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Survey, Fault> {
    todo!()
}

/// Compares.
///
/// # Errors
/// Differs.
pub fn manifest_matches(_survey: &Survey, _manifest: &Manifest) -> Result<(), Fault> {
    todo!()
}
