//! 落实 — which steps, contents and terms of the platform rest on an article, asked of the tables themselves.

use std::fmt::Display;

use serde::Serialize;

use crate::{
    Procedure, Provision, Role, STANDING, Term, Terms, article,
    basics::catalogue,
    calendar, competence,
    granting::{agreement, application, plan, selection},
    operation::{credential, demand, product, use_agreement},
    procedure::State,
    supervision::{disclosure, feedback},
    terms::Entry,
};

/// 环节 — one step of a procedure that rests on an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leg {
    /// 主题
    pub subject: &'static str,
    /// 当前状态
    pub from: String,
    /// 谁办
    pub by: Role,
    /// 办什么
    pub act: String,
    /// 办理后状态
    pub to: String,
    /// 依据
    pub basis: Provision,
    /// 在当前状态里运行的期限
    pub term: Option<Term>,
}

/// 内容清单 — what something has to contain by an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contents {
    /// 什么的内容
    pub of: &'static str,
    /// 主题
    pub subject: &'static str,
    /// 各项
    pub items: Vec<&'static str>,
}

/// 依据本条的环节.
#[rustfmt::skip] // It is a table; let it look like one.
pub fn steps(number: u16) -> Vec<Leg> {
    let mut legs = Vec::new();
    add(&mut legs, number, "entry",         &catalogue::PROCEDURE);
    add(&mut legs, number, "application",   &application::PROCEDURE);
    add(&mut legs, number, "plan",          &plan::PROCEDURE);
    add(&mut legs, number, "selection",     &selection::PROCEDURE);
    add(&mut legs, number, "candidate",     &selection::candidate::PROCEDURE);
    add(&mut legs, number, "complaint",     &selection::complaint::PROCEDURE);
    add(&mut legs, number, "agreement",     &agreement::PROCEDURE);
    add(&mut legs, number, "demand",        &demand::PROCEDURE);
    add(&mut legs, number, "product",       &product::PROCEDURE);
    add(&mut legs, number, "use_agreement", &use_agreement::PROCEDURE);
    add(&mut legs, number, "credential",    &credential::PROCEDURE);
    add(&mut legs, number, "feedback",      &feedback::PROCEDURE);
    add(&mut legs, number, "policies",      &competence::PROCEDURE);
    add(&mut legs, number, "calendar",      &calendar::proposal::PROCEDURE);
    add(&mut legs, number, "membership",    &STANDING);
    legs
}

fn add<S: State, A: Copy + PartialEq + Display>(
    legs: &mut Vec<Leg>,
    number: u16,
    subject: &'static str,
    procedure: &Procedure<S, A>,
) {
    let steps = procedure.0.iter().filter(|step| step.basis.measures_article() == Some(number));
    legs.extend(steps.map(|step| Leg {
        subject,
        from: step.from.to_string(),
        by: step.by,
        act: step.act.to_string(),
        to: step.to.to_string(),
        basis: step.basis,
        term: step.from.within(),
    }));
}

/// 本条列明的内容.
pub fn contents(number: u16) -> Vec<Contents> {
    let here = |provision: Provision| provision.measures_article() == Some(number);
    let mut found = Vec::new();
    let mut add = |of, subject, items: Vec<&'static str>| {
        if !items.is_empty() {
            found.push(Contents { of, subject, items });
        }
    };
    macro_rules! items {
        ($all:expr) => {
            $all.iter().filter(|item| here(item.provision())).map(|item| item.name()).collect()
        };
    }
    if number == 11 {
        let parts = application::Part::ALL.iter().map(|part| part.name()).collect();
        add("可行性论证的内容", "application", parts);
    }
    add("纳入审查", "entry", items!(catalogue::Screen::ALL));
    add("实施方案的内容", "plan", items!(plan::Section::ALL));
    add("运营机构的条件", "selection", items!(selection::Condition::ALL));
    add("授权运营协议的内容", "agreement", items!(agreement::Clause::ALL));
    if here(disclosure::BASIS) {
        add("应披露的内容", "agreement", disclosure::Item::ALL.iter().map(|item| item.name()).collect());
    }
    add("来件的类别", "feedback", items!(feedback::Kind::ALL));
    found
}

/// 本条定下的期限和时限.
pub fn lengths(number: u16, terms: &Terms) -> Vec<Entry> {
    let entries = terms.terms().map(|(_, entry)| entry).chain(terms.periods().map(|(_, entry)| entry));
    let entries = entries.chain(terms.counts().map(|(_, entry)| entry));
    let here = |entry: &&Entry| Provision::read(&entry.basis).and_then(Provision::measures_article) == Some(number);
    entries.filter(here).cloned().collect()
}

/// Whether anything of an article is carried out by these tables.
pub fn is_carried_out(number: u16) -> bool {
    article(number).gist().is_some() && !(steps(number).is_empty() && contents(number).is_empty())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn article_23_is_the_demands_procedure_with_its_three_terms() {
        let legs = steps(23);
        assert!(legs.iter().all(|leg| leg.subject == "demand") && legs.len() >= 6, "{legs:?}");
        let told: Vec<String> = lengths(23, &Terms::in_force_on(date(2025, 9, 1)))
            .iter()
            .map(|entry| format!("{} {}", entry.name, entry.value))
            .collect();
        assert_eq!(told, ["数据需求形式审查 5个工作日", "数据需求审核 5个工作日", "数据供给 5个工作日"]);
    }

    #[test]
    fn lists_stand_with_the_article_that_gives_them() {
        let count = |number| contents(number).iter().map(|list| list.items.len()).collect::<Vec<_>>();
        assert_eq!((count(10), count(17), count(4)), (vec![12], vec![13], vec![]));
        assert!(is_carried_out(32) && !is_carried_out(1) && !is_carried_out(38));
    }
}
