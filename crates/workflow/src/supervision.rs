//! 第五章 安全与监督 — the acts of public oversight, and what everybody may know.

pub mod announcements;
mod burdens;
pub mod feedback;
pub mod statistics;
mod tally;

pub(crate) use burdens::Counted;
pub(crate) use tally::Tally;
