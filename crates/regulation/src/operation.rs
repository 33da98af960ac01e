//! 第四章 运营实施 — from the demand for data to the delivered product.

pub mod credential;
pub mod demand;
pub mod pricing;
pub mod product;
pub mod redevelopment;
pub mod supply;
pub mod use_agreement;
