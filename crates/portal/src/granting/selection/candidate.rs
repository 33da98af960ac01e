//! 参选申请 — what its page says, to whoever applied and to the agency.

use jiff::civil::Date;
use regulation::{
    article,
    granting::selection::{
        self,
        blacklist::Receipt,
        candidate::{Act, PROCEDURE, State},
        evaluation::SCORE_FIELDS,
        qualification,
    },
};
use store::granting::{
    plan::Plan,
    selection::{Selection, candidate::Candidate},
};
use workflow::{Acting, Notice, Refused};

use super::{application, proved, renewal};
use crate::{
    Door, case,
    case::{Action, Facts, Input, above, open, org},
    frame::{date, time},
};

pub async fn facts(door: &Door, candidate: &Candidate, acting: Option<&Acting>) -> Result<Facts, Refused> {
    let selection: Selection = case::read(door, "遴选", &candidate.selection).await?;
    let plan: Plan = case::read(door, "实施方案", &selection.plan).await?;
    let today = acting.map_or(Date::MIN, Acting::today);
    let entered = if candidate.org.is_empty() { "线下提交，由实施机构登记" } else { "在平台提交" };
    let mut lines = vec![
        ("单位", candidate.name.clone()),
        ("统一社会信用代码", candidate.uscc.to_string()),
        ("法定代表人", candidate.representative.clone()),
        ("申请", format!("{}，{entered}", date(candidate.applied))),
        ("遴选", format!("{}（{}，{}）", selection.id, selection.method, selection.state)),
        ("实施机构", org(door, &candidate.agency).await?),
        ("方案和承诺", candidate.offer.clone()),
        ("资格证明", proved(&candidate.evidence, today)),
    ];
    lines.retain(|(_, text)| !text.is_empty());
    let receipts: Vec<String> = candidate.receipts.iter().map(receipt).collect();
    lines.extend((!receipts.is_empty()).then(|| ("失信名单查询", receipts.join("\n"))));
    // Scores are the agency's until candidates are shown; then everybody knows the sums.
    if acting.is_some_and(|acting| acting.org == candidate.agency) {
        let scored: Vec<String> = candidate
            .scores
            .iter()
            .map(|(name, scores)| format!("{name}：{}分", scores.values().map(|score| u32::from(*score)).sum::<u32>()))
            .collect();
        lines.extend((!scored.is_empty()).then(|| ("评分", scored.join("\n"))));
    }
    let lacking = qualification::flaws(&plan.mode, &candidate.evidence, today);
    let under_way = matches!(candidate.state, State::Submitted | State::Qualified);
    let mut notice = Notice::of_all(&lacking).filter(|_| under_way);
    if candidate.state == State::Disqualified {
        notice = Some(refused(&candidate.reason));
    }
    Ok(Facts {
        title: format!("{} · 参选申请", candidate.name),
        state: candidate.state.to_string(),
        lines,
        notice,
        due: None,
        clock: "",
        basis: article(15),
        actions: actions(door, candidate, (&selection, &plan), acting),
        parent: above::<Selection>(&candidate.selection),
    })
}

/// 一份查询回执.
fn receipt(one: &Receipt) -> String {
    let found = if one.listed { "在名单上" } else { "不在名单上" };
    let said = if one.said.is_empty() { String::new() } else { format!("：{}", one.said) };
    let (at, digest) = (time(one.at), &one.sha256);
    format!(
        "{}“{}”{found}（{}）{said}；{at}查自{}，答复的 SHA-256 {digest}",
        one.subject, one.name, one.list, one.source
    )
}

fn refused(reason: &str) -> Notice {
    Notice {
        message: format!("资格审查不合格：{reason}"),
        basis: article(15).to_string(),
        article: Some(15),
        advice: "有异议的，可以在遴选公告的页面提出".to_owned(),
        kind: workflow::RefusalSort::Content,
        remarks: Vec::new(),
    }
}

/// What may be done now: the application's own procedure, as far as the selection has come.
fn actions(
    door: &Door,
    candidate: &Candidate,
    (selection, plan): (&Selection, &Plan),
    acting: Option<&Acting>,
) -> Vec<Action> {
    use selection::State::{Announced, Evaluating, Selected};
    let today = acting.map_or(Date::MIN, Acting::today);
    let closed = selection.deadline.is_some_and(|deadline| deadline < today);
    let mut actions = open(door, &PROCEDURE, candidate.state, candidate, acting, |act| match act {
        Act::Revise => Action::new(
            "candidate.revise",
            application(&plan.mode, &candidate.representative, &candidate.offer, &candidate.evidence),
        ),
        Act::Withdraw => Action::new("candidate.withdraw", vec![]).risky(),
        Act::Qualify => Action::new("candidate.qualify", vec![]),
        Act::Disqualify => Action::new(
            "candidate.disqualify",
            vec![Input::new("reason", "不合格的理由", "area", "写明哪一项条件、为什么")],
        )
        .risky(),
        Act::Inquire => Action::new("candidate.inquire", vec![]),
        Act::Score => Action::new("candidate.score", scoring(selection)),
        Act::Renew => Action::new("candidate.renew", renewal(&plan.mode)),
    });
    actions.retain(|action| match action.act {
        "candidate.revise" | "candidate.withdraw" => selection.state == Announced && !closed,
        "candidate.qualify" | "candidate.disqualify" => {
            selection.state == Evaluating || selection.state == Announced && closed
        }
        "candidate.inquire" => selection.state != selection::State::Abandoned,
        "candidate.score" => selection.state == Evaluating,
        _ => selection.state == Selected && selection.chosen.as_deref() == Some(&candidate.id),
    });
    actions
}

fn scoring(selection: &Selection) -> Vec<Input> {
    let evaluators =
        selection.evaluators.iter().map(|one| (one.name.clone(), format!("{}（{}）", one.name, one.organisation)));
    let mut inputs = vec![Input {
        options: evaluators.collect(),
        ..Input::new("evaluator", "评审人", "select", "一次记一名评审人的评分；再记一次就是更正")
    }];
    let scores = selection.criteria.iter().zip(SCORE_FIELDS);
    inputs.extend(
        scores.map(|(one, field)| Input::new(field, one.name.clone(), "number", format!("满分{}分", one.most))),
    );
    inputs
}
