//! 授权运营协议 — the operation agreement: contents, adoption, signing, filing, suspension (Articles 16, 17 and 34).
#![doc = include_str!("../../text/measures/17.md")]

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Provision, Role, Term, Terms, Violation, article, procedure,
    procedure::{Procedure, step},
};

const SIGNING: Provision = article(16);
const RECTIFICATION: Provision = article(34).paragraph(1);

/// 办理程序 — adopted by the agency's collective decision, signed by both, filed; supply may be suspended.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Draft,            Submit,  ImplementingAgency, Deliberation,     SIGNING),
        step(Deliberation,     Adopt,   ImplementingAgency, AwaitingOperator, SIGNING),
        step(Deliberation,     Return,  ImplementingAgency, Draft,            SIGNING),
        step(AwaitingOperator, Sign,    Operator,           AwaitingAgency,   SIGNING),
        step(AwaitingAgency,   Sign,    ImplementingAgency, InForce,          SIGNING),
        step(InForce,          File,    ImplementingAgency, Filed,            SIGNING),
        step(InForce,          Suspend, ImplementingAgency, SuspendedUnfiled, RECTIFICATION),
        step(SuspendedUnfiled, File,    ImplementingAgency, Suspended,        SIGNING),
        step(SuspendedUnfiled, Resume,  ImplementingAgency, InForce,          RECTIFICATION),
        step(Filed,            Suspend, ImplementingAgency, Suspended,        RECTIFICATION),
        step(Suspended,        Resume,  ImplementingAgency, Filed,            RECTIFICATION),
    ])
};

words! {
    /// 协议状态.
    pub enum State {
        Draft = "拟订中",
        Deliberation = "实施机构审议",
        AwaitingOperator = "待运营机构签订",
        AwaitingAgency = "待实施机构签订",
        InForce = "履行中（待备案）",
        Filed = "履行中",
        SuspendedUnfiled = "暂停提供数据（待备案）",
        Suspended = "暂停提供数据",
    }
}

words! {
    /// 行为.
    pub enum Act {
        Submit = "提交审议", Adopt = "审议通过", Return = "退回", Sign = "签订", File = "备案",
        Suspend = "暂停提供数据", Resume = "恢复提供数据",
    }
}

impl procedure::State for State {
    fn within(self) -> Option<Term> {
        matches!(self, Self::InForce | Self::SuspendedUnfiled).then_some(Term::AgreementFiling)
    }
}

impl State {
    /// 履行中 — signed, not suspended; filing runs beside it.
    pub const fn active(self) -> bool {
        matches!(self, Self::InForce | Self::Filed)
    }
}

words! {
    /// 协议应包括的内容 — the items of Article 17, in the order of the text.
    pub enum Clause {
        DataScope = "公共数据资源范围及数据资源目录",
        Period = "运营期限",
        Products = "产品和服务清单及技术标准、安全审核要求、业务规范性审核要求",
        Platform = "技术支撑平台",
        Assets = "资产权属",
        Disclosure = "信息披露要求和不得参与再开发要求",
        Accounting = "成本收入核算要求和收益分配机制",
        Security = "数据安全、个人信息保护要求和风险监测、应急处置措施",
        Evaluation = "运营成效评价，续约或者退出机制",
        Liability = "违约责任",
        Disputes = "争议解决方式",
        Amendment = "协议变更、终止条件",
        Other = "其他事项",
    }
}

impl Clause {
    /// The item of Article 17 that asks for this clause.
    pub const fn provision(self) -> Provision {
        article(17).item(self as u8 + 1)
    }

    /// 其他事项 may be left out by its wording.
    pub const fn required(self) -> bool {
        !matches!(self, Self::Other)
    }
}

/// 协议内容 — what has been written, clause by clause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clauses(pub BTreeMap<Clause, String>);

/// 运营期限 — first and last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// 起
    pub from: Date,
    /// 止（含当日）
    pub until: Date,
}

