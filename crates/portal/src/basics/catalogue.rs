//! 授权运营目录条目 — what its page says; the form that compiles one, its versions and their import stand beside.

pub mod edit;
mod form;
pub mod import;
pub mod versions;

use regulation::{
    Role, article,
    basics::{
        catalogue::{Act, Field, Masking, Origin, PROCEDURE, Screen, State, unscreened},
        grading::Object,
    },
};
use store::basics::catalogue::Entry;
use workflow::{Acting, Notice, Refused};

use crate::{
    Door,
    case::{self, Action, Beside, Facts, Input, Linked, open, org},
    frame::date,
    session::Visitor,
};

/// The form of a new entry, and of the next version of one.
pub const FORM: &str = "/basics/catalogue/new";

pub async fn facts(door: &Door, entry: &Entry, acting: Option<&Acting>) -> Result<Facts, Refused> {
    let content = if entry.state.in_work() { entry.draft() } else { &entry.content };
    let origin = match &content.origin {
        Origin::Own => "本单位产生".to_owned(),
        Origin::Shared { from, consent } => format!("由{from}共享获得，同意书：{consent}"),
    };
    let mut lines = vec![
        ("提供单位", format!("{}（{}）", org(door, &entry.provider).await?, content.provider_code)),
        ("版次", version(entry)),
        ("信息资源摘要", content.summary.clone()),
        ("来源职责", content.source_duty.clone()),
        ("信息资源格式", content.format.to_string()),
        ("所属领域", content.sector_name().to_owned()),
        ("更新周期", content.refresh_name().to_owned()),
        ("获取方式", origin),
        ("数据级别", grade(entry)),
        ("开放平台已开放", if content.open { "是" } else { "否" }.to_owned()),
    ];
    for (name, said) in [("数据量", &content.volume), ("时间范围", &content.time_span), ("空间范围", &content.area)]
    {
        if !said.is_empty() {
            lines.push((name, said.clone()));
        }
    }
    lines.push(("信息项", content.fields.iter().map(told).collect::<Vec<_>>().join("\n")));
    if acting.is_some_and(|acting| inside(&entry.provider, acting)) {
        lines.push(("纳入审查", screens(door, entry).await?));
    }
    Ok(Facts {
        title: content.name.clone(),
        state: entry.state.to_string(),
        lines,
        notice: notice(entry),
        due: None,
        clock: "",
        basis: article(8),
        actions: actions(door, entry, acting),
        parent: String::new(),
    })
}

/// 办理的各方 — who sees what is not in force yet, and who screened it: others see what has been published.
pub fn inside(provider: &str, acting: &Acting) -> bool {
    matches!(acting.role, Role::ImplementingAgency | Role::Auditor) || acting.org == provider
}

/// What of an entry's record is not for those outside.
pub fn withhold(record: &mut serde_json::Value, acting: &Acting) {
    let provider = record.get("provider").and_then(serde_json::Value::as_str).unwrap_or_default();
    if !inside(provider, acting)
        && let Some(record) = record.as_object_mut()
    {
        record.retain(|name, _| !["next", "opinions", "authors", "returned"].contains(&name.as_str()));
    }
}

/// 版次 — which one is in force, and how far the next one is.
fn version(entry: &Entry) -> String {
    match (&entry.next, entry.version) {
        (Some(next), now) => format!("第{now}版施行中；第{}版{}", now + 1, next.state),
        (None, 0) => "尚未发布".to_owned(),
        (None, now) => format!("第{now}版"),
    }
}

/// 数据级别, and which answers gave it.
fn grade(entry: &Entry) -> String {
    let grading = &entry.draft().grading;
    let decisive: Vec<&str> = grading.decisive().into_iter().map(Object::name).collect();
    match grading.grade() {
        Some(grade) => format!("{grade}（GB/T 43697 就高定级，依据对{}的影响）", decisive.join("、")),
        None => "未定级：影响程度没有填全".to_owned(),
    }
}

fn told(field: &Field) -> String {
    let mut marks = vec![field.kind.name()];
    if field.personal.any() {
        marks.push("涉及个人信息");
    }
    if field.personal.sensitive() {
        marks.push(field.personal.name());
    }
    if field.secret {
        marks.push("商业秘密");
    }
    if field.quasi {
        marks.push("准标识符");
    }
    if field.masking != Masking::None {
        marks.push(field.masking.name());
    }
    format!("{}（{}），{}", field.name, field.code, marks.join("，"))
}

/// 纳入审查 — each screen with who passed it, when and why.
async fn screens(door: &Door, entry: &Entry) -> Result<String, Refused> {
    let mut lines = Vec::new();
    for opinion in entry.given() {
        let who = person(door, &opinion.person).await?;
        lines.push(format!("{}：{who} {}，{}", opinion.screen, crate::frame::time(opinion.at), opinion.says));
    }
    lines.extend(unscreened(entry.given()).into_iter().map(|screen| format!("{screen}：未审查")));
    Ok(lines.join("\n"))
}

/// A person's name; the number itself where nobody is registered under it.
pub async fn person(door: &Door, id: &str) -> Result<String, Refused> {
    let found = door.office.store.get::<store::party::Person>(id).await.map_err(Refused::Unavailable)?;
    Ok(found.map_or_else(|| id.to_owned(), |(person, _)| person.name))
}

