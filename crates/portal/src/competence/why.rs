//! 为什么不能 — both questions of an act answered aloud: the moment, and the person.

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use regulation::Provision;
use serde::Deserialize;
use workflow::{
    Refused,
    competence::{Rule, Why, why},
};

use crate::{Door, answer, case, frame::Frame, names, session};

/// 问什么.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    /// 主题
    #[serde(default)]
    subject: String,
    /// 编号
    #[serde(default)]
    id: String,
    /// 行为；不写则每一种都问
    #[serde(default)]
    act: String,
}

/// 一种行为的回答.
struct Answer {
    act: String,
    name: String,
    why: Why,
}

impl Answer {
    fn yes(&self) -> bool {
        self.why.moment.open && self.why.ruling.allowed
    }
}

#[derive(Template)]
#[template(path = "competence/why.html")]
struct Page {
    frame: Frame,
    subject: String,
    id: String,
    path: String,
    role: &'static str,
    answers: Vec<Answer>,
}

impl Page {
    fn article(rule: &Rule) -> Option<u16> {
        Provision::read(&rule.basis).and_then(Provision::measures_article)
    }
}

/// 为什么不能.
pub async fn show(State(door): State<Door>, Query(ask): Query<Ask>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(page(&door, &ask, &headers, &uri).await, &headers, &uri)
}

async fn page(door: &Door, ask: &Ask, headers: &HeaderMap, uri: &Uri) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看能不能办需要先登录").into());
    };
    // Whoever may not see the file learns nothing about it here either.
    case::facts(door, &ask.subject, &ask.id, &visitor).await?;
    let acts = door.office.competence().acts();
    let begins = format!("{}.", ask.subject);
    let mut answers = Vec::new();
    for act in acts.into_iter().filter(|act| act.starts_with(&begins) && (ask.act.is_empty() || *act == ask.act)) {
        let name = names::act(&act).to_owned();
        match why(&door.office, &visitor.acting, (&act, &name), &ask.id).await {
            Ok(why) => answers.push(Answer { act, name, why }),
            Err(Refused::Missing { what: "行为", .. }) => {} // begins a file; there is nothing to ask of this one
            Err(refused) => return Err(refused.into()),
        }
    }
    if answer::wants_json(headers, uri) {
        let told: Vec<_> = answers
            .iter()
            .map(|one| serde_json::json!({ "act": one.act, "name": one.name, "can": one.yes(), "why": one.why }))
            .collect();
        return Ok(Json(serde_json::json!({ "subject": ask.subject, "id": ask.id, "acts": told })).into_response());
    }
    let subject = names::subject(&ask.subject).to_owned();
    Ok(answer::page(&Page {
        frame: Frame::new("能不能办，为什么", "tasks", Some(&visitor)),
        path: names::path(&ask.subject, &ask.id),
        id: ask.id.clone(),
        role: visitor.acting.role.name(),
        subject,
        answers,
    }))
}
