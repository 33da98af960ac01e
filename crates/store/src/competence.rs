//! 职权 — sets of rules of who may do what, and which of them is in force.

use std::collections::BTreeMap;

use jiff::Timestamp;
use regulation::{Role, competence::State};
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    record::{Record, awaits},
};

/// 职权规则 — one whole set of policies, file by file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policies {
    /// 编号
    pub id: String,
    /// 各文件的内容
    pub files: BTreeMap<String, String>,
    /// 为什么要改
    pub reason: String,
    /// 状态
    pub state: State,
    /// 实施机构 — whose people agree.
    pub agency: String,
    /// 提请人所在单位
    pub keeper: String,
    /// 会签
    pub approval: Approval,
    /// 施行时间
    pub since: Option<Timestamp>,
}

impl Record for Policies {
    const SUBJECT: &'static str = "policies";
    fn id(&self) -> &str {
        &self.id
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::ImplementingAgency, &self.agency), (Role::SecurityAdministrator, &self.keeper)]
    }
    fn submitted_by(&self) -> Option<&str> {
        Some(&self.approval.proposer)
    }
    fn awaits(&self) -> String {
        if self.state == State::Proposed { awaits(Role::ImplementingAgency, &self.agency) } else { String::new() }
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}

/// 现行 — which set is in force; as long as there is none, the one that comes with the program is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// 总是 [`InForce::ID`]
    pub id: String,
    /// 规则的编号
    pub policies: String,
    /// 规则的摘要
    pub digest: String,
}

impl InForce {
    /// There is one such record.
    pub const ID: &'static str = "competence";
}

impl Record for InForce {
    const SUBJECT: &'static str = "in_force";
    fn id(&self) -> &str {
        &self.id
    }
}
