//! 第二章 基本要求 — what is kept of the catalogue.

pub mod catalogue;
