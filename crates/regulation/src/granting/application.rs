//! 授权申请 — the application for a grant by sector or by scenario, and its sign-off (Articles 7 to 9 and 11).
#![doc = include_str!("../../text/measures/11.md")]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Provision, Role, Violation, article,
    basics::{
        mode::{Groundless, Mode, Necessity, Scenario, ScenarioKind},
        sector::Sector,
    },
    procedure::{self, Procedure, step},
    text,
    words::chosen,
};

const MUNICIPAL: Provision = article(9);
const DISTRICT: Provision = article(9).paragraph(3);

/// 办理程序 — whose leader signs off follows from who applies, and from nothing else: there is no step to the other.
#[rustfmt::skip] // It is a table; let it look like one.
pub const PROCEDURE: Procedure<State, Act> = {
    use {Act::*, Role::*, State::*};
    Procedure(&[
        step(Draft,            Submit,   MunicipalDepartment,   MunicipalSignOff, MUNICIPAL),
        step(Draft,            Submit,   DistrictDataAuthority, DistrictSignOff,  DISTRICT),
        step(Draft,            Withdraw, MunicipalDepartment,   Withdrawn,        MUNICIPAL),
        step(Draft,            Withdraw, DistrictDataAuthority, Withdrawn,        DISTRICT),
        step(MunicipalSignOff, Agree,    MunicipalLeader,       Agreed,           MUNICIPAL),
        step(MunicipalSignOff, Deny,     MunicipalLeader,       Denied,           MUNICIPAL),
        step(MunicipalSignOff, Return,   MunicipalLeader,       Draft,            MUNICIPAL),
        step(DistrictSignOff,  Agree,    DistrictLeader,        Agreed,           DISTRICT),
        step(DistrictSignOff,  Deny,     DistrictLeader,        Denied,           DISTRICT),
        step(DistrictSignOff,  Return,   DistrictLeader,        Draft,            DISTRICT),
        step(Agreed,           Organise, ImplementingAgency,    Organised,        MUNICIPAL),
    ])
};

words! {
    /// 授权申请状态.
    pub enum State {
        Draft = "论证编制中",
        MunicipalSignOff = "待市领导审签",
        DistrictSignOff = "待区县领导审签",
        Agreed = "已审签同意",
        Organised = "已组织实施",
        Denied = "不予同意",
        Withdrawn = "已撤回",
    }
}

words! {
    /// 行为.
    pub enum Act {
        Submit = "报请审签", Agree = "审签同意", Deny = "不予同意", Return = "退回",
        Withdraw = "撤回", Organise = "组织实施",
    }
}

impl procedure::State for State {}

words! {
    /// 申请的模式 — whole is organised by the agency itself and is never applied for (Article 8).
    pub enum Kind { Sector = "分领域授权", Scenario = "依场景授权" }
}

words! {
    /// 可行性论证 — the five parts that Article 11 names, in the order of the text.
    pub enum Part {
        Lifecycle = "数据全生命周期管理服务",
        Need = "社会需求",
        Market = "市场规模",
        Effect = "预期成效",
        Risk = "风险防控",
    }
}

/// 必要性和可行性论证 — with what is applied for: as it is being written, so that anything may still be missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// 授权运营名称
    #[serde(default)]
    pub title: String,
    /// 申请的模式
    pub kind: Kind,
    /// 行业领域；分领域的
    #[serde(default, deserialize_with = "chosen")]
    pub sector: Option<Sector>,
    /// 应用场景；依场景的
    #[serde(default)]
    pub scenario: String,
    /// 场景类别；依场景的
    #[serde(default, deserialize_with = "chosen")]
    pub scenario_kind: Option<ScenarioKind>,
    /// 确有需要的理由
    #[serde(default)]
    pub necessity: String,
    /// 拟使用的公共数据资源
    #[serde(default)]
    pub resources: String,
    /// 可行性论证
    #[serde(default)]
    pub feasibility: BTreeMap<Part, String>,
}

