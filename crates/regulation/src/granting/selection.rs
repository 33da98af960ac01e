//! 选择运营机构 — fair competition and the conditions of an operator (Articles 14 and 15).
#![doc = include_str!("../../text/measures/15.md")]

use crate::{
    Provision, Role, Violation, article, procedure,
    procedure::{Procedure, step},
};

const COMPETITION: Provision = article(14);

/// 办理程序 — announced, then decided; both by the agency, under an adopted plan.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Announced, Select, ImplementingAgency, Selected,  COMPETITION),
        step(Announced, Fail,   ImplementingAgency, Abandoned, COMPETITION),
    ])
};

words! {
    /// 遴选状态.
    pub enum State { Announced = "已公告", Selected = "已选定", Abandoned = "已终止" }
}

words! {
    /// 行为.
    pub enum Act { Select = "选定", Fail = "终止遴选" }
}

impl procedure::State for State {}

words! {
    /// 遴选方式 — the ways of fair competition that Article 14 names.
    pub enum Method { OpenTender = "公开招标", InvitedTender = "邀请招标", Negotiation = "谈判" }
}

words! {
    /// 整体授权运营机构应当具备的条件 — the items of Article 15 paragraph 1, in the order of the text.
    pub enum Condition {
        Standing = "经营状况和信用状况良好",
        Platform = "具备运营服务平台的建设及运营能力",
        Security = "具备数据安全保障、风险监测、应急处置能力",
        Ecosystem = "具备运营生态健康发展服务能力",
        Team = "具备专业技术队伍服务能力",
        Other = "符合其他规定要求",
    }
}

impl Condition {
    /// The item that asks for this condition.
    pub const fn provision(self) -> Provision {
        article(15).paragraph(1).item(self as u8 + 1)
    }
}

/// 遴选缺陷.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 条件未满足
    #[error("拟选定的运营机构未证明“{0}”")]
    Unqualified(Condition),
    /// 没有登记为运营机构
    #[error("“{0}”没有登记为运营机构")]
    NotAnOperator(String),
    /// 未公告
    #[error("遴选应载明公告")]
    NoNotice,
}

/// Every condition that is not shown to be met.
pub fn flaws(met: &[Condition]) -> Vec<Flaw> {
    Condition::ALL
        .iter()
        .filter(|condition| !met.contains(condition))
        .map(|condition| Flaw::Unqualified(*condition))
        .collect()
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        match self {
            Self::Unqualified(condition) => condition.provision(),
            Self::NotAnOperator(_) => article(15).paragraph(1),
            Self::NoNotice => COMPETITION,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unproved_condition_is_named_with_its_item() {
        let flaws = flaws(&[Condition::Standing, Condition::Platform, Condition::Ecosystem, Condition::Other]);
        let told: Vec<String> = flaws.iter().map(|flaw| format!("{}：{flaw}", flaw.provision())).collect();
        assert_eq!(
            told,
            [
                "第十五条第一款第三项：拟选定的运营机构未证明“具备数据安全保障、风险监测、应急处置能力”",
                "第十五条第一款第五项：拟选定的运营机构未证明“具备专业技术队伍服务能力”",
            ]
        );
    }
}
