//! 闸门 — who may have which bytes now: the whole lawful chain, compiled into one grant per credential.
//!
//! The chain authorisation → agreement → demand → supply → product → use agreement → credential is
//! walked once, when a credential is first used after a change; after that a request costs a look-up
//! and a comparison. The versions of every row of the chain go with the grant and are checked again
//! inside the transaction that records the access: a suspension anywhere counts for the very next
//! request, whichever server it arrives at.
//!
//! Nothing here reads the store or the lake: facts come in, a grant or a refusal goes out.

mod chain;
mod denied;
mod gate;
mod token;

pub use chain::{Chain, Grant};
pub use denied::Denied;
pub use gate::Gate;
pub use token::{Token, digest};
