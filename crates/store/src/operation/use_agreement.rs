//! 数据开发利用协议 — a use agreement as it is kept.

use std::collections::BTreeMap;

use regulation::{
    Role,
    granting::agreement::Period,
    operation::use_agreement::{Clause, State},
};
use serde::{Deserialize, Serialize};

use super::product::Product;
use crate::record::{Record, awaits, key};

/// 数据开发利用协议.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseAgreement {
    /// 编号
    pub id: String,
    /// 产品
    pub product: String,
    /// 运营机构
    pub operator: String,
    /// 经营主体
    pub entity: String,
    /// 条款
    pub clauses: BTreeMap<Clause, String>,
    /// 期限
    pub period: Period,
    /// 状态
    pub state: State,
}

impl Record for UseAgreement {
    const SUBJECT: &'static str = "use_agreement";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        key::<Product>(&self.product)
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::Operator, self.operator.as_str()), (Role::BusinessEntity, self.entity.as_str())]
    }
    fn awaits(&self) -> String {
        match self.state {
            State::Offered => awaits(Role::BusinessEntity, &self.entity),
            State::InForce | State::Declined | State::Ended => String::new(),
        }
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}
