//! 试验的城市 — a few records on fixed days, kept in memory as acts would have kept them.

use std::collections::BTreeMap;

use documents::{Kind, Known, Paper, Written, issue, write};
use jiff::Timestamp;
use regulation::{
    Calendar, Level, Nature, Role, Standing, Terms,
    basics::{catalogue, mode::Mode},
    granting::{agreement, plan, scope::Scope, selection},
    operation::demand,
};
use serde_json::{Value, json};
use store::{
    Entry, Event, Log, Outcome, Record, Store,
    basics::catalogue::Entry as Catalogued,
    granting::{Filing, Minutes, agreement::Agreement, plan::Plan, selection::Selection},
    operation::demand::Demand,
    party::Organisation,
    record,
};

pub struct City {
    store: Store,
    acts: u8,
    versions: BTreeMap<String, i64>,
}

pub const MONDAY: &str = "2025-09-01T09:00:00+08:00";

impl City {
    pub async fn found() -> Self {
        let mut city =
            Self { store: Store::open("sqlite::memory:").await.unwrap(), acts: 0, versions: BTreeMap::new() };
        for (id, name, role) in [
            ("data", "锦川市数据局", Role::ImplementingAgency),
            ("government", "锦川市人民政府", Role::MunicipalGovernment),
            ("traffic", "锦川市交通运输局", Role::DataProvider),
            ("operating", "锦川数据运营有限公司", Role::Operator),
        ] {
            city.act("organisation.register", &organisation(id, name, role), "", Value::Null).await;
        }
        city.act("entry.publish", &entry(), "已发布", Value::Null).await;
        city
    }

    /// Keeps an act as the workflow keeps it.
    pub async fn act<R: Record>(&mut self, act: &str, record: &R, state: &str, said: Value) {
        self.acts += 1;
        let key = record::key::<R>(record.id());
        let version = self.versions.entry(key.clone()).or_insert(0);
        let write = record::write(record, *version).unwrap();
        let reads = vec![(key.clone(), *version)];
        *version += 1;
        let org = if act.starts_with("demand.refuse") { "traffic" } else { "data" };
        let entry = Entry {
            at: MONDAY.parse::<Timestamp>().unwrap(),
            actor: "someone".into(),
            org: org.into(),
            role: "某身份".into(),
            act: act.into(),
            subject: key,
            basis: "某条".into(),
            policies: String::new(),
            outcome: Outcome::Done,
            command: format!("act-{}", self.acts),
            digest: [self.acts; 32],
            salt: [self.acts; 32],
            detail: json!({ "said": said, "state": state }),
            reply: Value::Null,
            reads,
            writes: vec![write],
        };
        self.store.commit(Log::Control, entry).await.unwrap();
    }

    pub async fn history<R: Record>(&self, id: &str) -> Vec<Event> {
        self.store.history(&record::key::<R>(id)).await.unwrap()
    }

    /// The latest paper of this kind.
    pub async fn paper<R: Record>(&self, id: &str, kind: Kind) -> Paper {
        let history = self.history::<R>(id).await;
        let issued = issue::issued(&history);
        let (issue, event) = issued.into_iter().rfind(|(issue, _)| issue.kind == kind).expect("有这种公文");
        let mut known = Known::new();
        loop {
            match write(issue, event, &known).unwrap() {
                Written::Paper(paper) => return *paper,
                Written::Wants(keys) => {
                    for key in keys {
                        let row = self.store.row(&key).await.unwrap();
                        assert!(known.insert(key.clone(), row).is_none(), "{key} 问了两次");
                    }
                }
            }
        }
    }

    /// The kinds of paper of this file, in the order in which they were issued.
    pub async fn kinds<R: Record>(&self, id: &str) -> Vec<(Kind, documents::Form)> {
        let history = self.history::<R>(id).await;
        issue::issued(&history).into_iter().map(|(issue, _)| (issue.kind, issue.form)).collect()
    }
}

fn organisation(id: &str, name: &str, role: Role) -> Organisation {
    Organisation {
        id: id.into(),
        name: name.into(),
        uscc: serde_json::from_value(json!("91510100MA6CKBTN52")).unwrap(),
        nature: Nature::ALL[0],
        level: Level::ALL[0],
        region: "510100".into(),
        roles: vec![role],
        standing: Standing::ALL[0],
    }
}

pub fn entry() -> Catalogued {
    let opinion = |screen: &catalogue::Screen| json!({ "screen": screen, "person": "huanshen", "at": "2025-07-01T01:00:00Z", "says": "没有危害" });
    let personal = |code: &str| if code == "phone" { catalogue::Personal::General } else { catalogue::Personal::None };
    let field = |(code, name): (&str, &str)| json!({ "code": code, "name": name, "personal": personal(code) });
    let fields = [("total", "总泊位"), ("free", "空余泊位"), ("phone", "负责人手机号")].map(field);
    let objects = regulation::basics::grading::Object::ALL;
    let answers: serde_json::Map<_, _> =
        objects.iter().map(|object| (object.code(), json!({ "degree": "none", "reason": "不涉及" }))).collect();
    serde_json::from_value(json!({
        "id": "ML-20250701-AAAAAA", "provider": "traffic", "agency": "data", "state": "published", "version": 1,
        "opinions": catalogue::Screen::ALL.iter().map(opinion).collect::<Vec<_>>(),
        "content": {
            "name": "停车场泊位小时数据", "summary": "每小时整点的总泊位和空余泊位。", "source_duty": "停车场备案管理",
            "refresh": "实时", "grading": answers, "origin": "own", "fields": fields,
        },
    }))
    .unwrap()
}

