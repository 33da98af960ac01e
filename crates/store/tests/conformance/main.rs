//! 一致 — what the store promises, once, and kept by both engines.
//!
//! Every promise is an `async fn` over the address of an empty database. [`ground`] makes such
//! databases and takes them away again; `kept_by!` runs the promise on each engine.

mod answering;
mod appending;
mod ground;
mod listing;
mod opening;
mod protecting;
mod reading;
mod replaying;
