//! 第二章 基本要求 — the acts that keep the catalogue, and the calendar by which terms are counted.

pub mod calendar;
pub mod catalogue;
