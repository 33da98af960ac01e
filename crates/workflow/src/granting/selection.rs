//! 选择运营机构 — announced, evaluated, shown and decided under an adopted plan (Articles 14 and 15).

use jiff::civil::Date;
use regulation::{
    Role, article,
    granting::{
        plan,
        selection::{
            Act, Announced, Condition, Flaw, Method, PROCEDURE, State, blacklist,
            candidate::State as Candidacy,
            evaluation::{Contender, criteria, evaluators, total},
            qualification::{self, blank_is_none},
        },
    },
};
use serde::{Deserialize, Serialize};
use store::{
    granting::{
        plan::Plan,
        selection::{Ranked, Selection, candidate::Candidate},
    },
    party::Organisation,
};

use crate::{File, Recorded, Refused};

pub mod candidate;
pub mod complaint;
pub mod expiry;

/// 公告.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Announce {
    /// 实施方案
    pub plan: String,
    /// 方式
    pub method: Method,
    /// 公告
    #[serde(default)]
    pub notice: String,
    /// 申请办法
    #[serde(default)]
    pub how: String,
    /// 要求提交的材料
    #[serde(default)]
    pub asked: String,
    /// 申请截止日
    #[serde(default, deserialize_with = "blank_is_none")]
    pub deadline: Option<Date>,
    /// 评审标准，一行一项
    #[serde(default)]
    pub criteria: String,
    /// 受邀单位，一行一家
    #[serde(default)]
    pub invitees: String,
}

/// 选定.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Select {
    /// 编号
    pub id: String,
    /// 公示的候选人：参选申请的编号
    pub candidate: String,
    /// 不选排名第一的理由
    #[serde(default)]
    pub reason: String,
}

/// 公告遴选 — only under a plan that is in force, with everything that whoever wants to take part has to know.
pub async fn announce(mut file: File<'_>, ask: &Announce) -> Result<Recorded, Refused> {
    file.entitled("selection.announce", "组织选择运营机构")?;
    let plan: Plan = file.read("实施方案", &ask.plan).await?;
    if !plan.state.in_force() {
        return Err(plan::Flaw::NotAdopted(plan.id).into());
    }
    let invitees: Vec<String> =
        ask.invitees.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let announced = Announced {
        method: ask.method,
        notice: &ask.notice,
        how: &ask.how,
        asked: &ask.asked,
        deadline: ask.deadline,
        invitees: &invitees,
    };
    let (flaws, read) = (announced.flaws(file.today(), &file.terms()), criteria(&ask.criteria));
    Refused::if_any_of(&[&flaws, read.as_ref().err().unwrap_or(&Vec::new())])?;
    let selection = Selection {
        id: file.number("LX"),
        plan: plan.id,
        agency: plan.agency,
        method: ask.method,
        notice: ask.notice.clone(),
        how: ask.how.clone(),
        asked: ask.asked.clone(),
        deadline: ask.deadline,
        criteria: read.unwrap_or_default(),
        invitees,
        state: State::Announced,
        candidates: Vec::new(),
        evaluators: Vec::new(),
        ranked: Vec::new(),
        publicity_until: None,
        open_complaints: Vec::new(),
        upheld: Vec::new(),
        operator: None,
        chosen: None,
        reason: String::new(),
        selected_on: None,
        contract_by: None,
        conditions: Vec::new(),
        expired: Vec::new(),
    };
    file.write(&selection)?;
    file.record("announce", &selection, selection.state.name(), article(14), ask)
}

/// 组织评审 — after applications have closed and each has been examined, by named people without an interest.
pub async fn evaluate(mut file: File<'_>, id: &str, named: &str) -> Result<Recorded, Refused> {
    let mut selection: Selection = file.read("遴选", id).await?;
    let step = file.step(&PROCEDURE, (selection.state, Act::Evaluate), &selection)?;
    let (terms, today) = (file.terms(), file.today());
    let candidates = taking_part(&mut file, &selection).await?;
    let mut flaws = Vec::new();
    flaws.extend(selection.deadline.filter(|deadline| today <= *deadline).map(Flaw::StillOpen));
    let (fewest, are) = (selection.method.fewest(&terms), candidates.len());
    if flaws.is_empty() && are < fewest.into() {
        flaws.push(Flaw::Few { method: selection.method, fewest, are });
    }
    let count = |state| candidates.iter().filter(|candidate| candidate.state == state).count();
    match (count(Candidacy::Submitted), count(Candidacy::Qualified)) {
        (0, 0) if are > 0 => flaws.push(Flaw::NobodyQualified),
        (0, _) => {}
        (unchecked, _) => flaws.push(Flaw::Unchecked(unchecked)),
    }
    let contenders: Vec<Contender> = candidates.iter().map(contender).collect();
    let read = evaluators(named, selection.method, &contenders, &terms);
    Refused::if_any_of(&[&flaws, read.as_ref().err().unwrap_or(&Vec::new())])?;
    selection.evaluators = read.unwrap_or_default();
    selection.state = step.to;
    file.write(&selection)?;
    file.record("evaluate", &selection, selection.state.name(), step.basis, &named)
}

/// Whoever may not evaluate, because this candidate is theirs.
fn contender(candidate: &Candidate) -> Contender<'_> {
    Contender {
        name: &candidate.name,
        codes: [&candidate.org, candidate.uscc.as_str()],
        people: vec![&candidate.representative],
    }
}

/// 参选单位 — those that have not withdrawn.
async fn taking_part(file: &mut File<'_>, selection: &Selection) -> Result<Vec<Candidate>, Refused> {
    let mut candidates = Vec::with_capacity(selection.candidates.len());
    for id in &selection.candidates {
        let candidate: Candidate = file.read("参选申请", id).await?;
        candidates.extend((candidate.state != Candidacy::Withdrawn).then_some(candidate));
    }
    Ok(candidates)
}

