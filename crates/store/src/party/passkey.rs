//! 通行密钥 — the public half of a key that somebody proves themselves with; the private half never leaves their device.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Person;
use crate::record::{self, Record};

/// 通行密钥.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// 凭证编号（base64url），也是编号
    pub id: String,
    /// 人员
    pub person: String,
    /// 名称，由本人起
    pub name: String,
    /// 人员句柄 — what the device knows its owner by: random, the same for all keys of a person.
    pub handle: String,
    /// 公钥、计数和标志，由验证程序读写
    pub key: Value,
    /// 登记时间
    pub since: Timestamp,
    /// 最近使用
    pub used: Option<Timestamp>,
    /// 疑似被复制 — its counter went backwards; it proves nothing any more.
    pub suspect: bool,
    /// 已移除
    pub ended: bool,
}

impl Record for Passkey {
    const SUBJECT: &'static str = "passkey";
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
