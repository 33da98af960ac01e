//! 所在环节 — where a file stands in its procedure: which term runs there, and what the procedure knows from there on.

use regulation::{Procedure, Term, procedure};
use serde_json::Value;
use workflow::Refused;

use crate::{Door, components::timeline::Next};

/// The state of a subject's record, as it is kept, with its procedure, read by `with`.
macro_rules! staged {
    ($subject:expr, $code:expr, |$state:ident, $procedure:ident| $told:expr, $else:expr) => {{
        macro_rules! one {
            ($of:path) => {{
                use $of as of;
                let $procedure = &of::PROCEDURE;
                serde_json::from_value::<of::State>($code).ok().map(|$state| $told)
            }};
        }
        let told = match $subject {
            "entry" => one!(regulation::basics::catalogue),
            "application" => one!(regulation::granting::application),
            "plan" => one!(regulation::granting::plan),
            "selection" => one!(regulation::granting::selection),
            "candidate" => one!(regulation::granting::selection::candidate),
            "complaint" => one!(regulation::granting::selection::complaint),
            "agreement" => one!(regulation::granting::agreement),
            "demand" => one!(regulation::operation::demand),
            "product" => one!(regulation::operation::product),
            "use_agreement" => one!(regulation::operation::use_agreement),
            "credential" => one!(regulation::operation::credential),
            _ => None,
        };
        told.unwrap_or($else)
    }};
}

/// The state that a row keeps.
pub async fn code(door: &Door, subject: &str, id: &str) -> Result<Value, Refused> {
    let row = door.office.store.row(&format!("{subject}/{id}")).await.map_err(Refused::Unavailable)?;
    let body: Value = row.map(|row| row.read()).transpose().map_err(Refused::Unavailable)?.unwrap_or_default();
    Ok(body.get("state").cloned().unwrap_or_default())
}

/// 期限 — the term that runs in the state a file is in.
pub async fn term(door: &Door, subject: &str, id: &str) -> Result<Option<Term>, Refused> {
    let code = code(door, subject, id).await?;
    Ok(staged!(subject, code, |state, _procedure| procedure::State::within(state), None))
}

/// 后面的环节 — what the procedure knows from here on, whoever may do it.
pub async fn next(door: &Door, subject: &str, id: &str) -> Result<Vec<Next>, Refused> {
    let code = code(door, subject, id).await?;
    Ok(staged!(subject, code, |state, procedure| ahead(procedure, state), Vec::new()))
}

fn ahead<S: procedure::State, A: Copy + PartialEq + std::fmt::Display>(
    procedure: &Procedure<S, A>,
    state: S,
) -> Vec<Next> {
    let mut next: Vec<Next> = Vec::new();
    for step in procedure.0.iter().filter(|step| step.from == state) {
        let by = format!("由{}办理 · 依据：{}", step.by, step.basis);
        match next.iter_mut().find(|known| known.by == by) {
            Some(known) => known.act = format!("{}，或者{}", known.act, step.act),
            None => next.push(Next { act: step.act.to_string(), by }),
        }
    }
    next
}
