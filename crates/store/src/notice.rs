//! 告知 — notices in their mailboxes, how far each person has read, where else they go, and what became of it.
//!
//! A notice never changes, so the position at which it was written is its place in its mailbox for
//! good. What a person has read is one position; what is sent is a dispatch for each notice and
//! channel, and the one row of the outbox says up to where notices have been sorted into dispatches.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use regulation::{
    Role,
    notice::{Reason, Stage},
};
use serde::{Deserialize, Serialize};

use crate::{
    Fault, Row, Store,
    engine::Bind,
    entry::fits,
    party::Organisation,
    record::{Record, awaits, key},
    statements::notices as sql,
};

/// 收件处 — the key under which the notices of an organisation in a role are kept.
pub fn mailbox(role: Role, org: &str) -> String {
    format!("mailbox/{}", awaits(role, org))
}

/// 告知.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// 编号
    pub id: String,
    /// 收件处
    pub mailbox: String,
    /// 收件单位
    pub org: String,
    /// 事由
    pub reason: Reason,
    /// 所说的卷宗，如 `demand/XQ-…`
    pub about: String,
    /// 引起它的行为
    pub act: String,
    /// 行为单位
    pub by: String,
    /// 办理后状态
    pub state: String,
    /// 依据
    pub basis: String,
    /// 期限届满之日 — the case's, not the notice's own: a notice runs against nothing.
    pub due: Option<Date>,
    /// 时间
    pub at: Timestamp,
}

impl Record for Notice {
    const SUBJECT: &'static str = "notice";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        self.mailbox.clone()
    }
}

/// 阅至 — up to which position somebody has read a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// 人员与收件处，也是编号
    pub id: String,
    /// 人员
    pub person: String,
    /// 位置
    pub up_to: i64,
}

impl Reading {
    /// The number of somebody's reading of a mailbox.
    pub fn number(person: &str, mailbox: &str) -> String {
        format!("{person}:{mailbox}")
    }
}

impl Record for Reading {
    const SUBJECT: &'static str = "reading";
    fn id(&self) -> &str {
        &self.id
    }
    fn concerns(&self) -> Vec<&str> {
        vec![&self.person]
    }
}

/// 送达地址 — to which e-mail address somebody wants the notices of a mailbox, and which of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// 人员与收件处，也是编号
    pub id: String,
    /// 人员
    pub person: String,
    /// 收件处
    pub mailbox: String,
    /// 电子邮箱；空为不用
    pub mail: String,
    /// 哪些事由
    pub reasons: BTreeSet<Reason>,
    /// 自何时起 — what was told before is not sent afterwards.
    pub since: Timestamp,
}

impl Record for Address {
    const SUBJECT: &'static str = "address";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        self.mailbox.clone()
    }
    fn concerns(&self) -> Vec<&str> {
        vec![&self.person]
    }
}

/// 接收端点 — where a program of an organisation takes its notices (Standard Webhooks).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// 编号
    pub id: String,
    /// 单位
    pub org: String,
    /// 地址
    pub url: String,
    /// 签名密钥的盐，新的在前；密钥本身不保存
    pub salts: Vec<Salt>,
    /// 自何时起
    pub since: Timestamp,
    /// 停用的缘由；空为在用
    pub disabled: String,
}

/// 盐 — what a signing key is derived from, together with the platform's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Salt {
    /// 盐
    pub salt: String,
    /// 用到何时；没有的一直用
    pub until: Option<Timestamp>,
}

impl Record for Endpoint {
    const SUBJECT: &'static str = "endpoint";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        key::<Organisation>(&self.org)
    }
    /// The organisation's, in whichever role its people act.
    fn parties(&self) -> Vec<(Role, &str)> {
        Role::ALL.iter().map(|role| (*role, self.org.as_str())).collect()
    }
}

