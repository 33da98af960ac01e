//! 行 — a subject's current state: a document under `subject/id`, with the three things that lists ask for.
//!
//! Each subject's record stands in the file of its name. Which row it stands on, whom it waits for
//! and when its term ends are columns; everything else is in the body, so that replaying events into
//! empty tables needs nothing but this crate.

use jiff::civil::Date;
use regulation::Role;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Fault, Write};

/// 主题记录 — what a subject keeps.
pub trait Record: Serialize + DeserializeOwned + Send + Sync {
    /// The subject's one name.
    const SUBJECT: &'static str;

    /// 编号
    fn id(&self) -> &str;

    /// 上位 — the key of the record that this one stands on.
    fn parent(&self) -> String {
        String::new()
    }

    /// 各方 — which organisation takes part, in which role.
    fn parties(&self) -> Vec<(Role, &str)> {
        Vec::new()
    }

    /// 所关的人 — whose own affair it is: their session, their membership.
    fn concerns(&self) -> Vec<&str> {
        Vec::new()
    }

    /// 提交人 — who brought it to where it stands, and therefore does not decide on it.
    fn submitted_by(&self) -> Option<&str> {
        None
    }

    /// 全部提交人 — where more than one had a hand in it.
    fn submitters(&self) -> Vec<&str> {
        self.submitted_by().into_iter().collect()
    }

    /// 待谁办理 — as [`awaits`] writes it, empty for nobody.
    fn awaits(&self) -> String {
        String::new()
    }

    /// 状态 — the official word for where it stands, empty where it has no states.
    fn state(&self) -> &'static str {
        ""
    }

    /// 期限届满之日.
    fn due(&self) -> Option<Date> {
        None
    }
}

/// The key of a record.
pub fn key<R: Record>(id: &str) -> String {
    format!("{}/{id}", R::SUBJECT)
}

/// Whom a record waits for: an organisation in a role.
pub fn awaits(role: Role, org: &str) -> String {
    format!("{role}@{org}")
}

/// 行 — as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// 主键
    pub key: String,
    /// 版本
    pub version: i64,
    /// 最近一次改动在日志中的位置
    pub position: i64,
    /// 开始时在日志中的位置
    pub since: i64,
    /// 上位
    pub parent: String,
    /// 待谁办理
    pub awaits: String,
    /// 期限届满之日
    pub due: String,
    /// 状态的代码
    pub state: String,
    /// 标题
    pub title: String,
    /// 各方 — the organisations in whose lists it is.
    pub parties: String,
    /// 内容
    pub body: String,
}

impl Row {
    /// The record in this row.
    pub fn read<R: DeserializeOwned>(&self) -> Result<R, Fault> {
        serde_json::from_str(&self.body).map_err(|why| Fault::corrupt(self.key.clone(), why))
    }

    /// 主题
    pub fn subject(&self) -> &str {
        self.key.split_once('/').map_or("", |(subject, _)| subject)
    }

    /// 编号
    pub fn id(&self) -> &str {
        self.key.split_once('/').map_or("", |(_, id)| id)
    }
}

/// The new content of a record whose version was `read` (0 when it is new).
pub fn write<R: Record>(record: &R, read: i64) -> Result<Write, Fault> {
    let key = key::<R>(record.id());
    let body = serde_json::to_value(record).map_err(|why| Fault::corrupt(key.clone(), why))?;
    Ok(Write {
        key,
        version: read + 1,
        parent: record.parent(),
        awaits: record.awaits(),
        due: record.due().map(|day| day.to_string()).unwrap_or_default(),
        body,
    })
}
