//! 业务办理 — the acts of the parties: open a file, decide by the Measures, record.
//!
//! This is the only crate that changes anything, and [`Office::perform`] is its only way in. An act
//! gets an open [`File`], reads, lets the law decide, writes, and ends by recording: [`Recorded`]
//! can be had from nowhere else, and without it nothing is committed. If something it relied on has
//! changed meanwhile, the store says so and the act is simply performed again on what is now there.

mod acting;
pub mod approval;
mod calendar;
mod channel;
pub mod competence;
mod deadlines;
mod file;
mod office;
mod posting;
mod proof;
mod refused;
mod request;

pub mod basics;
pub mod draft;
pub mod granting;
pub mod notice;
pub mod operation;
pub mod party;
pub mod supervision;

pub use acting::Acting;
pub use calendar::Movement;
pub use channel::{Batch, Channel, Hung};
pub use file::{File, Recorded};
pub use office::{Done, Entropy, Office, Setting};
pub use posting::Posting;
pub use refused::{Notice, Refused, Remark, Sort as RefusalSort};
pub use request::Request;
