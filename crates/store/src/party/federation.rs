//! 关联账号 — which account at the single sign-on belongs to which person here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Person;
use crate::record::{self, Record};

/// 关联账号.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Federation {
    /// 签发方与账号的摘要，也是编号：一个外部账号只属于一个人
    pub id: String,
    /// 签发方
    pub issuer: String,
    /// 账号，签发方所给的编号
    pub subject: String,
    /// 人员
    pub person: String,
    /// 关联时间
    pub since: Timestamp,
    /// 最近使用
    pub used: Option<Timestamp>,
    /// 已解除
    pub ended: bool,
}

impl Record for Federation {
    const SUBJECT: &'static str = "federation";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        record::key::<Person>(&self.person)
    }
    fn concerns(&self) -> Vec<&str> {
        vec![&self.person]
    }
}
