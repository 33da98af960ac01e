//! 第三章 授权程序 — what is kept of plans, selections and agreements.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub mod agreement;
pub mod plan;
pub mod selection;

/// 会议记录 — the collective decision that adopted something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    /// 会议名称
    pub meeting: String,
    /// 会议日期
    pub date: Date,
}

/// 备案 — the filing with the provincial data authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// 备案号
    pub number: String,
    /// 备案日期
    pub date: Date,
}
