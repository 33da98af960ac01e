//! 漫游 — anybody doing anything at any time: no selection, application or objection ever comes to stand where the law
//! does not lead, every step of the three procedures is taken on the way, and nobody is selected unlawfully.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan as _, civil::Date};
use regulation::{
    Procedure, Role,
    granting::selection::{
        self, Condition, Method,
        candidate::{self, State as Candidacy},
        complaint::{self, Outcome},
        qualification::{Evidence, Proof},
    },
    procedure,
};
use store::{
    Record,
    granting::{
        plan::Plan,
        selection::{Selection, candidate::Candidate, complaint::Complaint},
    },
};
use workflow::{
    Acting, Office, Refused, Request,
    granting::selection::{
        Announce, Select,
        candidate::{Apply, Register, Renew, Revise, Score},
        complaint::Answer,
    },
};

use crate::Town;

const PEOPLE: [(&str, &str, Role); 6] = [
    ("shiban", "data-bureau", Role::ImplementingAgency),
    ("yunying", "operation-company", Role::Operator),
    ("rongchuang", "rongchuang", Role::BusinessEntity),
    ("zhengban", "government-office", Role::MunicipalGovernment),
    ("shenji", "audit-bureau", Role::Auditor),
    ("guanli", "information-centre", Role::SystemAdministrator),
];
const PAPER: [(&str, &str); 3] = [
    ("西岭智数科技有限公司", "91510199MAC30KY29J"),
    ("青羊湖数据服务有限公司", "91510199MAD41TW7XD"),
    ("云岭信息有限公司", "91510199MAE52RX879"),
];
const EVALUATORS: [&str; 5] = ["甲", "乙", "丙", "丁", "戊"];
/// How many acts are tried at least, and at most until everything lawful has been done.
const ACTS: usize = 400;
const MOST: usize = 2500;

/// 状态 — of every record of the three subjects, by key.
type States = BTreeMap<String, &'static str>;

struct Wanderer {
    office: Office,
    plan: String,
    at: Timestamp,
    seed: u64,
}

