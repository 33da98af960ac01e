//! 实施方案 — what its page says.

pub mod form;

use regulation::{
    Role, article,
    granting::{
        decision::Minutes,
        plan::{Act, PROCEDURE, Planned, Section, State},
    },
};
use store::granting::{application::Application, plan::Plan};
use workflow::{Acting, Refused};

use super::selection::announcement;
use crate::{
    Door,
    case::{self, Action, Beside, Facts, Input, above, open, org, scope},
    components::to_do::{Item, Stand, ToDo},
    frame,
    session::Visitor,
};

/// Where the form is.
pub const NEW: &str = "/granting/plans/new";

pub async fn facts(door: &Door, plan: &Plan, acting: Option<&Acting>) -> Result<Facts, Refused> {
    let mut lines = vec![
        ("实施机构", org(door, &plan.agency).await?),
        ("授权模式", format!("{}（{}）", plan.mode.name(), plan.mode.course())),
    ];
    if let Some(joint) = &plan.joint {
        lines.push(("会同单位", format!("{}（{}）", org(door, &joint.org).await?, joint.role)));
        lines.push(("领域或者场景", plan.mode.told()));
        if let Some(opinion) = &joint.opinion {
            let said = if opinion.agreed { "同意" } else { "有不同意见" };
            let stale = if opinion.digest == workflow::approval::digest(&plan.content) {
                ""
            } else {
                "（此后方案有改动，须重新征求）"
            };
            lines.push(("会同意见", format!("{}，{said}{stale} {}", frame::date(opinion.on), opinion.text)));
        }
    }
    lines.push(("数据资源范围", scope(door, &plan.content.scope).await?));
    lines.extend((!plan.content.needs.0.is_empty()).then(|| ("最小必要", needs(plan))));
    lines.extend((!plan.content.products.is_empty()).then(|| ("清单", products(plan))));
    let written = |section: &Section| Some((section.name(), plan.content.sections.0.get(section)?.clone()));
    lines.extend(Section::ALL.iter().filter_map(written));
    if let Some(minutes) = &plan.minutes {
        lines.push(("审议", told(minutes)));
    }
    if let Some(filing) = &plan.filing {
        lines.push(("备案", format!("{}，{}", filing.number, frame::date(filing.date))));
    }
    let today = acting.map(|acting| acting.today().to_string()).unwrap_or_default();
    let mut actions = open(door, &PROCEDURE, plan.state, plan, acting, |act| match act {
        Act::Consult => Action::new("plan.consult", vec![]),
        Act::Concur => Action::new("plan.concur", vec![Input::new("opinion", "意见", "area", "可以不写")]),
        Act::Object => Action::new("plan.object", vec![Input::new("opinion", "意见", "area", "写明哪一项、怎样改")]),
        Act::Submit => Action::new("plan.submit", vec![]),
        Act::Adopt => Action::new("plan.adopt", minutes(&today)),
        Act::Return => Action::new("plan.return", vec![Input::new("reason", "退回理由", "area", "")]).risky(),
        Act::File => Action::new("plan.file", vec![filing_number()]),
    });
    let organises = |acting: &&Acting| acting.role == Role::ImplementingAgency && acting.org == plan.agency;
    if plan.state.in_force() && acting.as_ref().is_some_and(organises) {
        actions.push(Action {
            label: "公告选择运营机构".into(),
            basis: article(14),
            subject_field: "plan",
            ..Action::new("selection.announce", announcement())
        });
    }
    Ok(Facts {
        title: plan.content.sections.0.get(&Section::Name).cloned().unwrap_or_else(|| "未命名的实施方案".into()),
        state: plan.state.to_string(),
        lines,
        notice: None,
        due: plan.due.clone(),
        clock: "备案时限",
        basis: article(13),
        parent: plan.application.as_deref().map(above::<Application>).unwrap_or_default(),
        actions,
    })
}

/// 十二项内容 — as a list to be worked off, while the plan is being written.
pub fn to_do(plan: &Plan) -> Option<ToDo> {
    let written =
        |section: &&Section| plan.content.sections.0.get(*section).is_some_and(|text| !text.trim().is_empty());
    let item = |section: &Section| Item {
        name: section.name().to_owned(),
        basis: section.provision().to_string(),
        stand: if written(&section) { Stand::Done } else { Stand::Missing },
    };
    let items = Section::ALL.iter().map(item).collect();
    (plan.state == State::Draft).then(|| ToDo { title: "实施方案的内容".to_owned(), items })
}

/// 审议记录，一句话.
pub fn told(minutes: &Minutes) -> String {
    format!("{}，{}，{}。{}", minutes.called(), frame::date(minutes.date), minutes.votes(), minutes.digest)
}

/// 最小必要，一项一行.
fn needs(plan: &Plan) -> String {
    let fields = plan.content.needs.0.iter().flat_map(|(entry, needs)| needs.iter().map(move |need| (entry, need)));
    let in_scope =
        |entry: &String, field: &String| plan.content.scope.0.get(entry).is_some_and(|fields| fields.contains(field));
    let lines = fields.filter(|(entry, (field, _))| in_scope(entry, field));
    let lines = lines.map(|(entry, (field, need))| format!("{entry} {field}：{}；{}", need.output, need.reason));
    lines.collect::<Vec<_>>().join("\n")
}

/// 清单，一项一行.
fn products(plan: &Plan) -> String {
    let line = |product: &Planned| format!("{}（{}）{}", product.name, product.group, product.form);
    plan.content.products.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// 旁及 — where its parties go from here.
pub async fn beside(door: &Door, id: &str, visitor: &Visitor) -> Result<Beside, Refused> {
    let plan: Plan = case::read(door, "实施方案", id).await?;
    let mut beside = Beside::default();
    if plan.state == State::Draft && visitor.acting.role == Role::ImplementingAgency {
        beside.ways.push(("修改方案", format!("/granting/plans/{id}/edit")));
    }
    Ok(beside)
}

/// 审议记录的填写项.
pub fn minutes(today: &str) -> Vec<Input> {
    vec![
        Input::new("minutes.meeting", "会议名称", "text", "按“三重一大”决策机制召开的会议"),
        Input::new("minutes.session", "届次", "text", "如“第12次”"),
        Input::new("minutes.date", "会议日期", "date", "").filled(today),
        Input::new("minutes.members:n", "应到人数", "number", ""),
        Input::new("minutes.present:n", "实到人数", "number", ""),
        Input::new("minutes.favour:n", "赞成票", "number", ""),
        Input::new("minutes.against:n", "反对票", "number", "").filled("0"),
        Input::new("minutes.abstained:n", "弃权票", "number", "").filled("0"),
        Input::new("minutes.digest", "纪要要点", "area", "决定了什么，附了什么要求"),
    ]
}

/// 备案号的填写项.
pub fn filing_number() -> Input {
    Input::new("number", "省级数据主管部门备案号", "text", "")
}
