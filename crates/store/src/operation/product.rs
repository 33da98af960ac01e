//! 公共数据产品和服务 — a product as it is kept.

use regulation::{
    Role,
    operation::{demand::Purpose, pricing::Price, product::State},
};
use serde::{Deserialize, Serialize};

use super::{Column, TableVersion, demand::Demand};
use crate::record::{Record, awaits, key};

/// 产品.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// 编号
    pub id: String,
    /// 名称
    pub name: String,
    /// 简介
    pub summary: String,
    /// 数据需求
    pub demand: String,
    /// 授权运营协议
    pub agreement: String,
    /// 运营机构
    pub operator: String,
    /// 实施机构
    pub agency: String,
    /// 用途类别
    pub purpose: Purpose,
    /// 加工说明 — the recipe in the lake's words.
    pub recipe: serde_json::Value,
    /// 产品数据
    pub table: Option<TableVersion>,
    /// 行数
    pub rows: u64,
    /// 输出项
    pub columns: Vec<Column>,
    /// 价格
    pub price: Option<Price>,
    /// 报价的人 — who may not approve it.
    pub priced_by: Option<String>,
    /// 状态
    pub state: State,
}

impl Record for Product {
    const SUBJECT: &'static str = "product";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        key::<Demand>(&self.demand)
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::Operator, self.operator.as_str()), (Role::ImplementingAgency, self.agency.as_str())]
    }
    fn submitted_by(&self) -> Option<&str> {
        self.priced_by.as_deref()
    }
    fn awaits(&self) -> String {
        match self.state {
            State::Planned | State::Built | State::Priced => awaits(Role::Operator, &self.operator),
            State::PriceReview => awaits(Role::ImplementingAgency, &self.agency),
            State::Published | State::Withdrawn => String::new(),
        }
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}
