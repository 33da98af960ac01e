//! 第五章 安全与监督 — what pages say of the public's writing and its answers.

pub mod answered;
mod answering;
pub mod feedback;

pub use answering::facts;
