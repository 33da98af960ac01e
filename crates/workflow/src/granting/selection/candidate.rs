//! 参选申请 — applied for on the platform or entered by the agency, examined, scored (Articles 14 and 15).

use std::collections::BTreeMap;

use inquiry::Question;
use regulation::{
    Uscc, article,
    granting::selection::{
        self,
        blacklist::{Fault, List, Receipt, Subject as Who},
        candidate::{Act, Flaw, PROCEDURE, State, check_open},
        evaluation::{self, Scores},
        qualification::{self, Proof},
    },
};
use serde::{Deserialize, Serialize};
use store::{
    granting::{
        plan::Plan,
        selection::{Selection, candidate::Candidate},
    },
    party::Organisation,
};

use crate::{File, Recorded, Refused};

/// 申请.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Apply {
    /// 遴选
    pub selection: String,
    /// 法定代表人
    #[serde(default)]
    pub representative: String,
    /// 方案和承诺
    #[serde(default)]
    pub offer: String,
    /// 各项条件的证明
    #[serde(default)]
    pub evidence: Proof,
}

/// 登记线下的申请.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Register {
    /// 单位名称
    #[serde(default)]
    pub name: String,
    /// 统一社会信用代码
    #[serde(default)]
    pub uscc: String,
    /// 申请的内容
    #[serde(flatten)]
    pub applied: Apply,
}

/// 修改申请.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Revise {
    /// 编号
    pub id: String,
    /// 法定代表人
    #[serde(default)]
    pub representative: String,
    /// 方案和承诺
    #[serde(default)]
    pub offer: String,
    /// 各项条件的证明
    #[serde(default)]
    pub evidence: Proof,
}

/// 评分.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Score {
    /// 编号
    pub id: String,
    /// 评审人
    #[serde(default)]
    pub evaluator: String,
    /// 各项评分
    #[serde(default)]
    pub scores: Scores,
}

/// 更新证明.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Renew {
    /// 编号
    pub id: String,
    /// 各项条件的证明；没有写的照旧
    #[serde(default)]
    pub evidence: Proof,
}

/// 单位 — who takes part: its number on the platform (empty for none), its name, its code.
struct Party {
    org: String,
    name: String,
    uscc: Uscc,
}

/// 申请参选 — with everything that proves the conditions; what lacks is told at once.
pub async fn apply(mut file: File<'_>, ask: &Apply) -> Result<Recorded, Refused> {
    file.entitled("candidate.apply", "申请参选")?;
    let organisation: Organisation = file.read("单位", &file.acting.org.clone()).await?;
    organisation.nature.check_operator()?;
    let selection: Selection = file.read("遴选", &ask.selection).await?;
    check_open(selection.state, selection.deadline, file.today(), "申请参选")?;
    complete(&mut file, &selection, &ask.representative, &ask.evidence).await?;
    let party = Party { org: organisation.id, name: organisation.name, uscc: organisation.uscc };
    begin(file, "apply", selection, party, ask).await
}

/// 登记线下的申请 — as it was handed in: an incomplete one too, for it has to be examined.
pub async fn register(mut file: File<'_>, ask: &Register) -> Result<Recorded, Refused> {
    file.entitled("candidate.register", "登记线下的参选申请")?;
    let selection: Selection = file.read("遴选", &ask.applied.selection).await?;
    check_open(selection.state, selection.deadline, file.today(), "登记参选申请")?;
    let (name, uscc) = (ask.name.trim(), Uscc::parse(&ask.uscc));
    let unnamed = name.is_empty().then_some(Flaw::NoName);
    let unrepresented = ask.applied.representative.trim().is_empty().then_some(Flaw::NoRepresentative);
    let uncoded = uscc.as_ref().err().cloned().map(Flaw::Uscc);
    let flaws: Vec<Flaw> = unnamed.into_iter().chain(uncoded).chain(unrepresented).collect();
    Refused::if_any(&flaws)?;
    let uscc = uscc.map_err(Flaw::Uscc)?;
    let all: Vec<Organisation> = file.office.store.list("", 10_000).await.map_err(Refused::unavailable)?;
    if let Some(known) = all.into_iter().find(|known| known.uscc == uscc) {
        return Err(Flaw::Registered(known.name).into());
    }
    let party = Party { org: String::new(), name: name.to_owned(), uscc };
    begin(file, "register", selection, party, &ask.applied).await
}

