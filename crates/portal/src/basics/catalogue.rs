//! 授权运营目录条目 — what its page says.

use regulation::{
    article,
    basics::catalogue::{Act, Origin, PROCEDURE},
};
use store::basics::catalogue::Entry;
use workflow::{Acting, Refused};

use crate::{
    Door,
    case::{Action, Facts, Input, open, org},
};

pub async fn facts(door: &Door, entry: &Entry, acting: Option<&Acting>) -> Result<Facts, Refused> {
    let content = &entry.content;
    let origin = match &content.origin {
        Origin::Own => "本单位产生".to_owned(),
        Origin::Shared { from, consent } => format!("由{from}共享获得，同意书：{consent}"),
    };
    let field = |field: &regulation::basics::catalogue::Field| {
        format!("{}（{}）{}", field.name, field.code, if field.personal { "，涉及个人信息" } else { "" })
    };
    Ok(Facts {
        title: content.name.clone(),
        state: entry.state.to_string(),
        lines: vec![
            ("提供单位", org(door, &entry.provider).await?),
            ("摘要", content.summary.clone()),
            ("来源职责", content.source_duty.clone()),
            ("获取方式", origin),
            ("数据级别", content.grade.to_string()),
            ("更新周期", content.refresh.clone()),
            ("纳入审查", content.screens.iter().map(|screen| screen.name()).collect::<Vec<_>>().join("；")),
            ("信息项", content.fields.iter().map(field).collect::<Vec<_>>().join("\n")),
        ],
        notice: None,
        due: None,
        clock: "",
        basis: article(8),
        actions: open(door, &PROCEDURE, entry.state, entry, acting, |act| match act {
            Act::Submit => Action::new("entry.submit", vec![]),
            Act::Publish => Action::new("entry.publish", vec![]),
            Act::Return => Action::new("entry.return", vec![Input::new("reason", "退回理由", "area", "")]).risky(),
        }),
        parent: String::new(),
    })
}
