//! 授权运营协议的公文 — the agreement, its filing, the certificate, suspension and resumption (Articles 16, 17, 32 and 34).

use regulation::{
    article,
    granting::agreement::{Clause, State},
};
use store::{Fault, granting::agreement::Agreement};

use crate::{
    Form, Paper,
    body::Body,
    source::Source,
    text::{date, ended, plain, span},
};

/// 授权运营协议 — the thirteen clauses in the order of the text, with the scope as a table and the period as it is kept.
pub fn agreement(source: &Source<'_>) -> Result<Paper, Fault> {
    let agreement: Agreement = source.record()?;
    let (agency, operator) = (source.org(&agreement.agency)?, source.org(&agreement.operator)?);
    let mut body = Body::default()
        .say(format!("甲方（实施机构）：{agency}"))
        .say(format!("乙方（运营机构）：{operator}"))
        .say(format!(
            "甲方依法选定乙方为运营机构（遴选编号{}，实施方案编号{}），授权模式为{}。双方订立本协议。",
            agreement.selection,
            agreement.plan,
            agreement.mode.name()
        ));
    for clause in Clause::ALL {
        body = body.head(clause.name());
        let written = agreement.clauses.0.get(clause).map(|text| text.trim()).unwrap_or_default();
        if *clause == Clause::DataScope {
            body = body.subhead("约定");
        }
        body = if written.is_empty() { body.say("（未写）") } else { body.say(written) };
        match clause {
            Clause::DataScope => body = source.scope(body.subhead("数据资源目录"), "授权范围", &agreement.scope)?,
            Clause::Period => {
                body = body.say(format!("起止日期：{}。", span(agreement.period.from, agreement.period.until)));
            }
            _ => {}
        }
    }
    if let Some(minutes) = &agreement.minutes
        && !matches!(agreement.state, State::Draft | State::Deliberation)
    {
        let (meeting, day) = (plain(&minutes.called()), date(minutes.date));
        body = body.say(format!("本协议经甲方{meeting}（{day}）按“三重一大”决策机制审议通过。"));
    }
    let paper = source.paper(agency.clone(), &agreement.title, body).by(article(16));
    let signed = if paper.form == Form::Final { "（已签订）" } else { "（待签订）" };
    Ok(paper.signed(vec![format!("甲方：{agency}{signed}"), format!("乙方：{operator}{signed}")]))
}

/// 协议备案报告 — a draft until the province's number has been entered.
pub fn filing(source: &Source<'_>) -> Result<Paper, Fault> {
    let agreement: Agreement = source.record()?;
    let (agency, operator) = (source.org(&agreement.agency)?, source.org(&agreement.operator)?);
    let title = plain(&agreement.title);
    let mut body = Body::default();
    let adopted = agreement.minutes.as_ref().map_or_else(String::new, |minutes| {
        format!("经我单位{}（{}）审议通过，", plain(&minutes.called()), date(minutes.date))
    });
    body = body
        .say(format!("《{title}》（编号{}）{adopted}已与{operator}签订。现按规定报备。", agreement.id))
        .head("协议概要")
        .table(
            "协议概要",
            &["名目", "内容"],
            &[
                ("授权对象", operator),
                ("授权模式", agreement.mode.name().to_owned()),
                ("运营期限", span(agreement.period.from, agreement.period.until)),
                ("目录条目", format!("{}个", agreement.scope.0.len())),
            ]
            .map(|(name, text)| vec![name.to_owned(), text]),
        );
    body = source.scope(body, "授权范围", &agreement.scope)?.head("备案情况");
    body = match (&agreement.filing, &agreement.due) {
        (Some(filing), _) => {
            body.say(format!("已于{}备案，省级数据主管部门备案号：{}。", date(filing.date), plain(&filing.number)))
        }
        (None, Some(due)) => {
            body.say(format!("备案期限于{}届满，备案号待省级数据主管部门给出后填写。", date(due.date)))
        }
        (None, None) => body.say("备案号待省级数据主管部门给出后填写。"),
    };
    let body = body.say(format!("附件：{title}"));
    let paper = source.paper(agency, &format!("关于报送《{title}》备案的报告"), body);
    Ok(paper.to("省级数据主管部门".to_owned()))
}

