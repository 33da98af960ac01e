//! 第四章 运营实施 — the papers of demands.

pub mod demand;
