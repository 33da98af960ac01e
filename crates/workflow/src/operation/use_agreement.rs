//! 数据开发利用协议 — offered by the operator, signed by the business entity (Articles 21, 25 and 26).

use std::collections::BTreeMap;

use regulation::{
    article,
    granting::agreement::Period,
    operation::{
        product,
        redevelopment::check_licensee,
        use_agreement::{Act, Clause, Fault, PROCEDURE, State, flaws},
    },
};
use serde::{Deserialize, Serialize};
use store::{
    granting::agreement::Agreement,
    operation::{product::Product, use_agreement::UseAgreement},
    party::Organisation,
};

use crate::{File, Recorded, Refused};

/// 要约.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Offer {
    /// 产品
    pub product: String,
    /// 经营主体
    pub entity: String,
    /// 条款
    pub clauses: BTreeMap<Clause, String>,
    /// 期限
    pub period: Period,
}

/// 要约 — for a published product, to somebody who may redevelop it, not longer than the grant.
pub async fn offer(mut file: File<'_>, ask: &Offer) -> Result<Recorded, Refused> {
    file.entitled("use_agreement.offer", "提出数据开发利用协议")?;
    let product: Product = file.read("产品", &ask.product).await?;
    if product.operator != file.acting.org {
        return Err(crate::refused::Overreach::Foreign.into());
    }
    if product.state != product::State::Published {
        return Err(Fault::Unpublished(product.id).into());
    }
    let agreement: Agreement = file.read("授权运营协议", &product.agreement).await?;
    let operator: Organisation = file.read("单位", &product.operator).await?;
    let entity: Organisation = file.read("单位", &ask.entity).await?;
    entity.nature.check_business_entity()?;
    check_licensee(&agreement.mode, &operator.uscc, &entity.uscc)?;
    Refused::if_any(&flaws(&ask.clauses))?;
    ask.period.check(&file.terms())?;
    let agreement = UseAgreement {
        id: file.number("LY"),
        product: product.id,
        operator: product.operator,
        entity: entity.id,
        clauses: ask.clauses.clone(),
        period: Period { until: ask.period.until.min(agreement.period.until), ..ask.period },
        state: State::Offered,
    };
    file.write(&agreement)?;
    file.record("offer", &agreement, agreement.state.name(), article(25).paragraph(1), ask)
}

/// 签订、谢绝、终止.
pub async fn advance(mut file: File<'_>, id: &str, act: Act) -> Result<Recorded, Refused> {
    let mut agreement: UseAgreement = file.read("数据开发利用协议", id).await?;
    let step = file.step(&PROCEDURE, (agreement.state, act), &agreement)?;
    agreement.state = step.to;
    file.write(&agreement)?;
    let name = match act {
        Act::Sign => "sign",
        Act::Decline => "decline",
        Act::End => "end",
    };
    file.record(name, &agreement, agreement.state.name(), step.basis, &id)
}
