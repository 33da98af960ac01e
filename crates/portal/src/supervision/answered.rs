//! 已公开的答复 — what has been answered for everybody to read: one by one, as a list, as a file (Article 32).

use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use regulation::supervision::feedback::{Kind, Published};
use serde_json::json;
use store::supervision::feedback::Feedback;
use workflow::Refused;

use super::answering::about;
use crate::{
    Door, answer,
    export::{self, About, Cell},
    frame::{Frame, date},
    session,
};

/// How many published answers are listed.
const LISTED: usize = 50;

/// 已公开的一件.
pub struct Answered {
    pub id: String,
    pub kind: Kind,
    pub about: String,
    pub received: String,
    pub published: Published,
}

/// 已公开的答复, the latest first.
pub async fn answered(door: &Door) -> Result<Vec<Answered>, Refused> {
    let figures = door.office.figures(door.now()).await?;
    let mut answered = Vec::new();
    for id in figures.answered.iter().take(LISTED) {
        answered.extend(published(door, id).await?);
    }
    Ok(answered)
}

async fn published(door: &Door, id: &str) -> Result<Option<Answered>, Refused> {
    let found = door.office.store.get::<Feedback>(id).await.map_err(Refused::Unavailable)?;
    Ok(found.and_then(|(feedback, _)| {
        Some(Answered {
            published: feedback.published?,
            id: feedback.id,
            kind: feedback.kind,
            about: about(&feedback.about),
            received: date(feedback.received),
        })
    }))
}

#[derive(Template)]
#[template(path = "supervision/answer.html")]
struct One {
    frame: Frame,
    one: Answered,
}

/// 一件已公开的答复.
pub async fn one(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    let build = async || -> answer::Page {
        let visitor = session::visitor(&door, &headers).await?;
        let Some(one) = published(&door, &id).await? else {
            return Err(Refused::Missing { what: "已公开的答复", id: id.clone() }.into());
        };
        let frame = Frame::new(format!("{}的答复", one.kind), "feedback", visitor.as_ref());
        Ok(answer::page(&One { frame, one }))
    };
    answer::faced(build().await, &headers, &uri)
}

/// 已公开的答复（程序）.
pub async fn json(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    let one = |one: &Answered| {
        json!({
            "id": one.id, "kind": one.kind.name(), "about": one.about, "received": one.received,
            "question": one.published.question, "answer": one.published.answer,
        })
    };
    let told = answered(&door)
        .await
        .map(|answered| Json(json!({ "feedback": answered.iter().map(one).collect::<Vec<_>>() })).into_response());
    answer::faced(told.map_err(Into::into), &headers, &uri)
}

/// 已公开的答复（表格）.
pub async fn table(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    const HEAD: &[&str] = &["编号", "类别", "关于", "收到", "来件", "答复"];
    match answered(&door).await {
        Ok(answered) => {
            let about = About {
                file: "feedback",
                name: "已公开的答复".into(),
                meaning: format!("最近公开的答复，最多{LISTED}件；来件人不公开，文字经过处理").into(),
                query: String::new(),
                total: answered.len(),
                at: door.now(),
            };
            let line = |one: Answered| {
                let Published { question, answer } = one.published;
                let kind = one.kind.name().to_owned();
                [one.id, kind, one.about, one.received, question, answer].map(Cell::from).into()
            };
            export::table(about, HEAD, answered.into_iter().map(line).collect(), (&headers, &uri)).await
        }
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}
