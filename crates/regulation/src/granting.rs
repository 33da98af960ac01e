//! 第三章 授权程序 — from the plan to the signed agreement.

pub mod agreement;
pub mod plan;
pub mod scope;
pub mod selection;
