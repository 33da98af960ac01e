//! 本办法 — the Measures as pure code: facts come in as arguments, decisions go out.
//!
//! The folders are the chapters, the files are the subjects they regulate, and the gist of every
//! article stands in `text/`, in our own words. How a provision becomes code:
//!
//! | the Measures say            | the code has                                               |
//! |-----------------------------|------------------------------------------------------------|
//! | 定义 what a thing is        | a type                                                     |
//! | 应包括下列内容 its contents | an enum, one variant per item, in the order of the text    |
//! | 程序 who does what, when    | a [`Procedure`]: one row per lawful step                   |
//! | 不得 what is forbidden      | a function that returns a [`Violation`]                    |
//! | 期限 a term                 | a [`Term`]; its number, dated and sourced, in `terms.toml` |
//! | 原则上…，确需…的            | an enum whose exception cannot be built without its grounds |
//!
//! Nothing here reads a clock, a file or a database. What is policy rather than rule stands in
//! `uncoded.md`, with the reason.

#[macro_use]
mod words;

pub mod basics;
pub mod granting;
pub mod guide;
pub mod operation;
pub mod supervision;

pub mod calendar;
mod chapter;
pub mod competence;
pub mod draft;
pub mod fulfilment;
pub mod notice;
mod party;
pub mod procedure;
mod provision;
mod terms;
pub mod text;
mod traceability;

pub use calendar::{Calendar, Day, Due, Skipped, WorkingDays};
pub use chapter::Chapter;
pub use party::{Level, Nature, Role, STANDING, Standing, StandingAct, Uscc, UsccFault};
pub use procedure::Procedure;
pub use provision::{Instrument, Kind, Provision, Violation, article, chinese};
pub use terms::{Count, Entry, Layer, Period, Term, Terms, Unit, Value};
pub use traceability::{UNCODED, uncoded, unwritten};
#[doc(hidden)]
pub use words::{Word, snake};
