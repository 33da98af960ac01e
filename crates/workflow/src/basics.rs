//! 第二章 基本要求 — the acts that keep the catalogue.

pub mod catalogue;
