//! 选择运营机构 — the walk's open tender: announced, applied for, examined, evaluated, shown, decided.

use jiff::ToSpan as _;
use regulation::granting::selection::{evaluation::evaluators_named, qualification::Proof};
use workflow::{
    Request,
    granting::selection::{
        Announce, Select,
        candidate::{Apply, Register, Score},
    },
};

use super::Walk;
use crate::{
    Fault,
    city::{Other, Selection},
};

/// How many working days ago the tender was announced, closed, evaluated and decided.
const ANNOUNCED: usize = 38;
const CLOSED: usize = 22;
const EVALUATED: usize = 21;
const DECIDED: usize = 16;

impl Walk<'_> {
    /// The number of the selection in which the operator was selected.
    pub(super) async fn select(&mut self, plan: &str) -> Result<String, Fault> {
        let city = self.city.selection.clone();
        let announce = Announce {
            plan: plan.to_owned(),
            method: city.method,
            notice: city.notice.clone(),
            how: city.how.clone(),
            asked: city.asked.clone(),
            deadline: Some(self.day(CLOSED)),
            criteria: city.criteria.clone(),
            invitees: String::new(),
        };
        let announced = Request::SelectionAnnounce(announce);
        let selection = self.step(ANNOUNCED, "shiban", "公告选择运营机构", &announced).await?.id;
        let proof = city.proof(self.day(0).saturating_add(2.years()));
        let ours = self.apply(&selection, &city, &proof).await?;
        let mut scored = vec![(ours.clone(), city.scores.clone())];
        self.step(EVALUATED, "shiban", "资格审查合格", &Request::CandidateQualify { id: ours.clone() }).await?;
        for other in &city.others {
            let id = self.register(&selection, other, &proof).await?;
            match other.lacks {
                None => {
                    let qualify = Request::CandidateQualify { id: id.clone() };
                    self.step(EVALUATED, "shiban", "资格审查合格", &qualify).await?;
                    scored.push((id, other.scores.clone()));
                }
                Some(condition) => {
                    let reason = format!("没有证明“{condition}”");
                    let disqualify = Request::CandidateDisqualify { id, reason };
                    self.step(EVALUATED, "shiban", "资格审查不合格", &disqualify).await?;
                }
            }
        }
        for (id, _) in &scored {
            let inquire = Request::CandidateInquire { id: id.clone() };
            self.step(EVALUATED, "shiban", "查询失信名单（模拟）", &inquire).await?;
        }
        let evaluate = Request::SelectionEvaluate { id: selection.clone(), evaluators: city.evaluators.clone() };
        self.step(EVALUATED, "shiban", "组织评审", &evaluate).await?;
        self.score(&city, scored).await?;
        let publicise = Request::SelectionPublicise { id: selection.clone() };
        self.step(EVALUATED, "shiban", "公示候选人", &publicise).await?;
        let select = Select { id: selection.clone(), candidate: ours, reason: String::new() };
        self.step(DECIDED, "fuze", "选定运营机构", &Request::SelectionSelect(select)).await?;
        Ok(selection)
    }

    async fn apply(&mut self, selection: &str, city: &Selection, proof: &Proof) -> Result<String, Fault> {
        let apply = Apply {
            selection: selection.to_owned(),
            representative: city.representative.clone(),
            offer: city.offer.clone(),
            evidence: proof.clone(),
        };
        Ok(self.step(ANNOUNCED - 8, "yunzong", "申请参选", &Request::CandidateApply(apply)).await?.id)
    }

    async fn register(&mut self, selection: &str, other: &Other, proof: &Proof) -> Result<String, Fault> {
        let evidence = proof.iter().filter(|(condition, _)| Some(**condition) != other.lacks);
        let applied = Apply {
            selection: selection.to_owned(),
            representative: other.representative.clone(),
            offer: String::new(),
            evidence: evidence.map(|(condition, evidence)| (*condition, evidence.clone())).collect(),
        };
        let register = Register { name: other.name.clone(), uscc: other.uscc.to_string(), applied };
        Ok(self.step(CLOSED, "shiban", "登记线下的参选申请", &Request::CandidateRegister(register)).await?.id)
    }

    /// One evaluator after the other, candidate by candidate; told in one line.
    async fn score(&mut self, city: &Selection, scored: Vec<(String, Vec<Vec<u16>>)>) -> Result<(), Fault> {
        let names = evaluators_named(&city.evaluators);
        let candidates = scored.len();
        for (id, scores) in scored {
            for (evaluator, points) in names.iter().zip(scores) {
                let places = (1_usize..).map(|place| place.to_string());
                let score =
                    Score { id: id.clone(), evaluator: evaluator.clone(), scores: places.zip(points).collect() };
                self.quietly(EVALUATED, "shiban", &Request::CandidateScore(score)).await?;
            }
        }
        let told = format!("评审人{}名，参选单位{candidates}家", names.len());
        self.tell(EVALUATED, "锦川市数据局（实施机构）", "记下评分", &told, "第十四条");
        Ok(())
    }
}
