//! 选择运营机构 — what its page says and what the agency may do now; its applications and objections stand beside it.

use jiff::civil::Date;
use regulation::{
    Role, article,
    granting::selection::{
        Act, Condition, Method, PROCEDURE, State,
        qualification::{Evidence, Proof, expired},
    },
};
use store::granting::{
    plan::Plan,
    selection::{Selection, candidate::Candidate},
};
use workflow::{Acting, Refused};

use crate::{
    Door, case,
    case::{Action, Facts, Input, above, open, org},
    frame::date,
};

pub mod candidate;
pub mod complaint;

pub async fn facts(door: &Door, selection: &Selection, acting: Option<&Acting>) -> Result<Facts, Refused> {
    let plan: Plan = case::read(door, "实施方案", &selection.plan).await?;
    let mut lines = told(door, selection).await?;
    let evaluators: Vec<String> =
        selection.evaluators.iter().map(|one| format!("{}（{}）", one.name, one.organisation)).collect();
    let mut add = |name: &'static str, text: String| {
        if !text.is_empty() {
            lines.push((name, text));
        }
    };
    add("评审人", evaluators.join("、"));
    add("受邀单位", selection.invitees.join("、"));
    add("待答复的异议", selection.open_complaints.join("、"));
    add("成立待处理的异议", selection.upheld.join("、"));
    let today = acting.map_or(Date::MIN, Acting::today);
    if let Some(chosen) = &selection.chosen {
        let chosen: Candidate = case::read(door, "参选申请", chosen).await?;
        let over = expired(&chosen.evidence, today);
        let over: Vec<String> = over
            .iter()
            .map(|(condition, on)| format!("{condition}（{}，{}到期）", condition.provision(), date(*on)))
            .collect();
        add("已到期的资格证明", over.join("\n"));
    }
    let mut actions = open(door, &PROCEDURE, selection.state, selection, acting, |act| match act {
        Act::Evaluate => Action::new("selection.evaluate", vec![evaluators_input()]),
        Act::Publicise => Action::new("selection.publicise", vec![]),
        Act::Reopen => {
            Action::new("selection.reopen", vec![Input::new("reason", "重新评审的理由", "area", "")]).risky()
        }
        Act::Select => Action::new("selection.select", choice(selection)),
        Act::Fail => Action::new("selection.fail", vec![Input::new("reason", "终止理由", "area", "")]).risky(),
    });
    let enters = |acting: &&Acting| acting.role == Role::ImplementingAgency && acting.org == selection.agency;
    if selection.state == State::Announced && acting.as_ref().is_some_and(enters) {
        actions.push(Action {
            basis: article(14),
            subject_field: "selection",
            ..Action::new("candidate.register", registration(&plan))
        });
    }
    Ok(Facts {
        title: "选择运营机构".into(),
        state: selection.state.to_string(),
        lines,
        notice: None,
        due: None,
        clock: "",
        basis: article(14),
        actions,
        parent: above::<Plan>(&selection.plan),
    })
}

/// What everybody may read of a selection, on its file and on its public page.
pub async fn told(door: &Door, selection: &Selection) -> Result<Vec<(&'static str, String)>, Refused> {
    let operator = match &selection.operator {
        Some(operator) => org(door, operator).await?,
        None => "尚未选定".to_owned(),
    };
    let criteria: Vec<String> = selection.criteria.iter().map(|one| format!("{} {}分", one.name, one.most)).collect();
    let ranked: Vec<String> =
        selection.ranked.iter().enumerate().map(|(place, one)| rank(place, &one.name, one.score)).collect();
    let day = |day: Option<Date>| day.map(date).unwrap_or_default();
    let invited = match selection.method {
        Method::InvitedTender => format!("邀请{}家单位参加", selection.invitees.len()),
        _ => String::new(),
    };
    let reason = match selection.state {
        State::Abandoned => "终止的理由",
        State::Selected => "未选排名第一的理由",
        _ => "重新评审的理由",
    };
    let lines = [
        ("实施机构", org(door, &selection.agency).await?),
        ("方式", selection.method.to_string()),
        ("邀请", invited),
        ("公告", selection.notice.clone()),
        ("申请办法", selection.how.clone()),
        ("要求提交的材料", selection.asked.clone()),
        ("申请截止", day(selection.deadline)),
        ("评审标准", criteria.join("\n")),
        ("候选人", ranked.join("\n")),
        ("公示至", day(selection.publicity_until)),
        ("选定的运营机构", operator),
        ("选定之日", day(selection.selected_on)),
        ("协议应签订于", day(selection.contract_by)),
        (reason, selection.reason.clone()),
    ];
    Ok(lines.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect())
}

/// 第1名 某公司 86.60分
pub fn rank(place: usize, name: &str, score: u32) -> String {
    format!("第{}名　{name}　{}.{:02}分", place + 1, score / 100, score % 100)
}

