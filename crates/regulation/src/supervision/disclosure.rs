//! 披露 — what the public sees of every grant: to whom, what, how far, how long (Article 32).
#![doc = include_str!("../../text/measures/32.md")]

use crate::{Provision, article};

/// 依据.
pub const BASIS: Provision = article(32).paragraph(1);

words! {
    /// 应披露的内容 — the four items of Article 32 paragraph 1, in the order of the text.
    pub enum Item { Grantee = "授权对象", Content = "授权内容", Scope = "授权范围", Period = "授权时限" }
}
