//! 第二章 基本要求 — what pages say of the catalogue.

pub mod catalogue;
