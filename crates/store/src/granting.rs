//! 第三章 授权程序 — what is kept of applications, plans, selections and agreements.

use jiff::civil::Date;
pub use regulation::granting::decision::Minutes;
use serde::{Deserialize, Serialize};

pub mod agreement;
pub mod application;
pub mod plan;
pub mod selection;

/// 备案 — the filing with the provincial data authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// 备案号
    pub number: String,
    /// 备案日期
    pub date: Date,
}
