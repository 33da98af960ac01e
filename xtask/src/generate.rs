//! 生成 — what is derived from code and kept beside it, so that every change of it shows as a diff.

use std::{
    collections::BTreeMap,
    fmt::{Display, Write as _},
};

use regulation::{
    Procedure, Role, STANDING, Standing, StandingAct, Terms, Unit, Value, article,
    basics::catalogue,
    calendar::proposal,
    competence,
    granting::{
        agreement, application, plan,
        selection::{self, candidate, complaint},
    },
    guide,
    operation::{credential, demand, product, use_agreement},
    procedure::State,
    supervision::feedback,
};
use serde::Deserialize;

use crate::{articles, house::House};

/// Says at the head of each page where it comes from.
const NOTE: &str = "<!-- 本页由代码生成，请不要手工修改；重新生成：cargo run -p xtask -- generate -->";

/// The day whose terms stand in the diagrams: the sample city's Monday.
const DAY: &str = "2025-09-01";

/// 一页 — its path from the root, and its text.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    pub path: String,
    pub text: String,
}

/// Every generated page.
pub fn pages(house: &House) -> Vec<Page> {
    let mut pages = vec![traceability(house), terms(house)];
    pages.push(guide());
    pages.extend(procedures());
    pages
}

/// 条文对照 — article → code → stories, or the reason why not.
fn traceability(house: &House) -> Page {
    let (code, stories) = (articles::in_code(house), articles::in_stories(house));
    let reasons = articles::reasons();
    let mut text = format!(
        "# 条文对照\n\n{NOTE}\n\n一条规定由哪些代码引用、由哪些故事检验；没有写成代码的，为什么。\n\n\
         | 条 | 要旨首句 | 代码 | 故事 | 未编码的理由 |\n|---|---|---|---|---|\n"
    );
    for number in 1..=articles::LAST {
        let article = article(number);
        let gist = first_sentence(article.gist().unwrap_or_default());
        let links = |places: &articles::Places| {
            let link = |path: &String| {
                let name = path.strip_prefix("crates/").unwrap_or(path);
                // A story is called by its own title.
                let story = house.text(path).filter(|_| path.starts_with("stories/"));
                let title = story.and_then(|text| Some(text.lines().next()?.strip_prefix("# ")?.to_owned()));
                format!("[{}](../../{path})", title.as_deref().unwrap_or(name))
            };
            places.get(&number).into_iter().flatten().map(link).collect::<Vec<_>>().join("<br>")
        };
        let reason = reasons.get(&number).map_or("", String::as_str);
        row(&mut text, &[&article.to_string(), gist, &links(&code), &links(&stories), reason]);
    }
    Page { path: "docs/generated/traceability.md".into(), text }
}

/// Up to the first full stop.
fn first_sentence(text: &str) -> &str {
    let end = text.find(['。', '\n']).unwrap_or(text.len());
    &text[..end]
}

/// 期限表 — every value of every term, from the day it holds.
fn terms(house: &House) -> Page {
    #[derive(Deserialize)]
    struct File {
        term: BTreeMap<String, Dated>,
        period: BTreeMap<String, Dated>,
        count: BTreeMap<String, Dated>,
    }
    #[derive(Deserialize)]
    struct Dated {
        name: String,
        basis: String,
        value: Vec<Value>,
    }
    let written = house.text("crates/regulation/terms.toml").unwrap_or_default();
    let mut text = format!(
        "# 期限与时限\n\n{NOTE}\n\n数都在 [terms.toml](../../crates/regulation/terms.toml)，改数字不改代码。\
         层级“平台”是我们自己的规则，不是条文。\n\n\
         | 代码 | 名称 | 数值 | 单位 | 自何日起 | 依据 | 来源 | 层级 | 说明 |\n|---|---|---:|---|---|---|---|---|---|\n"
    );
    match toml::from_str::<File>(&written) {
        Ok(File { term, period, count }) => {
            for (code, dated) in term.iter().chain(&period).chain(&count) {
                for value in &dated.value {
                    let (is, from) = (value.is.to_string(), value.from.to_string());
                    let cells = [code, &dated.name, &is, unit(value.unit), &from, &dated.basis];
                    let cells: Vec<&str> = cells.into_iter().map(AsRef::as_ref).collect();
                    row(&mut text, &[&cells[..], &[&value.source, value.layer.name(), &value.note]].concat());
                }
            }
        }
        Err(why) => text.push_str(&["terms.toml 读不懂：", &why.to_string(), "\n"].concat()),
    }
    Page { path: "docs/generated/terms.md".into(), text }
}

