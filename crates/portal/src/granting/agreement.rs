//! 授权运营协议 — what its page says.

use regulation::{
    article,
    granting::agreement::{Act, Clause, PROCEDURE, State},
};
use store::granting::{agreement::Agreement, selection::Selection};
use workflow::{Acting, Refused};

use super::plan::{filing_number, minutes, told};
use crate::{
    Door,
    case::{Action, Facts, Input, above, open, org, scope},
    components::to_do::{Item, Stand, ToDo},
    frame::{self, span},
};

/// 十三项内容 — as a list to be worked off, while the agreement is being written.
pub fn to_do(agreement: &Agreement) -> Option<ToDo> {
    let written = |clause: &Clause| agreement.clauses.0.get(clause).is_some_and(|text| !text.trim().is_empty());
    let item = |clause: &Clause| Item {
        name: clause.name().to_owned(),
        basis: clause.provision().to_string(),
        stand: if written(clause) { Stand::Done } else { Stand::Missing },
    };
    let items = Clause::ALL.iter().map(item).collect();
    (agreement.state == State::Draft).then(|| ToDo { title: "授权运营协议的内容".to_owned(), items })
}

pub async fn facts(door: &Door, agreement: &Agreement, acting: Option<&Acting>) -> Result<Facts, Refused> {
    let mut lines = vec![
        ("实施机构", org(door, &agreement.agency).await?),
        ("运营机构", org(door, &agreement.operator).await?),
        ("授权模式", agreement.mode.name().to_owned()),
        ("授权范围", scope(door, &agreement.scope).await?),
        ("授权时限", span(agreement.period.from, agreement.period.until)),
    ];
    let written = |clause: &Clause| Some((clause.name(), agreement.clauses.0.get(clause)?.clone()));
    lines.extend(Clause::ALL.iter().filter_map(written));
    if let Some(minutes) = &agreement.minutes {
        lines.push(("审议", told(minutes)));
    }
    if let Some(filing) = &agreement.filing {
        lines.push(("备案", format!("{}，{}", filing.number, frame::date(filing.date))));
    }
    let today = acting.map(|acting| acting.today().to_string()).unwrap_or_default();
    let grounds = || vec![Input::new("grounds", "事由", "area", "写明整改事由；立即对全部接口生效")];
    Ok(Facts {
        title: agreement.title.clone(),
        state: agreement.state.to_string(),
        lines,
        notice: None,
        due: agreement.due.clone(),
        clock: "备案时限",
        basis: article(16),
        actions: open(door, &PROCEDURE, agreement.state, agreement, acting, |act| match act {
            Act::Submit => Action::new("agreement.submit", vec![]),
            Act::Adopt => Action::new("agreement.adopt", minutes(&today)),
            Act::Return => Action::new("agreement.return", vec![Input::new("reason", "退回理由", "area", "")]).risky(),
            Act::Sign => Action::new("agreement.sign", vec![]),
            Act::File => Action::new("agreement.file", vec![filing_number()]),
            Act::Suspend => Action::new("agreement.suspend", grounds()).risky(),
            Act::Resume => Action::new("agreement.resume", grounds()),
        }),
        parent: above::<Selection>(&agreement.selection),
    })
}