impl Wanderer {
    /// The next number below `most`; the same in every run.
    fn dice(&mut self, most: usize) -> usize {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.seed >> 33).unwrap() % most.max(1)
    }

    fn today(&self) -> Date {
        Acting::clock(self.at).today()
    }

    async fn all<R: Record>(&self) -> Vec<R> {
        self.office.store.list("", 10_000).await.unwrap()
    }

    async fn states(&self) -> States {
        let mut states = States::new();
        let mut add = |key: String, state| {
            states.insert(key, state);
        };
        self.all::<Selection>().await.iter().for_each(|one| add(format!("selection/{}", one.id), one.state.name()));
        self.all::<Candidate>().await.iter().for_each(|one| add(format!("candidate/{}", one.id), one.state.name()));
        self.all::<Complaint>().await.iter().for_each(|one| add(format!("complaint/{}", one.id), one.state.name()));
        states
    }

    /// Something that somebody might ask, mostly about what is still open.
    async fn wish(&mut self) -> Request {
        let selections = self.all::<Selection>().await;
        let open: Vec<&Selection> = selections.iter().filter(|one| !one.state.over()).collect();
        if open.len() < 2 {
            return self.announcement();
        }
        let among = if self.dice(8) == 0 { selections.iter().collect() } else { open };
        let selection = among[self.dice(among.len())].clone();
        let candidates: Vec<Candidate> =
            self.all::<Candidate>().await.into_iter().filter(|one| one.selection == selection.id).collect();
        let complaints: Vec<Complaint> =
            self.all::<Complaint>().await.into_iter().filter(|one| one.selection == selection.id).collect();
        // Mostly what waits: an application that was not examined, a candidate that was shown and can be selected.
        let waits = |one: &&Candidate| match selection.state {
            selection::State::Announced => matches!(one.state, Candidacy::Submitted | Candidacy::Disqualified),
            selection::State::Publicised => one.operator().is_some() && one.state == Candidacy::Qualified,
            _ => one.state == Candidacy::Qualified,
        };
        let waiting: Vec<&Candidate> = candidates.iter().filter(waits).collect();
        let among = if waiting.is_empty() || self.dice(5) == 0 { candidates.iter().collect() } else { waiting };
        let candidate = among.get(self.dice(among.len())).map_or("CX-0".to_owned(), |one| one.id.clone());
        let unanswered: Vec<&Complaint> = complaints.iter().filter(|one| one.outcome.is_none()).collect();
        let complaint = unanswered.first().copied().or(complaints.first());
        let complaint = complaint.map_or("YY-0".to_owned(), |one| one.id.clone());
        let id = selection.id.clone();
        let reason = if self.dice(6) == 0 { String::new() } else { "理由".to_owned() };
        let evidence = self.proof();
        // Mostly what the selection has come to, and now and then anything.
        let menu: &[usize] = match selection.state {
            selection::State::Announced if selection.deadline.is_none_or(|deadline| self.today() <= deadline) => {
                &[0, 0, 1, 2, 3, 4, 2, 3, 5, 6]
            }
            selection::State::Announced => &[7, 8, 7, 8, 9, 10, 10, 14, 19],
            selection::State::Evaluating => &[13, 13, 13, 9, 7, 11, 20, 20, 14, 19, 19, 19],
            selection::State::Publicised => &[16, 16, 17, 18, 17, 18, 17, 18, 14, 15, 15, 15, 20, 20, 20, 19, 19],
            _ => &[14, 21],
        };
        let choice = if self.dice(6) == 0 { self.dice(22) } else { menu[self.dice(menu.len())] };
        match choice {
            19 if self.dice(4) == 0 => Request::SelectionFail { id, reason },
            19 | 20 => Request::CandidateInquire { id: candidate },
            0 | 1 => Request::CandidateApply(Apply {
                selection: id,
                representative: "宗远航".into(),
                offer: String::new(),
                evidence,
            }),
            2..=4 => {
                let (name, uscc) = PAPER[self.dice(3)];
                let applied = Apply { selection: id, representative: "凌岳".into(), offer: String::new(), evidence };
                Request::CandidateRegister(Register { name: name.into(), uscc: uscc.into(), applied })
            }
            5 => Request::CandidateRevise(Revise {
                id: candidate,
                representative: "宗远航".into(),
                offer: "改".into(),
                evidence,
            }),
            6 if self.dice(2) == 0 => Request::CandidateWithdraw { id: candidate },
            6..=8 => Request::CandidateQualify { id: candidate },
            9 if self.dice(3) == 0 => Request::CandidateDisqualify { id: candidate, reason },
            9 | 10 => {
                let told = if self.dice(5) == 0 { "甲公司的人" } else { "无利害关系" };
                let lines: Vec<String> = EVALUATORS.iter().map(|name| format!("{name}，大学，{told}")).collect();
                Request::SelectionEvaluate { id, evaluators: lines.join("\n") }
            }
            11 | 12 => {
                let evaluator = EVALUATORS[self.dice(5)].to_owned();
                let most = 60 + u16::from(self.dice(9) == 0);
                let scores = [("1".to_owned(), most), ("2".to_owned(), 30)].into();
                Request::CandidateScore(Score { id: candidate, evaluator, scores })
            }
            13 => Request::SelectionPublicise { id },
            14 => Request::ComplaintLodge { selection: id, grounds: reason },
            15 => {
                let outcome = Outcome::ALL[self.dice(2)];
                Request::ComplaintAnswer(Answer { id: complaint, outcome, answer: reason })
            }
            16 => Request::SelectionReopen { id, reason },
            17 | 18 => Request::SelectionSelect(Select { id, candidate, reason }),
            _ => {
                let chosen = selections.iter().rev().find_map(|one| one.chosen.clone());
                Request::CandidateRenew(Renew { id: chosen.unwrap_or(candidate), evidence })
            }
        }
    }

    fn announcement(&mut self) -> Request {
        let method = Method::ALL[self.dice(3)];
        let days = if method.is_tender() { 19 + self.dice(4) } else { self.dice(3) };
        let deadline = Some(self.today().saturating_add(i64::try_from(days).unwrap().days()));
        let invited = ["operation-company", PAPER[0].0, PAPER[1].0].join("\n");
        let invitees = if method == Method::InvitedTender { invited } else { String::new() };
        Request::SelectionAnnounce(Announce {
            plan: self.plan.clone(),
            method,
            notice: "公告".into(),
            how: "平台".into(),
            asked: "证明".into(),
            deadline,
            criteria: "方案 60\n服务 40".into(),
            invitees,
        })
    }

    fn proof(&mut self) -> Proof {
        let until = self.today().saturating_add(if self.dice(12) == 0 { -1 } else { 400 }.days());
        let evidence = Evidence { text: "见附件".into(), expires: Some(until), ..Evidence::default() };
        Condition::ALL[..6].iter().map(|condition| (*condition, evidence.clone())).collect()
    }

    /// All evaluators score all qualified candidates of what is being evaluated; one by one they would hardly ever be done.
    async fn score_all(&mut self) {
        for selection in self.all::<Selection>().await {
            for id in selection.candidates.iter().filter(|_| selection.state == selection::State::Evaluating) {
                for evaluator in EVALUATORS {
                    let scores = [("1".to_owned(), 50), ("2".to_owned(), 30)].into();
                    let score = Score { id: id.clone(), evaluator: evaluator.into(), scores };
                    drop(self.office.perform(&acting(0, self.at), &Request::CandidateScore(score), None).await);
                }
            }
        }
    }

    /// Whoever was selected was lawfully selected.
    async fn check(&self) {
        for one in self.all::<Selection>().await.iter().filter(|one| one.state == selection::State::Selected) {
            let chosen = one.chosen.as_ref().unwrap();
            assert!(one.ranked.iter().any(|ranked| ranked.candidate == *chosen), "{one:?}");
            assert!(one.upheld.is_empty() && one.open_complaints.is_empty(), "{one:?}");
            let on = one.selected_on.unwrap();
            assert!(one.deadline.unwrap() < on && one.publicity_until.is_none_or(|until| until < on), "{one:?}");
            assert_eq!(one.method.is_tender(), one.publicity_until.is_some() && one.contract_by.is_some());
            let candidate = self.office.store.get::<Candidate>(chosen).await.unwrap().unwrap().0;
            assert!(candidate.receipts.len() == 6 && candidate.receipts.iter().all(|one| !one.listed), "{candidate:?}");
            assert_eq!((candidate.state, one.operator.as_deref()), (Candidacy::Qualified, candidate.operator()));
            let mut taking_part = 0;
            for id in &one.candidates {
                let candidate = self.office.store.get::<Candidate>(id).await.unwrap().unwrap().0;
                taking_part += usize::from(candidate.state != Candidacy::Withdrawn);
            }
            assert!(taking_part >= if one.method.is_tender() { 3 } else { 2 }, "{one:?}");
        }
    }
}

