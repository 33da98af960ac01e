//! 授权申请 — what its page says, and the form in which the case is written.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use regulation::{
    Level, Role, Standing, article,
    basics::{mode::ScenarioKind, sector::Sector},
    granting::application::{Act, Content, Kind, PROCEDURE, Part, State as Stage, signs_off},
};
use store::{granting::application::Application, party::Organisation};
use workflow::{Acting, Refused};

use crate::{
    Door, answer,
    case::{self, Action, Beside, Facts, Input, Linked, open, org},
    components::to_do::{Item, Stand, ToDo},
    frame::{self, Trouble},
    names, session,
    session::Visitor,
    sheet::{self, Group, Sheet},
};

/// Where the form is.
pub const NEW: &str = "/granting/applications/new";

/// Who writes an application.
pub const AUTHORS: [Role; 2] = [Role::MunicipalDepartment, Role::DistrictDataAuthority];

pub async fn facts(door: &Door, application: &Application, acting: Option<&Acting>) -> Result<Facts, Refused> {
    let content = &application.content;
    let mut lines = vec![("申请的模式", content.kind.to_string())];
    match content.kind {
        Kind::Sector => lines.push(("行业领域", content.sector.map_or("", Sector::name).to_owned())),
        Kind::Scenario => {
            let kind = content.scenario_kind.map_or("", ScenarioKind::name);
            lines.push(("应用场景", format!("{}（{kind}）", content.scenario)));
        }
    }
    lines.push(("论证编制单位", org(door, &application.author).await?));
    if !application.applicant.is_empty() {
        lines.push(("申请单位", org(door, &application.applicant).await?));
    }
    if !application.office.is_empty() {
        let office = org(door, &application.office).await?;
        lines.push(("审签", format!("{}（{office}）", application.signing_role())));
    }
    lines.push(("确有需要的理由", content.necessity.clone()));
    lines.push(("拟使用的公共数据资源", content.resources.clone()));
    lines.extend(Part::ALL.iter().filter_map(|part| Some((part.name(), content.feasibility.get(part)?.clone()))));
    if let Some(opinion) = &application.opinion {
        let text = if opinion.text.is_empty() { "没有另附意见" } else { &opinion.text };
        lines.push(("审签意见", format!("{}，{}：{text}", frame::date(opinion.on), opinion.decision)));
    }
    let title = content.title.trim();
    Ok(Facts {
        title: if title.is_empty() { "未命名的授权申请".to_owned() } else { title.to_owned() },
        state: application.state.to_string(),
        lines,
        notice: None,
        due: None,
        clock: "",
        basis: article(9),
        actions: actions(door, application, acting),
        parent: String::new(),
    })
}

fn actions(door: &Door, application: &Application, acting: Option<&Acting>) -> Vec<Action> {
    let reason = |hint| vec![Input::new("reason", "理由", "area", hint)];
    let mut actions = open(door, &PROCEDURE, application.state, application, acting, |act| match act {
        Act::Submit => Action::new("application.submit", vec![]),
        Act::Agree => Action::new("application.agree", vec![Input::new("opinion", "意见", "area", "可以不写")]),
        Act::Deny => Action::new("application.deny", reason("申请就此了结；写明为什么不同意")).risky(),
        Act::Return => Action::new("application.return", reason("写明还要补什么、改什么")),
        Act::Withdraw => Action::new("application.withdraw", vec![]).risky(),
        Act::Organise => Action::new("application.organise", vec![]),
    });
    actions.retain(|action| action.act != "application.organise"); // it is done by drafting the plan
    actions
}

