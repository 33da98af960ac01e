//! 第三章 授权程序 — what pages say of applications, plans, selections and agreements.

pub mod agreement;
pub mod application;
pub mod plan;
pub mod selection;
