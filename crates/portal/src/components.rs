//! 部件 — what pages are put together from: each a struct and its template side by side, used as `{{ tag }}`.
//!
//! A component writes its own escaped HTML, so a template shows it as it is. The gallery shows each in every
//! state, and an expected file keeps them as they are.

/// Lets a template show a component as it is: its own template has escaped what it was given.
macro_rules! component {
    ($($component:ty),+) => { $(impl askama::filters::HtmlSafe for $component {})+ };
}

pub mod chart;
pub mod clock;
pub mod crumbs;
pub mod empty;
pub mod field;
pub mod lineage;
pub mod list;
pub mod notice;
pub mod progress;
pub mod query;
pub mod summary;
pub mod tag;
pub mod timeline;
pub mod to_do;