fn acting(place: usize, at: Timestamp) -> Acting {
    let (person, org, role) = PEOPLE[place];
    Acting { person: person.into(), org: org.into(), role, post: "经办".into(), at }
}

/// Whether the table leads this role from one state to the other.
fn leads<S: procedure::State, A>(table: &Procedure<S, A>, (from, to): (&str, &str), by: Role) -> bool {
    table.0.iter().any(|step| step.from.to_string() == from && step.to.to_string() == to && step.by == by)
}

fn lawful(key: &str, moved: (&str, &str), by: Role) -> bool {
    match key.split('/').next().unwrap() {
        "selection" => leads(&selection::PROCEDURE, moved, by),
        "candidate" => leads(&candidate::PROCEDURE, moved, by),
        _ => leads(&complaint::PROCEDURE, moved, by),
    }
}

/// Every step of a table that has not been taken.
fn untaken<S: procedure::State, A: std::fmt::Display>(
    subject: &str,
    table: &Procedure<S, A>,
    taken: &BTreeSet<String>,
) -> Vec<String> {
    let steps = table.0.iter().filter(|step| step.from != step.to);
    let steps = steps.map(|step| format!("{subject}：{}→{}", step.from, step.to));
    steps.filter(|step| !taken.contains(step) && !step.contains("填写异议")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_whatever_nothing_unlawful_is_ever_reached_and_everything_lawful_is() {
    let town = Town::found(None).await;
    let plan = town.office.store.list::<Plan>("", 1).await.unwrap().remove(0).id;
    let at = "2025-09-01T01:30:00Z".parse().unwrap();
    let mut wanderer = Wanderer { office: town.office.clone(), plan, at, seed: 20_250_901 };
    let (mut taken, mut done, mut refused) = (BTreeSet::new(), BTreeSet::new(), 0);
    let mut before = wanderer.states().await;
    let mut lost = vec![String::new()];
    for act in 0..MOST {
        if act >= ACTS && lost.is_empty() {
            break;
        }
        if wanderer.dice(5) == 0 {
            let days = i64::try_from(1 + wanderer.dice(4)).unwrap();
            wanderer.at = wanderer.at.checked_add((days * 24).hours()).unwrap();
        }
        if wanderer.dice(12) == 0 {
            wanderer.score_all().await;
        }
        let request = wanderer.wish().await;
        // Mostly whoever could do it, and now and then anybody.
        let usual = usize::from(
            ["apply", "revise", "withdraw", "renew", "lodge"].iter().any(|own| request.name().ends_with(own)),
        );
        let place = if wanderer.dice(5) == 0 { wanderer.dice(PEOPLE.len()) } else { usual };
        let acting = acting(place, wanderer.at);
        let outcome = wanderer.office.perform(&acting, &request, None).await;
        let after = wanderer.states().await;
        match outcome {
            Ok(_) => {
                assert!(place == usual, "{}由{}办成了", request.name(), acting.role);
                done.insert(request.name());
            }
            Err(Refused::Against(notice)) => {
                refused += 1;
                assert!(!notice.basis.is_empty() && before == after, "不予办理的什么也不改：{notice}");
            }
            Err(Refused::Missing { .. }) => assert_eq!(before, after),
            Err(other) => panic!("{}：{other}", request.name()),
        }
        for (key, state) in &after {
            match before.get(key) {
                Some(was) if was != state => {
                    assert!(lawful(key, (was, state), acting.role), "{key}：{was}→{state}，由{}", acting.role);
                    taken.insert(format!("{}：{was}→{state}", key.split('/').next().unwrap()));
                }
                Some(_) => {}
                None => assert!(["已公告", "待资格审查", "异议待答复"].contains(state), "{key} 一开始就是{state}"),
            }
        }
        assert!(before.keys().all(|key| after.contains_key(key)), "卷宗不会不见");
        wanderer.check().await;
        before = after;
        lost = untaken("selection", &selection::PROCEDURE, &taken);
        lost.extend(untaken("candidate", &candidate::PROCEDURE, &taken));
        lost.extend(untaken("complaint", &complaint::PROCEDURE, &taken));
        let alone = ["candidate.revise", "candidate.score", "candidate.renew", "candidate.inquire"];
        lost.extend(alone.iter().filter(|act| !done.contains(**act)).map(|act| (*act).to_owned()));
    }
    assert!(lost.is_empty(), "没有走到：{lost:?}；走到了：{taken:?}");
    assert!(refused > ACTS / 5, "只有{refused}次不予办理");
    assert!(town.office.store.replay().await.unwrap().agrees());
}
