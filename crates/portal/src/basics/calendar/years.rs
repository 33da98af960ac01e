//! 各年与各版 — which notice each year rests on, which editions there were, and what is proposed.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use regulation::{Calendar, calendar::Arrangement};
use serde_json::{Value, json};
use store::basics::calendar::{Edition, Proposal};
use workflow::Refused;

use super::{import, working};
use crate::{
    Door, answer, case,
    frame::{Frame, time},
    session,
};

/// 一年.
struct Line {
    year: i16,
    notice: String,
    papers: Vec<String>,
    working: usize,
    edition: u32,
}

/// 一版.
struct Row {
    number: u32,
    version: String,
    since: String,
    year: String,
    settled: String,
    proposal: String,
}

/// 待复核或者已有结果的提请.
struct Proposed {
    id: String,
    year: i16,
    notice: String,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "basics/calendar/years.html")]
struct Page {
    frame: Frame,
    version: String,
    years: Vec<Line>,
    editions: Vec<Row>,
    proposals: Vec<Proposed>,
    may: bool,
    sees: bool,
}

/// 各年与各版.
pub async fn show(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(list(&door, &headers).await, &headers, &uri)
}

async fn list(door: &Door, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await.unwrap_or_default();
    let (calendar, editions) = in_force(door).await?;
    let mut proposals: Vec<Proposal> = match &visitor {
        Some(visitor) => {
            let all: Vec<Proposal> = door.office.store.list("", 1000).await?;
            all.into_iter().filter(|proposal| case::may_see(proposal, visitor)).collect()
        }
        None => Vec::new(),
    };
    proposals.reverse();
    let proposed = |proposal: &Proposal| Proposed {
        id: proposal.id.clone(),
        year: proposal.arrangement.year,
        notice: proposal.arrangement.citation(),
        state: proposal.state.name(),
    };
    let version = |edition: &Edition| Row {
        number: edition.number,
        version: edition.version.clone(),
        since: edition.since.map_or_else(|| "随程序".to_owned(), time),
        year: edition.year.map(|year| format!("{year}年")).unwrap_or_default(),
        settled: match (edition.since, edition.settled) {
            (Some(_), Some(at)) => time(at),
            (Some(_), None) => "正在重算".to_owned(),
            (None, _) => String::new(),
        },
        proposal: edition.proposal.clone(),
    };
    Ok(answer::page(&Page {
        frame: Frame::new("放假安排与日历版本", "calendar", visitor.as_ref()),
        version: calendar.version().to_owned(),
        years: years_of(&calendar, &editions),
        editions: editions.values().rev().map(version).collect(),
        proposals: proposals.iter().map(proposed).collect(),
        may: visitor.as_ref().is_some_and(|visitor| import::may(door, visitor)),
        sees: visitor.is_some_and(|visitor| {
            matches!(visitor.acting.role, regulation::Role::ImplementingAgency | regulation::Role::Auditor)
        }),
    }))
}

async fn in_force(door: &Door) -> Result<(Calendar, BTreeMap<u32, Edition>), Refused> {
    door.office.refresh_calendar().await?;
    let editions: Vec<Edition> = door.office.store.list("", 1000).await.map_err(Refused::Unavailable)?;
    let editions = editions.into_iter().map(|edition| (edition.number, edition)).collect();
    Ok(((*door.office.calendar()).clone(), editions))
}

fn years_of(calendar: &Calendar, editions: &BTreeMap<u32, Edition>) -> Vec<Line> {
    let since = |year: i16| editions.values().rev().find(|edition| edition.year == Some(year)).map_or(1, |e| e.number);
    let year = |(year, arrangement): (&i16, &Arrangement)| Line {
        year: *year,
        notice: arrangement.citation(),
        papers: arrangement.papers.clone(),
        working: working(calendar, *year),
        edition: since(*year),
    };
    calendar.arrangements().iter().rev().map(year).collect()
}

/// 各年与各版（程序）.
pub async fn json(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    let built = in_force(&door).await.map(|(calendar, editions)| {
        let year = |year: &Line| json!({ "year": year.year, "notice": year.notice, "papers": year.papers, "working_days": year.working, "edition": year.edition });
        let edition = |edition: &Edition| json!({ "edition": edition.number, "version": edition.version, "since": edition.since, "year": edition.year, "settled": edition.settled });
        Json(json!({
            "version": calendar.version(), "edition": calendar.edition(),
            "years": years_of(&calendar, &editions).iter().map(year).collect::<Vec<Value>>(),
            "editions": editions.values().map(edition).collect::<Vec<Value>>(),
        }))
        .into_response()
    });
    answer::faced(built.map_err(Into::into), &headers, &uri)
}
