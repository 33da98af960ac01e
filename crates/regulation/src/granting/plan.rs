//! 实施方案 — the implementation plan: contents, adoption, filing (Articles 10 and 13).
#![doc = include_str!("../../text/measures/10.md")]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{application::Part, scope::Scope};
use crate::{
    Provision, Role, Term, Violation, article,
    basics::{mode::Mode, sector::Sector},
    procedure,
    procedure::{Procedure, step},
    text,
};

const DRAFTING: Provision = article(10);
const ADOPTION: Provision = article(13);

/// 办理程序 — drafted by the agency, alone or with whoever applied, adopted by the government, filed with the province.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Draft,        Consult, ImplementingAgency,  Consultation, DRAFTING),
        step(Consultation, Concur,  MunicipalDepartment, Draft,        DRAFTING),
        step(Consultation, Concur,  DistrictGovernment,  Draft,        DRAFTING),
        step(Consultation, Object,  MunicipalDepartment, Draft,        DRAFTING),
        step(Consultation, Object,  DistrictGovernment,  Draft,        DRAFTING),
        step(Draft,        Submit,  ImplementingAgency,  Deliberation, ADOPTION),
        step(Deliberation, Adopt,   MunicipalGovernment, Adopted,      ADOPTION),
        step(Deliberation, Return,  MunicipalGovernment, Draft,        ADOPTION),
        step(Adopted,      File,    ImplementingAgency,  Filed,        ADOPTION),
    ])
};

words! {
    /// 实施方案状态.
    pub enum State {
        Draft = "编制中",
        Consultation = "征求会同单位意见",
        Deliberation = "市政府审议",
        Adopted = "已审议通过",
        Filed = "已备案",
    }
}

words! {
    /// 行为.
    pub enum Act {
        Consult = "征求意见", Concur = "同意方案", Object = "提出不同意见",
        Submit = "报请审议", Adopt = "审议通过", Return = "退回", File = "备案",
    }
}

impl procedure::State for State {
    fn within(self) -> Option<Term> {
        (self == Self::Adopted).then_some(Term::PlanFiling)
    }
}

impl State {
    /// 已生效 — an operator may be selected from adoption on; filing runs beside it.
    pub const fn in_force(self) -> bool {
        matches!(self, Self::Adopted | Self::Filed)
    }
}

words! {
    /// 实施方案应包括的内容 — the items of Article 10, in the order of the text.
    pub enum Section {
        Name = "授权运营名称",
        Justification = "必要性和可行性论证",
        SelectionCriteria = "运营机构的选择条件",
        Mode = "授权运营模式",
        DataScope = "数据资源范围、目录、更新频率及质量情况",
        Schedule = "期限、建设内容、技术保障、实施进度、评价标准、退出机制、资产管理",
        Products = "拟提供的公共数据产品和服务清单",
        Accounting = "成本收入核算和收益分配机制",
        Security = "数据安全、个人信息保护和应急处置措施",
        RightsAndDuties = "各方权利义务",
        Supervision = "监督管理及考核评价要求",
        Other = "其他事项",
    }
}

impl Section {
    /// The item of Article 10 that asks for this section.
    pub const fn provision(self) -> Provision {
        article(10).item(self as u8 + 1)
    }

    /// 其他事项 may be left out by its wording.
    pub const fn required(self) -> bool {
        !matches!(self, Self::Other)
    }
}

/// 方案内容 — what has been written, section by section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sections(pub BTreeMap<Section, String>);

words! {
    /// 产品和服务的两大类 — both have to be offered (Article 10 item 7).
    pub enum Group { Public = "支持公共治理、公益事业", Industry = "支持产业发展、行业发展" }
}

/// 拟提供的产品或者服务.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// 名称
    pub name: String,
    /// 类别
    pub group: Group,
    /// 预期形式
    #[serde(default)]
    pub form: String,
}

/// 用途 — for which output a field is needed, and why without it there would be none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// 用于哪一产品或者服务
    #[serde(default)]
    pub output: String,
    /// 为什么不可缺少
    #[serde(default)]
    pub reason: String,
}

/// 最小必要 — by entry and field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Needs(pub BTreeMap<String, BTreeMap<String, Need>>);

/// 方案 — what its author writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// 十二项内容
    #[serde(default)]
    pub sections: Sections,
    /// 可行性论证；整体授权的方案自己论证，其余的见申请
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub feasibility: BTreeMap<Part, String>,
    /// 产品和服务清单
    #[serde(default)]
    pub products: Vec<Planned>,
    /// 数据资源范围
    #[serde(default)]
    pub scope: Scope,
    /// 最小必要；依场景授权的
    #[serde(default)]
    pub needs: Needs,
}

impl Content {
    /// Everything the plan still lacks in its mode, so that its author can mend it in one go.
    pub fn flaws(&self, mode: &Mode) -> Vec<Flaw> {
        let mut flaws = self.sections.flaws();
        if matches!(mode, Mode::Whole) {
            let answered = |part: &&Part| self.feasibility.get(*part).is_some_and(|text| !text.trim().is_empty());
            flaws.extend(Part::ALL.iter().filter(|part| !answered(part)).map(|part| Flaw::Unanswered(*part)));
        }
        for (place, product) in self.products.iter().enumerate() {
            if product.name.trim().is_empty() {
                flaws.push(Flaw::Unnamed(place + 1));
            } else if self.products[..place].iter().any(|other| text::same(&other.name) == text::same(&product.name)) {
                flaws.push(Flaw::Twice(product.name.trim().to_owned()));
            }
        }
        let offered = |group: &&Group| self.products.iter().any(|product| product.group == **group);
        flaws.extend(Group::ALL.iter().filter(|group| !offered(group)).map(|group| Flaw::NotOffered(*group)));
        if matches!(mode, Mode::Scenario { .. }) {
            flaws.extend(self.needless());
        }
        flaws
    }

