//! 遴选异议 — an applicant objects within the time allowed, the agency answers; an open one holds the result (Article 14).

use regulation::granting::selection::{
    self,
    complaint::{Act, Flaw, Outcome, PROCEDURE, State},
};
use serde::{Deserialize, Serialize};
use store::granting::selection::{Selection, candidate::Candidate, complaint::Complaint};

use crate::{File, Recorded, Refused};

/// 答复.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// 编号
    pub id: String,
    /// 结论
    pub outcome: Outcome,
    /// 理由
    #[serde(default)]
    pub answer: String,
}

/// 提出异议 — by whoever has applied, until the candidates' publicity ends.
pub async fn lodge(mut file: File<'_>, id: &str, grounds: &str) -> Result<Recorded, Refused> {
    file.entitled("complaint.lodge", "提出遴选异议")?;
    let mut selection: Selection = file.read("遴选", id).await?;
    let (org, today) = (file.acting.org.clone(), file.today());
    let mut complaint = Complaint {
        id: file.number("YY"),
        selection: selection.id.clone(),
        agency: selection.agency.clone(),
        complainant: org.clone(),
        grounds: grounds.trim().to_owned(),
        lodged: today,
        state: State::Draft,
        outcome: None,
        answer: String::new(),
        answer_by: selection.method.answer_by(today, &file.terms()),
    };
    let step = file.step(&PROCEDURE, (complaint.state, Act::Lodge), &complaint)?;
    let mut takes_part = false;
    for candidate in &selection.candidates {
        let candidate: Candidate = file.read("参选申请", candidate).await?;
        takes_part |= candidate.operator() == Some(org.as_str());
    }
    if !takes_part {
        return Err(Flaw::NotTakingPart.into());
    }
    if selection.state.over() {
        return Err(Flaw::Over.into());
    }
    if let Some(until) = selection.publicity_until.filter(|until| *until < today) {
        return Err(Flaw::Late(until).into());
    }
    if complaint.grounds.is_empty() {
        return Err(Flaw::NoGrounds.into());
    }
    complaint.state = step.to;
    selection.open_complaints.push(complaint.id.clone());
    file.write(&selection)?;
    file.write(&complaint)?;
    file.record("lodge", &complaint, complaint.state.name(), step.basis, &complaint.grounds)
}

/// 答复异议 — upheld or dismissed, with the reason; upheld after candidates were shown, nobody of them is selected.
pub async fn answer(mut file: File<'_>, ask: &Answer) -> Result<Recorded, Refused> {
    let Answer { id, outcome, answer: said } = ask;
    let mut complaint: Complaint = file.read("遴选异议", id).await?;
    let mut selection: Selection = file.read("遴选", &complaint.selection).await?;
    let step = file.step(&PROCEDURE, (complaint.state, Act::Answer), &complaint)?;
    if said.trim().is_empty() {
        return Err(Flaw::NoAnswer.into());
    }
    complaint.state = step.to;
    complaint.outcome = Some(*outcome);
    said.trim().clone_into(&mut complaint.answer);
    selection.open_complaints.retain(|open| open != id);
    if *outcome == Outcome::Upheld && selection.state == selection::State::Publicised {
        selection.upheld.push(id.clone());
    }
    file.write(&selection)?;
    file.write(&complaint)?;
    file.record("answer", &complaint, complaint.state.name(), step.basis, ask)
}
