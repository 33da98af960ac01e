//! 选择运营机构的公文 — the announcement and its result; everybody may read them (Articles 14, 15 and 32).

use regulation::{article, basics::mode::Mode, granting::selection::Condition};
use store::{
    Fault,
    granting::{plan::Plan, selection::Selection},
};

use super::plan;
use crate::{
    Paper,
    body::Body,
    source::Source,
    text::{date, ended, plain},
};

/// What is selected for: the plan by its name.
fn aim(source: &Source<'_>, selection: &Selection) -> Result<String, Fault> {
    let found: Option<Plan> = source.other(&selection.plan)?;
    Ok(found.map_or_else(|| selection.plan.clone(), |plan| plan::name(&plan)))
}

/// What the mode of the plan asks of an operator; of the whole where the plan is not known.
fn conditions(source: &Source<'_>, selection: &Selection) -> Result<&'static [Condition], Fault> {
    let found: Option<Plan> = source.other(&selection.plan)?;
    Ok(Condition::of(found.as_ref().map_or(&Mode::Whole, |plan| &plan.mode)))
}

/// 遴选公告.
pub fn notice(source: &Source<'_>) -> Result<Paper, Fault> {
    let selection: Selection = source.record()?;
    let (agency, aim) = (source.org(&selection.agency)?, aim(source, &selection)?);
    let body = Body::default()
        .say(format!("依据已经审议通过的《{aim}》，现以{}方式选择运营机构，公告如下。", selection.method))
        .head("公告内容")
        .say(&selection.notice)
        .head("选择方式")
        .say(format!("{}。", selection.method))
        .head("运营机构应当具备的条件")
        .list(conditions(source, &selection)?.iter().map(|condition| condition.name()))
        .head("申请办法和截止日期")
        .say(plain(&selection.how))
        .say(selection.deadline.map(|day| format!("申请截止日：{}。", date(day))).unwrap_or_default())
        .head("要求提交的材料")
        .say(plain(&selection.asked))
        .head("评审标准")
        .list(selection.criteria.iter().map(|criterion| format!("{}（{}分）", criterion.name, criterion.most)))
        .head("监督")
        .say("参选单位对遴选有异议的，在市公共数据运营服务平台的遴选公告页提出；其他意见通过平台“意见反馈”提出，并写明本公告的编号。");
    let paper = source.paper(agency, &format!("关于选择《{aim}》运营机构的公告"), body);
    Ok(paper.by(article(15)).by(article(32).paragraph(1)))
}

/// 遴选结果公告 — who was selected.
pub fn selected(source: &Source<'_>) -> Result<Paper, Fault> {
    let selection: Selection = source.record()?;
    let (agency, aim) = (source.org(&selection.agency)?, aim(source, &selection)?);
    let operator = match &selection.operator {
        Some(operator) => source.org(operator)?,
        None => String::new(),
    };
    let body = Body::default()
        .say(format!("按照《{aim}》，经{}，选定{operator}为运营机构，现予公告。", selection.method))
        .head("选择方式")
        .say(format!("{}，公告编号{}。", selection.method, selection.id))
        .head("已核实的条件")
        .list(selection.conditions.iter().map(|condition| format!("{condition}（{}）", condition.provision())))
        .head("监督")
        .say("对结果有异议的，可以通过市公共数据运营服务平台“意见反馈”提出，并写明本公告的编号。");
    let paper = source.paper(agency, &format!("关于《{aim}》运营机构选定结果的公告"), body);
    Ok(paper.by(article(15)).by(article(32).paragraph(1)))
}

/// 遴选结果公告 — that nobody was selected, and why.
pub fn abandoned(source: &Source<'_>) -> Result<Paper, Fault> {
    let selection: Selection = source.record()?;
    let (agency, aim) = (source.org(&selection.agency)?, aim(source, &selection)?);
    let mut body = Body::default().say(format!(
        "《{aim}》运营机构的选择（{}，编号{}）已经终止，没有选定运营机构，现予公告。",
        selection.method, selection.id
    ));
    if let Some(reason) = source.said().as_str().map(plain).filter(|reason| !reason.is_empty()) {
        body = body.say(format!("终止的原因：{}", ended(&reason)));
    }
    let paper = source.paper(agency, &format!("关于终止选择《{aim}》运营机构的公告"), body);
    Ok(paper.by(article(32).paragraph(1)))
}
