//! 实施方案的公文 — the plan itself, the request, the decision and the report to the province (Articles 10 and 13).

use regulation::{
    Term, article,
    basics::mode::Mode,
    granting::{
        decision::Minutes,
        plan::{Section, State},
    },
};
use store::{Fault, granting::plan::Plan};

use crate::{
    Paper,
    body::Body,
    source::Source,
    text::{date, ended, lines, plain, until},
};

/// What a plan is called: the first line of its first section, up to the first full stop.
pub fn name(plan: &Plan) -> String {
    let written = plan.content.sections.0.get(&Section::Name).map(String::as_str).unwrap_or_default();
    let first = lines(written).next().unwrap_or_default();
    let first = first.split('。').next().unwrap_or_default();
    match plain(first) {
        name if name.is_empty() => format!("公共数据资源{}实施方案", plan.mode.name()),
        name if name.ends_with("方案") => name,
        name => format!("{name}实施方案"),
    }
}

/// Why not as a whole, where it is not.
fn necessity(mode: &Mode) -> String {
    match mode {
        Mode::Whole => String::new(),
        Mode::Sector { necessity, .. } | Mode::Scenario { necessity, .. } => {
            format!("{}。确有需要的理由：{}", mode.told(), ended(&String::from(necessity.clone())))
        }
    }
}

/// 实施方案 — the twelve items in the order of the text, and the scope as a table.
pub fn plan(source: &Source<'_>) -> Result<Paper, Fault> {
    let plan: Plan = source.record()?;
    let mut body = Body::default();
    for section in Section::ALL {
        body = body.head(section.name());
        let written = plan.content.sections.0.get(section).map(|text| text.trim()).unwrap_or_default();
        if *section == Section::DataScope {
            body = body.subhead("说明");
        }
        body = if written.is_empty() { body.say("（未写）") } else { body.say(written) };
        if *section == Section::Mode {
            body = body.say(format!("授权模式：{}。", plan.mode.name())).say(necessity(&plan.mode));
        }
        if *section == Section::Justification {
            for (part, text) in &plan.content.feasibility {
                body = body.subhead(part.name()).say(text.trim());
            }
        }
        if *section == Section::Products && !plan.content.products.is_empty() {
            let rows = plan.content.products.iter().zip(1..).map(|(product, place): (_, u32)| {
                vec![place.to_string(), plain(&product.name), product.group.to_string(), plain(&product.form)]
            });
            let head = ["序号", "产品或者服务", "类别", "预期形式"];
            body = body.table("产品和服务清单", &head, &rows.collect::<Vec<_>>());
        }
        if *section == Section::DataScope {
            body = source.scope(body.subhead("数据资源目录"), "数据资源范围", &plan.content.scope)?;
        }
    }
    let mut paper = source.paper(source.org(&plan.agency)?, &name(&plan), body);
    if let (State::Adopted | State::Filed, Some(minutes)) = (plan.state, &plan.minutes) {
        let adopted = format!(
            "本方案经{}{}（{}）审议通过。",
            source.org(&plan.government)?,
            plain(&minutes.called()),
            date(minutes.date)
        );
        paper.blocks.extend(Body::default().say(adopted).done());
    }
    Ok(paper.by(plan.mode.reach()).by(article(11)))
}

/// 提请审议的请示.
pub fn request(source: &Source<'_>) -> Result<Paper, Fault> {
    let plan: Plan = source.record()?;
    let (agency, government, title) = (source.org(&plan.agency)?, source.org(&plan.government)?, name(&plan));
    let justification = plan.content.sections.0.get(&Section::Justification).map(String::as_str).unwrap_or_default();
    let body = Body::default()
        .say(format!(
            "按照公共数据资源授权运营有关规定，我单位编制了《{title}》（编号{}）。方案所列十二项内容已经齐备，所涉数据资源均在已发布的授权运营目录之内。现将有关情况报告如下，请予审议。",
            plan.id
        ))
        .head("授权模式")
        .say(format!("拟采用{}。", plan.mode.name()))
        .say(necessity(&plan.mode))
        .head("必要性和可行性")
        .say(justification)
        .head("数据资源范围")
        .say(format!("方案共涉及{}个目录条目，信息项如下表。", plan.content.scope.0.len()));
    let body = source
        .scope(body, "数据资源范围", &plan.content.scope)?
        .head("请示事项")
        .say(format!(
            "请按“三重一大”决策机制审议该实施方案。审议通过后，我单位将依法组织选择运营机构，并在{}内报省级数据主管部门备案。",
            source.term(Term::PlanFiling)
        ))
        .say("妥否，请批示。")
        .say(format!("附件：{title}"));
    let paper = source.paper(agency, &format!("关于提请审议《{title}》的请示"), body);
    Ok(paper.to(government).by(article(10)).by(plan.mode.course()))
}