const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::WorkingDays => "个工作日",
        Unit::Days => "日",
        Unit::Years => "年",
        Unit::Organisations => "家",
        Unit::People => "人",
    }
}

/// 办事指南 — for each party, every step of its matters: who, within what, with what prepared.
fn guide() -> Page {
    let terms = Terms::in_force_on(DAY.parse().expect("the sample city's Monday is a date"));
    let mut text = format!("# 办事指南\n\n{NOTE}\n\n页面 `/guide/{{身份}}` 所示的同一内容，按{DAY}的现行期限。\n");
    for role in guide::parties(&terms) {
        let _ = write!(text, "\n## {role}\n");
        for matter in guide::of(role, &terms) {
            let _ = write!(
                text,
                "\n### {}\n\n| 谁办 | 在什么状态 | 办什么 | 期限 | 要准备什么 | 办后 | 依据 |\n|---|---|---|---|---|---|---|\n",
                matter.name
            );
            for step in matter.steps {
                let own = if step.by == role { format!("**{}**", step.by) } else { step.by.to_string() };
                let term =
                    step.term.map_or_else(|| "没有规定".to_owned(), |term| format!("{}（{}）", term.value, term.name));
                let item =
                    |item: &guide::Item| format!("{}{}", item.name, if item.optional { "（可以不写）" } else { "" });
                let prepare = step.prepare.iter().map(item).collect::<Vec<_>>().join("；");
                row(&mut text, &[&own, &step.from, &step.act, &term, &prepare, &step.to, &step.basis.to_string()]);
            }
        }
    }
    Page { path: "docs/generated/guide.md".into(), text }
}

/// 程序图 — every procedure of the Measures.
#[rustfmt::skip] // It is a table; let it look like one.
fn procedures() -> Vec<Page> {
    vec![
        procedure("catalogue",     "授权运营目录",     &catalogue::PROCEDURE,     catalogue::State::ALL,     catalogue::Act::ALL),
        procedure("application",   "授权申请",         &application::PROCEDURE,   application::State::ALL,   application::Act::ALL),
        procedure("plan",          "实施方案",         &plan::PROCEDURE,          plan::State::ALL,          plan::Act::ALL),
        procedure("selection",     "选择运营机构",     &selection::PROCEDURE,     selection::State::ALL,     selection::Act::ALL),
        procedure("candidate",     "参选申请",         &candidate::PROCEDURE,     candidate::State::ALL,     candidate::Act::ALL),
        procedure("complaint",     "遴选异议",         &complaint::PROCEDURE,     complaint::State::ALL,     complaint::Act::ALL),
        procedure("agreement",     "授权运营协议",     &agreement::PROCEDURE,     agreement::State::ALL,     agreement::Act::ALL),
        procedure("demand",        "数据需求",         &demand::PROCEDURE,        demand::State::ALL,        demand::Act::ALL),
        procedure("product",       "公共数据产品和服务", &product::PROCEDURE,       product::State::ALL,       product::Act::ALL),
        procedure("use_agreement", "数据开发利用协议", &use_agreement::PROCEDURE, use_agreement::State::ALL, use_agreement::Act::ALL),
        procedure("credential",    "凭据",             &credential::PROCEDURE,    credential::State::ALL,    credential::Act::ALL),
        procedure("feedback",      "社会监督来件",     &feedback::PROCEDURE,      feedback::State::ALL,      feedback::Act::ALL),
        procedure("policies",      "职权规则",         &competence::PROCEDURE,    competence::State::ALL,    competence::Act::ALL),
        procedure("calendar",      "放假安排",         &proposal::PROCEDURE,      proposal::State::ALL,      proposal::Act::ALL),
        procedure("standing",      "单位、账号和任职的状况", &STANDING,             Standing::ALL,             StandingAct::ALL),
    ]
}

