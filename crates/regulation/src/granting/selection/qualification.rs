//! 运营机构的条件 — three lists, one for each mode, each condition with its evidence (Article 15).
#![doc = include_str!("../../../text/measures/15.md")]

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{Provision, Violation, article, basics::mode::Mode};

words! {
    /// 运营机构应当具备的条件 — the items of Article 15, paragraph by paragraph, in the order of the text.
    pub enum Condition {
        Standing = "经营状况和信用状况良好",
        Platform = "具备运营服务平台的建设及运营能力",
        Security = "具备数据安全保障、风险监测、应急处置能力",
        Ecosystem = "具备运营生态健康发展服务能力",
        Team = "具备专业技术队伍服务能力",
        Other = "符合其他规定要求",
        SectorRules = "符合国家和本市对授权运营的有关规定",
        SectorRecord = "经营状况良好，单位及其法定代表人无重大违法记录、未被列入失信名单",
        SectorMeans = "具备分领域授权运营所需的办公条件、专业团队和技术能力",
        SectorOther = "符合实施机构和相关市级部门研究确定的其他条件",
        ScenarioTeam = "经营状况稳定，具备专业团队和服务能力",
        ScenarioSecurity = "有明确的数据安全负责人和管理部门、健全的制度和工作机制",
        ScenarioOther = "符合依场景授权运营的其他规定要求",
    }
}

/// The fields of a form in which each condition is proved.
macro_rules! fields {
    ($($condition:ident $code:literal)+) => {
        impl Condition {
            /// 填写项：说明、附件、摘要、有效期至.
            pub const fn fields(self) -> [&'static str; 4] {
                match self {
                    $(Self::$condition => [
                        concat!("evidence.", $code, ".text"),
                        concat!("evidence.", $code, ".file"),
                        concat!("evidence.", $code, ".sha256"),
                        concat!("evidence.", $code, ".expires"),
                    ],)+
                }
            }
        }
    };
}

fields! {
    Standing "standing" Platform "platform" Security "security" Ecosystem "ecosystem" Team "team" Other "other"
    SectorRules "sector_rules" SectorRecord "sector_record" SectorMeans "sector_means" SectorOther "sector_other"
    ScenarioTeam "scenario_team" ScenarioSecurity "scenario_security" ScenarioOther "scenario_other"
}

impl Condition {
    /// The conditions of a mode.
    pub fn of(mode: &Mode) -> &'static [Self] {
        match mode {
            Mode::Whole => &Self::ALL[..6],
            Mode::Sector { .. } => &Self::ALL[6..10],
            Mode::Scenario { .. } => &Self::ALL[10..],
        }
    }

    /// The item that asks for this condition.
    pub const fn provision(self) -> Provision {
        let place = self as u8;
        match place {
            0..6 => article(15).paragraph(1).item(place + 1),
            6..10 => article(15).paragraph(2).item(place - 5),
            _ => article(15).paragraph(3).item(place - 9),
        }
    }

    /// 应附文件 — the rules of data security are shown, not told.
    pub const fn needs_a_file(self) -> bool {
        matches!(self, Self::ScenarioSecurity)
    }
}

/// 证明 — how a condition is proved, and until when that holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// 说明
    pub text: String,
    /// 附件名称
    pub file: String,
    /// 附件的 SHA-256
    pub sha256: String,
    /// 有效期至
    #[serde(deserialize_with = "blank_is_none")]
    pub expires: Option<Date>,
}

/// 各项证明.
pub type Proof = BTreeMap<Condition, Evidence>;

/// A date that a form left empty is no date.
///
/// # Errors
/// The text is not a date.
pub fn blank_is_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    let text: Option<String> = Option::deserialize(from)?;
    let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
}

/// 条件未满足.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// 没有证明
    #[error("没有证明“{0}”")]
    Unproved(Condition),
    /// 没有有效期
    #[error("“{0}”的证明没有写明有效期")]
    Undated(Condition),
    /// 已过期
    #[error("“{condition}”的证明已于{on}到期")]
    Expired {
        /// 条件
        condition: Condition,
        /// 到期之日
        on: Date,
    },
    /// 没有附件
    #[error("“{0}”应附制度文件，写明附件名称")]
    NoFile(Condition),
    /// 摘要有误
    #[error("“{0}”的附件应写明 SHA-256 摘要，64位十六进制")]
    Digest(Condition),
    /// 不是本模式的条件
    #[error("“{0}”不是这一授权模式的条件")]
    Foreign(Condition),
}

/// 资格缺陷 — every condition of the mode that is not proved on `today`, and all that is wrong with the proof.
pub fn flaws(mode: &Mode, proof: &Proof, today: Date) -> Vec<Flaw> {
    let conditions = Condition::of(mode);
    let mut flaws = Vec::new();
    for condition in conditions {
        let Some(evidence) = proof.get(condition).filter(|evidence| !evidence.text.trim().is_empty()) else {
            flaws.push(Flaw::Unproved(*condition));
            continue;
        };
        match evidence.expires {
            None => flaws.push(Flaw::Undated(*condition)),
            Some(on) if on < today => flaws.push(Flaw::Expired { condition: *condition, on }),
            Some(_) => {}
        }
        let attached = !evidence.file.trim().is_empty();
        if condition.needs_a_file() && !attached {
            flaws.push(Flaw::NoFile(*condition));
        }
        let digest = evidence.sha256.trim();
        let whole = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        if (attached || !digest.is_empty()) && !whole {
            flaws.push(Flaw::Digest(*condition));
        }
    }
    flaws.extend(proof.keys().filter(|condition| !conditions.contains(condition)).map(|other| Flaw::Foreign(*other)));
    flaws
}

