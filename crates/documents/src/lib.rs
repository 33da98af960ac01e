//! 公文 — each step's official paper: written from the record as the step left it, the same as page, Word file and text.
//!
//! Nothing is typed twice and nothing is kept: a paper is a function of one event of the log and of what stood
//! then, so that whoever asks again gets it again, letter for letter. Which papers there are, from which act on
//! and by which provision, is the table in [`issue`]. To add one: a name in [`Kind`], a line in the table, and a
//! function in the file of its subject. Pure: no I/O, no clock; facts come in as [`Known`].

mod body;
pub mod docx;
pub mod issue;
mod paper;
mod source;
mod text;

mod basics;
mod granting;
mod operation;

pub use body::{Block, Level};
pub use issue::{ISSUES, Issue};
pub use paper::{Form, Kind, Number, Paper};
pub use source::{Known, Written, write};
pub use text::{date, day};
