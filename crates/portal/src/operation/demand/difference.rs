//! 与前次的区别 — what a demand says differently from the refused one that it was made from.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use similar::{ChangeTag, TextDiff};
use store::{basics::catalogue::Entry, operation::demand::Demand};
use workflow::Refused;

use crate::{
    Door, answer, case,
    components::{
        crumbs::Crumbs,
        tag::{Tag, Tone},
    },
    frame::Frame,
    session::{self, Visitor},
};

/// 所说的 — the parts of a demand that its operator writes.
pub struct Said {
    pub entry: String,
    pub fields: BTreeSet<String>,
    pub purpose: String,
    pub scenario: String,
    pub necessity: String,
    pub reasons: BTreeMap<String, String>,
}

/// 一段文字，是否只在这一边.
pub struct Run {
    pub text: String,
    pub only: bool,
}

/// 一行区别.
pub struct Line {
    pub name: String,
    /// 增加、去掉、改写、未变
    pub kind: &'static str,
    pub before: Vec<Run>,
    pub now: Vec<Run>,
}

impl Line {
    pub fn tag(&self) -> Tag {
        let tone = match self.kind {
            "增加" => Tone::Ok,
            "去掉" => Tone::Danger,
            "改写" => Tone::Warn,
            _ => Tone::Neutral,
        };
        Tag::new(self.kind, tone)
    }
}

impl Said {
    /// What this demand said.
    pub async fn by(door: &Door, demand: &Demand) -> Result<Self, Refused> {
        let entry = door.office.store.get::<Entry>(&demand.entry).await.map_err(Refused::Unavailable)?;
        Ok(Self {
            entry: entry.map_or_else(|| demand.entry.clone(), |(entry, _)| entry.content.name),
            fields: demand.fields.clone(),
            purpose: demand.purpose.name().to_owned(),
            scenario: demand.scenario.clone(),
            necessity: demand.necessity.clone(),
            reasons: demand.reasons.clone(),
        })
    }

    /// 区别 — field by field, text by text; what stayed the same is listed too.
    pub fn since(&self, before: &Self) -> Vec<Line> {
        let mut lines = vec![text("目录条目".into(), &before.entry, &self.entry)];
        for field in before.fields.union(&self.fields) {
            let (was, is) = (before.fields.contains(field), self.fields.contains(field));
            let side = |there: bool, other: bool| {
                if there { vec![Run { text: field.clone(), only: !other }] } else { Vec::new() }
            };
            let kind = match (was, is) {
                (false, _) => "增加",
                (_, false) => "去掉",
                _ => "未变",
            };
            lines.push(Line { name: "信息项".into(), kind, before: side(was, is), now: side(is, was) });
        }
        lines.push(text("用途类别".into(), &before.purpose, &self.purpose));
        lines.push(text("应用场景".into(), &before.scenario, &self.scenario));
        lines.push(text("必要性说明".into(), &before.necessity, &self.necessity));
        let explained: BTreeSet<&String> = before.reasons.keys().chain(self.reasons.keys()).collect();
        for field in explained {
            let said = |of: &Self| of.reasons.get(field).cloned().unwrap_or_default();
            lines.push(text(format!("“{field}”的必要性"), &said(before), &said(self)));
        }
        lines
    }
}

fn text(name: String, before: &str, now: &str) -> Line {
    let kind = match (before.is_empty(), now.is_empty()) {
        _ if before == now => "未变",
        (true, _) => "增加",
        (_, true) => "去掉",
        _ => "改写",
    };
    let difference = TextDiff::from_chars(before, now);
    let side = |gone: ChangeTag| {
        let mut runs: Vec<Run> = Vec::new();
        for change in difference.iter_all_changes() {
            let only = change.tag() == gone;
            if !only && change.tag() != ChangeTag::Equal {
                continue;
            }
            match runs.last_mut() {
                Some(last) if last.only == only => last.text.push_str(change.value()),
                _ => runs.push(Run { text: change.value().to_owned(), only }),
            }
        }
        runs
    };
    Line { name, kind, before: side(ChangeTag::Delete), now: side(ChangeTag::Insert) }
}

#[derive(Template)]
#[template(path = "operation/demand/difference.html")]
struct Page {
    frame: Frame,
    crumbs: Crumbs,
    demand: Demand,
    earlier: Demand,
    lines: Vec<Line>,
}

/// 与前次的区别，给审查的人看.
pub async fn show(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(page(&door, &id, &headers).await, &headers, &uri)
}

async fn page(door: &Door, id: &str, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看卷宗需要先登录").into());
    };
    let demand: Demand = case::seen(door, "数据需求", id, &visitor).await?;
    let Some(earlier) = earlier(door, &demand, &visitor).await? else {
        return Err(Refused::Missing { what: "前次申请", id: id.to_owned() }.into());
    };
    let lines = Said::by(door, &demand).await?.since(&Said::by(door, &earlier).await?);
    let frame = Frame::new(format!("数据需求 {id} 与前次的区别"), "files", Some(&visitor));
    let crumbs = Crumbs::to("与前次的区别").through("/tasks", "我的待办").through(crate::names::path("demand", id), id);
    Ok(answer::page(&Page { frame, crumbs, demand, earlier, lines }))
}

/// 前次申请 — if there was one, and this visitor may see it: another provider's case stays theirs.
pub async fn earlier(door: &Door, demand: &Demand, visitor: &Visitor) -> Result<Option<Demand>, Refused> {
    let Some(earlier) = &demand.follows else { return Ok(None) };
    match case::seen::<Demand>(door, "数据需求", earlier, visitor).await {
        Err(Refused::Missing { .. }) => Ok(None),
        found => found.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(fields: &[&str], necessity: &str) -> Said {
        Said {
            entry: "泊位".into(),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            purpose: "产业发展".into(),
            scenario: "诱导".into(),
            necessity: necessity.into(),
            reasons: BTreeMap::new(),
        }
    }

    #[test]
    fn fields_come_and_go_and_texts_show_which_words_changed() {
        let lines = said(&["时段", "空余泊位"], "按小时判断").since(&said(&["时段", "登记手机号"], "按天判断"));
        let told: Vec<(&str, &str)> = lines.iter().map(|line| (line.name.as_str(), line.kind)).collect();
        assert_eq!(
            told,
            [
                ("目录条目", "未变"),
                ("信息项", "未变"),
                ("信息项", "去掉"),
                ("信息项", "增加"),
                ("用途类别", "未变"),
                ("应用场景", "未变"),
                ("必要性说明", "改写")
            ]
        );
        let only = |runs: &[Run]| runs.iter().filter(|run| run.only).map(|run| run.text.as_str()).collect::<String>();
        assert_eq!((only(&lines[6].before).as_str(), only(&lines[6].now).as_str()), ("天", "小时"));
    }
}
