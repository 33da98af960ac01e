//! 第二章 基本要求 — what may be offered at all, in which mode, and who keeps the catalogue.

pub mod catalogue;
pub mod grading;
pub mod mode;
pub mod sector;
