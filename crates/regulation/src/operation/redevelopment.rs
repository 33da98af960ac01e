//! 再开发 — never by the operator itself; sector and scenario products serve end users only (Articles 21 and 26).
#![doc = include_str!("../../text/measures/21.md")]

use crate::{Provision, Uscc, Violation, article, basics::mode::Mode};

/// 违反再开发规定.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 运营机构自己再开发
    #[error("运营机构不得直接或者间接参与授权范围内已交付产品和服务的再开发")]
    Operator,
    /// 仅供最终用户
    #[error("{0}形成的产品和服务直接服务最终用户，不得交由第三方再开发和运营")]
    EndUseOnly(&'static str),
}

/// Whether `entity` may be licensed to redevelop what `operator` delivers under `mode`.
///
/// # Errors
/// The [`Fault`] that forbids it.
pub fn check_licensee(mode: &Mode, operator: &Uscc, entity: &Uscc) -> Result<(), Fault> {
    match mode {
        Mode::Whole if operator == entity => Err(Fault::Operator),
        Mode::Whole => Ok(()),
        Mode::Sector { .. } | Mode::Scenario { .. } => Err(Fault::EndUseOnly(mode.name())),
    }
}

impl Violation for Fault {
    fn provision(&self) -> Provision {
        match self {
            Self::Operator => article(21),
            Self::EndUseOnly(_) => article(26).paragraph(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basics::mode::{Necessity, Scenario, ScenarioKind};

    #[test]
    fn an_operator_never_licenses_itself_and_a_scenario_licenses_nobody() {
        let operator = Uscc::complete("91510100MA6CKEJE3").unwrap();
        let company = Uscc::complete("91510100MA62XYTE7").unwrap();
        assert_eq!(check_licensee(&Mode::Whole, &operator, &operator), Err(Fault::Operator));
        assert_eq!(check_licensee(&Mode::Whole, &operator, &company), Ok(()));
        let scenario = Mode::Scenario {
            scenario: Scenario { kind: ScenarioKind::Traffic, name: "停车诱导".to_owned() },
            necessity: Necessity::new("停车场景").unwrap(),
        };
        let told = check_licensee(&scenario, &operator, &company).unwrap_err();
        assert_eq!(told.provision().to_string(), "第二十六条第一款");
    }
}