/// Everything that an application by the party itself has to have.
async fn complete(
    file: &mut File<'_>,
    selection: &Selection,
    representative: &str,
    evidence: &Proof,
) -> Result<(), Refused> {
    let plan: Plan = file.read("实施方案", &selection.plan).await?;
    let unrepresented: Vec<Flaw> =
        representative.trim().is_empty().then_some(Flaw::NoRepresentative).into_iter().collect();
    Refused::if_any_of(&[&unrepresented, &qualification::flaws(&plan.mode, evidence, file.today())])
}

async fn begin(
    mut file: File<'_>,
    act: &str,
    mut selection: Selection,
    party: Party,
    ask: &Apply,
) -> Result<Recorded, Refused> {
    let Party { org, name, uscc } = party;
    let known = [name.as_str(), uscc.as_str(), org.as_str()];
    if !selection.invitees.is_empty() && !selection.invitees.iter().any(|one| known.contains(&one.as_str())) {
        return Err(Flaw::NotInvited(name).into());
    }
    for id in &selection.candidates {
        let other: Candidate = file.read("参选申请", id).await?;
        if other.uscc == uscc && other.state != State::Withdrawn {
            return Err(Flaw::Twice(name).into());
        }
    }
    let candidate = Candidate {
        id: file.number("CX"),
        selection: selection.id.clone(),
        agency: selection.agency.clone(),
        org,
        name,
        uscc,
        representative: ask.representative.trim().to_owned(),
        offer: ask.offer.clone(),
        evidence: ask.evidence.clone(),
        state: State::Submitted,
        reason: String::new(),
        receipts: Vec::new(),
        scores: BTreeMap::new(),
        applied: file.today(),
    };
    selection.candidates.push(candidate.id.clone());
    file.write(&selection)?;
    file.write(&candidate)?;
    // What was applied stands in the row; the event repeats none of it.
    file.record(act, &candidate, candidate.state.name(), article(14), &selection.id)
}

/// 修改申请 — until applications close.
pub async fn revise(mut file: File<'_>, ask: &Revise) -> Result<Recorded, Refused> {
    let (mut candidate, selection) = both(&mut file, &ask.id).await?;
    let step = file.step(&PROCEDURE, (candidate.state, Act::Revise), &candidate)?;
    check_open(selection.state, selection.deadline, file.today(), "修改申请")?;
    complete(&mut file, &selection, &ask.representative, &ask.evidence).await?;
    ask.representative.trim().clone_into(&mut candidate.representative);
    candidate.offer.clone_from(&ask.offer);
    candidate.evidence.clone_from(&ask.evidence);
    file.write(&candidate)?;
    file.record("revise", &candidate, candidate.state.name(), step.basis, &ask.id)
}

/// 撤回参选 — until applications close.
pub async fn withdraw(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let (mut candidate, selection) = both(&mut file, id).await?;
    let step = file.step(&PROCEDURE, (candidate.state, Act::Withdraw), &candidate)?;
    check_open(selection.state, selection.deadline, file.today(), "撤回参选")?;
    candidate.state = step.to;
    file.write(&candidate)?;
    file.record("withdraw", &candidate, candidate.state.name(), step.basis, &id)
}

/// 审查合格.
pub async fn qualify(file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    examine(file, id, Act::Qualify, "").await
}

/// 审查不合格.
pub async fn disqualify(file: File<'_>, id: &str, reason: &str) -> Result<Recorded, Refused> {
    examine(file, id, Act::Disqualify, reason).await
}

/// 资格审查 — after applications have closed, and before candidates are shown; not met is said with the reason.
async fn examine(mut file: File<'_>, id: &str, act: Act, reason: &str) -> Result<Recorded, Refused> {
    let (mut candidate, selection) = both(&mut file, id).await?;
    let step = file.step(&PROCEDURE, (candidate.state, act), &candidate)?;
    let today = file.today();
    if !matches!(selection.state, selection::State::Announced | selection::State::Evaluating) {
        return Err(Flaw::Moment { state: selection.state, to: "审查参选申请" }.into());
    }
    if let Some(deadline) = selection.deadline.filter(|deadline| today <= *deadline) {
        return Err(selection::Flaw::StillOpen(deadline).into());
    }
    match act {
        Act::Qualify => {
            let plan: Plan = file.read("实施方案", &selection.plan).await?;
            Refused::if_any(&qualification::flaws(&plan.mode, &candidate.evidence, today))?;
        }
        _ if reason.trim().is_empty() => return Err(Flaw::NoReason.into()),
        _ => {}
    }
    candidate.state = step.to;
    reason.trim().clone_into(&mut candidate.reason);
    file.write(&candidate)?;
    file.record(&act.code(), &candidate, candidate.state.name(), step.basis, &reason)
}

