//! 填充 — a city as full as it will be in years: what the figures are measured in.

use std::collections::BTreeMap;

use futures::{StreamExt as _, stream};
use jiff::{Timestamp, civil::Date};
use regulation::{
    Calendar, Due, Role, WorkingDays,
    basics::mode::Mode,
    granting::{
        agreement::{self, Clauses, Period},
        plan::{self, Section, Sections},
        scope::Scope,
    },
    operation::demand::{Purpose, State},
};
use serde_json::json;
use store::{
    Entry, Log, Outcome, Record, Store,
    granting::{agreement::Agreement, plan::Plan},
    operation::demand::Demand,
    record,
};

/// 各方 — among whom the cases are spread.
pub struct Parties {
    pub agency: String,
    pub government: String,
    pub operators: Vec<String>,
    pub providers: Vec<String>,
}

/// 在办的卷宗 — so many open cases: of ten, eight demands in their three states, a plan and an agreement that
/// wait to be filed; their terms end between ten working days ago and ten ahead. Every case is an event with
/// its leaf, as if somebody had just submitted it.
pub async fn cases(store: &Store, parties: &Parties, n: usize, at: Timestamp) -> Result<(), store::Fault> {
    let today = jiff::tz::Offset::constant(8).to_datetime(at).date();
    let calendar = Calendar::built_in();
    let begun = today.checked_sub(jiff::Span::new().days(21)).unwrap_or(today);
    let due = |place: usize| calendar.due(begun, WorkingDays(5 + u16::try_from(place % 21).unwrap_or(0)));
    let all = (0..n).map(|place| {
        let operator = &parties.operators[place % parties.operators.len()];
        let provider = &parties.providers[(place / 3) % parties.providers.len()];
        let due = due(place / 3 * 5);
        async move {
            match place % 10 {
                0 => keep(store, &plan(parties, place, due), "draft", (&parties.agency, at)).await,
                1 => keep(store, &agreement(parties, operator, place, Some(due)), "draft", (&parties.agency, at)).await,
                _ => keep(store, &demand(parties, (operator, provider), place, due), "submit", (operator, at)).await,
            }
        }
    });
    // What each operator's demands stand on.
    for (place, operator) in parties.operators.iter().enumerate() {
        let standing = Agreement { id: format!("XY-{operator}"), ..agreement(parties, operator, place, None) };
        keep(store, &standing, "draft", (&parties.agency, at)).await?;
    }
    let mut kept = stream::iter(all).buffer_unordered(64);
    while let Some(kept) = kept.next().await {
        kept?;
    }
    Ok(())
}

async fn keep<R: Record>(store: &Store, case: &R, act: &str, (org, at): (&str, Timestamp)) -> Result<(), store::Fault> {
    let key = record::key::<R>(case.id());
    let entry = Entry {
        at,
        actor: format!("{org}-1"),
        org: org.to_owned(),
        role: Role::Operator.name().to_owned(),
        act: format!("{}.{act}", R::SUBJECT),
        policies: String::new(),
        subject: key.clone(),
        basis: "第二十三条第一款".to_owned(),
        outcome: Outcome::Done,
        command: format!("fill/{key}"),
        digest: [0; 32],
        salt: [0; 32],
        detail: json!({ "said": case.id(), "state": "已提交" }),
        reply: json!({ "done": { "id": case.id(), "subject": R::SUBJECT, "state": "已提交" } }),
        reads: Vec::new(),
        writes: vec![record::write(case, 0)?],
    };
    store.commit(Log::Control, entry).await.map(|_| ())
}

fn demand(parties: &Parties, (operator, provider): (&str, &str), place: usize, due: Due) -> Demand {
    const SCENARIOS: [&str; 4] = ["停车诱导服务", "小微企业信贷审批核验", "空气质量预报产品", "公交线网优化评估"];
    Demand {
        id: format!("XQ-20250901-{place:06}"),
        agreement: format!("XY-{operator}"),
        operator: operator.to_owned(),
        agency: parties.agency.clone(),
        entry: format!("ML-{provider}"),
        provider: provider.to_owned(),
        fields: ["name", "address", "spaces"].map(str::to_owned).into(),
        purpose: Purpose::Industry,
        scenario: format!("{}（第{place}件）", SCENARIOS[place % 4]),
        necessity: "自行采集无法覆盖全市，须以公共数据核验；所需信息项为完成本场景所必需。".repeat(2),
        reasons: BTreeMap::new(),
        follows: None,
        followed: Vec::new(),
        state: [State::FormalReview, State::ProviderReview, State::AwaitingSupply][place % 3],
        refusal: None,
        due: Some(due),
        escalated: Vec::new(),
    }
}

fn plan(parties: &Parties, place: usize, due: Due) -> Plan {
    let text = |section: &Section| (*section, format!("{section}：按本办法第十条编制，内容详见附件。"));
    let mut sections = Sections(Section::ALL.iter().map(text).collect());
    sections.0.insert(Section::Name, format!("第{place}号授权运营实施方案"));
    Plan {
        id: format!("FA-20250901-{place:06}"),
        agency: parties.agency.clone(),
        government: parties.government.clone(),
        mode: Mode::Whole,
        application: None,
        joint: None,
        content: plan::Content { sections, ..plan::Content::default() },
        state: plan::State::Adopted,
        minutes: None,
        filing: None,
        due: Some(due),
        escalated: Vec::new(),
    }
}

fn agreement(parties: &Parties, operator: &str, place: usize, due: Option<Due>) -> Agreement {
    let year = |year: i16| Date::new(year, 9, 1).unwrap_or(Date::MAX);
    Agreement {
        id: format!("XY-20250901-{place:06}"),
        title: format!("第{place}号授权运营协议"),
        selection: String::new(),
        plan: String::new(),
        agency: parties.agency.clone(),
        operator: operator.to_owned(),
        mode: Mode::Whole,
        scope: Scope::default(),
        clauses: Clauses::default(),
        period: Period { from: year(2025), until: year(2030) },
        state: if due.is_some() { agreement::State::InForce } else { agreement::State::Filed },
        submitted_by: None,
        minutes: None,
        filing: None,
        due,
        escalated: Vec::new(),
    }
}
