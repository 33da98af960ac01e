//! 数据需求 — the demand's page, and the form that raises one.

use std::sync::LazyLock;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use regulation::{
    article,
    operation::demand::{Act, PROCEDURE, Purpose, State as Stage},
};
use serde::Deserialize;
use store::{
    basics::catalogue::Entry,
    granting::agreement::Agreement,
    operation::{demand::Demand, supply::Supply},
};
use workflow::{Acting, Notice, Refused};

use crate::{
    Door, answer, case,
    case::{Action, Facts, Input, above, open, org},
    components::{crumbs::Crumbs, field::Field, notice::Faults},
    frame::{Frame, Trouble, count, date},
    session,
};

/// 数据需求页.
pub async fn show(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    case::respond(&door, ("demand", &id), &headers, &uri, Trouble::default()).await
}

pub async fn facts(door: &Door, demand: &Demand, acting: Option<&Acting>) -> Result<Facts, Refused> {
    let entry = door.office.store.get::<Entry>(&demand.entry).await.map_err(Refused::Unavailable)?;
    let entry = entry.map_or_else(|| demand.entry.clone(), |(entry, _)| entry.content.name);
    let mut lines = vec![
        ("运营机构", org(door, &demand.operator).await?),
        ("提供单位", org(door, &demand.provider).await?),
        ("目录条目", format!("{entry}（{}）", demand.entry)),
        ("信息项", demand.fields.iter().map(String::as_str).collect::<Vec<_>>().join("、")),
        ("用途类别", demand.purpose.to_string()),
        ("应用场景", demand.scenario.clone()),
        ("必要性说明", demand.necessity.clone()),
    ];
    let key = store::record::key::<Demand>(&demand.id);
    for supply in door.office.store.children::<Supply>(&key).await.map_err(Refused::Unavailable)? {
        lines.push((
            "供给",
            format!(
                "批次 {}，经{}，{} 行，SHA-256 {}",
                supply.batch,
                supply.channel,
                count(supply.rows),
                supply.sha256
            ),
        ));
    }
    if !demand.escalated.is_empty() {
        let days: Vec<String> = demand.escalated.iter().map(|day| date(*day)).collect();
        lines.push(("逾期督办", days.join("、")));
    }
    let batches = match (demand.state, acting) {
        (Stage::AwaitingSupply | Stage::Supplied, Some(acting)) => door.office.channel.batches(&acting.org),
        _ => Vec::new(),
    };
    Ok(Facts {
        title: format!("{entry} · 数据需求"),
        state: demand.state.to_string(),
        lines,
        notice: demand.refusal.as_ref().map(|refusal| Notice {
            message: format!("不予通过：{}", refusal.reason),
            basis: refusal.legal_basis.join("、"),
            article: None,
            advice: "请按所告知的理由修改后重新提出数据需求".into(),
            kind: workflow::RefusalSort::Content,
            remarks: Vec::new(),
        }),
        due: demand.due.clone(),
        clock: match demand.state {
            Stage::FormalReview => "形式审查时限",
            Stage::ProviderReview => "提供单位审核时限",
            _ => "数据供给时限",
        },
        basis: article(23),
        actions: open(door, &PROCEDURE, demand.state, demand, acting, |act| match act {
            Act::Submit => Action::new("demand.submit", vec![]),
            Act::Pass => Action::new("demand.pass", vec![]),
            Act::Refuse => Action::new(
                "demand.refuse",
                vec![
                    Input::new("reason", "理由", "area", "应当告知不通过的理由，申请单位可以看到"),
                    Input::new("legal_basis[]", "相关法律法规", "text", "写明到条，如“本办法第十二条第三款”"),
                ],
            )
            .risky(),
            Act::Supply => Action::new(
                "demand.supply",
                vec![Input {
                    options: batches
                        .iter()
                        .map(|batch| {
                            (
                                batch.number.clone(),
                                format!(
                                    "{}（{}，{} 行）",
                                    batch.number,
                                    batch.manifest.file,
                                    count(batch.manifest.rows)
                                ),
                            )
                        })
                        .collect(),
                    ..Input::new(
                        "batch",
                        "批次",
                        "select",
                        "先在市一体化政务大数据平台（模拟）挂载文件，再从这里选择批次；到达时核对清单",
                    )
                }],
            ),
        }),
        parent: above::<Agreement>(&demand.agreement),
    })
}

