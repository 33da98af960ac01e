//! 第三章 授权程序 — from the application and the plan to the signed agreement.

pub mod agreement;
pub mod application;
pub mod decision;
pub mod plan;
pub mod scope;
pub mod selection;
