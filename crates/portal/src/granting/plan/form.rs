//! 编制实施方案 — the form of the twelve contents, the products, and which fields of which entries, each with its reason.

use std::collections::BTreeSet;

use axum::{
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use regulation::{
    Role, article,
    basics::{catalogue, mode::Mode},
    granting::{
        application::Part,
        plan::{Content, Group as Side, Planned, Section},
    },
};
use search::Ask;
use serde::Deserialize;
use store::{
    Record as _,
    basics::catalogue::Entry,
    granting::{application::Application, plan::Plan},
};
use workflow::{Notice, RefusalSort, Refused};

use super::NEW;
use crate::{
    Door, answer,
    case::{self, Input},
    finding, form,
    frame::Trouble,
    names, session,
    session::Visitor,
    sheet::{self, Group, More, Sheet},
};

/// How many rows for products stand empty.
const SPARE: usize = 3;
/// How many entries are named where a word finds more than one.
const FEW: usize = 8;

/// 据哪一件申请编制.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    application: String,
}

/// What is being written, wherever it comes from.
struct Writing {
    application: String,
    mode: Mode,
    content: Content,
    /// The entries that are shown, whether or not a field of them is chosen yet.
    entries: BTreeSet<String>,
    seen: u64,
}

/// 编制.
pub async fn fresh(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    let typed = vec![("application".to_owned(), asked.application)];
    answer::faced(show(&door, "", &headers, Trouble { notice: None, typed }).await, &headers, &uri)
}

/// 修改.
pub async fn edit(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(show(&door, &id, &headers, Trouble::default()).await, &headers, &uri)
}

/// The same form again, with what had been typed and why it was refused.
pub async fn again(door: &Door, id: &str, headers: &HeaderMap, uri: &Uri, trouble: Trouble) -> Response {
    answer::faced(show(door, id, headers, trouble).await, headers, uri)
}

/// 加入目录条目 — the same form with one entry more; nothing is saved.
pub async fn more(State(door): State<Door>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    let mut typed: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let field = |name: &str| typed.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
    let (id, word) = (field("id").to_owned(), field("_add").trim().to_owned());
    let notice = match find(&door, &word).await {
        Ok(Found::One(entry)) => {
            typed.push(("entries[]".to_owned(), entry));
            None
        }
        Ok(Found::Other(says)) => Some(remark(says)),
        Err(refused) => Some(answer::notice(&refused)),
    };
    typed.retain(|(name, _)| !name.starts_with('_') && name != "act");
    answer::faced(show(&door, &id, &headers, Trouble { notice, typed }).await, &headers, &uri)
}

enum Found {
    One(String),
    Other(String),
}

/// The published entry of this number, or the only one that a word finds.
async fn find(door: &Door, word: &str) -> Result<Found, Refused> {
    if word.is_empty() {
        return Ok(Found::Other("请写目录条目的编号或者名称".to_owned()));
    }
    let found = door.office.store.get::<Entry>(word).await.map_err(Refused::Unavailable)?;
    if let Some((entry, _)) = found.filter(|(entry, _)| entry.state == catalogue::State::Published) {
        return Ok(Found::One(entry.id));
    }
    let ask = Ask {
        text: word.to_owned(),
        kinds: vec![Entry::SUBJECT.to_owned()],
        viewer: finding::everybody(),
        limit: FEW,
        ..Ask::default()
    };
    let found = door.finder.find(ask).await?;
    let rows = door.office.store.rows(&found.keys).await.map_err(Refused::Unavailable)?;
    match rows.as_slice() {
        [] => Ok(Found::Other(format!("已发布的授权运营目录里没有“{word}”"))),
        [row] => Ok(Found::One(row.id().to_owned())),
        rows => {
            let told: Vec<String> = rows.iter().map(|row| format!("{} {}", row.id(), row.title)).collect();
            Ok(Found::Other(format!("“{word}”找到{}条，请写编号：{}", found.total, told.join("；"))))
        }
    }
}

fn remark(says: String) -> Notice {
    Notice {
        message: says,
        basis: article(10).item(5).to_string(),
        article: None,
        advice: "方案只能列入已发布的授权运营目录条目".to_owned(),
        kind: RefusalSort::Content,
        remarks: Vec::new(),
    }
}

