//! 授权运营协议 — an agreement as it is kept; in force, it is the grant that the public sees.

use jiff::civil::Date;
use regulation::{
    Due, Role,
    basics::mode::Mode,
    granting::{
        agreement::{Clauses, Period, State},
        scope::Scope,
    },
};
use serde::{Deserialize, Serialize};

use super::{Filing, Minutes, selection::Selection};
use crate::record::{Record, awaits, key};

/// 授权运营协议.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// 编号
    pub id: String,
    /// 名称
    pub title: String,
    /// 遴选
    pub selection: String,
    /// 实施方案
    pub plan: String,
    /// 实施机构
    pub agency: String,
    /// 运营机构
    pub operator: String,
    /// 授权模式
    pub mode: Mode,
    /// 授权范围
    pub scope: Scope,
    /// 条款
    pub clauses: Clauses,
    /// 运营期限
    pub period: Period,
    /// 状态
    pub state: State,
    /// 提交审议的人 — who may not adopt it.
    pub submitted_by: Option<String>,
    /// 审议记录
    pub minutes: Option<Minutes>,
    /// 备案
    pub filing: Option<Filing>,
    /// 期限
    pub due: Option<Due>,
    /// 督办 — the days on which a missed filing term was escalated.
    #[serde(default)]
    pub escalated: Vec<Date>,
}

impl Record for Agreement {
    const SUBJECT: &'static str = "agreement";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        key::<Selection>(&self.selection)
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::ImplementingAgency, self.agency.as_str()), (Role::Operator, self.operator.as_str())]
    }
    fn submitted_by(&self) -> Option<&str> {
        self.submitted_by.as_deref()
    }
    fn awaits(&self) -> String {
        match self.state {
            State::AwaitingOperator => awaits(Role::Operator, &self.operator),
            State::Filed => String::new(),
            _ => awaits(Role::ImplementingAgency, &self.agency),
        }
    }
    fn due(&self) -> Option<Date> {
        self.due.as_ref().map(|due| due.date)
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}
