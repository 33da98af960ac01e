//! 授权运营目录的公文 — the notice to the provider that its entry has been published (Articles 5 and 8).

use regulation::{Term, article, basics::catalogue::Origin};
use store::{Fault, basics::catalogue::Entry};

use crate::{Paper, body::Body, source::Source, text::date};

/// 目录条目发布通知.
pub fn publication(source: &Source<'_>) -> Result<Paper, Fault> {
    let entry: Entry = source.record()?;
    let (agency, provider, content) = (source.org(&entry.agency)?, source.org(&entry.provider)?, &entry.content);
    let origin = match &content.origin {
        Origin::Own => "本单位产生".to_owned(),
        Origin::Shared { from, consent } => format!("政务数据共享获得，已征得{from}同意（{consent}）"),
    };
    let screens: Vec<&str> = entry.opinions.iter().map(|opinion| opinion.screen.name()).collect();
    let fields = content.fields.iter().zip(1..).map(|(field, place): (_, u32)| {
        let personal = if field.personal.any() { "是，须脱敏" } else { "否" };
        vec![place.to_string(), field.name.clone(), field.code.clone(), personal.to_owned()]
    });
    let body = Body::default()
        .say(format!(
            "你单位编制的授权运营目录条目“{}”（编号{}）已经核验，于{}发布，列入公共数据资源授权运营目录。现将有关事项通知如下。",
            content.name,
            entry.id,
            date(source.day())
        ))
        .head("条目内容")
        .table(
            "条目基本内容",
            &["名目", "内容"],
            &[
                ("资源名称", content.name.clone()),
                ("资源摘要", content.summary.clone()),
                ("来源职责或者服务", content.source_duty.clone()),
                ("更新周期", content.refresh_name().to_owned()),
                ("数据级别", content.grade_name().to_owned()),
                ("获取方式", origin),
                ("已通过的审查", screens.join("；")),
            ]
            .map(|(name, text)| vec![name.to_owned(), text]),
        )
        .head("信息项")
        .table("信息项清单", &["序号", "信息项名称", "信息项代码", "是否涉及个人信息"], &fields.collect::<Vec<_>>())
        .head("有关要求")
        .say("请依托市一体化政务大数据平台做好该项数据资源的汇聚、更新和维护；内容有变化的，及时更新目录条目。")
        .say(format!(
            "对针对该条目的数据需求，请在{}内完成审核；审核通过的，在{}内完成数据供给。",
            source.term(Term::ProviderReview),
            source.term(Term::Supply)
        ));
    let title = format!("关于发布授权运营目录条目“{}”的通知", content.name);
    let paper = source.paper(agency, &title, body).to(provider);
    Ok(paper.by(article(8).paragraph(4)).by(article(5).paragraph(1)).by(article(22)).by(article(23).paragraph(1)))
}
