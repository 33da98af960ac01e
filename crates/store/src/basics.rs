//! 第二章 基本要求 — what is kept of the catalogue, and of the calendar by which terms are counted.

pub mod calendar;
pub mod catalogue;