/// 已到期的证明 — what held once and does not any more.
pub fn expired(proof: &Proof, today: Date) -> Vec<(Condition, Date)> {
    let over = |(condition, evidence): (&Condition, &Evidence)| {
        evidence.expires.filter(|on| *on < today).map(|on| (*condition, on))
    };
    proof.iter().filter_map(over).collect()
}

impl Flaw {
    /// 哪一项条件.
    pub const fn condition(&self) -> Condition {
        match self {
            Self::Unproved(condition)
            | Self::Undated(condition)
            | Self::Expired { condition, .. }
            | Self::NoFile(condition)
            | Self::Digest(condition)
            | Self::Foreign(condition) => *condition,
        }
    }
}

impl Violation for Flaw {
    fn provision(&self) -> Provision {
        self.condition().provision()
    }

    fn field(&self) -> &'static str {
        match self {
            Self::Unproved(condition) | Self::Foreign(condition) => condition.fields()[0],
            Self::NoFile(condition) => condition.fields()[1],
            Self::Digest(condition) => condition.fields()[2],
            Self::Undated(condition) | Self::Expired { condition, .. } => condition.fields()[3],
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::basics::mode::Necessity;

    fn proof(mode: &Mode, until: Date) -> Proof {
        let sha256 = "ab".repeat(32);
        let evidence = Evidence { text: "见附件".into(), file: "证明.pdf".into(), sha256, expires: Some(until) };
        Condition::of(mode).iter().map(|condition| (*condition, evidence.clone())).collect()
    }

    fn parking() -> crate::basics::mode::Scenario {
        use crate::basics::mode::{Scenario, ScenarioKind};
        Scenario { kind: ScenarioKind::Traffic, name: "停车诱导".into() }
    }

    #[test]
    fn each_mode_has_its_own_list_in_the_order_of_the_text() {
        let modes = [
            Mode::Whole,
            Mode::Sector {
                sector: crate::basics::sector::Sector::Transport,
                necessity: Necessity::new("行业需要").unwrap(),
            },
            Mode::Scenario { scenario: parking(), necessity: Necessity::new("场景需要").unwrap() },
        ];
        let told = modes.map(|mode| {
            let items = Condition::of(&mode);
            (items.len(), items[0].provision().to_string(), items[items.len() - 1].provision().to_string())
        });
        let list = |count, first: &str, last: &str| (count, first.to_owned(), last.to_owned());
        assert_eq!(
            told,
            [
                list(6, "第十五条第一款第一项", "第十五条第一款第六项"),
                list(4, "第十五条第二款第一项", "第十五条第二款第四项"),
                list(3, "第十五条第三款第一项", "第十五条第三款第三项"),
            ]
        );
    }

    #[test]
    fn every_unproved_or_expired_condition_is_named_with_its_item() {
        let today = date(2025, 9, 1);
        let mut proof = proof(&Mode::Whole, today);
        assert_eq!(flaws(&Mode::Whole, &proof, today), [], "到期当日仍有效");
        proof.remove(&Condition::Security);
        proof.get_mut(&Condition::Team).unwrap().expires = Some(date(2025, 8, 31));
        proof.get_mut(&Condition::Other).unwrap().expires = None;
        proof.get_mut(&Condition::Standing).unwrap().sha256 = "xy".into();
        let told: Vec<String> = flaws(&Mode::Whole, &proof, today)
            .iter()
            .map(|flaw| format!("{}：{flaw}（{}）", flaw.provision(), flaw.field()))
            .collect();
        assert_eq!(
            told,
            [
                "第十五条第一款第一项：“经营状况和信用状况良好”的附件应写明 SHA-256 摘要，64位十六进制（evidence.standing.sha256）",
                "第十五条第一款第三项：没有证明“具备数据安全保障、风险监测、应急处置能力”（evidence.security.text）",
                "第十五条第一款第五项：“具备专业技术队伍服务能力”的证明已于2025-08-31到期（evidence.team.expires）",
                "第十五条第一款第六项：“符合其他规定要求”的证明没有写明有效期（evidence.other.expires）",
            ]
        );
        assert_eq!(expired(&proof, today), [(Condition::Team, date(2025, 8, 31))]);
    }

    #[test]
    fn proof_for_another_mode_proves_nothing_and_a_scenario_shows_its_rules_of_security() {
        let today = date(2025, 9, 1);
        let scenario = Mode::Scenario { scenario: parking(), necessity: Necessity::new("停车场景").unwrap() };
        let told = flaws(&scenario, &proof(&Mode::Whole, today), today);
        assert_eq!(told.len(), 3 + 6, "{told:?}");
        let mut own = proof(&scenario, today);
        own.get_mut(&Condition::ScenarioSecurity).unwrap().file.clear();
        own.get_mut(&Condition::ScenarioSecurity).unwrap().sha256.clear();
        assert_eq!(flaws(&scenario, &own, today), [Flaw::NoFile(Condition::ScenarioSecurity)]);
    }

    #[test]
    fn the_fields_of_a_form_bear_the_codes_of_the_conditions() {
        for condition in Condition::ALL {
            assert_eq!(condition.fields()[0], format!("evidence.{}.text", condition.code()));
        }
        let blank: Evidence = serde_json::from_str(r#"{ "text": "有", "expires": "" }"#).unwrap();
        assert_eq!(blank.expires, None);
        assert!(serde_json::from_str::<Evidence>(r#"{ "expires": "明年" }"#).is_err());
    }
}
