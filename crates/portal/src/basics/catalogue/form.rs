//! 条目的表单 — its fields with what was typed into them, and an entry's content as if it had been typed.

use std::collections::{BTreeMap, HashMap};

use regulation::{
    Word, article,
    basics::{
        catalogue::{Content, Cycle, DataType, Format, Masking, Origin, Personal},
        grading::{self, Degree, Object},
        sector::Sector,
    },
};

use crate::{
    components::field::Input,
    form::{row, to_json},
    frame::Trouble,
};

/// How many empty rows follow those that were filled in.
const SPARE: usize = 5;

/// 信息项的一行, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub code: String,
    pub name: String,
    pub kind: String,
    pub personal: String,
    pub masking: String,
    pub secret: bool,
    pub quasi: bool,
}

/// 分级的一问.
pub struct Question {
    pub object: Object,
    pub degree: String,
    pub reason: String,
    pub fault: Option<String>,
}

impl Question {
    /// Where it stands on the page, as a remark finds it.
    pub fn place(&self) -> String {
        format!("content-grading-{}", self.object.code())
    }
}

fn options<W: Word + std::fmt::Display>(all: &[W], code: impl Fn(W) -> String, none: bool) -> Vec<(String, String)> {
    let none = none.then(|| (String::new(), "请选择".to_owned()));
    none.into_iter().chain(all.iter().map(|word| (code(*word), word.to_string()))).collect()
}

fn chosen(name: &'static str, label: &'static str, hint: &'static str, options: Vec<(String, String)>) -> Input {
    Input { options, ..Input::new(name, label, "select", hint) }
}

/// 基本情况.
pub fn basics() -> Vec<Input> {
    vec![
        Input::new("content.name", "信息资源名称", "text", "最多100字，一看便知是什么数据")
            .because(article(8).paragraph(4)),
        Input::new("content.summary", "信息资源摘要", "area", "内容、范围、粒度，适合用来做什么；最多2000字"),
        Input::new("content.source_duty", "来源职责", "area", "因履行哪一项职责或者提供哪一项公共服务产生")
            .because(article(3).item(1)),
        chosen("content.format", "信息资源格式", "", options(Format::ALL, Format::code, false)),
        chosen("content.sector", "所属领域", "分领域授权以它为界", options(Sector::ALL, Sector::code, true))
            .because(article(12).paragraph(2)),
        chosen("content.refresh", "更新周期", "向运营机构承诺的周期", options(Cycle::ALL, Cycle::code, true))
            .because(article(22)),
    ]
}

/// 获取方式.
pub fn origin() -> Vec<Input> {
    let kinds = [("own", "本单位产生"), ("shared", "政务数据共享获得")];
    let kinds = kinds.map(|(code, name)| (code.to_owned(), name.to_owned())).into();
    vec![
        chosen("content.origin.kind", "获取方式", "共享获得的，须先取得共享数据提供单位的同意", kinds)
            .because(article(5).paragraph(2)),
        Input::new("content.origin.from", "共享数据提供单位", "text", "本单位产生的不填"),
        Input::new("content.origin.consent", "同意书文号", "text", "本单位产生的不填"),
    ]
}

/// 开放与范围.
pub fn reach() -> Vec<Input> {
    let yes = [("", "否"), ("true", "是")].map(|(code, name)| (code.to_owned(), name.to_owned())).into();
    vec![
        chosen("content.open", "已在市公共数据开放平台开放", "已开放的可以直接获取，不必经过授权", yes)
            .because(article(23).paragraph(2)),
        Input::new("content.volume", "数据量", "text", "可以不填，如“约 8 万行/日”"),
        Input::new("content.time_span", "时间范围", "text", "可以不填，如“2023年1月起”"),
        Input::new("content.area", "空间范围", "text", "可以不填，如“全市”"),
    ]
}

/// 分级的六问.
pub fn questions(trouble: &Trouble) -> Vec<Question> {
    let question = |object: &Object| {
        let name = format!("content.grading.{}", object.code());
        Question {
            object: *object,
            degree: trouble.typed(&format!("{name}.degree")).to_owned(),
            reason: trouble.typed(&format!("{name}.reason")).to_owned(),
            fault: trouble.fault(&name).map(str::to_owned),
        }
    };
    Object::ALL.iter().map(question).collect()
}

