//! 实施方案 — the implementation plan: contents, adoption, filing (Articles 10 and 13).
#![doc = include_str!("../../text/measures/10.md")]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Provision, Role, Term, Violation, article, procedure,
    procedure::{Procedure, step},
};

const ADOPTION: Provision = article(13);

/// 办理程序 — drafted by the agency, adopted by the government, filed with the province.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Draft,        Submit, ImplementingAgency,  Deliberation, ADOPTION),
        step(Deliberation, Adopt,  MunicipalGovernment, Adopted,      ADOPTION),
        step(Deliberation, Return, MunicipalGovernment, Draft,        ADOPTION),
        step(Adopted,      File,   ImplementingAgency,  Filed,        ADOPTION),
    ])
};

words! {
    /// 实施方案状态.
    pub enum State { Draft = "编制中", Deliberation = "市政府审议", Adopted = "已审议通过", Filed = "已备案" }
}

words! {
    /// 行为.
    pub enum Act { Submit = "报请审议", Adopt = "审议通过", Return = "退回", File = "备案" }
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

/// 实施方案缺陷.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 缺项
    #[error("实施方案缺少“{0}”")]
    Missing(Section),
    /// 方案未生效
    #[error("实施方案“{0}”尚未经市人民政府审议通过")]
    NotAdopted(String),
    /// 没有会议记录
    #[error("审议通过应载明“三重一大”决策的会议和日期")]
    NoMinutes,
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
            Self::NotAdopted(_) => article(14),
            Self::NoMinutes | Self::NoFilingNumber => ADOPTION,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::NoMinutes => "minutes.meeting",
            Self::NoFilingNumber => "number",
            Self::Missing(_) | Self::NotAdopted(_) => "",
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