/// 授权申请缺陷.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 缺项
    #[error("授权申请缺少“{0}”")]
    Missing(&'static str, &'static str),
    /// 论证缺项
    #[error("可行性论证缺少“{0}”")]
    Unanswered(Part),
    /// 没有领域
    #[error("分领域授权应写明行业领域")]
    NoSector,
    /// 没有场景
    #[error("依场景授权应写明应用场景和它的类别，一个场景一次授权")]
    NoScenario,
    /// 没有理由
    #[error(transparent)]
    Groundless(#[from] Groundless),
    /// 区县只能依场景
    #[error("区（市）县确有需要的，只能申请依场景授权")]
    DistrictSector,
    /// 太长或者有看不见的字
    #[error("“{0}”{1}")]
    Unreadable(&'static str, String, &'static str),
    /// 审签机关不对
    #[error("“{0}”不是审签这一申请的机关：{1}")]
    WrongOffice(String, &'static str),
    /// 没有指明审签机关
    #[error("应指明由哪一机关的领导审签")]
    NoOffice,
    /// 审签没有意见
    #[error("不予同意或者退回，应写明理由")]
    NoReason,
    /// 场景重复
    #[error("场景“{0}”已经由申请 {1} 取得同意，一个场景只作一次授权")]
    ScenarioTaken(String, String),
    /// 申请未获同意
    #[error("授权申请 {0} 现为“{1}”，不能据以编制实施方案")]
    NotAgreed(String, State),
}

impl Content {
    /// Everything that is still missing or out of place, so that its author can mend it in one go.
    pub fn flaws(&self, by: Role) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let texts = [
            ("授权运营名称", "content.title", &self.title, 100),
            ("确有需要的理由", "content.necessity", &self.necessity, 5000),
            ("拟使用的公共数据资源", "content.resources", &self.resources, 5000),
            ("应用场景", "content.scenario", &self.scenario, 100),
        ];
        for (name, field, written, longest) in texts {
            if let Some(why) = text::unreadable(written, longest) {
                flaws.push(Flaw::Unreadable(name, why, field));
            }
        }
        if self.title.trim().is_empty() {
            flaws.push(Flaw::Missing("授权运营名称", "content.title"));
        }
        if by == Role::DistrictDataAuthority && self.kind == Kind::Sector {
            flaws.push(Flaw::DistrictSector);
        }
        match self.kind {
            Kind::Sector if self.sector.is_none() => flaws.push(Flaw::NoSector),
            Kind::Scenario if self.scenario_kind.is_none() || Scenario::key_of(&self.scenario).is_empty() => {
                flaws.push(Flaw::NoScenario);
            }
            _ => {}
        }
        if self.necessity.trim().is_empty() {
            flaws.push(Groundless.into());
        }
        if self.resources.trim().is_empty() {
            flaws.push(Flaw::Missing("拟使用的公共数据资源", "content.resources"));
        }
        for part in Part::ALL {
            let written = self.feasibility.get(part).map_or("", |text| text.trim());
            if written.is_empty() {
                flaws.push(Flaw::Unanswered(*part));
            } else if let Some(why) = text::unreadable(written, 10_000) {
                flaws.push(Flaw::Unreadable(part.name(), why, part.field()));
            }
        }
        flaws
    }

    /// 授权模式 — what is applied for, once nothing of it is missing.
    pub fn mode(&self) -> Option<Mode> {
        let necessity = Necessity::new(&self.necessity).ok()?;
        match self.kind {
            Kind::Sector => Some(Mode::Sector { sector: self.sector?, necessity }),
            Kind::Scenario => {
                let name = self.scenario.trim().to_owned();
                Some(Mode::Scenario { scenario: Scenario { kind: self.scenario_kind?, name }, necessity })
            }
        }
    }
}

impl Part {
    /// The field of the form.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Lifecycle => "content.feasibility.lifecycle",
            Self::Need => "content.feasibility.need",
            Self::Market => "content.feasibility.market",
            Self::Effect => "content.feasibility.effect",
            Self::Risk => "content.feasibility.risk",
        }
    }

    /// What the answer should cover.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Lifecycle => "数据从汇聚、治理、使用到销毁，各由谁管、怎样服务",
            Self::Need => "谁需要、需要做成什么事，有什么依据",
            Self::Market => "使用者有多少，愿意为什么付费；不收费的写明不收费",
            Self::Effect => "做成之后可以看见、可以量的结果",
            Self::Risk => "数据安全、个人信息和运营上的风险，各怎样防控",
        }
    }
}