fn scope() -> Scope {
    Scope([("ML-20250701-AAAAAA".to_owned(), ["free".to_owned(), "total".to_owned()].into())].into())
}

fn due(days: u16) -> regulation::Due {
    let monday = "2025-09-01".parse().unwrap();
    Calendar::built_in().due(monday, regulation::WorkingDays(days))
}

pub fn plan(state: plan::State) -> Plan {
    let sections = plan::Section::ALL.iter().map(|section| (*section, format!("关于“{section}”的内容。\n第二段。")));
    let mut sections = plan::Sections(sections.collect());
    sections.0.insert(plan::Section::Name, "锦川市公共数据资源整体授权运营（第一期）。以停车数据为先行。".into());
    let adopted = state.in_force();
    Plan {
        id: "FA-20250801-BBBBBB".into(),
        agency: "data".into(),
        government: "government".into(),
        mode: Mode::Whole,
        application: None,
        joint: None,
        content: plan::Content { sections, scope: scope(), ..plan::Content::default() },
        state,
        minutes: adopted.then(|| minutes("市政府常务会议", "第35次", "2025-08-29")),
        filing: (state == plan::State::Filed)
            .then(|| Filing { number: "川数备〔2025〕1号".into(), date: "2025-09-01".parse().unwrap() }),
        due: (state == plan::State::Adopted)
            .then(|| due(Terms::in_force_on("2025-09-01".parse().unwrap()).length(regulation::Term::PlanFiling).0)),
        escalated: Vec::new(),
    }
}

fn minutes(meeting: &str, session: &str, date: &str) -> Minutes {
    Minutes {
        meeting: meeting.into(),
        session: session.into(),
        date: date.parse().unwrap(),
        members: 11,
        present: 10,
        favour: 10,
        against: 0,
        abstained: 0,
        digest: "审议同意。".into(),
    }
}

pub fn selection(state: selection::State) -> Selection {
    let selected = state == selection::State::Selected;
    serde_json::from_value(json!({
        "id": "LX-20250805-CCCCCC", "plan": "FA-20250801-BBBBBB", "agency": "data", "method": "open_tender",
        "notice": "选择一家运营机构，承担第一期授权运营。", "how": "在平台上提出申请。", "asked": "资格证明和运营方案。",
        "deadline": "2025-08-25", "criteria": [{ "name": "运营方案", "most": 60 }, { "name": "价格", "most": 40 }],
        "state": state, "operator": selected.then_some("operating"),
        "conditions": if selected { selection::Condition::of(&Mode::Whole) } else { &[] },
    }))
    .unwrap()
}

pub fn agreement(state: agreement::State) -> Agreement {
    let clauses = agreement::Clause::ALL.iter().filter(|clause| clause.required());
    let clauses = clauses.map(|clause| (*clause, format!("关于“{clause}”的约定。"))).collect();
    Agreement {
        id: "XY-20250810-DDDDDD".into(),
        title: "锦川市公共数据资源整体授权运营协议".into(),
        selection: "LX-20250805-CCCCCC".into(),
        plan: "FA-20250801-BBBBBB".into(),
        agency: "data".into(),
        operator: "operating".into(),
        mode: Mode::Whole,
        scope: scope(),
        clauses: agreement::Clauses(clauses),
        period: agreement::Period { from: "2025-09-01".parse().unwrap(), until: "2028-08-31".parse().unwrap() },
        state,
        submitted_by: None,
        minutes: Some(minutes("局党组会议", "第12次", "2025-08-28")),
        filing: None,
        due: None,
        escalated: Vec::new(),
    }
}

pub fn demand(state: demand::State) -> Demand {
    Demand {
        id: "XQ-20250901-EEEEEE".into(),
        agreement: "XY-20250810-DDDDDD".into(),
        operator: "operating".into(),
        agency: "data".into(),
        entry: "ML-20250701-AAAAAA".into(),
        provider: "traffic".into(),
        fields: ["free".to_owned()].into(),
        purpose: demand::Purpose::Industry,
        scenario: "停车诱导".into(),
        necessity: "提示\t空余泊位\n\u{202e}不可少\u{0}".into(),
        reasons: BTreeMap::new(),
        follows: None,
        followed: Vec::new(),
        state,
        refusal: (state == demand::State::Refused).then(|| demand::Refusal {
            reason: "所列信息项超出场景所需".into(),
            legal_basis: vec!["本办法第十二条第三款".into(), "个人信息保护法第六条".into()],
        }),
        due: (state == demand::State::FormalReview).then(|| due(5)),
        escalated: Vec::new(),
    }
}