/// 协议缺陷.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 缺项
    #[error("授权运营协议缺少“{0}”")]
    Missing(Clause),
    /// 未载明不得参与再开发
    #[error("协议“{clause}”应写明运营机构不得直接或者间接参与再开发", clause = Clause::Disclosure)]
    RedevelopmentOpen,
    /// 期限倒置
    #[error("运营期限止于{until}，早于起始日{from}")]
    Backwards {
        /// 起
        from: Date,
        /// 止
        until: Date,
    },
    /// 期限过长
    #[error("运营期限原则上最长不超过{0}年")]
    TooLong(u16),
    /// 运营机构未选定
    #[error("运营机构尚未依法选定")]
    NotSelected,
    /// 没有备案号
    #[error("备案应载明省级数据主管部门的备案号")]
    NoFilingNumber,
    /// 暂停没有理由
    #[error("暂停、恢复提供数据应写明整改事由")]
    NoGrounds,
}

impl Clauses {
    /// Everything the agreement still lacks.
    pub fn flaws(&self) -> Vec<Flaw> {
        let text = |clause: &Clause| self.0.get(clause).map_or("", |text| text.trim());
        let missing = |clause: &&Clause| clause.required() && text(clause).is_empty();
        let mut flaws: Vec<Flaw> = Clause::ALL.iter().filter(missing).map(|clause| Flaw::Missing(*clause)).collect();
        let disclosure = text(&Clause::Disclosure);
        if !disclosure.is_empty() && !disclosure.contains("再开发") {
            flaws.push(Flaw::RedevelopmentOpen);
        }
        flaws
    }
}

impl Period {
    /// 原则上最长不超过五年.
    ///
    /// # Errors
    /// [`Flaw::Backwards`] or [`Flaw::TooLong`].
    pub fn check(self, terms: &Terms) -> Result<(), Flaw> {
        if self.until < self.from {
            return Err(Flaw::Backwards { from: self.from, until: self.until });
        }
        let longest = terms.end_of(crate::Period::AgreementYears, self.from);
        if self.until >= longest {
            return Err(Flaw::TooLong(terms.period(crate::Period::AgreementYears).value.is));
        }
        Ok(())
    }

    /// Whether `day` lies in the period.
    pub fn covers(self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        match self {
            Self::Missing(clause) => clause.provision(),
            Self::RedevelopmentOpen => Clause::Disclosure.provision(),
            Self::Backwards { .. } | Self::TooLong(_) => Clause::Period.provision(),
            Self::NotSelected | Self::NoFilingNumber => SIGNING,
            Self::NoGrounds => RECTIFICATION,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::NoFilingNumber => "number",
            Self::NoGrounds => "grounds",
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn five_years_are_allowed_and_a_day_more_is_not() {
        let terms = Terms::in_force_on(date(2025, 9, 1));
        let until = |until| Period { from: date(2025, 9, 1), until }.check(&terms).map_err(|flaw| flaw.to_string());
        assert_eq!(until(date(2030, 8, 31)), Ok(()));
        assert_eq!(until(date(2030, 9, 1)), Err("运营期限原则上最长不超过5年".to_owned()));
        assert_eq!(until(date(2025, 8, 31)), Err("运营期限止于2025-08-31，早于起始日2025-09-01".to_owned()));
    }

    #[test]
    fn an_agreement_that_leaves_redevelopment_open_is_refused() {
        let mut clauses = Clauses(Clause::ALL.iter().map(|clause| (*clause, "已约定".to_owned())).collect());
        let flaws = clauses.flaws();
        assert_eq!(flaws, [Flaw::RedevelopmentOpen]);
        assert_eq!(flaws[0].provision().to_string(), "第十七条第六项");
        clauses.0.insert(Clause::Disclosure, "每年披露；不得直接或者间接参与再开发".to_owned());
        assert_eq!(clauses.flaws(), []);
    }
}
