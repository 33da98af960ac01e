//! 参选申请 — as it is kept: whoever applies sees its own, the agency sees all, nobody else sees any.

use std::collections::BTreeMap;

use jiff::civil::Date;
use regulation::{
    Role, Uscc,
    granting::selection::{blacklist::Receipt, candidate::State, evaluation::Scores, qualification::Proof},
};
use serde::{Deserialize, Serialize};

use super::Selection;
use crate::record::{Record, awaits, key};

/// 参选申请.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// 编号
    pub id: String,
    /// 遴选
    pub selection: String,
    /// 实施机构
    pub agency: String,
    /// 单位编号；没有在平台登记的为空
    pub org: String,
    /// 单位名称
    pub name: String,
    /// 统一社会信用代码
    pub uscc: Uscc,
    /// 法定代表人
    pub representative: String,
    /// 方案和承诺
    pub offer: String,
    /// 各项条件的证明
    pub evidence: Proof,
    /// 状态
    pub state: State,
    /// 审查不合格的理由
    #[serde(default)]
    pub reason: String,
    /// 失信名单的查询回执，最近一次的
    #[serde(default)]
    pub receipts: Vec<Receipt>,
    /// 评分，依评审人
    #[serde(default)]
    pub scores: BTreeMap<String, Scores>,
    /// 申请之日
    pub applied: Date,
}

impl Candidate {
    /// 登记参选的一方 — an offline candidate is no party on the platform.
    pub fn operator(&self) -> Option<&str> {
        Some(self.org.as_str()).filter(|org| !org.is_empty())
    }
}

impl Record for Candidate {
    const SUBJECT: &'static str = "candidate";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        key::<Selection>(&self.selection)
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        let mut parties = vec![(Role::ImplementingAgency, self.agency.as_str())];
        parties.extend(self.operator().map(|org| (Role::Operator, org)));
        parties
    }
    fn awaits(&self) -> String {
        match self.state {
            State::Submitted => awaits(Role::ImplementingAgency, &self.agency),
            State::Qualified | State::Disqualified | State::Withdrawn => String::new(),
        }
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}
