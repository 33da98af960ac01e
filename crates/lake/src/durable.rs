//! 落盘 — durable.
/// Durable.
#[derive(Debug)]
pub struct Durable;
