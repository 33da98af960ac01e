//! 第五章 安全与监督 — what is kept of what the public writes.

pub mod feedback;
