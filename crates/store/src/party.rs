//! 各方 — organisations, the people who act for them, and their sessions.

use jiff::Timestamp;
use regulation::{Nature, Role, Uscc};
use serde::{Deserialize, Serialize};

use crate::record::Record;

/// 单位.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// 编号
    pub id: String,
    /// 名称
    pub name: String,
    /// 统一社会信用代码
    pub uscc: Uscc,
    /// 主体性质
    pub nature: Nature,
    /// 所承担的身份
    pub roles: Vec<Role>,
}

impl Record for Organisation {
    const SUBJECT: &'static str = "organisation";
    fn id(&self) -> &str {
        &self.id
    }
}

/// 人员 — acts for one organisation in one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// 账号，也是编号
    pub id: String,
    /// 姓名
    pub name: String,
    /// 单位
    pub org: String,
    /// 身份
    pub role: Role,
    /// 岗位，如“经办”“负责人”
    pub post: String,
    /// 口令（Argon2id）
    pub password: String,
}

impl Record for Person {
    const SUBJECT: &'static str = "person";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        crate::record::key::<Organisation>(&self.org)
    }
}

/// 专任 — the one organisation that holds a role of which the city has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// 身份，也是编号
    pub id: String,
    /// 单位
    pub org: String,
}

impl Record for Appointment {
    const SUBJECT: &'static str = "appointment";
    fn id(&self) -> &str {
        &self.id
    }
}

/// 会话 — only the digest of its token is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// 令牌摘要，也是编号
    pub id: String,
    /// 人员
    pub person: String,
    /// 浏览器的自称
    pub agent: String,
    /// 登录时间
    pub since: Timestamp,
    /// 到期
    pub until: Timestamp,
    /// 已退出
    pub ended: bool,
}

impl Record for Session {
    const SUBJECT: &'static str = "session";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        crate::record::key::<Person>(&self.person)
    }
}

/// 登录失败 — how often an account was tried in vain; its number is the digest of the account's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// 账号摘要，也是编号
    pub id: String,
    /// 连续失败次数
    pub failures: u32,
    /// 等候至何时
    pub until: Option<Timestamp>,
}

impl Record for Attempts {
    const SUBJECT: &'static str = "attempts";
    fn id(&self) -> &str {
        &self.id
    }
}
