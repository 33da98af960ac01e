//! 记录 — what one commit carries in, and what it leaves in the log.

use jiff::Timestamp;
use ledger::{Algorithm, Hash};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Fault, Row, writer::Note};

/// 日志 — acts and accesses are kept in two logs, each with its own trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Log {
    /// 办理日志
    Control = 1,
    /// 存取日志
    Access = 2,
}

impl Log {
    /// The name in leaves and addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::Access => "access",
        }
    }
}

/// 结果 — whether the act was performed or refused; both are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 已办理
    Done,
    /// 不予办理
    Refused,
}

/// 待记录 — one act, decided and ready to be kept.
#[derive(Clone, Debug)]
pub struct Entry {
    /// 时间
    pub at: Timestamp,
    /// 行为人（不含姓名的编号）
    pub actor: String,
    /// 单位
    pub org: String,
    /// 身份
    pub role: String,
    /// 行为，如 `demand.pass`
    pub act: String,
    /// 办理对象，如 `demand/XQ-20250901-7K3M9Q`
    pub subject: String,
    /// 依据
    pub basis: String,
    /// 职权规则 — the digest of the set in force by which it was decided who may do this.
    pub policies: String,
    /// 结果
    pub outcome: Outcome,
    /// 请求编号 — unique in its log.
    pub command: String,
    /// 请求摘要 — the same number with another digest is refused.
    pub digest: Hash,
    /// 盐 — hides low-entropy payloads behind the leaf.
    pub salt: [u8; 32],
    /// 内容 — what was said and decided; erasable, the leaf only commits to it.
    pub detail: Value,
    /// 答复 — what a repeated request gets again.
    pub reply: Value,
    /// 所依据的行及其版本 — checked inside the transaction.
    pub reads: Vec<(String, i64)>,
    /// 改动的行
    pub writes: Vec<Write>,
}

/// How long what a database puts into an index may be, in bytes: up to four of them make one entry of it.
pub(crate) const LONGEST: usize = 600;

/// Whether every database can keep `text` in an index.
pub(crate) fn fits(text: &str) -> bool {
    text.len() <= LONGEST && !text.contains('\0')
}

impl Entry {
    /// Refuses what one engine could keep and the other could not, before it spoils a shared commit.
    pub(crate) fn fits(&self) -> Result<(), Fault> {
        let own = [("请求编号", &self.command), ("办理对象", &self.subject), ("行为人", &self.actor)];
        let own = own.into_iter().chain([("单位", &self.org), ("行为", &self.act)]);
        let read = self.reads.iter().map(|(key, _)| ("主键", key));
        let written = self.writes.iter().flat_map(|write| {
            [("主键", &write.key), ("上位", &write.parent), ("待办单位", &write.awaits), ("期限", &write.due)]
        });
        let mut unfit = own.chain(read).chain(written).filter(|(_, text)| !fits(text));
        unfit.next().map_or(Ok(()), |(what, _)| Err(Fault::Unfit(what)))
    }
}

/// 一行的新内容 — replaces the whole row; its version is one more than what was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    /// 主键，如 `demand/XQ-…`
    pub key: String,
    /// 新版本
    pub version: i64,
    /// 上位 — the row that this one stands on.
    pub parent: String,
    /// 待谁办理
    pub awaits: String,
    /// 期限届满之日（ISO）
    pub due: String,
    /// 内容（JSON）
    pub body: Value,
}

impl Write {
    /// 主题 — the part of the key before the slash.
    pub fn subject(&self) -> &str {
        self.key.split_once('/').map_or(self.key.as_str(), |(subject, _)| subject)
    }
}

/// 已提交.
#[derive(Clone, Debug)]
pub struct Committed {
    /// 位置，也是叶子序号
    pub position: u64,
    /// 答复
    pub reply: Value,
    /// 是否为重复请求：什么也没有再办一次
    pub repeated: bool,
}

/// 叶子 — what the trees hold of an event: no personal data, only commitments to the payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Leaf {
    pub v: u8,
    pub log: Log,
    pub pos: u64,
    pub at: Timestamp,
    pub actor: String,
    pub org: String,
    pub role: String,
    pub act: String,
    pub subject: String,
    pub basis: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub policies: String,
    pub outcome: Outcome,
    pub cmd: String,
    pub sha256: String,
    pub sm3: String,
}

/// 内容 — the payload beside a leaf, serialised once and committed to byte by byte.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Payload {
    pub detail: Value,
    pub reply: Value,
    pub rows: Vec<Write>,
}