    /// 最小必要 — fields that are not tied to an output of this plan, or without a reason.
    fn needless(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        for (entry, fields) in &self.scope.0 {
            for field in fields {
                let need = self.needs.0.get(entry).and_then(|needs| needs.get(field)).cloned().unwrap_or_default();
                let known = self.products.iter().any(|product| product.name.trim() == need.output.trim());
                let (entry, field) = (entry.clone(), field.clone());
                if need.reason.trim().is_empty() || need.output.trim().is_empty() {
                    flaws.push(Flaw::Needless { entry, field });
                } else if !known {
                    flaws.push(Flaw::NoOutput { entry, field, output: need.output.trim().to_owned() });
                }
            }
        }
        flaws
    }
}

/// 分领域授权只及于本领域 — whether an entry of this sector may stand in a plan of this mode.
///
/// # Errors
/// [`Flaw::OtherSector`] where it belongs to another.
pub fn check_sector(mode: &Mode, entry: &str, sector: Option<Sector>) -> Result<(), Flaw> {
    match mode {
        Mode::Sector { sector: granted, .. } if sector != Some(*granted) => Err(Flaw::OtherSector {
            entry: entry.to_owned(),
            sector: sector.map_or("没有写明", Sector::name),
            granted: *granted,
        }),
        _ => Ok(()),
    }
}

/// 实施方案缺陷.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 缺项
    #[error("实施方案缺少“{0}”")]
    Missing(Section),
    /// 论证缺项
    #[error("可行性论证缺少“{0}”")]
    Unanswered(Part),
    /// 产品没有名称
    #[error("产品和服务清单第{0}项没有名称")]
    Unnamed(usize),
    /// 产品重复
    #[error("产品和服务清单中“{0}”重复")]
    Twice(String),
    /// 缺一大类
    #[error("产品和服务清单没有“{0}”的产品或者服务，两大类都应包括")]
    NotOffered(Group),
    /// 超出最小必要
    #[error("信息项“{field}”（{entry}）没有写明用于哪一产品、为什么不可缺少")]
    Needless {
        /// 目录条目
        entry: String,
        /// 信息项
        field: String,
    },
    /// 用途不在清单里
    #[error("信息项“{field}”（{entry}）写的用途“{output}”不在产品和服务清单里")]
    NoOutput {
        /// 目录条目
        entry: String,
        /// 信息项
        field: String,
        /// 写的用途
        output: String,
    },
    /// 不属于本领域
    #[error("目录条目“{entry}”的领域是{sector}，不在“{granted}”之内")]
    OtherSector {
        /// 目录条目
        entry: String,
        /// 它的领域
        sector: &'static str,
        /// 授权的领域
        granted: Sector,
    },
    /// 没有会同意见
    #[error("方案须会同“{0}”编制，还没有它对现在这一稿的同意意见")]
    NotConcurred(String),
    /// 会同意见没有内容
    #[error("会同单位不同意的，应写明意见")]
    NoOpinion,
    /// 方案未生效
    #[error("实施方案“{0}”尚未经市人民政府审议通过")]
    NotAdopted(String),
    /// 没有会同单位
    #[error("整体授权的方案由实施机构独立编制，没有会同单位")]
    Alone,
    /// 没有备案号
    #[error("备案应载明省级数据主管部门的备案号")]
    NoFilingNumber,
}

impl Sections {
    /// Everything the plan still lacks, so that its author can mend it in one go.
    pub fn flaws(&self) -> Vec<Flaw> {
        let written = |section: &&Section| self.0.get(section).is_some_and(|text| !text.trim().is_empty());
        Section::ALL
            .iter()
            .filter(|section| section.required() && !written(section))
            .map(|section| Flaw::Missing(*section))
            .collect()
    }
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        match self {
            Self::Missing(section) => section.provision(),
            Self::Unanswered(_) => article(11),
            Self::Unnamed(_) | Self::Twice(_) | Self::NotOffered(_) => Section::Products.provision(),
            Self::Needless { .. } | Self::NoOutput { .. } => article(12).paragraph(3),
            Self::OtherSector { .. } => article(12).paragraph(2),
            Self::NotConcurred(_) | Self::NoOpinion | Self::Alone => article(10),
            Self::NotAdopted(_) => article(14),
            Self::NoFilingNumber => ADOPTION,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::NoFilingNumber => "number",
            Self::NoOpinion => "opinion",
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incomplete_plan_names_each_missing_item() {
        let mut sections = Sections(Section::ALL.iter().map(|section| (*section, "已编制".to_owned())).collect());
        assert_eq!(sections.flaws(), []);
        sections.0.insert(Section::DataScope, " ".to_owned());
        sections.0.remove(&Section::Security);
        sections.0.remove(&Section::Other);
        let told: Vec<String> = sections.flaws().iter().map(|flaw| format!("{}：{flaw}", flaw.provision())).collect();
        assert_eq!(
            told,
            [
                "第十条第五项：实施方案缺少“数据资源范围、目录、更新频率及质量情况”",
                "第十条第九项：实施方案缺少“数据安全、个人信息保护和应急处置措施”",
            ]
        );
    }
}