/// 公示候选人 — once every evaluator has scored every qualified candidate; the best stands first.
pub async fn publicise(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut selection: Selection = file.read("遴选", id).await?;
    let step = file.step(&PROCEDURE, (selection.state, Act::Publicise), &selection)?;
    let candidates = taking_part(&mut file, &selection).await?;
    let qualified: Vec<&Candidate> =
        candidates.iter().filter(|candidate| candidate.state == Candidacy::Qualified).collect();
    let mut flaws: Vec<Flaw> = Vec::new();
    if qualified.is_empty() {
        flaws.push(Flaw::NobodyQualified);
    }
    for candidate in &qualified {
        let missing = selection.evaluators.iter().filter(|evaluator| !candidate.scores.contains_key(&evaluator.name));
        flaws.extend(
            missing.map(|evaluator| Flaw::Unscored {
                candidate: candidate.name.clone(),
                evaluator: evaluator.name.clone(),
            }),
        );
    }
    Refused::if_any(&flaws)?;
    let rank = |candidate: &&Candidate| Ranked {
        candidate: candidate.id.clone(),
        name: candidate.name.clone(),
        score: total(candidate.scores.values()),
    };
    selection.ranked = qualified.iter().map(rank).collect();
    selection
        .ranked
        .sort_by(|one, other| other.score.cmp(&one.score).then_with(|| one.candidate.cmp(&other.candidate)));
    selection.publicity_until = selection.method.publicity_until(file.today(), &file.terms());
    selection.state = step.to;
    file.write(&selection)?;
    file.record("publicise", &selection, selection.state.name(), step.basis, &selection.ranked)
}

/// 重新评审 — where an objection was upheld, or something else was wrong: what was shown is taken back.
pub async fn reopen(mut file: File<'_>, id: &str, reason: &str) -> Result<Recorded, Refused> {
    let mut selection: Selection = file.read("遴选", id).await?;
    let step = file.step(&PROCEDURE, (selection.state, Act::Reopen), &selection)?;
    if reason.trim().is_empty() {
        return Err(Flaw::NoReason.into());
    }
    selection.state = step.to;
    selection.ranked.clear();
    selection.publicity_until = None;
    selection.upheld.clear();
    reason.trim().clone_into(&mut selection.reason);
    file.write(&selection)?;
    file.record("reopen", &selection, selection.state.name(), step.basis, &reason)
}

/// 选定 — a legal person that was shown as a candidate, and on this day still meets every condition of the mode.
pub async fn select(mut file: File<'_>, ask: &Select) -> Result<Recorded, Refused> {
    let mut selection: Selection = file.read("遴选", &ask.id).await?;
    let step = file.step(&PROCEDURE, (selection.state, Act::Select), &selection)?;
    let (terms, today) = (file.terms(), file.today());
    Refused::if_any(&held_up(&selection, ask, today))?;
    let candidate: Candidate = file.read("参选申请", &ask.candidate).await?;
    let plan: Plan = file.read("实施方案", &selection.plan).await?;
    Refused::if_any_of(&[
        &qualification::flaws(&plan.mode, &candidate.evidence, today),
        &blacklist::flaws(&candidate.receipts, &plan.mode, today, &terms),
    ])?;
    let Some(org) = candidate.operator() else { return Err(Flaw::NotAnOperator(candidate.name).into()) };
    let operator: Organisation = file.read("单位", org).await?;
    operator.nature.check_operator()?;
    if !operator.roles.contains(&Role::Operator) {
        return Err(Flaw::NotAnOperator(operator.name).into());
    }
    selection.state = step.to;
    selection.operator = Some(operator.id);
    selection.chosen = Some(candidate.id);
    selection.selected_on = Some(today);
    selection.contract_by = selection.method.contract_by(today, &terms);
    selection.conditions = Condition::of(&plan.mode).to_vec();
    ask.reason.trim().clone_into(&mut selection.reason);
    file.write(&selection)?;
    file.record("select", &selection, selection.state.name(), step.basis, ask)
}

/// What still stands in the way of this choice.
fn held_up(selection: &Selection, ask: &Select, today: Date) -> Vec<Flaw> {
    let mut flaws: Vec<Flaw> = Vec::new();
    flaws.extend(selection.publicity_until.filter(|until| today <= *until).map(Flaw::StillPublicised));
    if !selection.open_complaints.is_empty() {
        flaws.push(Flaw::OpenComplaints(selection.open_complaints.len()));
    }
    if !selection.upheld.is_empty() {
        flaws.push(Flaw::Upheld(selection.upheld.len()));
    }
    match selection.ranked.iter().position(|ranked| ranked.candidate == ask.candidate) {
        None => flaws.push(Flaw::NotRanked(ask.candidate.clone())),
        Some(place) => {
            let best = selection.ranked.first().map_or(0, |first| first.score);
            let first = selection.ranked.get(place).is_some_and(|ranked| ranked.score == best);
            if !first && ask.reason.trim().is_empty() {
                flaws.push(Flaw::PassedOver);
            }
        }
    }
    flaws
}

/// 终止遴选 — with the reason, which everybody can read.
pub async fn fail(mut file: File<'_>, id: &str, reason: &str) -> Result<Recorded, Refused> {
    let mut selection: Selection = file.read("遴选", id).await?;
    let step = file.step(&PROCEDURE, (selection.state, Act::Fail), &selection)?;
    if reason.trim().is_empty() {
        return Err(Flaw::NoReason.into());
    }
    selection.state = step.to;
    reason.trim().clone_into(&mut selection.reason);
    file.write(&selection)?;
    file.record("fail", &selection, selection.state.name(), step.basis, &reason)
}
