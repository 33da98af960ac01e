//! 选择运营机构 — what its page says. Selecting itself comes with its evidence, through the interface.

use regulation::{
    article,
    granting::selection::{Act, PROCEDURE},
};
use store::granting::{plan::Plan, selection::Selection};
use workflow::{Acting, Refused};

use crate::{
    Door,
    case::{Action, Facts, Input, above, open, org},
};

pub async fn facts(door: &Door, selection: &Selection, acting: Option<&Acting>) -> Result<Facts, Refused> {
    let operator = match &selection.operator {
        Some(operator) => org(door, operator).await?,
        None => "尚未选定".to_owned(),
    };
    let conditions: Vec<&str> = selection.conditions.iter().map(|condition| condition.name()).collect();
    let mut actions = open(door, &PROCEDURE, selection.state, selection, acting, |act| match act {
        Act::Select => Action::new("selection.select", vec![]),
        Act::Fail => Action::new("selection.fail", vec![Input::new("reason", "终止理由", "area", "")]).risky(),
    });
    actions.retain(|action| action.act != "selection.select");
    Ok(Facts {
        title: "选择运营机构".into(),
        state: selection.state.to_string(),
        lines: vec![
            ("实施机构", org(door, &selection.agency).await?),
            ("方式", selection.method.to_string()),
            ("公告", selection.notice.clone()),
            ("选定的运营机构", operator),
            ("已证明的条件", conditions.join("\n")),
        ],
        notice: None,
        due: None,
        clock: "",
        basis: article(14),
        actions,
        parent: above::<Plan>(&selection.plan),
    })
}
