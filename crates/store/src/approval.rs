//! 会签 — who proposed exactly this content, and who has agreed to it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// 会签.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// 提请人
    pub proposer: String,
    /// 内容摘要（SHA-256）— what is agreed to is this content and no other.
    pub digest: String,
    /// 已同意
    pub given: Vec<Consent>,
}

/// 一人的同意.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// 人员
    pub person: String,
    /// 单位
    pub org: String,
    /// 时间
    pub at: Timestamp,
}
