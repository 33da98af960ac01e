//! 命令 — one file per command.

pub mod demo;
pub mod replay;
pub mod serve;
pub mod walk;
