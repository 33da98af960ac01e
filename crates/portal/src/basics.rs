//! 第二章 基本要求 — what pages say of the catalogue and of the calendar.

pub mod calendar;
pub mod catalogue;
