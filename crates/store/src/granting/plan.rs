//! 实施方案 — a plan as it is kept.

use jiff::civil::Date;
use regulation::{
    Due, Role,
    basics::mode::Mode,
    granting::plan::{Content, State},
};
use serde::{Deserialize, Serialize};

use super::{Filing, Minutes, application::Application};
use crate::record::{Record, awaits, key};

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
    /// 据以编制的授权申请；整体授权的没有
    #[serde(default)]
    pub application: Option<String>,
    /// 会同单位和它的身份
    #[serde(default)]
    pub joint: Option<Joint>,
    /// 内容
    #[serde(flatten)]
    pub content: Content,
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

/// 会同单位 — who applied, and what it thinks of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joint {
    /// 单位
    pub org: String,
    /// 身份
    pub role: Role,
    /// 意见
    pub opinion: Option<JointOpinion>,
}

/// 会同意见 — on exactly one content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JointOpinion {
    /// 同意
    pub agreed: bool,
    /// 意见
    pub text: String,
    /// 谁
    pub by: String,
    /// 日期
    pub on: Date,
    /// 所看内容的摘要
    pub digest: String,
}

impl Record for Plan {
    const SUBJECT: &'static str = "plan";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        self.application.as_deref().map(key::<Application>).unwrap_or_default()
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        let own =
            [(Role::ImplementingAgency, self.agency.as_str()), (Role::MunicipalGovernment, self.government.as_str())];
        own.into_iter().chain(self.joint.iter().map(|joint| (joint.role, joint.org.as_str()))).collect()
    }
    fn awaits(&self) -> String {
        match self.state {
            State::Draft | State::Adopted => awaits(Role::ImplementingAgency, &self.agency),
            State::Consultation => self.joint.as_ref().map(|joint| awaits(joint.role, &joint.org)).unwrap_or_default(),
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
