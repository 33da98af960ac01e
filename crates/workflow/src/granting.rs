//! 第三章 授权程序 — the acts from the plan to the agreement.

pub mod agreement;
pub mod plan;
pub mod selection;
