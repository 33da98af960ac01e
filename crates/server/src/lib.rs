//! 程序 — the program `shuyun`: configuration, wiring, commands; the only part that reads the environment.

pub mod city;
pub mod commands;
pub mod entrance;
pub mod fault;
pub mod home;
pub mod indexing;
pub mod inquiring;
pub mod posting;
pub mod serving;
pub mod typed;

pub use fault::Fault;
