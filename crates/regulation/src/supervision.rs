//! 第五章 安全与监督 — what is disclosed and how operation is stopped.

pub mod disclosure;
pub mod feedback;