/// 审签 — who signs an application off, by who applies.
pub const fn signs_off(applicant: Role) -> Option<Role> {
    match applicant {
        Role::MunicipalDepartment => Some(Role::MunicipalLeader),
        Role::DistrictDataAuthority => Some(Role::DistrictLeader),
        _ => None,
    }
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        match self {
            Self::Missing("拟使用的公共数据资源", _) => article(12),
            Self::Missing(..)
            | Self::Unreadable(..)
            | Self::NotAgreed(..)
            | Self::NoReason
            | Self::WrongOffice(..)
            | Self::NoOffice => MUNICIPAL,
            Self::Unanswered(_) => article(11),
            Self::NoSector => article(12).paragraph(2),
            Self::NoScenario | Self::ScenarioTaken(..) => article(7),
            Self::Groundless(groundless) => groundless.provision(),
            Self::DistrictSector => article(8).paragraph(3),
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::Missing(_, field) | Self::Unreadable(_, _, field) => field,
            Self::Unanswered(part) => part.field(),
            Self::NoSector => "content.sector",
            Self::NoScenario | Self::ScenarioTaken(..) => "content.scenario",
            Self::Groundless(_) => "content.necessity",
            Self::DistrictSector => "content.kind",
            Self::WrongOffice(..) | Self::NoOffice => "office",
            Self::NoReason => "reason",
            Self::NotAgreed(..) => "application",
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::DistrictSector => "请改为依场景授权；需要分领域授权的，由市级部门（单位）提出".to_owned(),
            Self::ScenarioTaken(..) => "请加入已有的授权，或者写明是另一场景".to_owned(),
            Self::WrongOffice(..) | Self::NoOffice => {
                "市级部门报市委或者市政府分管领导，区（市）县报本级人民政府主要领导".to_owned()
            }
            Self::NotAgreed(..) => "须先经审签同意，并且还没有据以编制方案".to_owned(),
            _ => "请补齐后再报".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Content {
        Content {
            title: "停车便民授权运营".into(),
            kind: Kind::Scenario,
            sector: None,
            scenario: "中心城区停车诱导".into(),
            scenario_kind: Some(ScenarioKind::Traffic),
            necessity: "整体授权未涵盖".into(),
            resources: "停车场泊位小时数据".into(),
            feasibility: Part::ALL.iter().map(|part| (*part, "已论证".to_owned())).collect(),
        }
    }

    #[test]
    fn everything_that_is_missing_is_told_at_once_with_its_article() {
        assert_eq!(whole().flaws(Role::DistrictDataAuthority), []);
        let mut content = Content { kind: Kind::Sector, necessity: " ".into(), ..whole() };
        content.feasibility.remove(&Part::Risk);
        content.title = "停车\u{202e}授权".into();
        let flaws = content.flaws(Role::DistrictDataAuthority);
        let told: Vec<String> = flaws.iter().map(|flaw| format!("{}：{flaw}", flaw.provision())).collect();
        assert_eq!(
            told,
            [
                "第九条：“授权运营名称”有看不见的字符（U+202E）",
                "第八条第三款：区（市）县确有需要的，只能申请依场景授权",
                "第十二条第二款：分领域授权应写明行业领域",
                "第七条：授权运营以整体授权为主，开展分领域、依场景授权应说明确有需要的理由",
                "第十一条：可行性论证缺少“风险防控”",
            ]
        );
    }

    #[test]
    fn a_municipal_application_never_reaches_a_district_leader_nor_the_other_way_round() {
        for (applicant, wrong) in
            [(Role::MunicipalDepartment, Role::DistrictLeader), (Role::DistrictDataAuthority, Role::MunicipalLeader)]
        {
            let submitted = PROCEDURE.step(State::Draft, Act::Submit, applicant).unwrap().to;
            for act in [Act::Agree, Act::Deny, Act::Return] {
                assert!(PROCEDURE.step(submitted, act, wrong).is_err());
                assert!(PROCEDURE.step(submitted, act, signs_off(applicant).unwrap()).is_ok());
            }
        }
    }

    #[test]
    fn a_mode_is_made_of_a_whole_application_only() {
        assert_eq!(whole().mode().unwrap().name(), "依场景授权");
        assert!(Content { necessity: String::new(), ..whole() }.mode().is_none());
        assert!(Content { kind: Kind::Sector, ..whole() }.mode().is_none());
    }
}
