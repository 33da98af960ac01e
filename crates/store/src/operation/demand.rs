//! 数据需求 — a demand as it is kept.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use regulation::{
    Due, Role,
    operation::demand::{Purpose, Refusal, State},
};
use serde::{Deserialize, Serialize};

use crate::{
    granting::agreement::Agreement,
    record::{Record, awaits, key},
};

/// 数据需求.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Demand {
    /// 编号
    pub id: String,
    /// 授权运营协议
    pub agreement: String,
    /// 运营机构
    pub operator: String,
    /// 实施机构
    pub agency: String,
    /// 目录条目
    pub entry: String,
    /// 提供单位
    pub provider: String,
    /// 信息项
    pub fields: BTreeSet<String>,
    /// 用途类别
    pub purpose: Purpose,
    /// 应用场景
    pub scenario: String,
    /// 必要性说明
    pub necessity: String,
    /// 逐项的必要性 — by field, as far as the operator gave them.
    #[serde(default)]
    pub reasons: BTreeMap<String, String>,
    /// 前次申请 — the refused demand that this one was made from.
    #[serde(default)]
    pub follows: Option<String>,
    /// 再申请 — the demands that were made from this one after it was refused.
    #[serde(default)]
    pub followed: Vec<String>,
    /// 状态
    pub state: State,
    /// 不予通过的告知
    pub refusal: Option<Refusal>,
    /// 期限
    pub due: Option<Due>,
    /// 督办 — the days on which a missed term was escalated; nothing passes by time.
    pub escalated: Vec<Date>,
}

impl Record for Demand {
    const SUBJECT: &'static str = "demand";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        key::<Agreement>(&self.agreement)
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![
            (Role::Operator, self.operator.as_str()),
            (Role::ImplementingAgency, self.agency.as_str()),
            (Role::DataProvider, self.provider.as_str()),
        ]
    }
    fn awaits(&self) -> String {
        match self.state {
            State::Draft => awaits(Role::Operator, &self.operator),
            State::FormalReview => awaits(Role::ImplementingAgency, &self.agency),
            State::ProviderReview | State::AwaitingSupply => awaits(Role::DataProvider, &self.provider),
            State::Supplied | State::Refused => String::new(),
        }
    }
    fn due(&self) -> Option<Date> {
        self.due.as_ref().map(|due| due.date)
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}