async fn show(door: &Door, id: &str, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let agency = session::visitor(door, headers).await?;
    let Some(visitor) = agency.filter(|visitor| visitor.acting.role == Role::ImplementingAgency) else {
        return Err(session::unknown("编制实施方案需要以实施机构的身份登录（第十条）").into());
    };
    let writing = writing(door, id, &visitor, &trouble.typed).await?;
    let mut groups = groups(&writing);
    for entry in &writing.entries {
        groups.extend(resource(door, &writing, entry).await?);
    }
    groups.push(Group::new(
        "加入目录条目",
        "写编号，或者名称里的字，再按“加入目录条目”；已经填写的内容都在。",
        vec![Input::new("_add", "目录条目", "text", "只找已发布的条目")],
    ));
    let told = writing.mode.told();
    let title = match (id, told.as_str()) {
        ("", "") => "编制整体授权实施方案".to_owned(),
        ("", told) => format!("编制{}实施方案：{told}", writing.mode.name()),
        (id, _) => format!("修改实施方案 {id}"),
    };
    let mut hidden = vec![("application".to_owned(), writing.application.clone())];
    hidden.extend(writing.entries.iter().map(|entry| ("entries[]".to_owned(), entry.clone())));
    hidden.extend((!id.is_empty()).then(|| ("id".to_owned(), id.to_owned())));
    let sheet = Sheet {
        act: if id.is_empty() { "plan.draft" } else { "plan.revise" },
        title,
        lead: "方案按第十条写明十二项内容，兼顾经济和社会效益；分领域、依场景授权的，编成后征求会同单位意见，再报市人民政府审议。".to_owned(),
        from: if id.is_empty() {
            ("/files?subject=plan".to_owned(), "实施方案".to_owned())
        } else {
            (names::path("plan", id), id.to_owned())
        },
        section: "plan",
        hidden,
        groups,
        seen: writing.seen,
        more: Some(More {
            path: if id.is_empty() { NEW.to_owned() } else { format!("/granting/plans/{id}/edit") },
            label: "加入目录条目",
        }),
    };
    // What was typed stands in the fields already; what is told is only what was wrong.
    Ok(sheet::page(door, &visitor, sheet, Trouble { notice: trouble.notice, typed: Vec::new() }))
}

/// What was typed, or what is kept, or nothing yet.
async fn writing(door: &Door, id: &str, visitor: &Visitor, typed: &[(String, String)]) -> Result<Writing, Refused> {
    let all = |name: &'static str| typed.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.clone());
    let written = typed.iter().any(|(name, _)| name.starts_with("sections."));
    let said: Content = serde_json::from_value(form::to_json(typed)).unwrap_or_default();
    let shown: BTreeSet<String> = all("entries[]").collect();
    if !id.is_empty() {
        let plan: Plan = case::seen(door, "实施方案", id, visitor).await?;
        let seen = case::timeline(door, &format!("plan/{id}")).await?.last().map_or(0, |line| line.position);
        let content = if written { said } else { plan.content };
        let entries = shown.into_iter().chain(content.scope.0.keys().cloned()).collect();
        let application = plan.application.unwrap_or_default();
        return Ok(Writing { application, mode: plan.mode, content, entries, seen });
    }
    let application = all("application").next().unwrap_or_default();
    let mut content = said;
    let mode = if application.is_empty() {
        Mode::Whole
    } else {
        let application: Application = case::seen(door, "授权申请", &application, visitor).await?;
        if !written {
            begin(&mut content, &application);
        }
        application.content.mode().unwrap_or(Mode::Whole)
    };
    let entries = shown.into_iter().chain(content.scope.0.keys().cloned()).collect();
    Ok(Writing { application, mode, content, entries, seen: 0 })
}

/// What the application has said already is not typed again.
fn begin(content: &mut Content, application: &Application) {
    let said = &application.content;
    let feasibility = Part::ALL.iter().filter_map(|part| {
        let text = said.feasibility.get(part)?;
        Some(format!("{part}：{text}"))
    });
    let case: Vec<String> = [format!("必要性：{}", said.necessity)].into_iter().chain(feasibility).collect();
    content.sections.0.insert(Section::Name, format!("{}实施方案", said.title));
    content.sections.0.insert(Section::Justification, case.join("\n"));
    content.sections.0.insert(Section::DataScope, said.resources.clone());
    let mode = said.mode().map(|mode| format!("{}：{}", mode.name(), mode.told()));
    content.sections.0.insert(Section::Mode, mode.unwrap_or_default());
}