/// 论证的内容 — as a list to be worked off, while it is being written.
pub fn to_do(application: &Application) -> Option<ToDo> {
    let flaws = application.content.flaws(application.author_role);
    let lacks = |field: &str| flaws.iter().any(|flaw| regulation::Violation::field(flaw) == field);
    let item = |name: &str, basis: String, missing: bool| Item {
        name: name.to_owned(),
        basis,
        stand: if missing { Stand::Missing } else { Stand::Done },
    };
    let mut items = vec![
        item("授权运营名称", article(9).to_string(), lacks("content.title")),
        item("领域或者场景", article(12).to_string(), lacks("content.sector") || lacks("content.scenario")),
        item("确有需要的理由", article(7).to_string(), lacks("content.necessity")),
        item("拟使用的公共数据资源", article(12).to_string(), lacks("content.resources")),
    ];
    items.extend(Part::ALL.iter().map(|part| item(part.name(), article(11).to_string(), lacks(part.field()))));
    items.push(item("审签机关", article(9).to_string(), application.office.is_empty()));
    (application.state == Stage::Draft).then(|| ToDo { title: "论证的内容".to_owned(), items })
}

/// 旁及 — its plan, and where its parties go from here.
pub async fn beside(door: &Door, id: &str, visitor: &Visitor) -> Result<Beside, Refused> {
    let application: Application = case::read(door, "授权申请", id).await?;
    let mut beside = Beside::default();
    if let Some(plan) = &application.plan {
        let text = format!("实施方案 {plan}");
        beside.links.push(Linked { label: "据以编制的方案", text, path: names::path("plan", plan) });
    }
    let (role, org) = (visitor.acting.role, visitor.acting.org.as_str());
    if application.state == Stage::Draft && role == application.author_role && org == application.author {
        beside.ways.push(("修改论证", format!("/granting/applications/{id}/edit")));
    }
    if application.state == Stage::Agreed && role == Role::ImplementingAgency {
        beside.ways.push(("据此编制实施方案", format!("{}?application={id}", super::plan::NEW)));
    }
    Ok(beside)
}

/// 编制论证.
pub async fn fresh(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(form(&door, "", &headers, Trouble::default()).await, &headers, &uri)
}

/// 修改论证.
pub async fn edit(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(form(&door, &id, &headers, Trouble::default()).await, &headers, &uri)
}

/// The same form again, with what had been typed and why it was refused.
pub async fn again(door: &Door, id: &str, headers: &HeaderMap, uri: &Uri, trouble: Trouble) -> Response {
    answer::faced(form(door, id, headers, trouble).await, headers, uri)
}

async fn form(door: &Door, id: &str, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let author = session::visitor(door, headers).await?.filter(|visitor| AUTHORS.contains(&visitor.acting.role));
    let Some(visitor) = author else {
        let told = "编制授权运营的论证需要以市级部门或者区县数据主管部门的身份登录（第九条）";
        return Err(session::unknown(told).into());
    };
    let kept: Option<Application> = match id {
        "" => None,
        id => Some(case::seen(door, "授权申请", id, &visitor).await?),
    };
    let seen = case::timeline(door, &format!("application/{id}")).await?.last().map_or(0, |line| line.position);
    let (content, office) =
        kept.map_or_else(|| (blank(visitor.acting.role), String::new()), |kept| (kept.content, kept.office));
    let offices = offices(door, &visitor).await?;
    let groups = groups(visitor.acting.role, &content, &office, offices);
    let sheet = Sheet {
        act: if id.is_empty() { "application.draft" } else { "application.revise" },
        title: if id.is_empty() { "编制授权运营的论证".to_owned() } else { format!("修改论证 {id}") },
        lead: "确有需要开展分领域、依场景授权的，先编制必要性和可行性论证，报请审签。授权运营以整体授权为主，请说明整体授权为什么满足不了这一需要。".to_owned(),
        from: if id.is_empty() {
            ("/files?subject=application".to_owned(), "授权申请".to_owned())
        } else {
            (names::path("application", id), id.to_owned())
        },
        section: "application",
        hidden: if id.is_empty() { Vec::new() } else { vec![("id".to_owned(), id.to_owned())] },
        groups,
        seen,
        more: None,
    };
    Ok(sheet::page(door, &visitor, sheet, trouble))
}

fn blank(role: Role) -> Content {
    Content {
        title: String::new(),
        kind: if role == Role::MunicipalDepartment { Kind::Sector } else { Kind::Scenario },
        sector: None,
        scenario: String::new(),
        scenario_kind: None,
        necessity: String::new(),
        resources: String::new(),
        feasibility: [].into(),
    }
}