/// The same on its way in, borrowed from the entry.
#[derive(Debug, Serialize)]
pub(crate) struct Said<'a> {
    pub detail: &'a Value,
    pub reply: &'a Value,
    pub rows: &'a [Write],
}

/// 承诺 — to a payload, in both algorithms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Commitments {
    sha256: String,
    sm3: String,
}

impl Commitments {
    pub fn to(salt: &[u8; 32], payload: &[u8]) -> Self {
        let commit = |algorithm| hex(&ledger::commit(algorithm, salt, payload));
        Self { sha256: commit(Algorithm::Sha256), sm3: commit(Algorithm::Sm3) }
    }
}

impl Leaf {
    pub fn of(entry: &Entry, log: Log, pos: u64, at: Timestamp, commitments: &Commitments) -> Self {
        Self {
            v: 1,
            log,
            pos,
            at,
            actor: entry.actor.clone(),
            org: entry.org.clone(),
            role: entry.role.clone(),
            act: entry.act.clone(),
            subject: entry.subject.clone(),
            basis: entry.basis.clone(),
            policies: entry.policies.clone(),
            outcome: entry.outcome,
            cmd: entry.command.clone(),
            sha256: commitments.sha256.clone(),
            sm3: commitments.sm3.clone(),
        }
    }

    /// 相符 — whether this payload is the one that the leaf commits to.
    pub fn commits_to(&self, salt: &[u8; 32], payload: &[u8]) -> bool {
        let Commitments { sha256, sm3 } = Commitments::to(salt, payload);
        (&self.sha256, &self.sm3) == (&sha256, &sm3)
    }
}

/// 事件 — one line of a log, as pages and proofs read it.
#[derive(Clone, Debug)]
pub struct Event {
    /// 位置
    pub position: u64,
    /// 时间
    pub at: Timestamp,
    /// 行为人
    pub actor: String,
    /// 单位
    pub org: String,
    /// 身份
    pub role: String,
    /// 行为
    pub act: String,
    /// 办理对象
    pub subject: String,
    /// 依据
    pub basis: String,
    /// 职权规则 — the digest of the set that was in force.
    pub policies: String,
    /// 结果
    pub outcome: Outcome,
    /// 内容；已依法删除的为空，被改得读不懂的也为空（重放会指出）
    pub detail: Value,
    /// 叶子原文
    pub leaf: Vec<u8>,
    pub(crate) salt: Option<[u8; 32]>,
    pub(crate) payload: Option<Vec<u8>>,
}

impl Event {
    /// How the activity of its organisation lists it.
    pub(crate) fn note(&self) -> Option<Note> {
        Note::of(&self.org, self.position, (&self.actor, &self.act), self.outcome)
    }

    /// The rows that began with it: their first version, at its position.
    pub(crate) fn begun(&self) -> Vec<(u64, String)> {
        let kept = self.payload.as_deref().and_then(|bytes| serde_json::from_slice(bytes).ok());
        let first = |write: Write| (write.version == 1).then_some((self.position, write.key));
        kept.map_or_else(Vec::new, |payload: Payload| payload.rows.into_iter().filter_map(first).collect())
    }

    pub(crate) fn read(leaf: Vec<u8>, salt: Option<Vec<u8>>, payload: Option<Vec<u8>>) -> Result<Self, Fault> {
        let head: Leaf = serde_json::from_slice(&leaf).map_err(|why| Fault::corrupt("叶子", why))?;
        // One spoilt payload does not hide the rest of a page; it is the replay that points at it.
        let kept = payload.as_deref().and_then(|bytes| serde_json::from_slice(bytes).ok());
        let detail = kept.map_or(Value::Null, |payload: Payload| payload.detail);
        let salt = salt.and_then(|salt| salt.try_into().ok());
        Ok(Self {
            position: head.pos,
            at: head.at,
            actor: head.actor,
            org: head.org,
            role: head.role,
            act: head.act,
            subject: head.subject,
            basis: head.basis,
            policies: head.policies,
            outcome: head.outcome,
            detail,
            leaf,
            salt,
            payload,
        })
    }
}

impl Event {
    /// The rows that this event wrote, as it wrote them; none where its payload was erased.
    pub fn rows(&self) -> Vec<Row> {
        let kept = self.payload.as_deref().and_then(|bytes| serde_json::from_slice::<Payload>(bytes).ok());
        let rows = kept.into_iter().flat_map(|payload| payload.rows);
        rows.map(|write| Row::of(&write, self.position, None)).collect()
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
