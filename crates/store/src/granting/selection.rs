//! 选择运营机构 — a selection as it is kept.

use regulation::{
    Role,
    granting::selection::{Condition, Method, State},
};
use serde::{Deserialize, Serialize};

use super::plan::Plan;
use crate::record::{Record, awaits, key};

/// 遴选.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// 编号
    pub id: String,
    /// 实施方案
    pub plan: String,
    /// 实施机构
    pub agency: String,
    /// 方式
    pub method: Method,
    /// 公告
    pub notice: String,
    /// 状态
    pub state: State,
    /// 选定的运营机构
    pub operator: Option<String>,
    /// 已证明的条件
    pub conditions: Vec<Condition>,
}

impl Record for Selection {
    const SUBJECT: &'static str = "selection";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        key::<Plan>(&self.plan)
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::ImplementingAgency, self.agency.as_str())]
    }
    fn awaits(&self) -> String {
        match self.state {
            State::Announced => awaits(Role::ImplementingAgency, &self.agency),
            State::Selected | State::Abandoned => String::new(),
        }
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}
