//! 第二章 基本要求 — the papers of the catalogue.

pub mod catalogue;