/// 可以审签的机关 — of the right kind, and of the same district.
async fn offices(door: &Door, visitor: &Visitor) -> Result<Vec<(String, String)>, Refused> {
    let Some(signs) = signs_off(visitor.acting.role) else { return Ok(Vec::new()) };
    let own = door.office.store.get::<Organisation>(&visitor.acting.org).await.map_err(Refused::Unavailable)?;
    let region = own.map(|(own, _)| own.region).unwrap_or_default();
    let (mut after, mut offices) = (String::new(), Vec::new());
    loop {
        let page = door.office.store.list::<Organisation>(&after, 500).await.map_err(Refused::Unavailable)?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        let right = |office: &&Organisation| {
            let near = signs != Role::DistrictLeader || (office.region == region && office.level == Level::District);
            office.roles.contains(&signs) && office.standing == Standing::InForce && near
        };
        offices.extend(page.iter().filter(right).map(|office| (office.id.clone(), office.name.clone())));
    }
    Ok(offices)
}

fn groups(role: Role, content: &Content, office: &str, offices: Vec<(String, String)>) -> Vec<Group> {
    let choice = |none: &str, all: Vec<(String, String)>| {
        [(String::new(), none.to_owned())].into_iter().chain(all).collect::<Vec<_>>()
    };
    let coded = |code: Option<String>| code.unwrap_or_default();
    let district = role == Role::DistrictDataAuthority;
    let kinds: Vec<(String, String)> = Kind::ALL
        .iter()
        .filter(|kind| !district || **kind == Kind::Scenario)
        .map(|kind| (kind.code(), kind.to_string()))
        .collect();
    let sectors = Sector::ALL.iter().map(|sector| (sector.code(), sector.to_string())).collect();
    let scenarios = ScenarioKind::ALL.iter().map(|kind| (kind.code(), kind.to_string())).collect();
    let mut what = vec![
        Input::new("content.title", "授权运营名称", "text", "一句话说明拿什么数据做什么事").filled(&content.title),
        Input::new("content.kind", "申请的模式", "select", "区（市）县只能申请依场景授权")
            .because(article(8).paragraph(if district { 3 } else { 2 }))
            .among(kinds)
            .filled(content.kind.code()),
    ];
    if !district {
        what.push(
            Input::new("content.sector", "行业领域", "select", "申请分领域授权的选一项；数据资源不出本领域")
                .because(article(12).paragraph(2))
                .among(choice("不是分领域授权", sectors))
                .filled(coded(content.sector.map(Sector::code))),
        );
    }
    what.extend([
        Input::new("content.scenario_kind", "场景类别", "select", "申请依场景授权的选一项")
            .because(article(20).paragraph(1))
            .among(choice(if district { "请选择" } else { "不是依场景授权" }, scenarios))
            .filled(coded(content.scenario_kind.map(ScenarioKind::code))),
        Input::new("content.scenario", "应用场景", "text", "一个场景一次授权：写得能与别的场景区分开")
            .because(article(7))
            .filled(&content.scenario),
    ]);
    let need = vec![
        Input::new("content.necessity", "确有需要的理由", "area", "整体授权为什么满足不了这一需要")
            .because(article(7))
            .filled(&content.necessity),
        Input::new("content.resources", "拟使用的公共数据资源", "area", "哪些单位的哪些数据；依场景授权以最小必要为限")
            .because(article(12))
            .filled(&content.resources),
    ];
    let part = |part: &Part| {
        let written = content.feasibility.get(part).cloned().unwrap_or_default();
        Input::new(part.field(), part.name(), "area", part.hint()).filled(written)
    };
    let hint = if district {
        "报请本级人民政府主要领导审签"
    } else {
        "报请市委或者市政府分管领导审签"
    };
    let office = Input::new("office", "审签机关", "select", hint)
        .because(article(9))
        .among(choice("请选择", offices))
        .filled(office);
    vec![
        Group::new("申请什么", "", what),
        Group::new("必要性", "", need),
        Group::new("可行性论证", "五个方面都要回答。", Part::ALL.iter().map(part).collect()).because(article(11)),
        Group::new("审签", "", vec![office]),
    ]
}
