//! 数据需求的公文 — accepted, passed on, granted, or refused with the reason and the law (Article 23).

use regulation::{Term, article};
use store::{Fault, basics::catalogue::Entry, operation::demand::Demand};

use crate::{
    Paper,
    body::Body,
    source::Source,
    text::{date, ended, plain, until},
};

/// What is asked for, as a table.
fn asked(source: &Source<'_>, body: Body, demand: &Demand) -> Result<Body, Fault> {
    let entry: Option<Entry> = source.other(&demand.entry)?;
    let named = |code: &String| {
        let field = entry.as_ref().and_then(|entry| entry.content.fields.iter().find(|field| field.code == *code));
        field.map_or_else(|| code.clone(), |field| field.name.clone())
    };
    let name = entry.as_ref().map_or_else(String::new, |entry| entry.content.name.clone());
    let rows = [
        ("需求编号", demand.id.clone()),
        ("目录条目", format!("{name}（{}）", demand.entry)),
        ("信息项", demand.fields.iter().map(named).collect::<Vec<_>>().join("、")),
        ("用途类别", demand.purpose.to_string()),
        ("应用场景", demand.scenario.clone()),
        ("必要性说明", demand.necessity.clone()),
    ];
    Ok(body.table("申请内容", &["名目", "内容"], &rows.map(|(name, text)| vec![name.to_owned(), text])))
}

/// 数据需求受理通知书 — the term of the formal review has begun.
pub fn acceptance(source: &Source<'_>) -> Result<Paper, Fault> {
    let demand: Demand = source.record()?;
    let (agency, operator) = (source.org(&demand.agency)?, source.org(&demand.operator)?);
    let body = Body::default().say(format!("你单位于{}提出的数据需求申请已经收到，内容如下。", date(source.day())));
    let body = asked(source, body, &demand)?
        .say(format!(
            "我单位自收到之日起{}内作形式审查{}；通过后由{}在{}内审核，审核通过后在{}内完成数据供给。",
            source.term(Term::FormalReview),
            until(demand.due.as_ref()),
            source.org(&demand.provider)?,
            source.term(Term::ProviderReview),
            source.term(Term::Supply)
        ))
        .say("审查、审核不通过的，将告知理由和相关法律法规。期限届满不视为通过。");
    Ok(source.paper(agency, "数据需求受理通知书", body).to(operator))
}

/// 数据需求审查通过告知书 — past the formal review, before the provider.
pub fn passed_on(source: &Source<'_>) -> Result<Paper, Fault> {
    let demand: Demand = source.record()?;
    let (agency, operator) = (source.org(&demand.agency)?, source.org(&demand.operator)?);
    let provider = source.org(&demand.provider)?;
    let body = Body::default().say("你单位的数据需求已通过形式审查，内容如下。");
    let body = asked(source, body, &demand)?.say(format!(
        "本件已转{provider}审核，审核期限为{}{}。",
        source.term(Term::ProviderReview),
        until(demand.due.as_ref())
    ));
    Ok(source.paper(agency, "数据需求形式审查通过告知书", body).to(operator))
}

/// 数据需求审查通过告知书 — past the provider's review, before the supply.
pub fn granted(source: &Source<'_>) -> Result<Paper, Fault> {
    let demand: Demand = source.record()?;
    let (provider, operator) = (source.org(&demand.provider)?, source.org(&demand.operator)?);
    let body = Body::default().say("你单位的数据需求经审核通过，内容如下。");
    let body = asked(source, body, &demand)?
        .say(format!(
            "我单位将依托市一体化政务大数据平台，在{}内{}向市公共数据运营服务平台完成数据供给。",
            source.term(Term::Supply),
            until(demand.due.as_ref())
        ))
        .say("所供数据只能用于上列用途和场景，不得超出所列信息项。");
    Ok(source.paper(provider, "数据需求审核通过告知书", body).to(operator).by(article(21)).by(article(22)))
}

/// 数据需求不予通过告知书 — by whoever reviewed it.
pub fn refusal(source: &Source<'_>) -> Result<Paper, Fault> {
    let demand: Demand = source.record()?;
    let (reviewer, operator) = (source.org(source.acting())?, source.org(&demand.operator)?);
    let told = demand.refusal.clone();
    let (reason, laws) = told.map(|refusal| (refusal.reason, refusal.legal_basis)).unwrap_or_default();
    let stage = if source.acting() == demand.agency { "形式审查" } else { "审核" };
    let body = Body::default().say(format!("你单位的数据需求经{stage}，不予通过。现将理由和依据告知如下。"));
    let body = asked(source, body, &demand)?
        .head("不予通过的理由")
        .say(ended(&reason))
        .head("相关法律法规")
        .list(laws.iter().map(|law| plain(law)).filter(|law| !law.is_empty()))
        .head("你单位可以做什么")
        .list([
            "按上述理由修改后重新提出数据需求，期限重新起算。",
            "认为理由或者依据有误的，通过市公共数据运营服务平台“意见反馈”提出，并写明本告知书的编号。",
        ])
        .gist(article(23).paragraph(1));
    Ok(source.paper(reviewer, "数据需求不予通过告知书", body).to(operator))
}
