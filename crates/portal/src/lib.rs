//! 门户 — the door for people: Chinese pages for every party and the public, and their JSON twin.
//!
//! A page is a struct and its template side by side. What a party may do now is asked of the same
//! procedure that the act itself asks, so no button is shown that would be refused for its moment
//! or its role. Only `answer` knows status codes; only this crate and `server` know HTTP.

mod activity;
mod acts;
mod answer;
mod assets;
mod case;
mod competence;
mod desk;
mod door;
mod draft;
mod entrance;
mod export;
mod files;
pub mod finding;
mod form;
mod frame;
mod guide;
mod list;
mod log;
pub mod names;
mod notice_settings;
mod notices;
mod outside;
mod papers;
mod passkeys;
mod proving;
mod session;
mod sessions;
mod sheet;
mod sign_in;
mod sso;
mod supply;
mod tasks;
mod watch;

mod components;
mod confirm;
mod gallery;
mod lineage;
mod look;
mod menu;
mod site;
mod stage;
mod uploads;

mod basics;
mod granting;
mod operation;
mod party;
mod public;
mod supervision;

pub use door::{Clock, Door, routes, routes_of};
pub use entrance::Entrance;
pub use site::Site;
pub use sso::{Setting, SingleSignOn};
