//! 授权运营模式 — whole as the rule, sector and scenario only with their grounds (Articles 7, 9 and 12).
#![doc = include_str!("../../text/measures/07.md")]

use serde::{Deserialize, Serialize};

use super::sector::Sector;
use crate::{Provision, Violation, article, text};

/// 授权模式 — the exception cannot be built without its [`Necessity`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "mode")]
pub enum Mode {
    /// 整体授权
    Whole,
    /// 分领域授权
    Sector {
        /// 行业领域
        sector: Sector,
        /// 确有需要的理由
        necessity: Necessity,
    },
    /// 依场景授权
    Scenario {
        /// 应用场景
        scenario: Scenario,
        /// 确有需要的理由
        necessity: Necessity,
    },
}

words! {
    /// 场景类别 — the typical scenarios of Article 20, in the order of the text, and others.
    pub enum ScenarioKind {
        Planning = "城市规划建设",
        Traffic = "交通出行规划",
        Health = "医疗健康管理",
        Care = "重点人群服务保障",
        Ecology = "生态保护修护",
        Convenience = "便民利企服务",
        Other = "其他",
    }
}

/// 应用场景 — one scenario, one grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// 类别
    pub kind: ScenarioKind,
    /// 名称
    pub name: String,
}

impl Scenario {
    /// What makes two scenarios the same one; empty where no letter was written.
    pub fn key_of(name: &str) -> String {
        text::same(name)
    }
}

/// 确有需要 — the grounds for not granting as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Necessity(String);

/// 未说明必要性.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("授权运营以整体授权为主，开展分领域、依场景授权应说明确有需要的理由")]
pub struct Groundless;

impl Necessity {
    /// # Errors
    /// [`Groundless`] when nothing is said.
    pub fn new(grounds: &str) -> Result<Self, Groundless> {
        let grounds = grounds.trim();
        if grounds.is_empty() { Err(Groundless) } else { Ok(Self(grounds.to_owned())) }
    }
}

impl TryFrom<String> for Necessity {
    type Error = Groundless;
    fn try_from(grounds: String) -> Result<Self, Groundless> {
        Self::new(&grounds)
    }
}

impl From<Necessity> for String {
    fn from(necessity: Necessity) -> Self {
        necessity.0
    }
}

impl Violation for Groundless {
    fn provision(&self) -> Provision {
        article(7)
    }
}

impl Mode {
    /// 名称.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Whole => "整体授权",
            Self::Sector { .. } => "分领域授权",
            Self::Scenario { .. } => "依场景授权",
        }
    }

    /// 领域或者场景 — in words; of the whole, nothing.
    pub fn told(&self) -> String {
        match self {
            Self::Whole => String::new(),
            Self::Sector { sector, .. } => sector.to_string(),
            Self::Scenario { scenario, .. } => format!("{}（{}）", scenario.name, scenario.kind),
        }
    }

    /// 数据资源范围 — how far this mode reaches at most.
    pub const fn reach(&self) -> Provision {
        match self {
            Self::Whole => article(12).paragraph(1),
            Self::Sector { .. } => article(12).paragraph(2),
            Self::Scenario { .. } => article(12).paragraph(3),
        }
    }

    /// 组织程序 — which paragraph orders the procedure of this mode.
    pub const fn course(&self) -> Provision {
        match self {
            Self::Whole => article(9).paragraph(1),
            Self::Sector { .. } => article(9).paragraph(2),
            Self::Scenario { .. } => article(9).paragraph(3),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_grant_without_grounds_cannot_be_read_from_anywhere() {
        let told = serde_json::from_str::<Mode>(
            r#"{"mode":"scenario","scenario":{"kind":"traffic","name":"停车"},"necessity":" "}"#,
        )
        .unwrap_err();
        assert!(told.to_string().contains("确有需要"), "{told}");
        assert_eq!(serde_json::from_str::<Mode>(r#"{"mode":"whole"}"#).unwrap().name(), "整体授权");
    }
}
