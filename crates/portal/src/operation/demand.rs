//! 数据需求 — the demand's page; the form that raises one, and what a second one changed, stand beside it.

pub mod difference;
mod form;
pub mod new;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use regulation::{
    Role, article,
    operation::demand::{Act, PROCEDURE, State as Stage},
};
use store::{
    basics::catalogue::Entry,
    granting::agreement::Agreement,
    operation::{demand::Demand, supply::Supply},
};
use workflow::{Acting, Notice, Refused};

use crate::{
    Door, case,
    case::{Action, Beside, Facts, Input, Linked, above, open, org},
    frame::{Trouble, count, date},
    names,
    session::Visitor,
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
        ("信息项", fields(demand)),
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
        actions: actions(door, demand, acting),
        parent: above::<Agreement>(&demand.agreement),
    })
}

/// 可办的事 — the buttons of this stage and what each asks.
fn actions(door: &Door, demand: &Demand, acting: Option<&Acting>) -> Vec<Action> {
    let batches = match (demand.state, acting) {
        (Stage::AwaitingSupply | Stage::Supplied, Some(acting)) => door.office.channel.batches(&acting.org),
        _ => Vec::new(),
    };
    open(door, &PROCEDURE, demand.state, demand, acting, |act| match act {
        Act::Submit => Action::new("demand.submit", vec![]),
        Act::Pass => Action::new("demand.pass", vec![]),
        Act::Refuse => Action::new(
            "demand.refuse",
            vec![
                Input::new(
                    "reason",
                    "理由",
                    "area",
                    "申请单位要据此修改：用完整的话写明哪一项、为什么不能通过、怎样改",
                ),
                Input {
                    options: articles(),
                    ..Input::new("cited[]", "本办法的条款", "select", "从本办法各条款中选；不在本办法里的写在下一栏")
                },
                Input::new(
                    "legal_basis[]",
                    "其他法律法规",
                    "text",
                    "写明到条，如“个人信息保护法第六条”；上面选了的可以不写",
                ),
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
                            format!("{}（{}，{} 行）", batch.number, batch.manifest.file, count(batch.manifest.rows)),
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
    })
}

/// The fields asked for, each with why it is needed where the operator said so.
fn fields(demand: &Demand) -> String {
    if demand.reasons.is_empty() {
        return demand.fields.iter().map(String::as_str).collect::<Vec<_>>().join("、");
    }
    let told = |field: &String| match demand.reasons.get(field) {
        Some(reason) => format!("{field}：{reason}"),
        None => field.clone(),
    };
    demand.fields.iter().map(told).collect::<Vec<_>>().join("\n")
}

/// How many characters of a gist a choice shows.
const GIST: usize = 36;

/// 各条款 — every paragraph of the Measures with the beginning of its gist, to be cited by choosing.
fn articles() -> Vec<(String, String)> {
    let none = (String::new(), "不从本办法中选".to_owned());
    let told = |(part, gist): (regulation::Provision, &str)| {
        let short: String = gist.chars().filter(|letter| *letter != '\n').take(GIST).collect();
        (format!("本办法{part}"), format!("{part}　{short}…"))
    };
    std::iter::once(none).chain((1..=37).flat_map(|number| article(number).parts()).map(told)).collect()
}

/// 旁及 — the demand before and those after it, and where its parties go from here.
pub async fn beside(door: &Door, id: &str, visitor: &Visitor) -> Result<Beside, Refused> {
    let demand: Demand = case::read(door, "数据需求", id).await?;
    let mut beside = Beside::default();
    if let Some(earlier) = difference::earlier(door, &demand, visitor).await? {
        beside.links.push(Linked {
            label: "前次申请",
            text: format!("数据需求 {}（{}）", earlier.id, earlier.state),
            path: names::path("demand", &earlier.id),
        });
        let reason = earlier.refusal.map(|refusal| refusal.reason).unwrap_or_default();
        beside.links.push(Linked {
            label: "前次的理由",
            text: format!("{reason}（看与前次的区别）"),
            path: format!("/operation/demands/{id}/difference"),
        });
    } else if let Some(earlier) = &demand.follows {
        beside.told.push(("前次申请", format!("数据需求 {earlier}")));
    }
    for later in &demand.followed {
        let found = case::seen::<Demand>(door, "数据需求", later, visitor).await;
        match found {
            Ok(later) => beside.links.push(Linked {
                label: "再申请",
                text: format!("数据需求 {}（{}）", later.id, later.state),
                path: names::path("demand", &later.id),
            }),
            Err(Refused::Missing { .. }) => beside.told.push(("再申请", format!("数据需求 {later}"))),
            Err(refused) => return Err(refused),
        }
    }
    let theirs = |org: &str| visitor.acting.org == org;
    let role = visitor.acting.role;
    if demand.state == Stage::Refused && role == Role::Operator && theirs(&demand.operator) {
        beside.ways.push(("据此修改后再提出", format!("/operation/demands/new?follows={id}")));
    }
    let supplying = matches!(demand.state, Stage::AwaitingSupply | Stage::Supplied);
    if supplying && role == Role::DataProvider && theirs(&demand.provider) {
        beside.ways.push(("为这一件挂载供给文件", format!("/supply?demand={id}")));
    }
    Ok(beside)
}
