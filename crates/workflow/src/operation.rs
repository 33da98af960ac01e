//! 第四章 运营实施 — the acts from the demand to the delivered rows.

pub mod access;
pub mod credential;
pub mod demand;
pub mod product;
pub mod supply;
pub mod use_agreement;
