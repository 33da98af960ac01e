//! 数据开发利用协议 — what its page says.

use regulation::{
    Role, article,
    operation::use_agreement::{Act, Clause, PROCEDURE, State},
};
use store::operation::{credential::Credential, product::Product, use_agreement::UseAgreement};
use workflow::{Acting, Refused};

use crate::{
    Door,
    case::{Action, Facts, above, open, org},
    frame::span,
};

pub async fn facts(door: &Door, agreement: &UseAgreement, acting: Option<&Acting>) -> Result<Facts, Refused> {
    let key = store::record::key::<UseAgreement>(&agreement.id);
    let credentials = door.office.store.children::<Credential>(&key).await.map_err(Refused::Unavailable)?;
    let mut lines = vec![
        ("产品", agreement.product.clone()),
        ("运营机构", org(door, &agreement.operator).await?),
        ("经营主体", org(door, &agreement.entity).await?),
        ("期限", span(agreement.period.from, agreement.period.until)),
    ];
    let written = |clause: &Clause| Some((clause.name(), agreement.clauses.get(clause)?.clone()));
    lines.extend(Clause::ALL.iter().filter_map(written));
    let told = |credential: &Credential| format!("{}（{}，{}到期）", credential.id, credential.state, credential.until);
    lines.push((
        "凭据",
        if credentials.is_empty() {
            "尚未领取".into()
        } else {
            credentials.iter().map(told).collect::<Vec<_>>().join("\n")
        },
    ));
    let mut actions = open(door, &PROCEDURE, agreement.state, agreement, acting, |act| match act {
        Act::Sign => Action::new("use_agreement.sign", vec![]),
        Act::Decline => Action::new("use_agreement.decline", vec![]).risky(),
        Act::End => Action::new("use_agreement.end", vec![]).risky(),
    });
    let takes = |acting: &&Acting| acting.role == Role::BusinessEntity && acting.org == agreement.entity;
    if agreement.state == State::InForce && acting.as_ref().is_some_and(takes) {
        let take = Action {
            label: "领取凭据".into(),
            basis: article(25).paragraph(1),
            subject_field: "use_agreement",
            ..Action::new("credential.take", vec![])
        };
        actions.insert(0, take);
    }
    Ok(Facts {
        title: format!("数据开发利用协议 {}", agreement.id),
        state: agreement.state.to_string(),
        lines,
        notice: None,
        due: None,
        clock: "",
        basis: article(25),
        actions,
        parent: above::<Product>(&agreement.product),
    })
}