fn evaluators_input() -> Input {
    const HINT: &str = "一行一人：姓名，单位，利害关系声明，如“张三，市大数据研究院，无利害关系”；招标至少五人、谈判至少三人，单数，不得来自参选单位";
    Input::new("evaluators", "评审人", "area", HINT)
}

fn choice(selection: &Selection) -> Vec<Input> {
    let one = |(place, one): (usize, &store::granting::selection::Ranked)| {
        (one.candidate.clone(), rank(place, &one.name, one.score))
    };
    let options = selection.ranked.iter().enumerate().map(one).collect();
    vec![
        Input {
            options,
            ..Input::new("candidate", "候选人", "select", "选定之前再核对一遍资格证明是否有效、异议是否已经答复")
        },
        Input::new("reason", "理由", "area", "选定的不是第一名时必须说明"),
    ]
}

/// 公告的填写项 — on the page of the plan under which an operator is selected.
pub fn announcement() -> Vec<Input> {
    let methods = Method::ALL.iter().map(|method| (method.code(), method.name().to_owned())).collect();
    vec![
        Input {
            options: methods, ..Input::new("method", "方式", "select", "公平竞争的方式").because(article(14))
        },
        Input::new("notice", "公告内容", "area", "选择什么运营机构、授权什么、谁可以参加"),
        Input::new("how", "申请办法", "area", "在平台申请，或者把材料送到哪里"),
        Input::new("asked", "要求提交的材料", "area", ""),
        Input::new(
            "deadline",
            "申请截止日",
            "date",
            "申请到这一天结束为止；招标自公告至截止不少于20日（招标投标法第二十四条）",
        ),
        Input::new("criteria", "评审标准", "area", "一行一项，写明分值，合计100分，最多八项，如“技术方案 40”"),
        Input::new(
            "invitees",
            "受邀单位",
            "area",
            "只在邀请招标时填写，一行一家，至少三家：名称、统一社会信用代码或者单位编号",
        ),
    ]
}

fn registration(plan: &Plan) -> Vec<Input> {
    let mut inputs = vec![
        Input::new("name", "单位名称", "text", "线下提交申请、没有在平台登记的单位"),
        Input::new("uscc", "统一社会信用代码", "text", "18位"),
    ];
    inputs.extend(application(&plan.mode, "", "", &Proof::new()));
    inputs
}

/// 申请的填写项 — with everything that Article 15 asks of an operator of this mode.
pub fn application(
    mode: &regulation::basics::mode::Mode,
    representative: &str,
    offer: &str,
    proof: &Proof,
) -> Vec<Input> {
    let mut inputs = vec![
        Input::new("representative", "法定代表人", "text", "").filled(representative),
        Input::new("offer", "方案和承诺", "area", "对照评审标准写").filled(offer),
    ];
    inputs.extend(Condition::of(mode).iter().flat_map(|condition| proving(*condition, proof.get(condition))));
    inputs
}

/// 更新证明的填写项.
pub fn renewal(mode: &regulation::basics::mode::Mode) -> Vec<Input> {
    Condition::of(mode).iter().flat_map(|condition| proving(*condition, None)).collect()
}

/// One condition: what proves it, the file, its digest, until when it holds.
fn proving(condition: Condition, evidence: Option<&Evidence>) -> [Input; 4] {
    let [text, file, digest, expires] = condition.fields();
    let old = evidence.cloned().unwrap_or_default();
    let until = old.expires.map(|on| on.to_string()).unwrap_or_default();
    [
        Input::new(text, condition.name(), "area", "用什么证明").because(condition.provision()).filled(old.text),
        Input::new(
            file,
            format!("附件名称：{condition}"),
            "text",
            if condition.needs_a_file() { "须附制度文件" } else { "没有附件的可以不写" },
        )
        .filled(old.file),
        Input::new(digest, format!("附件的 SHA-256：{condition}"), "text", "64位；平台只记摘要，原件交实施机构核对")
            .filled(old.sha256),
        Input::new(expires, format!("有效期至：{condition}"), "date", "").filled(until),
    ]
}

/// 各项证明，一项几行.
pub fn proved(proof: &Proof, today: Date) -> String {
    let one = |(condition, evidence): (&Condition, &Evidence)| {
        let until = match evidence.expires {
            Some(on) if on < today => format!("已于{}到期", date(on)),
            Some(on) => format!("有效期至{}", date(on)),
            None => "没有写明有效期".to_owned(),
        };
        let file = if evidence.file.is_empty() {
            String::new()
        } else {
            format!("；附件 {}，SHA-256 {}", evidence.file, evidence.sha256)
        };
        format!("{condition}（{}）：{}；{until}{file}", condition.provision(), evidence.text)
    };
    proof.iter().map(one).collect::<Vec<_>>().join("\n")
}
