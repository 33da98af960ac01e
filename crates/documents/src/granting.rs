//! 第三章 授权程序 — the papers of plans, selections and agreements.

pub mod agreement;
pub mod plan;
pub mod selection;
