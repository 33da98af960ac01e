//! 第四章 运营实施 — what pages say from the demand to the credential, and the rows themselves.

pub mod credential;
pub mod demand;
pub mod product;
pub mod rows;
pub mod supply;
pub mod use_agreement;
