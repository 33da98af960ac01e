//! 第三章 授权程序 — the acts from the application to the agreement.

pub mod agreement;
pub mod application;
pub mod plan;
pub mod selection;
