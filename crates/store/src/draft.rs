//! 草稿 — a form as somebody left it: its fields as they were typed, in the order of the page.

use jiff::{Timestamp, civil::Date};
use regulation::draft::State;
use serde::{Deserialize, Serialize};

use crate::{
    party::Person,
    record::{Record, key},
};

/// 草稿.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// 编号
    pub id: String,
    /// 人员
    pub person: String,
    /// 单位 — for which they typed it; acting for another, they do not see it.
    pub org: String,
    /// 表单 — the act that it is the form of, such as `demand.submit`.
    pub form: String,
    /// 填写的内容
    pub fields: Vec<(String, String)>,
    /// 保存过几次
    pub saves: u32,
    /// 状态
    pub state: State,
    /// 提交后的编号
    pub became: Option<String>,
    /// 最近一次保存
    pub updated: Timestamp,
    /// 保留至（含当日）
    pub until: Date,
}

impl Draft {
    /// What was typed into a field.
    pub fn typed(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }
}

impl Record for Draft {
    const SUBJECT: &'static str = "draft";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        key::<Person>(&self.person)
    }
    fn concerns(&self) -> Vec<&str> {
        vec![&self.person]
    }
}