/// 查询失信名单 — each of the three, for the organisation and for its representative; what is answered is kept.
pub async fn inquire(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let (mut candidate, selection) = both(&mut file, id).await?;
    let step = file.step(&PROCEDURE, (candidate.state, Act::Inquire), &candidate)?;
    if selection.state == selection::State::Abandoned {
        return Err(Flaw::Moment { state: selection.state, to: "查询失信名单" }.into());
    }
    let plan: Plan = file.read("实施方案", &selection.plan).await?;
    let Some(service) = file.office.blacklists() else { return Err(Fault::Unconfigured.under(&plan.mode).into()) };
    let mut receipts = Vec::new();
    for list in List::ALL.iter().copied() {
        for (subject, name) in [(Who::Organisation, &candidate.name), (Who::Representative, &candidate.representative)]
        {
            let question = Question { list, subject, name, code: candidate.uscc.as_str() };
            let received = service.ask(question).await;
            let received =
                received.map_err(|why| Fault::Unanswered { list, why: why.to_string() }.under(&plan.mode))?;
            let inquiry::Answer { listed, said, nature, .. } = received.answer;
            let source =
                if nature.is_empty() { service.source() } else { format!("{}（{nature}）", service.source()) };
            let (name, at, sha256) = (name.clone(), file.acting.at, received.sha256);
            receipts.push(Receipt { list, subject, name, at, listed, said, source, sha256 });
        }
    }
    // Names stand in the row; the event says what was asked and the digest of what was answered.
    let told: Vec<_> = receipts.iter().map(|one| (one.list, one.subject, one.listed, one.sha256.clone())).collect();
    candidate.receipts = receipts;
    file.write(&candidate)?;
    file.record("inquire", &candidate, candidate.state.name(), step.basis, &told)
}

/// 评分 — of one evaluator, for every criterion of the notice.
pub async fn score(mut file: File<'_>, ask: &Score) -> Result<Recorded, Refused> {
    let (mut candidate, selection) = both(&mut file, &ask.id).await?;
    let step = file.step(&PROCEDURE, (candidate.state, Act::Score), &candidate)?;
    if selection.state != selection::State::Evaluating {
        return Err(Flaw::Moment { state: selection.state, to: "评分" }.into());
    }
    let name = ask.evaluator.trim();
    let mut flaws = evaluation::flaws(&selection.criteria, &ask.scores);
    if !selection.evaluators.iter().any(|evaluator| evaluator.name == name) {
        flaws.insert(0, evaluation::Flaw::Unknown(name.to_owned()));
    }
    Refused::if_any(&flaws)?;
    candidate.scores.insert(name.to_owned(), ask.scores.clone());
    file.write(&candidate)?;
    file.record("score", &candidate, candidate.state.name(), step.basis, ask)
}

/// 更新证明 — the chosen operator proves anew what has expired or soon will.
pub async fn renew(mut file: File<'_>, Renew { id, evidence }: &Renew) -> Result<Recorded, Refused> {
    let (mut candidate, mut selection) = both(&mut file, id).await?;
    let step = file.step(&PROCEDURE, (candidate.state, Act::Renew), &candidate)?;
    if selection.chosen.as_deref() != Some(id.as_str()) {
        return Err(Flaw::NotChosen.into());
    }
    // A form shows every condition; what is left empty stays as it was.
    let given: Proof = evidence
        .clone()
        .into_iter()
        .filter(|(_, given)| *given != regulation::granting::selection::qualification::Evidence::default())
        .collect();
    let plan: Plan = file.read("实施方案", &selection.plan).await?;
    let flaws = qualification::flaws(&plan.mode, &given, file.today());
    let flaws: Vec<_> =
        flaws.into_iter().filter(|flaw| given.is_empty() || given.contains_key(&flaw.condition())).collect();
    Refused::if_any(&flaws)?;
    selection.expired.retain(|(condition, _)| !given.contains_key(condition));
    candidate.evidence.extend(given);
    file.write(&candidate)?;
    file.write(&selection)?;
    file.record("renew", &candidate, candidate.state.name(), step.basis, id)
}

async fn both(file: &mut File<'_>, id: &str) -> Result<(Candidate, Selection), Refused> {
    let candidate: Candidate = file.read("参选申请", id).await?;
    let selection: Selection = file.read("遴选", &candidate.selection).await?;
    Ok((candidate, selection))
}
