//! 公众 — what everybody may see without signing in.

pub mod about;
pub mod calendar;
pub mod grants;
pub mod home;
pub mod law;
pub mod products;
