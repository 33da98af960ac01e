//! 职权 — the rules in force, the table of who may do what, changes of the rules, and why somebody cannot.

pub mod change;
pub mod why;

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use regulation::{Provision, Role};
use serde_json::json;
use store::competence::Policies;
use workflow::{
    Refused,
    competence::{Competence, Rule, Subject, may},
};

use crate::{
    Door, answer,
    frame::{self, Frame},
    names, session,
};

/// How many earlier sets are listed.
const LISTED: u32 = 200;

/// 一份提请.
struct Motion {
    id: String,
    state: String,
    reason: String,
    since: String,
}

#[derive(Template)]
#[template(path = "competence/rules.html")]
struct Page {
    frame: Frame,
    rules: Vec<Rule>,
    digest: String,
    motions: Vec<Motion>,
    proposes: bool,
    subjects: Vec<(String, Vec<Line>)>,
    roles: &'static [Role],
}

/// 职权表的一行.
struct Line {
    act: String,
    name: String,
    cells: Vec<bool>,
}

impl Page {
    fn article(rule: &Rule) -> Option<u16> {
        Provision::read(&rule.basis).and_then(Provision::measures_article)
    }
}

/// 职权规则和职权表 — for everybody: who may do what is no secret.
pub async fn show(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(page(&door, &headers).await, &headers, &uri)
}

async fn page(door: &Door, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let competence = door.office.competence();
    let proposes = visitor.as_ref().is_some_and(|visitor| {
        let subject = Subject::begun_by(&visitor.acting, "policies");
        competence.rule(&visitor.acting, "policies.propose", &subject).allowed
    });
    let mut sets: Vec<Policies> = door.office.store.list("", LISTED).await?;
    sets.reverse();
    let motion = |set: Policies| Motion {
        id: set.id,
        state: set.state.to_string(),
        reason: set.reason,
        since: set.since.map(frame::time).unwrap_or_default(),
    };
    Ok(answer::page(&Page {
        frame: Frame::new("职权规则", "competence", visitor.as_ref()),
        rules: competence.rules().to_vec(),
        digest: competence.digest.clone(),
        motions: sets.into_iter().map(motion).collect(),
        proposes,
        subjects: table(&competence),
        roles: Role::ALL,
    }))
}

/// 职权表, subject by subject.
fn table(competence: &Competence) -> Vec<(String, Vec<Line>)> {
    let mut subjects: Vec<(String, Vec<Line>)> = Vec::new();
    for act in competence.acts() {
        let subject = names::subject(act.split('.').next().unwrap_or_default()).to_owned();
        let cells = Role::ALL.iter().map(|role| may(competence, *role, &act)).collect();
        let line = Line { name: names::act(&act).to_owned(), act, cells };
        match subjects.iter_mut().find(|(known, _)| *known == subject) {
            Some((_, lines)) => lines.push(line),
            None => subjects.push((subject, vec![line])),
        }
    }
    subjects
}

/// 职权规则（程序）.
pub async fn json(State(door): State<Door>) -> Result<Response, answer::Told> {
    let competence = door.office.competence();
    let able = |act: &String| {
        let (roles, basis) = competence.able(act);
        json!({ "act": act, "name": names::act(act), "roles": roles.iter().map(|role| role.name()).collect::<Vec<_>>(), "legal_basis": basis })
    };
    Ok(Json(json!({
        "digest": competence.digest,
        "rules": competence.rules(),
        "files": competence.files,
        "vocabulary": Competence::vocabulary(),
        "acts": competence.acts().iter().map(able).collect::<Vec<_>>(),
    }))
    .into_response())
}

/// The record of one set, which everybody may read.
pub(super) async fn set(door: &Door, id: &str) -> Result<Policies, Refused> {
    crate::case::read(door, "职权规则", id).await
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;
    use workflow::competence::{Competence, matrix};

    use crate::names;

    #[test]
    fn the_table_of_who_may_do_what_is_a_file_that_everybody_can_read() {
        let competence = Competence::built_in();
        let table = matrix(&competence, &|act| names::act(act).to_owned());
        let text = format!(
            "# 职权表\n\n✔ 该身份在列明自己单位的卷宗上可以办理；✘ 不可以。由内置的职权规则逐格问出，规则一变，这里跟着变。\n\n{table}"
        );
        expect_file!["../../../docs/generated/competence.md"].assert_eq(&text);
    }

    #[test]
    fn every_act_that_rules_speak_of_has_a_name() {
        let nameless: Vec<String> =
            Competence::built_in().acts().into_iter().filter(|act| names::act(act) == act).collect();
        assert!(nameless.is_empty(), "{nameless:?}");
    }
}
