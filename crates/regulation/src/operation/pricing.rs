//! 定价 — public governance and public welfare are free; the rest is approved on permitted cost and reasonable return (Article 24).
#![doc = include_str!("../../text/measures/24.md")]

use serde::{Deserialize, Serialize};

use crate::{Provision, Violation, article, operation::demand::Purpose};

const RULE: Provision = article(24).paragraph(1);

/// 价格 — per thousand rows delivered, in fen; the basis says how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// 每千行收费（分）
    pub fen_per_thousand_rows: u64,
    /// 定价说明：准许成本与合理收益，或者政府指导价文号
    pub basis: String,
}

/// 定价有误.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 应当免费
    #[error("用于{0}的公共数据产品和服务免费提供，不得收费")]
    MustBeFree(Purpose),
    /// 未说明依据
    #[error("收费的产品应说明准许成本和合理收益的测算，或者所参照的政府指导价")]
    Unexplained,
}

/// 免费提供 — whether this purpose is served free of charge.
pub const fn free(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::PublicGovernance | Purpose::PublicWelfare)
}

impl Price {
    /// 核对价格.
    ///
    /// # Errors
    /// The [`Fault`] that keeps the price from being approved.
    pub fn check(&self, purpose: Purpose) -> Result<(), Fault> {
        if self.fen_per_thousand_rows == 0 {
            return Ok(());
        }
        if free(purpose) {
            return Err(Fault::MustBeFree(purpose));
        }
        if self.basis.trim().is_empty() { Err(Fault::Unexplained) } else { Ok(()) }
    }
}

impl Violation for Fault {
    fn provision(&self) -> Provision {
        RULE
    }

    fn field(&self) -> &'static str {
        match self {
            Self::MustBeFree(_) => "price.fen_per_thousand_rows",
            Self::Unexplained => "price.basis",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn welfare_is_free_and_a_paid_product_explains_its_price() {
        let price = |fen, basis: &str| Price { fen_per_thousand_rows: fen, basis: basis.into() };
        let told = price(1, "成本").check(Purpose::PublicWelfare).unwrap_err();
        assert_eq!(told.to_string(), "用于公益事业的公共数据产品和服务免费提供，不得收费");
        assert_eq!(price(0, "").check(Purpose::PublicGovernance), Ok(()));
        assert_eq!(price(200, " ").check(Purpose::Industry), Err(Fault::Unexplained));
        assert_eq!(price(200, "准许成本1.2元＋合理收益0.8元").check(Purpose::Sector), Ok(()));
    }
}