fn procedure<S: State, A: Copy + PartialEq + Display>(
    subject: &str,
    name: &str,
    procedure: &Procedure<S, A>,
    states: &[S],
    acts: &[A],
) -> Page {
    let terms = Terms::in_force_on(DAY.parse().expect("the sample city's Monday is a date"));
    let diagram = procedure.mermaid(&terms);
    let (taking_part, others): (Vec<Role>, Vec<Role>) =
        Role::ALL.iter().partition(|role| procedure.0.iter().any(|step| step.by == **role));
    let mut text = format!(
        "# {name}\n\n{NOTE}\n\n```mermaid\n{diagram}```\n\n## 谁在何时可以办什么\n\n\
         ✔ 可以办理；· 不可以，平台不予办理并告知依据。{}在任何状态都不能办理。\n\n",
        others.iter().map(|role| role.name()).collect::<Vec<_>>().join("、")
    );
    let head: Vec<String> = acts.iter().map(ToString::to_string).collect();
    row(&mut text, &[&["状态", "行为人"], &head.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat());
    let _ = writeln!(text, "|---|---|{}", ":-:|".repeat(acts.len()));
    for state in states {
        for role in &taking_part {
            let marks = acts.iter().map(|act| mark(procedure, *state, *act, *role));
            let cells = [state.to_string(), role.name().to_owned()];
            let cells = cells.iter().map(String::as_str).chain(marks).collect::<Vec<_>>();
            row(&mut text, &cells);
        }
    }
    Page { path: format!("docs/generated/procedures/{subject}.md"), text }
}

fn mark<S: State, A: Copy + PartialEq + Display>(
    procedure: &Procedure<S, A>,
    state: S,
    act: A,
    role: Role,
) -> &'static str {
    if procedure.step(state, act, role).is_ok() { "✔" } else { "·" }
}

/// One row of a table; what would end a cell is kept from doing so.
fn row(text: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', "<br>")).collect();
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn what_is_committed_is_what_the_code_says() {
        let house = House::open().unwrap();
        let pages = pages(&house);
        for page in &pages {
            let kept = house.text(&page.path);
            assert!(kept.as_deref() == Some(&page.text), "{} 已过时。请运行 cargo run -p xtask -- generate", page.path);
        }
        let folder = "docs/generated/procedures/";
        for text in house.texts.iter().filter(|text| text.path.starts_with(folder)) {
            assert!(pages.iter().any(|page| page.path == text.path), "{} 已没有来由，请删去", text.path);
        }
    }

    #[test]
    fn a_procedure_shows_its_steps_and_who_may_take_them() {
        let page = procedures().into_iter().find(|page| page.path.ends_with("credential.md")).unwrap();
        expect![[r"
            # 凭据

            <!-- 本页由代码生成，请不要手工修改；重新生成：cargo run -p xtask -- generate -->

            ```mermaid
            stateDiagram-v2
                有效 --> 已吊销: 经营主体吊销（第十九条第一款）
                有效 --> 已吊销: 运营机构吊销（第十九条第一款）
            ```

            ## 谁在何时可以办什么

            ✔ 可以办理；· 不可以，平台不予办理并告知依据。实施机构、公共数据提供单位、市人民政府、市级部门、区县政府、区县数据主管部门、市委市政府分管领导、区县政府主要领导、监督审计、单位管理员、系统管理员、安全管理员、审计管理员、平台时限服务、建库程序、社会公众在任何状态都不能办理。

            | 状态 | 行为人 | 吊销 |
            |---|---|:-:|
            | 有效 | 运营机构 | ✔ |
            | 有效 | 经营主体 | ✔ |
            | 已吊销 | 运营机构 | · |
            | 已吊销 | 经营主体 | · |
        "]]
        .assert_eq(&page.text);
    }

    #[test]
    fn a_cell_cannot_break_its_table() {
        let mut text = String::new();
        row(&mut text, &["甲|乙", "丙\n丁"]);
        assert_eq!(text, "| 甲\\|乙 | 丙<br>丁 |\n");
        assert_eq!(first_sentence("一句。两句。"), "一句");
        assert_eq!(first_sentence("没有句号"), "没有句号");
    }
}
