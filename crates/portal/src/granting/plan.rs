//! 实施方案 — what its page says.

use regulation::{
    Role, article,
    granting::plan::{Act, PROCEDURE, Section, State},
};
use store::granting::plan::Plan;
use workflow::{Acting, Refused};

use super::selection::announcement;
use crate::{
    Door,
    case::{Action, Facts, Input, open, org, scope},
    components::to_do::{Item, Stand, ToDo},
    frame,
};

pub async fn facts(door: &Door, plan: &Plan, acting: Option<&Acting>) -> Result<Facts, Refused> {
    let mut lines = vec![
        ("实施机构", org(door, &plan.agency).await?),
        ("授权模式", format!("{}（{}）", plan.mode.name(), plan.mode.course())),
        ("数据资源范围", scope(door, &plan.scope).await?),
    ];
    let written = |section: &Section| Some((section.name(), plan.sections.0.get(section)?.clone()));
    lines.extend(Section::ALL.iter().filter_map(written));
    if let Some(minutes) = &plan.minutes {
        lines.push(("审议", format!("{}，{}", minutes.meeting, frame::date(minutes.date))));
    }
    if let Some(filing) = &plan.filing {
        lines.push(("备案", format!("{}，{}", filing.number, frame::date(filing.date))));
    }
    let today = acting.map(|acting| acting.today().to_string()).unwrap_or_default();
    let mut actions = open(door, &PROCEDURE, plan.state, plan, acting, |act| match act {
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
        title: plan.sections.0.get(&Section::Name).cloned().unwrap_or_else(|| "未命名的实施方案".into()),
        state: plan.state.to_string(),
        lines,
        notice: None,
        due: plan.due.clone(),
        clock: "备案时限",
        basis: article(13),
        actions,
        parent: String::new(),
    })
}

/// 十二项内容 — as a list to be worked off, while the plan is being written.
pub fn to_do(plan: &Plan) -> Option<ToDo> {
    let written = |section: &&Section| plan.sections.0.get(*section).is_some_and(|text| !text.trim().is_empty());
    let item = |section: &Section| Item {
        name: section.name().to_owned(),
        basis: section.provision().to_string(),
        stand: if written(&section) { Stand::Done } else { Stand::Missing },
    };
    let items = Section::ALL.iter().map(item).collect();
    (plan.state == State::Draft).then(|| ToDo { title: "实施方案的内容".to_owned(), items })
}

/// 审议记录的填写项.
pub fn minutes(today: &str) -> Vec<Input> {
    vec![
        Input::new("minutes.meeting", "会议名称", "text", "按“三重一大”决策机制召开的会议"),
        Input::new("minutes.date", "会议日期", "date", "").filled(today),
    ]
}

/// 备案号的填写项.
pub fn filing_number() -> Input {
    Input::new("number", "省级数据主管部门备案号", "text", "")
}