/// What stands out: why it went back, why it is suspended, until when it lasts.
fn notice(entry: &Entry) -> Option<Notice> {
    let of = |message: String, provision: regulation::Provision, advice: &str| Notice {
        message,
        basis: provision.to_string(),
        article: provision.measures_article(),
        advice: advice.to_owned(),
        kind: workflow::RefusalSort::State,
        remarks: Vec::new(),
    };
    if entry.stage() == State::Draft
        && let Some(returned) = entry.sent_back()
    {
        return Some(of(format!("已退回：{returned}"), article(8).paragraph(4), "请修改后重新提交审查"));
    }
    if let Some(suspension) = &entry.suspension {
        let told = format!("{}起由{}暂停使用：{}", date(suspension.since), suspension.by, suspension.grounds);
        return Some(of(told, article(8).paragraph(1), "恢复之前，不能取数，也不能据此提出新的方案和需求"));
    }
    let ending = entry.ending.as_ref()?;
    let told = format!(
        "{}由{}公告终止数据保障，最后一日{}：{}",
        date(ending.announced),
        ending.by,
        date(ending.last_day),
        ending.grounds
    );
    Some(of(told, article(26).paragraph(2), "运营机构应当及时终止有关服务，告知经营主体，留存系统日志不少于1年"))
}

/// 可办的事 — for the version that is being worked on, and for the entry in force.
fn actions(door: &Door, entry: &Entry, acting: Option<&Acting>) -> Vec<Action> {
    let form = |act| match act {
        Act::Submit => Action::new("entry.submit", vec![]),
        Act::Revise => Action::new("entry.revise", vec![]), // it has a page of its own
        Act::Screen => Action::new("entry.screen", unscreened(entry.given()).into_iter().map(opinion).collect()),
        Act::Object => Action::new(
            "entry.object",
            vec![
                Input {
                    options: Screen::ALL.iter().map(|one| (one.code(), one.to_string())).collect(),
                    ..Input::new("screen", "未通过的一项", "select", "")
                },
                Input::new("reason", "理由", "area", "写明哪一项内容、为什么不能纳入、怎样改"),
            ],
        )
        .risky(),
        Act::Forward => Action::new("entry.forward", vec![]),
        Act::Publish => Action::new("entry.publish", vec![]),
        Act::Return => Action::new("entry.return", vec![Input::new("reason", "退回理由", "area", "")]).risky(),
        Act::Suspend => Action::new("entry.suspend", vec![Input::new("grounds", "事由", "area", "")]).risky(),
        Act::Resume => Action::new("entry.resume", vec![Input::new("grounds", "事由", "area", "")]),
        Act::Announce => Action::new(
            "entry.announce",
            vec![
                Input::new("grounds", "依据", "area", "写明到条，如“《城市停车管理条例》第八条修订，不再采集”"),
                Input::new("last_day", "最后一日", "date", "至少提前10个工作日告知运营机构；这一天仍然提供数据"),
            ],
        )
        .risky(),
        Act::CallOff => Action::new("entry.call_off", vec![]),
        Act::End => Action::new("entry.end", vec![]).risky(),
    };
    let mut actions = open(door, &PROCEDURE, entry.stage(), entry, acting, form);
    if entry.next.is_some() {
        let standing = open(door, &PROCEDURE, entry.state, entry, acting, form);
        actions.extend(standing);
    }
    actions.retain(|action| action.act != "entry.revise");
    actions
}

fn opinion(screen: Screen) -> Input {
    let name = match screen {
        Screen::NationalSecurity => "opinions.national_security",
        Screen::PublicInterest => "opinions.public_interest",
        Screen::TradeSecrets => "opinions.trade_secrets",
        Screen::PersonalRights => "opinions.personal_rights",
    };
    Input::new(name, screen.name(), "area", "通过的，写明核对了什么、为什么；留空的这一次不审")
        .because(screen.provision())
}

/// 旁及 — its versions, the form that changes it, and its public page.
pub async fn beside(door: &Door, id: &str, visitor: &Visitor) -> Result<Beside, Refused> {
    let entry: Entry = case::read(door, "目录条目", id).await?;
    let mut beside = Beside::default();
    if entry.version > 0 && inside(&entry.provider, &visitor.acting) {
        let text = match entry.next {
            Some(_) => "第几版改了什么，在办的一版将改什么",
            None => "第几版改了什么",
        };
        beside.links.push(Linked {
            label: "历次版本",
            text: text.to_owned(),
            path: format!("/basics/catalogue/{id}/versions"),
        });
    }
    if entry.state.disclosed() {
        beside.links.push(Linked {
            label: "公开的页面",
            text: format!("授权运营目录 {id}"),
            path: format!("/catalogue/{id}"),
        });
    }
    let theirs = visitor.acting.org == entry.provider && visitor.acting.role == Role::DataProvider;
    if theirs && PROCEDURE.step(entry.stage(), Act::Revise, visitor.acting.role).is_ok() {
        let name = if entry.stage().in_work() { "修改内容" } else { "修订，编制下一版" };
        beside.ways.push((name, format!("{FORM}?entry={id}")));
    }
    if theirs && entry.stage() == State::Draft {
        let lacking = entry.draft().flaws();
        if !lacking.is_empty() {
            let told: Vec<String> = lacking.iter().map(ToString::to_string).collect();
            beside.told.push(("提交前还要补", told.join("\n")));
        }
    }
    Ok(beside)
}
