//! 实施方案 — a plan as it is kept.

use jiff::civil::Date;
use regulation::{
    Due, Role,
    basics::mode::Mode,
    granting::{
        plan::{Sections, State},
        scope::Scope,
    },
};
use serde::{Deserialize, Serialize};

use super::{Filing, Minutes};
use crate::record::{Record, awaits};

/// 实施方案.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// 编号
    pub id: String,
    /// 实施机构
    pub agency: String,
    /// 审议机关
    pub government: String,
    /// 授权模式
    pub mode: Mode,
    /// 内容
    pub sections: Sections,
    /// 数据资源范围
    pub scope: Scope,
    /// 状态
    pub state: State,
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

impl Record for Plan {
    const SUBJECT: &'static str = "plan";
    fn id(&self) -> &str {
        &self.id
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::ImplementingAgency, self.agency.as_str()), (Role::MunicipalGovernment, self.government.as_str())]
    }
    fn awaits(&self) -> String {
        match self.state {
            State::Draft | State::Adopted => awaits(Role::ImplementingAgency, &self.agency),
            State::Deliberation => awaits(Role::MunicipalGovernment, &self.government),
            State::Filed => String::new(),
        }
    }
    fn due(&self) -> Option<Date> {
        self.due.as_ref().map(|due| due.date)
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}