/// 授权证书 — to whom, what, how far and how long (Article 32), and whether data is provided now.
pub fn certificate(source: &Source<'_>) -> Result<Paper, Fault> {
    let agreement: Agreement = source.record()?;
    let (agency, operator) = (source.org(&agreement.agency)?, source.org(&agreement.operator)?);
    let content = agreement.clauses.0.get(&Clause::Products).map(|text| plain(text)).unwrap_or_default();
    let filed = agreement
        .filing
        .as_ref()
        .map_or_else(|| "待备案".to_owned(), |filing| format!("{}（{}）", plain(&filing.number), date(filing.date)));
    let standing = if agreement.state.active() {
        "履行中"
    } else {
        "暂停提供数据，整改期间本授权不能用于取得数据"
    };
    let body = Body::default()
        .say(format!("兹证明{operator}经依法选定并签订授权运营协议，获得下列公共数据资源的授权运营。"))
        .table(
            "授权事项",
            &["名目", "内容"],
            &[
                ("授权对象", operator),
                ("授权模式", agreement.mode.name().to_owned()),
                ("授权内容", content),
                ("授权时限", span(agreement.period.from, agreement.period.until)),
                ("协议", format!("{}（编号{}）", plain(&agreement.title), agreement.id)),
                ("省级备案", filed),
                ("状态", standing.to_owned()),
            ]
            .map(|(name, text)| vec![name.to_owned(), text]),
        );
    let body = source
        .scope(body, "授权范围", &agreement.scope)?
        .say("运营机构应当在授权范围内开展业务，不得直接或者间接参与授权范围内已交付产品和服务的再开发。")
        .say("授权的状态以平台公布的为准：持有本证书的，请按文末编号和摘要核验是否有更新的版本。");
    Ok(source.paper(agency, "公共数据资源授权运营证书", body).by(article(16)).by(article(21)))
}

/// 暂停提供数据通知书.
pub fn suspension(source: &Source<'_>) -> Result<Paper, Fault> {
    let agreement: Agreement = source.record()?;
    let (agency, operator) = (source.org(&agreement.agency)?, source.org(&agreement.operator)?);
    let grounds = source.said().as_str().unwrap_or_default();
    let body = Body::default()
        .say(format!(
            "《{}》（编号{}）履行中，因下列事由，我单位决定自{}起暂停提供数据。暂停自记录之时起对全部接口生效。",
            plain(&agreement.title),
            agreement.id,
            date(source.day())
        ))
        .head("事由")
        .say(ended(grounds))
        .head("整改要求")
        .list([
            "请按上述事由限期整改，并将整改情况书面报告我单位。",
            "整改期间不再提供数据；整改完成、经核实后恢复提供。",
            "逾期未完成整改的，依法终止协议并追究相关责任。",
        ])
        .head("依据")
        .gist(article(34).paragraph(1));
    Ok(source.paper(agency, "暂停提供数据通知书", body).to(operator))
}

/// 恢复提供数据通知书.
pub fn resumption(source: &Source<'_>) -> Result<Paper, Fault> {
    let agreement: Agreement = source.record()?;
    let (agency, operator) = (source.org(&agreement.agency)?, source.org(&agreement.operator)?);
    let grounds = source.said().as_str().unwrap_or_default();
    let body = Body::default()
        .say(format!(
            "《{}》（编号{}）暂停提供数据期间的整改已经核实，我单位决定自{}起恢复提供数据。",
            plain(&agreement.title),
            agreement.id,
            date(source.day())
        ))
        .head("核实情况")
        .say(ended(grounds))
        .head("依据")
        .gist(article(34).paragraph(1));
    Ok(source.paper(agency, "恢复提供数据通知书", body).to(operator))
}
