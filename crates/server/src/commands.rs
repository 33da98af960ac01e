//! 命令 — one file per command.

pub mod demo;
pub mod found;
pub mod replay;
pub mod serve;
pub mod simulate;
pub mod walk;
