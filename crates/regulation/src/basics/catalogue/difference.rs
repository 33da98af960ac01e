//! 两版的差异 — what a version changed, item by item, in the words of the form.

use super::{Content, Field, Origin};
use crate::basics::grading::{Degree, Object};

/// 一处差异 — what it was and what it is; empty where there was nothing.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// 哪一项
    pub item: String,
    /// 原来
    pub before: String,
    /// 现在
    pub after: String,
}

impl Change {
    /// 新增、删去或者改动.
    pub fn kind(&self) -> &'static str {
        match (self.before.is_empty(), self.after.is_empty()) {
            (true, _) => "新增",
            (_, true) => "删去",
            _ => "改动",
        }
    }
}

/// 差异 — in the order of the form, then the fields: changed and added ones as they stand now, removed ones last.
pub fn differences(before: &Content, after: &Content) -> Vec<Change> {
    let mut changes: Vec<Change> = items(before)
        .into_iter()
        .zip(items(after))
        .filter(|((_, before), (_, after))| before != after)
        .map(|((item, before), (_, after))| Change { item, before, after })
        .collect();
    let find = |content: &Content, code: &str| content.fields.iter().find(|field| field.code == code).map(told);
    for field in &after.fields {
        let (was, is) = (find(before, &field.code).unwrap_or_default(), told(field));
        if was != is {
            changes.push(Change { item: format!("信息项 {}", field.code), before: was, after: is });
        }
    }
    for field in before.fields.iter().filter(|field| find(after, &field.code).is_none()) {
        changes.push(Change { item: format!("信息项 {}", field.code), before: told(field), after: String::new() });
    }
    changes
}

fn items(content: &Content) -> Vec<(String, String)> {
    let origin = match &content.origin {
        Origin::Own => "本单位产生".to_owned(),
        Origin::Shared { from, consent } => format!("由{from}共享获得，同意书：{consent}"),
    };
    let mut items: Vec<(String, String)> = [
        ("信息资源名称", content.name.clone()),
        ("信息资源摘要", content.summary.clone()),
        ("来源职责", content.source_duty.clone()),
        ("信息资源提供方代码", content.provider_code.clone()),
        ("信息资源格式", content.format.to_string()),
        ("所属领域", content.sector.map(|sector| sector.to_string()).unwrap_or_default()),
        ("更新周期", content.refresh.map(|cycle| cycle.to_string()).unwrap_or_default()),
        ("获取方式", origin),
        ("开放平台已开放", if content.open { "是" } else { "否" }.to_owned()),
        ("数据量", content.volume.clone()),
        ("时间范围", content.time_span.clone()),
        ("空间范围", content.area.clone()),
        ("数据级别", content.grade_name().to_owned()),
    ]
    .map(|(item, said)| (item.to_owned(), said))
    .into();
    for object in Object::ALL {
        let degree = content.grading.degree(*object).map_or("", Degree::name);
        let reason = content.grading.reason(*object);
        let said = if reason.is_empty() { degree.to_owned() } else { format!("{degree}：{reason}") };
        items.push((format!("分类分级 {object}"), said));
    }
    items
}

/// A field in one line.
fn told(field: &Field) -> String {
    let mut said = vec![field.name.clone(), field.kind.to_string()];
    if field.personal.any() {
        said.push(format!("个人信息：{}", field.personal));
    }
    if field.secret {
        said.push("商业秘密".to_owned());
    }
    if field.quasi {
        said.push("准标识符".to_owned());
    }
    if field.masking != super::Masking::None {
        said.push(format!("脱敏：{}", field.masking));
    }
    said.join("，")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basics::{
        catalogue::{Cycle, Masking, Personal},
        grading::Grading,
    };

    #[test]
    fn each_changed_item_is_told_once_with_what_it_was_and_is() {
        let field = |code: &str, name: &str| Field { code: code.into(), name: name.into(), ..Field::default() };
        let before = Content {
            refresh: Some(Cycle::Daily),
            grading: Grading::alike(Degree::None, "公开"),
            fields: vec![field("a", "甲"), field("b", "乙")],
            ..Content::default()
        };
        let phone = Field { personal: Personal::General, masking: Masking::Cover, ..field("c", "手机号") };
        let mut after = before.clone();
        after.refresh = Some(Cycle::Hourly);
        after.fields = vec![field("b", "乙站"), phone];
        let told: Vec<String> = differences(&before, &after)
            .iter()
            .map(|change| format!("{} {}：{}→{}", change.kind(), change.item, change.before, change.after))
            .collect();
        assert_eq!(
            told,
            [
                "改动 更新周期：每日→每小时",
                "改动 信息项 b：乙，字符型→乙站，字符型",
                "新增 信息项 c：→手机号，字符型，个人信息：一般个人信息，脱敏：遮盖",
                "删去 信息项 a：甲，字符型→",
            ]
        );
        assert_eq!(differences(&before, &before), []);
    }
}