fn groups(writing: &Writing) -> Vec<Group> {
    let content = &writing.content;
    let section = |section: &Section| {
        let written = content.sections.0.get(section).cloned().unwrap_or_default();
        let hint = if section.required() { "" } else { "可以不写" };
        Input::new(format!("sections.{}", section.code()), section.name(), "area", hint)
            .because(section.provision())
            .filled(written)
    };
    let mut groups = vec![
        Group::new("十二项内容", "顺序依第十条。", Section::ALL.iter().map(section).collect()).because(article(10)),
    ];
    if writing.mode == Mode::Whole {
        let part = |part: &Part| {
            let written = content.feasibility.get(part).cloned().unwrap_or_default();
            Input::new(format!("feasibility.{}", part.code()), part.name(), "area", part.hint()).filled(written)
        };
        let parts = Part::ALL.iter().map(part).collect();
        groups.push(Group::new("可行性论证", "五个方面都要回答。", parts).because(article(11)));
    }
    let rows = content.products.len() + SPARE;
    let products = (0..rows).flat_map(|row| product(row, content.products.get(row))).collect();
    let hint = "两大类都要有。用不着的行留空。";
    groups.push(Group::new("产品和服务清单", hint, products).because(Section::Products.provision()));
    groups
}

fn product(row: usize, product: Option<&Planned>) -> [Input; 3] {
    let number = row + 1;
    let name = |field: &str| format!("products.#{row}.{field}");
    let sides = Side::ALL.iter().map(|side| (side.code(), side.to_string())).collect();
    let (title, side, shape) = match product {
        Some(product) => (product.name.clone(), product.group.code(), product.form.clone()),
        None => (String::new(), Side::ALL[0].code(), String::new()),
    };
    [
        Input::new(name("name"), format!("第{number}项名称"), "text", "").filled(title),
        Input::new(name("group"), format!("第{number}项类别"), "select", "").among(sides).filled(side),
        Input::new(name("form"), format!("第{number}项预期形式"), "text", "如接口、数据集、报告、技术服务")
            .filled(shape),
    ]
}

/// 一个目录条目 — its fields to be chosen; by scenario, each with what it is for.
async fn resource(door: &Door, writing: &Writing, id: &str) -> Result<Option<Group>, Refused> {
    let found = door.office.store.get::<Entry>(id).await.map_err(Refused::Unavailable)?;
    let Some((entry, _)) = found else { return Ok(None) };
    let chosen = writing.content.scope.0.get(&entry.id);
    let ticked = |code: &str| chosen.is_some_and(|fields| fields.contains(code));
    let fields = &entry.content.fields;
    let items = fields.iter().map(|field| {
        let personal = if field.personal.any() { "，涉及个人信息" } else { "" };
        (field.code.clone(), format!("{}（{}）{personal}", field.name, field.code), ticked(&field.code))
    });
    let mut inputs = Vec::new();
    if matches!(writing.mode, Mode::Scenario { .. }) {
        let needs = writing.content.needs.0.get(&entry.id);
        for field in fields {
            let need = needs.and_then(|needs| needs.get(&field.code)).cloned().unwrap_or_default();
            let name = |part: &str| format!("needs.{}.{}.{part}", entry.id, field.code);
            inputs.push(
                Input::new(
                    name("output"),
                    format!("{}：用于哪一产品或者服务", field.name),
                    "text",
                    "与清单里的名称一致",
                )
                .filled(need.output),
            );
            inputs.push(
                Input::new(name("reason"), format!("{}：为什么不可缺少", field.name), "text", "").filled(need.reason),
            );
        }
    }
    let title = format!("{}（{}）", entry.content.name, entry.id);
    let hint = match writing.mode {
        Mode::Scenario { .. } => "只勾选场景不可缺少的信息项，逐项写明用途；没有勾选的不用写。",
        _ => "勾选列入授权范围的信息项。",
    };
    let group = Group::new(title, hint, inputs).because(writing.mode.reach());
    Ok(Some(group.ticked(format!("scope.{}[]", entry.id), items.collect())))
}
