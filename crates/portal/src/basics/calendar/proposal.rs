//! 提请的放假安排 — the year drawn with what it changes, the open terms that move, and the second person's approval.

use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use jiff::civil::Date;
use regulation::{
    Calendar, Provision,
    calendar::{
        Change,
        proposal::{Act, PROCEDURE, State as Stage},
        weekday,
    },
};
use serde_json::json;
use store::{
    Row,
    basics::calendar::{Edition, Proposal, Recount},
    party::Person,
    record,
};
use workflow::{Acting, Movement, Refused};

use super::working;
use crate::{
    Door, answer, case,
    case::{Action, Facts, open, org},
    frame::{Frame, Trouble, date},
    names,
    public::calendar::{Month, months, told},
    session,
};

/// At most this many cases are listed on the page; the program's answer has all of them.
const SHOWN: usize = 200;

/// 差异的一行.
struct Difference {
    day: String,
    weekday: &'static str,
    before: String,
    after: String,
    counts: bool,
}

/// 变动的一行 — an open case whose term moves.
struct Moved {
    name: &'static str,
    title: String,
    id: String,
    path: String,
    from: String,
    to: Option<String>,
    told: String,
    past: bool,
}

/// 变动 — all of them, and how many stay on their day.
struct Moves {
    listed: Vec<Moved>,
    by_hand: usize,
    past: usize,
    settled: usize,
}

#[derive(Template)]
#[template(path = "basics/calendar/proposal.html")]
struct Page {
    frame: Frame,
    proposal: Proposal,
    proposer: String,
    own: bool,
    before: String,
    working: (usize, usize),
    differences: Vec<Difference>,
    months: Vec<Month>,
    moves: Moves,
    recounting: bool,
    actions: Vec<Action>,
    timeline: Vec<case::Line>,
    trouble: Trouble,
    key: String,
    seen: u64,
}

impl Page {
    fn can(&self, act: &str) -> bool {
        self.actions.iter().any(|action| action.act == act)
    }

    fn year(&self) -> i16 {
        self.proposal.arrangement.year
    }

    fn counted(&self) -> usize {
        self.differences.iter().filter(|difference| difference.counts).count()
    }

    fn tone(&self) -> &'static str {
        tone(self.proposal.state)
    }

    fn shown(&self) -> &[Moved] {
        &self.moves.listed[..self.moves.listed.len().min(SHOWN)]
    }
}

/// 提请件.
pub async fn show(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    respond(&door, &id, &headers, &uri, Trouble::default()).await
}

/// The page of a proposal, or why it cannot be shown.
pub async fn respond(door: &Door, id: &str, headers: &HeaderMap, uri: &Uri, trouble: Trouble) -> Response {
    answer::faced(build(door, id, headers, trouble).await, headers, uri)
}

/// What a proposal is compared with, and what it makes of it.
async fn compared(door: &Door, proposal: &Proposal) -> Result<(Calendar, Calendar), Refused> {
    door.office.refresh_calendar().await?;
    let now = door.office.calendar();
    let against = match proposal.edition {
        Some(_) => proposal.against,
        None => now.edition(), // it can only be approved against what is in force
    };
    let before = if against == now.edition() { Some((*now).clone()) } else { door.office.edition(against).await? };
    let before = before.unwrap_or_else(Calendar::built_in);
    let after = before.with(proposal.arrangement.clone());
    Ok((before, after))
}

async fn build(door: &Door, id: &str, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看提请的放假安排需要先登录").into());
    };
    let proposal: Proposal = case::seen(door, "提请的放假安排", id, &visitor).await?;
    let (before, after) = compared(door, &proposal).await?;
    let changes = before.differences(&after);
    let year = proposal.arrangement.year;
    let moves = moves(door, &proposal, (&before, &after), visitor.acting.today()).await?;
    let recounting = match proposal.edition {
        Some(edition) => unsettled(door, edition).await?,
        None => false,
    };
    let person = door.office.store.get::<Person>(&proposal.approval.proposer).await?;
    let timeline = case::timeline(door, &record::key::<Proposal>(id)).await?;
    let page = Page {
        frame: Frame::new(format!("{year}年放假安排"), "calendar", Some(&visitor)),
        proposer: person.map_or_else(|| proposal.approval.proposer.clone(), |(person, _)| person.name),
        own: proposal.approval.proposer == visitor.acting.person,
        before: before.version().to_owned(),
        working: (working(&before, year), working(&after, year)),
        months: months(&after, year, &changes),
        differences: changes.iter().map(difference).collect(),
        actions: actions(door, &proposal, Some(&visitor.acting)),
        seen: timeline.last().map_or(0, |line| line.position),
        key: case::key(door),
        timeline,
        recounting,
        moves,
        trouble,
        proposal,
    };
    Ok(answer::page(&page))
}

fn difference(change: &Change<'_>) -> Difference {
    Difference {
        day: date(change.day),
        weekday: weekday(change.day.weekday()),
        before: told(change.before),
        after: told(change.after),
        counts: change.counts(),
    }
}