/// 选择 — which agreement and which entry a new demand is about.
#[derive(Debug, Default, Deserialize)]
pub struct Choice {
    #[serde(default)]
    agreement: String,
    #[serde(default)]
    entry: String,
}

#[derive(Template)]
#[template(path = "operation/demand_new.html")]
struct New {
    frame: Frame,
    agreements: Vec<(Agreement, Vec<(String, String)>)>,
    chosen: Option<(Agreement, Entry)>,
    purposes: &'static [Purpose],
    trouble: Trouble,
    key: String,
}

static SCENARIO: LazyLock<Input> =
    LazyLock::new(|| Input::new("scenario", "应用场景", "text", "数据用在什么场景").because(article(23).paragraph(1)));
static NECESSITY: LazyLock<Input> = LazyLock::new(|| {
    Input::new("necessity", "必要性说明", "area", "为什么需要这些信息项，各用在哪里").because(article(23).paragraph(1))
});

impl New {
    fn field<'a>(&'a self, input: &'a Input) -> Field<'a> {
        Field::of(input, "", &self.trouble)
    }

    fn scenario() -> &'static Input {
        &SCENARIO
    }

    fn necessity() -> &'static Input {
        &NECESSITY
    }

    fn faults(&self) -> Option<Faults<'_>> {
        Faults::of(&self.trouble, "")
    }

    #[expect(clippy::unused_self, reason = "the template asks its page")]
    fn crumbs(&self) -> Crumbs {
        Crumbs::to("发起数据需求").through("/tasks", "我的待办")
    }

    /// The fields of the chosen entry that the agreement grants.
    fn fields(&self) -> Vec<(&str, &str, bool)> {
        let Some((agreement, entry)) = &self.chosen else { return Vec::new() };
        let granted = agreement.scope.0.get(&entry.id);
        let fields =
            entry.content.fields.iter().filter(|field| granted.is_some_and(|granted| granted.contains(&field.code)));
        fields.map(|field| (field.code.as_str(), field.name.as_str(), field.personal)).collect()
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the template walks over references")]
    fn code(purpose: &Purpose) -> String {
        serde_json::to_value(purpose).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// 新的数据需求.
pub async fn choose(State(door): State<Door>, Query(choice): Query<Choice>, headers: HeaderMap, uri: Uri) -> Response {
    fresh(&door, &choice.agreement, &choice.entry, &headers, &uri, Trouble::default()).await
}

/// The form of a new demand, empty or with what had been typed.
pub async fn fresh(
    door: &Door,
    agreement: &str,
    entry: &str,
    headers: &HeaderMap,
    uri: &Uri,
    trouble: Trouble,
) -> Response {
    answer::faced(build(door, agreement, entry, headers, trouble).await, headers, uri)
}

async fn build(door: &Door, agreement: &str, entry: &str, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("发起数据需求需要以运营机构的身份登录").into());
    };
    let mut agreements = Vec::new();
    for agreement in door.office.store.list::<Agreement>("", 200).await? {
        if agreement.operator == visitor.acting.org && agreement.state.active() {
            let mut entries = Vec::new();
            for id in agreement.scope.0.keys() {
                if let Some((entry, _)) = door.office.store.get::<Entry>(id).await? {
                    entries.push((entry.id, entry.content.name));
                }
            }
            agreements.push((agreement, entries));
        }
    }
    let chosen = match agreements.iter().find(|(candidate, _)| candidate.id == agreement) {
        Some((agreement, _)) => {
            let found = door.office.store.get::<Entry>(entry).await?;
            found.map(|(entry, _)| (agreement.clone(), entry))
        }
        None => None,
    };
    let frame = Frame::new("发起数据需求", "demand", Some(&visitor)).troubled(trouble.notice.is_some());
    Ok(answer::page(&New { frame, agreements, chosen, purposes: Purpose::ALL, trouble, key: case::key(door) }))
}
