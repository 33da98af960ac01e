//! 公众 — what everybody may see without signing in.

pub mod about;
pub mod announcements;
pub mod calendar;
pub mod catalogue;
pub mod grants;
pub mod home;
pub mod law;
pub mod products;
pub mod register;
pub mod search;
pub mod selections;
pub mod statistics;