async fn unsettled(door: &Door, edition: u32) -> Result<bool, Refused> {
    let found = door.office.store.get::<Edition>(&Edition::number(edition)).await.map_err(Refused::Unavailable)?;
    Ok(found.is_some_and(|(edition, _)| edition.settled.is_none()))
}

/// What the arrangement does to the open terms: what it would do, or what it has done.
async fn moves(
    door: &Door,
    proposal: &Proposal,
    (before, after): (&Calendar, &Calendar),
    today: Date,
) -> Result<Moves, Refused> {
    let all: Vec<(String, Date, Option<Date>, bool)> = if let Some(edition) = proposal.edition {
        let parent = record::key::<Edition>(&Edition::number(edition));
        let counted: Vec<Recount> = door.office.store.children(&parent).await.map_err(Refused::Unavailable)?;
        let one = |recount: Recount| {
            let past = recount.is_past();
            (recount.case, recount.from, recount.to, past)
        };
        counted.into_iter().map(one).collect()
    } else {
        let would = door.office.movements(before, after).await?;
        let one = |movement: Movement| {
            let to = movement.after.map(|after| after.date);
            (movement.row.key, movement.due.date, to, to.is_some_and(|to| to < today))
        };
        would.into_iter().map(one).collect()
    };
    let (mut moving, staying): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, from, to, _)| *to != Some(*from));
    // What needs somebody's hand comes first.
    moving.sort_by_key(|(_, _, to, past)| (!past, to.is_some()));
    let mut listed = Vec::with_capacity(moving.len());
    for (place, (key, from, to, past)) in moving.into_iter().enumerate() {
        let row = if place < SHOWN { door.office.store.row(&key).await.map_err(Refused::Unavailable)? } else { None };
        listed.push(moved(&key, row.as_ref(), (from, to), past)?);
    }
    Ok(Moves {
        by_hand: listed.iter().filter(|moved| moved.to.is_none()).count(),
        past: listed.iter().filter(|moved| moved.past).count(),
        settled: staying.len(),
        listed,
    })
}

fn moved(key: &str, row: Option<&Row>, (from, to): (Date, Option<Date>), past: bool) -> Result<Moved, Refused> {
    let (subject, id) = key.split_once('/').unwrap_or((key, ""));
    let subject = names::known(subject);
    let told = match to {
        Some(to) if to < from => format!("提前{}天", (from - to).get_days()),
        Some(to) => format!("顺延{}天", (to - from).get_days()),
        None => "没有记下起算之日，不能重算".to_owned(),
    };
    Ok(Moved {
        name: names::subject(subject),
        title: row.map(|row| row.title.clone()).unwrap_or_default(),
        id: id.to_owned(),
        path: names::path(subject, id),
        from: date(from),
        to: to.map(date),
        told,
        past,
    })
}

/// 提请件（程序）.
pub async fn json(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build_json(&door, &id, &headers).await, &headers, &uri)
}

async fn build_json(door: &Door, id: &str, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看提请的放假安排需要先登录").into());
    };
    let proposal: Proposal = case::seen(door, "提请的放假安排", id, &visitor).await?;
    let (before, after) = compared(door, &proposal).await?;
    let moves = moves(door, &proposal, (&before, &after), visitor.acting.today()).await?;
    let changes = before.differences(&after);
    let change = |change: &Change<'_>| json!({ "date": change.day, "before": told(change.before), "after": told(change.after), "counts": change.counts() });
    let case = |case: &Moved| json!({ "subject": case.name, "id": case.id, "from": case.from, "to": case.to, "told": case.told, "past": case.past });
    Ok(Json(json!({
        "id": proposal.id, "state": proposal.state.name(), "year": proposal.arrangement.year, "against": before.version(),
        "digest": proposal.approval.digest, "edition": proposal.edition, "arrangement": proposal.arrangement, "aside": proposal.aside,
        "differences": changes.iter().map(change).collect::<Vec<_>>(),
        "cases": moves.listed.iter().map(case).collect::<Vec<_>>(), "unmoved": moves.settled,
    }))
    .into_response())
}

/// What its file says, for the pages that ask of any file.
pub async fn facts(door: &Door, proposal: &Proposal, acting: Option<&Acting>) -> Result<Facts, Refused> {
    Ok(Facts {
        title: format!("{}年放假安排", proposal.arrangement.year),
        state: proposal.state.to_string(),
        lines: vec![("实施机构", org(door, &proposal.agency).await?), ("依据的通知", proposal.arrangement.citation())],
        notice: None,
        due: None,
        clock: "",
        basis: Provision::PLATFORM,
        actions: actions(door, proposal, acting),
        parent: String::new(),
    })
}

fn actions(door: &Door, proposal: &Proposal, acting: Option<&Acting>) -> Vec<Action> {
    let act = |act: Act| match act {
        Act::Revise => "calendar.revise",
        Act::Approve => "calendar.approve",
        Act::Withdraw => "calendar.withdraw",
    };
    open(door, &PROCEDURE, proposal.state, proposal, acting, |one| Action::new(act(one), Vec::new()))
}

const fn tone(state: Stage) -> &'static str {
    match state {
        Stage::Proposed => "warn",
        Stage::InForce => "ok",
        Stage::Withdrawn => "",
    }
}