/// 送达 — one notice on its way by one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatch {
    /// 告知与去处，也是编号：同一告知不会向同一去处排两次
    pub id: String,
    /// 告知
    pub notice: String,
    /// 去处，如 `endpoint/WH-…`
    pub to: String,
    /// 收件单位
    pub org: String,
    /// 状态
    pub stage: Stage,
    /// 何时送；送出中的，是到何时还没有结果就由别人再送
    pub next: Timestamp,
    /// 由谁领取；没有人领取的为空
    pub holder: String,
    /// 自排上（或者重放）以来送了几次
    pub round: u32,
    /// 最近几次的结果
    pub tries: Vec<Try>,
}

/// 一次送出.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// 时间
    pub at: Timestamp,
    /// 结果
    pub outcome: String,
}

impl Dispatch {
    /// The number of the dispatch of a notice to a place.
    pub fn number(notice: &str, to: &str) -> String {
        format!("{notice}>{to}")
    }
}

/// 待送的队列 — as [`Dispatch::awaits`] writes it: it waits for a moment, not for a party.
pub fn outbox(moment: Timestamp) -> String {
    format!("outbox@{:012}", moment.as_second().max(0))
}

impl Record for Dispatch {
    const SUBJECT: &'static str = "dispatch";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        self.to.clone()
    }
    /// The organisation's that was told, in whichever role its people act.
    fn parties(&self) -> Vec<(Role, &str)> {
        Role::ALL.iter().map(|role| (*role, self.org.as_str())).collect()
    }
    fn awaits(&self) -> String {
        match self.stage {
            Stage::Waiting | Stage::Sending => outbox(self.next),
            Stage::Delivered | Stage::Failed => String::new(),
        }
    }
}

/// 发件处 — the one row that says up to which position notices have been sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    /// 编号
    pub id: String,
    /// 位置；起初没有
    pub reached: i64,
}

impl Outbox {
    /// The only one there is.
    pub const ID: &'static str = "1";
}

impl Record for Outbox {
    const SUBJECT: &'static str = "outbox";
    fn id(&self) -> &str {
        &self.id
    }
}

impl Store {
    /// The rows of a subject that stand directly on `parent`, the latest begun first, from `before` (a position and
    /// a key) downwards, at most `limit`.
    pub async fn latest<R: Record>(
        &self,
        parent: &str,
        before: Option<(i64, &str)>,
        limit: u32,
    ) -> Result<Vec<Row>, Fault> {
        let (position, key) = before.unwrap_or((i64::MAX, ""));
        if !fits(parent) || !fits(key) {
            return Ok(Vec::new());
        }
        let binds = [Bind::Text(R::SUBJECT), Bind::Text(parent), Bind::Number(position), Bind::Text(key)];
        self.engine.rows(sql::LATEST_ON, &[&binds[..], &[Bind::Number(i64::from(limit))]].concat()).await
    }

    /// How many rows of a subject stand directly on `parent` and were begun after `position`; counts up to `most`.
    pub async fn count_after<R: Record>(&self, parent: &str, position: i64, most: u32) -> Result<u64, Fault> {
        if !fits(parent) {
            return Ok(0);
        }
        let (texts, most) = ([R::SUBJECT, parent].map(Bind::Text), Bind::Number(i64::from(most)));
        let binds = [&texts[..], &[Bind::Number(position), most]].concat();
        let counts = self.engine.counts(sql::COUNT_AFTER, &binds, 0, 1).await?;
        let count = counts.first().and_then(|(_, numbers)| numbers.first());
        Ok(count.and_then(|count| u64::try_from(*count).ok()).unwrap_or(0))
    }

    /// 新告知 — the notices written after `position`, in order.
    pub async fn notices_after(&self, position: i64, limit: u32) -> Result<Vec<Row>, Fault> {
        self.engine.rows(sql::NOTICES_AFTER, &[Bind::Number(position), Bind::Number(i64::from(limit))]).await
    }

    /// The rows whose party stands from `first` to `last` in the order of texts: what waits for a moment.
    pub async fn awaiting_within(&self, first: &str, last: &str, limit: u32) -> Result<Vec<Row>, Fault> {
        let texts = [first, last].map(Bind::Text);
        self.engine.rows(sql::AWAITING_WITHIN, &[&texts[..], &[Bind::Number(i64::from(limit))]].concat()).await
    }
}
