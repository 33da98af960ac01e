//! 授权运营目录 — what a provider offers for authorised operation, and how it is screened (Articles 5 and 8).
#![doc = include_str!("../../text/measures/05.md")]

use serde::{Deserialize, Serialize};

use crate::{
    Provision, Role, Violation, article, procedure,
    procedure::{Procedure, step},
};

const KEEPING: Provision = article(8).paragraph(4);
const COORDINATION: Provision = article(8).paragraph(1);

/// 办理程序 — the provider compiles, the implementing agency verifies and publishes.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Draft,        Submit,  DataProvider,       Verification, KEEPING),
        step(Verification, Publish, ImplementingAgency, Published,    COORDINATION),
        step(Verification, Return,  ImplementingAgency, Draft,        COORDINATION),
    ])
};

words! {
    /// 目录条目状态.
    pub enum State { Draft = "编制中", Verification = "核验中", Published = "已发布" }
}

words! {
    /// 行为.
    pub enum Act { Submit = "提交核验", Publish = "发布", Return = "退回" }
}

impl procedure::State for State {}

words! {
    /// 数据级别 — grading under the data classification and grading system.
    pub enum Grade { General = "一般数据", Important = "重要数据", Core = "核心数据" }
}

words! {
    /// 纳入审查 — the four screens of Article 5, in the order of the text.
    pub enum Screen {
        NationalSecurity = "不危害国家安全",
        PublicInterest = "不危害公共利益",
        TradeSecrets = "不侵犯商业秘密",
        PersonalRights = "不侵犯个人隐私、个人信息权益",
    }
}

/// 获取方式 — where the provider has the data from. Shared data cannot be offered without the consent of who shared it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// 本单位产生
    Own,
    /// 政务数据共享获得
    Shared {
        /// 共享数据提供单位
        from: String,
        /// 同意书文号
        consent: String,
    },
}

/// 信息项 — one field of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// 信息项代码 — the column it is found under.
    pub code: String,
    /// 信息项名称
    pub name: String,
    /// 是否涉及个人信息 — such a field leaves only masked.
    #[serde(default)]
    pub personal: bool,
}

/// 目录条目 — what is to be published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// 资源名称
    pub name: String,
    /// 资源摘要
    pub summary: String,
    /// 来源职责或服务 — from which duty or public service it arose (第三条第一项).
    pub source_duty: String,
    /// 更新周期
    pub refresh: String,
    /// 数据级别
    pub grade: Grade,
    /// 获取方式
    pub origin: Origin,
    /// 已通过的审查
    pub screens: Vec<Screen>,
    /// 信息项
    pub fields: Vec<Field>,
}

/// 目录条目缺陷 — why an entry cannot be offered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 缺项
    #[error("目录条目缺少“{0}”")]
    Missing(&'static str),
    /// 没有来源职责
    #[error("未说明数据因何种职责或者公共服务产生")]
    Sourceless,
    /// 核心数据
    #[error("核心数据不得纳入授权运营范围")]
    Core,
    /// 审查未通过
    #[error("未确认“{0}”")]
    Unscreened(Screen),
    /// 未取得同意
    #[error("共享获得的数据用于授权运营，应取得“{0}”的同意书")]
    WithoutConsent(String),
    /// 信息项重复
    #[error("信息项“{0}”重复")]
    Repeated(String),
}

impl Content {
    /// Everything the entry still lacks, so that its author can mend it in one go.
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        for (name, text) in [("资源名称", &self.name), ("资源摘要", &self.summary), ("更新周期", &self.refresh)]
        {
            if text.trim().is_empty() {
                flaws.push(Flaw::Missing(name));
            }
        }
        if self.source_duty.trim().is_empty() {
            flaws.push(Flaw::Sourceless);
        }
        if self.grade == Grade::Core {
            flaws.push(Flaw::Core);
        }
        let unscreened = Screen::ALL.iter().filter(|screen| !self.screens.contains(screen));
        flaws.extend(unscreened.map(|screen| Flaw::Unscreened(*screen)));
        if let Origin::Shared { from, consent } = &self.origin
            && consent.trim().is_empty()
        {
            flaws.push(Flaw::WithoutConsent(from.clone()));
        }
        if self.fields.is_empty() {
            flaws.push(Flaw::Missing("信息项"));
        }
        for (place, field) in self.fields.iter().enumerate() {
            if field.code.trim().is_empty() || field.name.trim().is_empty() {
                flaws.push(Flaw::Missing("信息项代码和名称"));
            } else if self.fields[..place].iter().any(|earlier| earlier.code == field.code) {
                flaws.push(Flaw::Repeated(field.code.clone()));
            }
        }
        flaws
    }
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        match self {
            Self::Missing(_) | Self::Repeated(_) => KEEPING,
            Self::Sourceless => article(3).item(1),
            Self::Core | Self::Unscreened(_) => article(5).paragraph(1),
            Self::WithoutConsent(_) => article(5).paragraph(2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gap_of_an_entry_is_told_at_once_with_its_citation() {
        let content = Content {
            name: "空气质量小时值".into(),
            summary: " ".into(),
            source_duty: String::new(),
            refresh: "每日".into(),
            grade: Grade::General,
            origin: Origin::Shared { from: "省生态环境厅".into(), consent: String::new() },
            screens: vec![Screen::NationalSecurity, Screen::PublicInterest, Screen::PersonalRights],
            fields: vec![Field { code: "pm25".into(), name: "细颗粒物".into(), personal: false }; 2],
        };
        let told: Vec<String> = content.flaws().iter().map(|flaw| format!("{flaw}（{}）", flaw.provision())).collect();
        assert_eq!(
            told,
            [
                "目录条目缺少“资源摘要”（第八条第四款）",
                "未说明数据因何种职责或者公共服务产生（第三条第一项）",
                "未确认“不侵犯商业秘密”（第五条第一款）",
                "共享获得的数据用于授权运营，应取得“省生态环境厅”的同意书（第五条第二款）",
                "信息项“pm25”重复（第八条第四款）",
            ]
        );
    }
}
