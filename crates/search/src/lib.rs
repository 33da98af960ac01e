//! 检索 — finds things by their names, in Chinese words, pinyin and initials; knows nothing of who may see them.
//!
//! An index holds [`Item`]s: what a thing is called, what is said of it, whose it is, and who may find
//! it. It keeps no content: a search answers with keys, and whoever asked reads the things themselves.
//!
//! ```
//! use search::{Ask, Index, Item};
//!
//! let index = Index::in_ram(&["grade"])?;
//! index.put(&[Item {
//!     key: "entry/ML-20250901-7K3M9Q".into(),
//!     kind: "entry".into(),
//!     title: "停车场泊位小时数据".into(),
//!     numbers: vec!["ML-20250901-7K3M9Q".into()],
//!     audience: vec!["公众".into()],
//!     ..Item::default()
//! }])?;
//! index.commit("")?;
//! for text in ["停车", "泊位 停车场", "tingche", "tcc", "7k3m9q"] {
//!     let ask = Ask { text: text.into(), viewer: vec!["公众".into()], limit: 10, ..Ask::default() };
//!     assert_eq!(index.find(&ask)?.keys, ["entry/ML-20250901-7K3M9Q"], "{text}");
//! }
//! # Ok::<(), search::Fault>(())
//! ```
//!
//! Words may stand in any order; every one of them must be found. Nothing is guessed: no typing error
//! is mended, and no query is an error, whatever is typed.

mod cut;
mod fault;
mod fields;
mod gather;
mod index;
mod item;
mod marks;
mod query;
mod sound;
mod text;

pub use fault::Fault;
pub use index::Index;
pub use item::{Ask, Found, Group, Item, Sort};
pub use marks::marks;
