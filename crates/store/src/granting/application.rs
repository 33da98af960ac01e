//! 授权申请 — an application as it is kept, and the scenario that it takes.

use jiff::civil::Date;
use regulation::{
    Role,
    granting::application::{Content, State},
};
use serde::{Deserialize, Serialize};

use crate::record::{Record, awaits};

/// 授权申请.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// 编号
    pub id: String,
    /// 编制论证的单位 — the department itself, or the district's data authority.
    pub author: String,
    /// 以什么身份编制
    pub author_role: Role,
    /// 申请单位 — the department itself, or the district government; empty while it is not named.
    pub applicant: String,
    /// 审签机关 — whose leader signs off; empty while it is not named.
    pub office: String,
    /// 实施机构
    pub agency: String,
    /// 内容
    pub content: Content,
    /// 状态
    pub state: State,
    /// 报请审签的人 — who may not sign it off.
    pub submitted_by: Option<String>,
    /// 审签意见
    pub opinion: Option<Opinion>,
    /// 据以编制的实施方案
    pub plan: Option<String>,
}

/// 审签意见.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// 结论
    pub decision: String,
    /// 意见
    pub text: String,
    /// 审签人
    pub by: String,
    /// 日期
    pub on: Date,
    /// 所审签的论证的摘要
    pub digest: String,
}

impl Application {
    /// 共同组织的身份 — in which the applicant stands beside the agency later.
    pub fn joint_role(&self) -> Role {
        if self.author_role == Role::DistrictDataAuthority {
            Role::DistrictGovernment
        } else {
            Role::MunicipalDepartment
        }
    }

    /// 审签的身份.
    pub fn signing_role(&self) -> Role {
        if self.author_role == Role::DistrictDataAuthority { Role::DistrictLeader } else { Role::MunicipalLeader }
    }
}

impl Record for Application {
    const SUBJECT: &'static str = "application";
    fn id(&self) -> &str {
        &self.id
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        let parties = [
            (self.author_role, self.author.as_str()),
            (self.joint_role(), self.applicant.as_str()),
            (self.signing_role(), self.office.as_str()),
            (Role::ImplementingAgency, self.agency.as_str()),
        ];
        parties.into_iter().filter(|(_, org)| !org.is_empty()).collect()
    }
    fn awaits(&self) -> String {
        match self.state {
            State::Draft => awaits(self.author_role, &self.author),
            State::MunicipalSignOff | State::DistrictSignOff => awaits(self.signing_role(), &self.office),
            State::Agreed => awaits(Role::ImplementingAgency, &self.agency),
            State::Organised | State::Denied | State::Withdrawn => String::new(),
        }
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
    fn submitted_by(&self) -> Option<&str> {
        self.submitted_by.as_deref()
    }
}

/// 已占用的场景 — its number is the scenario, so that no scenario is granted twice (Article 7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioTaken {
    /// 场景，去掉标点空格的；也是编号
    pub id: String,
    /// 取得同意的申请
    pub application: String,
}

impl Record for ScenarioTaken {
    const SUBJECT: &'static str = "scenario";
    fn id(&self) -> &str {
        &self.id
    }
}
