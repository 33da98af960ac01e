//! 各方 — organisations, the people who act for them, and their sessions.

pub mod federation;
pub mod passkey;

use jiff::Timestamp;
use regulation::{Level, Nature, Role, Standing, Uscc};
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
    /// 层级
    pub level: Level,
    /// 行政区划代码
    pub region: String,
    /// 所承担的身份
    pub roles: Vec<Role>,
    /// 状况
    pub standing: Standing,
}

impl Record for Organisation {
    const SUBJECT: &'static str = "organisation";
    fn id(&self) -> &str {
        &self.id
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::OrganisationAdministrator, &self.id)]
    }
}

/// 信用代码 — its number is the code, so that no code is registered twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// 统一社会信用代码，也是编号
    pub id: String,
    /// 单位
    pub org: String,
}

impl Record for Credit {
    const SUBJECT: &'static str = "credit";
    fn id(&self) -> &str {
        &self.id
    }
}

/// 人员 — one person, one account, for however many organisations they act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// 账号，也是编号
    pub id: String,
    /// 姓名
    pub name: String,
    /// 电子邮箱；没有的为空
    pub mail: String,
    /// 口令（Argon2id）；没有口令的为空
    pub password: String,
    /// 任职 — every membership they have ever held, in or out of force.
    #[serde(default)]
    pub memberships: Vec<String>,
    /// 状况
    pub standing: Standing,
}

impl Record for Person {
    const SUBJECT: &'static str = "person";
    fn id(&self) -> &str {
        &self.id
    }
    fn concerns(&self) -> Vec<&str> {
        vec![&self.id]
    }
}

/// 任职 — a person acts for an organisation, in one role and at one post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// 编号 — made of the three below, so that nobody holds the same role twice.
    pub id: String,
    /// 人员
    pub person: String,
    /// 单位
    pub org: String,
    /// 身份
    pub role: Role,
    /// 岗位，如“经办”“负责人”
    pub post: String,
    /// 状况
    pub standing: Standing,
    /// 起于
    pub since: Timestamp,
    /// 交接给谁 — the membership that goes on with the work of one that ended.
    pub successor: Option<String>,
}

impl Membership {
    /// The number of such a membership.
    pub fn number(person: &str, org: &str, role: Role) -> String {
        format!("{person}~{org}~{}", role.code())
    }
}

impl Record for Membership {
    const SUBJECT: &'static str = "membership";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        crate::record::key::<Organisation>(&self.org)
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::OrganisationAdministrator, &self.org)]
    }
    fn concerns(&self) -> Vec<&str> {
        vec![&self.person]
    }
}

/// 邀请 — who holds its token may take up a membership, or choose a new password; only the token's digest is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// 令牌摘要，也是编号
    pub id: String,
    /// 账号
    pub person: String,
    /// 姓名
    pub name: String,
    /// 电子邮箱
    pub mail: String,
    /// 单位
    pub org: String,
    /// 身份
    pub role: Role,
    /// 岗位
    pub post: String,
    /// 重置口令，而不是新的任职
    pub renews: bool,
    /// 邀请人
    pub by: String,
    /// 到期
    pub until: Timestamp,
    /// 状况：在用、已终止（撤回或者已经接受）
    pub standing: Standing,
}

impl Record for Invitation {
    const SUBJECT: &'static str = "invitation";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        crate::record::key::<Organisation>(&self.org)
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::OrganisationAdministrator, &self.org)]
    }
    fn concerns(&self) -> Vec<&str> {
        vec![&self.person]
    }
}

regulation::words! {
    /// 验证方式 — how whoever signed in proved who they are.
    pub enum Means {
        Password = "口令",
        Passkey = "通行密钥",
        Both = "口令和通行密钥",
        SingleSignOn = "单点登录",
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
    /// 任职 — as which of their memberships they act.
    pub membership: String,
    /// 验证方式
    pub means: Means,
    /// 最近一次验证
    pub proven: Timestamp,
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
    fn concerns(&self) -> Vec<&str> {
        vec![&self.person]
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
