//! 门户 — the door for people: Chinese pages for every party and the public, and their JSON twin.
//!
//! A page is a struct and its template side by side. What a party may do now is asked of the same
//! procedure that the act itself asks, so no button is shown that would be refused for its moment
//! or its role. Only `answer` knows status codes; only this crate and `server` know HTTP.

mod acts;
mod answer;
mod assets;
mod case;
mod competence;
mod door;
mod draft;
mod files;
mod form;
mod frame;
mod log;
mod names;
mod session;
mod sessions;
mod sign_in;
mod supply;
mod table;
mod tasks;

mod basics;
mod granting;
mod operation;
mod party;
mod public;

pub use door::{Clock, Door, routes};
