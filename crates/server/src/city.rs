//! 示例城市 — 锦川市, invented: its organisations, people and documents, as the stories and the demonstration use them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use regulation::{
    Level, Nature, Role, Uscc,
    basics::catalogue::Content,
    granting::{
        agreement::Clauses,
        plan,
        selection::{
            Condition, Method,
            qualification::{Evidence, Proof},
        },
    },
    operation::{demand::Purpose, pricing::Price, use_agreement::Clause},
};
use serde::{Deserialize, de::DeserializeOwned};

use crate::Fault;

/// 停车场泊位数据 — the small table that the city ships with.
pub const PARKING: &str = include_str!("../../../sample-city/parking.csv");

/// 示例城市.
#[derive(Clone, Debug)]
pub struct City {
    /// 单位
    pub organisations: Vec<Organisation>,
    /// 人员
    pub people: Vec<Person>,
    /// 又一任职
    pub memberships: Vec<Membership>,
    /// 目录条目
    pub entry: Content,
    /// 纳入审查的意见
    pub opinion: String,
    /// 实施方案
    pub plan: plan::Content,
    /// 遴选
    pub selection: Selection,
    /// 授权运营协议
    pub agreement: Clauses,
    /// 数据需求
    pub demand: Demand,
    /// 产品
    pub product: Product,
    /// 价格
    pub price: Price,
    /// 数据开发利用协议
    pub use_agreement: BTreeMap<Clause, String>,
}

/// 单位.
#[derive(Clone, Debug, Deserialize)]
pub struct Organisation {
    /// 编号
    pub id: String,
    /// 名称
    pub name: String,
    /// 统一社会信用代码
    pub uscc: Uscc,
    /// 性质
    pub nature: Nature,
    /// 层级
    pub level: Level,
    /// 身份
    pub roles: Vec<Role>,
}

/// 人员 — with their first membership.
#[derive(Clone, Debug, Deserialize)]
pub struct Person {
    /// 账号
    pub id: String,
    /// 姓名
    pub name: String,
    /// 电子邮箱
    #[serde(default)]
    pub mail: String,
    /// 单位
    pub org: String,
    /// 身份
    pub role: Role,
    /// 岗位
    pub post: String,
}

/// 遴选.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// 方式
    pub method: Method,
    /// 公告
    pub notice: String,
    /// 申请办法
    pub how: String,
    /// 要求提交的材料
    pub asked: String,
    /// 评审标准
    pub criteria: String,
    /// 评审人
    pub evaluators: String,
    /// 法定代表人
    pub representative: String,
    /// 方案和承诺
    pub offer: String,
    /// 各评审人的评分
    pub scores: Vec<Vec<u16>>,
    /// 各项条件的证明，有效期另定
    pub evidence: Proof,
    /// 别的参选单位
    pub others: Vec<Other>,
}

/// 线下参选的单位.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Other {
    /// 名称
    pub name: String,
    /// 统一社会信用代码
    pub uscc: Uscc,
    /// 法定代表人
    pub representative: String,
    /// 没有证明的条件
    #[serde(default)]
    pub lacks: Option<Condition>,
    /// 各评审人的评分
    pub scores: Vec<Vec<u16>>,
}

impl Selection {
    /// The proof of every condition, good until this day.
    pub fn proof(&self, until: Date) -> Proof {
        let dated = |evidence: &Evidence| Evidence { expires: Some(until), ..evidence.clone() };
        self.evidence.iter().map(|(condition, evidence)| (*condition, dated(evidence))).collect()
    }
}

/// 数据需求.
#[derive(Clone, Debug, Deserialize)]
pub struct Demand {
    /// 用途类别
    pub purpose: Purpose,
    /// 应用场景
    pub scenario: String,
    /// 必要性说明
    pub necessity: String,
}

/// 产品.
#[derive(Clone, Debug, Deserialize)]
pub struct Product {
    /// 名称
    pub name: String,
    /// 简介
    pub summary: String,
}

/// 又一任职 — of somebody who acts for more than one, or as more than one.
#[derive(Clone, Debug, Deserialize)]
pub struct Membership {
    /// 账号
    pub person: String,
    /// 单位
    pub org: String,
    /// 身份
    pub role: Role,
    /// 岗位
    pub post: String,
}

#[derive(Deserialize)]
struct Register {
    organisation: Vec<Organisation>,
    person: Vec<Person>,
    membership: Vec<Membership>,
}

#[derive(Deserialize)]
struct Agreement<C> {
    clauses: C,
}

impl City {
    /// Reads the city's files, which are part of the program.
    pub fn read() -> Result<Self, Fault> {
        let register: Register = read("city.toml", include_str!("../../../sample-city/city.toml"))?;
        let plan = read("plan.toml", include_str!("../../../sample-city/plan.toml"))?;
        let agreement: Agreement<Clauses> =
            read("agreement.toml", include_str!("../../../sample-city/agreement.toml"))?;
        let licence: Agreement<BTreeMap<Clause, String>> =
            read("use_agreement.toml", include_str!("../../../sample-city/use_agreement.toml"))?;
        Ok(Self {
            organisations: register.organisation,
            people: register.person,
            memberships: register.membership,
            opinion: "核对了信息项和分类分级，泊位数据由各停车场自愿报送；登记手机号脱敏后提供".to_owned(),
            entry: read("entry.toml", include_str!("../../../sample-city/entry.toml"))?,
            plan,
            selection: read("selection.toml", include_str!("../../../sample-city/selection.toml"))?,
            agreement: agreement.clauses,
            demand: read("demand.toml", include_str!("../../../sample-city/demand.toml"))?,
            product: read("product.toml", include_str!("../../../sample-city/product.toml"))?,
            price: read("pricing.toml", include_str!("../../../sample-city/pricing.toml"))?,
            use_agreement: licence.clauses,
        })
    }
}

fn read<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, Fault> {
    toml::from_str(text).map_err(|why| Fault::City { file, why: why.to_string() })
}