/// 审议决定 — that the government adopted the plan, in which meeting, on which day.
pub fn decision(source: &Source<'_>) -> Result<Paper, Fault> {
    let plan: Plan = source.record()?;
    let (agency, government, title) = (source.org(&plan.agency)?, source.org(&plan.government)?, name(&plan));
    let meeting = plan.minutes.as_ref();
    let meeting = meeting.map(|minutes| (plain(&minutes.called()), date(minutes.date))).unwrap_or_default();
    let term = format!("{}内{}", source.term(Term::PlanFiling), until(plan.due.as_ref()));
    let body = Body::default()
        .say(format!("你单位报请审议的《{title}》（编号{}）收悉。", plan.id))
        .head("审议情况")
        .table(
            "会议情况",
            &["名目", "内容"],
            &[
                ("会议", meeting.0.clone()),
                ("日期", meeting.1.clone()),
                ("到会和表决", plan.minutes.as_ref().map(Minutes::votes).unwrap_or_default()),
                ("决策机制", "“三重一大”集体决策".to_owned()),
                ("审议事项", format!("{title}（{}）", plan.mode.name())),
                ("结果", "审议通过".to_owned()),
            ]
            .map(|(name, text)| vec![name.to_owned(), text]),
        )
        .head("决定事项")
        .list([
            format!("同意《{title}》，自审议通过之日起实施。"),
            "请依照方案，以公开招标、邀请招标、谈判等公平竞争方式组织选择运营机构。".to_owned(),
            format!("请在{term}将方案报省级数据主管部门备案。"),
            "方案原则上不得随意变更；确需作较大变更的，按原流程重新报请审议同意。".to_owned(),
        ]);
    let paper = source.paper(government, &format!("关于审议通过《{title}》的决定"), body);
    Ok(paper.to(agency).by(article(14)))
}

/// 实施方案备案报告 — a draft until the province's number has been entered.
pub fn filing(source: &Source<'_>) -> Result<Paper, Fault> {
    let plan: Plan = source.record()?;
    let (agency, government, title) = (source.org(&plan.agency)?, source.org(&plan.government)?, name(&plan));
    let mut body = Body::default();
    if let Some(minutes) = &plan.minutes {
        body = body.say(format!(
            "《{title}》（编号{}）已经{government}{}（{}）按“三重一大”决策机制审议通过。现按规定报备。",
            plan.id,
            plain(&minutes.called()),
            date(minutes.date)
        ));
    }
    body = body
        .head("方案概要")
        .say(format!("授权模式：{}；涉及{}个目录条目。", plan.mode.name(), plan.content.scope.0.len()))
        .say(necessity(&plan.mode));
    body = source.scope(body, "数据资源范围", &plan.content.scope)?.head("备案情况");
    body = match (&plan.filing, &plan.due) {
        (Some(filing), _) => {
            body.say(format!("已于{}备案，省级数据主管部门备案号：{}。", date(filing.date), plain(&filing.number)))
        }
        (None, Some(due)) => {
            body.say(format!("备案期限于{}届满，备案号待省级数据主管部门给出后填写。", date(due.date)))
        }
        (None, None) => body.say("备案号待省级数据主管部门给出后填写。"),
    };
    let body = body.say(format!("附件：1.{title}　2.关于审议通过该方案的决定"));
    let paper = source.paper(agency, &format!("关于报送《{title}》备案的报告"), body);
    Ok(paper.to("省级数据主管部门".to_owned()))
}