/// The rows in which something was typed, and a few empty ones.
pub fn rows(typed: &[(String, String)]) -> Vec<Row> {
    let mut found: BTreeMap<usize, HashMap<&str, &str>> = BTreeMap::new();
    for (name, value) in typed {
        let told = name.strip_prefix("content.").and_then(|name| name.split_once('.'));
        if let Some((head, column)) = told
            && let Some(("fields", place)) = row(head)
        {
            found.entry(place).or_default().insert(column, value);
        }
    }
    let row = |row: &HashMap<&str, &str>| {
        let text = |column: &str| row.get(column).copied().unwrap_or_default().to_owned();
        Row {
            code: text("code"),
            name: text("name"),
            kind: text("kind"),
            personal: text("personal"),
            masking: text("masking"),
            secret: !text("secret").is_empty(),
            quasi: !text("quasi").is_empty(),
        }
    };
    let typed = found.values().map(row).filter(|row| !(row.code.trim().is_empty() && row.name.trim().is_empty()));
    typed.chain(std::iter::repeat_n(Row::default(), SPARE)).collect()
}

/// 填写的内容 — as far as it can be read.
pub fn content(typed: &[(String, String)]) -> Option<Content> {
    let mut whole = to_json(typed);
    serde_json::from_value::<Content>(whole.get_mut("content")?.take()).ok().map(Content::tidied)
}

/// The words that can be chosen in a row and for a question.
pub struct Words {
    pub kinds: Vec<(String, String)>,
    pub personal: Vec<(String, String)>,
    pub masking: Vec<(String, String)>,
    pub degrees: Vec<(String, String)>,
}

pub fn words() -> Words {
    Words {
        kinds: options(DataType::ALL, DataType::code, false),
        personal: options(Personal::ALL, Personal::code, false),
        masking: options(Masking::ALL, Masking::code, false),
        degrees: options(Degree::ALL, Degree::code, true),
    }
}

/// The law behind the grading, and its gist.
pub fn why_graded() -> (String, &'static str) {
    (grading::BASIS.to_string(), grading::BASIS.gist().unwrap_or_default())
}

/// An entry's content, as if it had been typed.
pub fn pairs(content: &Content) -> Vec<(String, String)> {
    let code = |word: Option<String>| word.unwrap_or_default();
    let ticked = |yes: bool| if yes { "true" } else { "" }.to_owned();
    let (kind, from, letter) = match &content.origin {
        Origin::Own => ("own", "", ""),
        Origin::Shared { from, consent } => ("shared", from.as_str(), consent.as_str()),
    };
    let mut pairs: Vec<(String, String)> = [
        ("name", content.name.clone()),
        ("summary", content.summary.clone()),
        ("source_duty", content.source_duty.clone()),
        ("format", content.format.code()),
        ("sector", code(content.sector.map(Sector::code))),
        ("refresh", code(content.refresh.map(Cycle::code))),
        ("origin.kind", kind.to_owned()),
        ("origin.from", from.to_owned()),
        ("origin.consent", letter.to_owned()),
        ("open", ticked(content.open)),
        ("volume", content.volume.clone()),
        ("time_span", content.time_span.clone()),
        ("area", content.area.clone()),
    ]
    .map(|(name, value)| (format!("content.{name}"), value))
    .into();
    for (object, answer) in &content.grading.0 {
        let name = format!("content.grading.{}", object.code());
        pairs.push((format!("{name}.degree"), code(answer.degree.map(Degree::code))));
        pairs.push((format!("{name}.reason"), answer.reason.clone()));
    }
    for (place, field) in content.fields.iter().enumerate() {
        let row = [
            ("code", field.code.clone()),
            ("name", field.name.clone()),
            ("kind", field.kind.code()),
            ("personal", field.personal.code()),
            ("masking", field.masking.code()),
            ("secret", ticked(field.secret)),
            ("quasi", ticked(field.quasi)),
        ];
        let filled = row.into_iter().filter(|(_, value)| !value.is_empty());
        pairs.extend(filled.map(|(column, value)| (format!("content.fields[{place}].{column}"), value)));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use regulation::basics::{catalogue::Field, grading::Grading};

    use super::*;

    #[test]
    fn what_an_entry_says_comes_back_from_its_form_unchanged() {
        let field = |code: &str, personal, secret| Field {
            code: code.into(),
            name: format!("{code}的名称"),
            personal,
            secret,
            quasi: !secret,
            masking: Masking::Hash,
            kind: DataType::Date,
        };
        let content = Content {
            name: "泊位".into(),
            sector: Some(Sector::Transport),
            refresh: Some(Cycle::HalfYearly),
            origin: Origin::Shared { from: "省厅".into(), consent: "1号".into() },
            open: true,
            grading: Grading::alike(Degree::Serious, "理由"),
            fields: vec![field("a", Personal::Minor, false), field("b", Personal::None, true)],
            ..Content::default()
        };
        let typed = pairs(&content);
        assert_eq!(super::content(&typed), Some(content));
        assert_eq!(rows(&typed).len(), 2 + SPARE);
    }
}
