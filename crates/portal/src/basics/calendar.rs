//! 工作日历 — entering a year's arrangement, the year drawn with what it changes, and the second person's approval.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Json,
    extract::{Multipart, Path, Query, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use jiff::civil::Date;
use regulation::{
    Calendar,
    calendar::{Arrangement, Change, Festival, Import, Row as Line, proposal::PROCEDURE, weekday},
};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{
    basics::calendar::{Edition, Proposal, Recount},
    party::Person,
    record,
};
use workflow::{Refused, Request, competence::Subject};

use crate::{
    Door, acts, answer, case,
    case::Action,
    form,
    frame::{Frame, Trouble, date, time},
    names,
    public::calendar::{Month, months, told},
    session::{self, Visitor},
    sign_in,
};

/// At most this many cases are listed on the page; the program's answer has all of them.
const SHOWN: usize = 200;
/// How many festivals can be filled in: those of every year, and one more.
const ROWS: usize = 8;

#[derive(Template)]
#[template(path = "basics/calendar_import.html")]
struct Form {
    frame: Frame,
    id: String,
    may: bool,
    typed: Import,
    rows: Vec<(usize, Line)>,
    read: Vec<(String, String)>,
    trouble: Trouble,
    key: String,
}

/// 录入页的问.
#[derive(Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    id: String,
}

/// 录入页 — empty, or with what is to be revised.
pub async fn enter(State(door): State<Door>, Query(which): Query<Which>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(form(&door, which.id, None, &headers, Trouble::default()).await, &headers, &uri)
}

/// The form again, with what had been typed and what of it was understood.
pub async fn again(
    door: &Door,
    pairs: &[(String, String)],
    headers: &HeaderMap,
    uri: &Uri,
    trouble: Trouble,
) -> Response {
    let id = pairs.iter().find(|(name, _)| name == "id").map(|(_, id)| id.clone()).unwrap_or_default();
    let typed = serde_json::from_value(form::to_json(pairs)).unwrap_or_default();
    answer::faced(form(door, id, Some(typed), headers, trouble).await, headers, uri)
}

async fn form(door: &Door, id: String, typed: Option<Import>, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("录入放假安排需要先登录").into());
    };
    let read = typed.as_ref().map(|typed| understood(&typed.read().arrangement)).unwrap_or_default();
    let typed = match typed {
        Some(typed) => typed,
        None if id.is_empty() => Import::default(),
        None => case::seen::<Proposal>(door, "提请的放假安排", &id, &visitor).await?.import,
    };
    let names = ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节", ""];
    let row = |place: usize| {
        let offered = Line { name: names[place].to_owned(), ..Line::default() };
        (place, typed.rows.get(&place.to_string()).cloned().unwrap_or(offered))
    };
    let title = if id.is_empty() { "录入放假安排" } else { "修改放假安排" };
    Ok(answer::page(&Form {
        frame: Frame::new(title, "calendar", Some(&visitor)),
        may: may(door, &visitor),
        rows: (0..ROWS).map(row).collect(),
        key: case::key(door),
        id,
        typed,
        read,
        trouble,
    }))
}

/// Whether this visitor may propose an arrangement.
pub fn may(door: &Door, visitor: &Visitor) -> bool {
    let ruling = door.office.competence().rule(
        &visitor.acting,
        "calendar.propose",
        &Subject::begun_by(&visitor.acting, "calendar"),
    );
    ruling.allowed
}

/// What was understood, festival by festival, for whoever looks for the slip.
fn understood(arrangement: &Arrangement) -> Vec<(String, String)> {
    let days = |days: Vec<String>, what: &str| {
        if days.is_empty() { format!("没有{what}的日子") } else { format!("{}{what}", days.join("、")) }
    };
    let festival = |festival: &Festival| {
        let off = festival.off.iter().map(|days| {
            if days.first == days.last {
                date(days.first)
            } else {
                format!("{}至{}", date(days.first), date(days.last))
            }
        });
        let work: Vec<String> = festival.work.iter().map(|day| date(*day)).collect();
        let work = if work.is_empty() { String::new() } else { format!("；{}", days(work, "上班")) };
        (festival.name.clone(), format!("{}{work}", days(off.collect(), "放假")))
    };
    arrangement.festival.iter().map(festival).collect()
}

/// 上传 — the same request as a program's, from a form that may carry a file.
pub async fn upload(State(door): State<Door>, headers: HeaderMap, uri: Uri, form: Multipart) -> Response {
    if !session::same_site(&headers) {
        return answer::told(&session::unknown("这一请求来自别的网站，没有办理"), &headers, &uri);
    }
    let mut fields = match fields(form).await {
        Ok(fields) => fields,
        Err(refused) => return answer::told(&refused, &headers, &uri),
    };
    let revises = fields.iter().any(|(name, value)| name == "id" && !value.is_empty());
    fields.retain(|(name, value)| name != "id" || !value.is_empty());
    let act = if revises { "calendar.revise" } else { "calendar.propose" };
    fields.insert(0, ("act".to_owned(), act.to_owned()));
    let visitor = match session::visitor(&door, &headers).await {
        Ok(Some(visitor)) => visitor,
        Ok(None) => {
            let written = fields.iter().filter(|(_, value)| !value.trim().is_empty());
            let typed = form_urlencoded::Serializer::new(String::new()).extend_pairs(written).finish();
            return sign_in::again(&session::unknown("录入放假安排需要先登录"), &typed);
        }
        Err(refused) => return answer::told(&refused, &headers, &uri),
    };
    let key = fields.iter().find(|(name, key)| name == "_key" && !key.is_empty()).map(|(_, key)| key.clone());
    let fields: Vec<(String, String)> = fields.into_iter().filter(|(name, _)| !name.starts_with('_')).collect();
    let refused = match serde_json::from_value::<Request>(form::to_json(&fields)) {
        Ok(request) => match acts::carry_out(&door, &visitor, &request, key.as_deref(), None).await {
            Ok(done) => return Redirect::to(&names::path(&done.subject, &done.id)).into_response(),
            Err(refused) => refused,
        },
        Err(_) => Refused::Question("表单没有填写完整".to_owned()),
    };
    let trouble = Trouble { notice: Some(answer::notice(&refused)), typed: Vec::new() };
    let mut response = again(&door, &fields, &headers, &uri, trouble).await;
    *response.status_mut() = answer::status(&refused);
    response
}

/// The fields of the form; a file's text stands in the place of what could have been pasted.
async fn fields(mut form: Multipart) -> Result<Vec<(String, String)>, Refused> {
    let broken = |why: &dyn std::fmt::Display| Refused::Question(format!("上传没有完成：{why}"));
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(|why| broken(&why))? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|why| broken(&why))?;
        let told = if name == "file" { "文件" } else { "表单" };
        let Ok(text) = String::from_utf8(bytes.to_vec()) else {
            return Err(Refused::Question(format!("{told}不是 UTF-8 编码，请另存为 UTF-8 后再上传")));
        };
        match name.as_str() {
            "file" if text.trim().is_empty() => {} // none was chosen
            "file" => file = Some(text),
            _ => fields.push((name, text)),
        }
    }
    let pasted = fields.iter_mut().find(|(name, _)| name == "content");
    match (file, pasted) {
        (Some(_), Some((_, pasted))) if !pasted.trim().is_empty() => {
            Err(Refused::Question("既粘贴了内容又选择了文件，请只用一种方式".to_owned()))
        }
        (Some(text), Some((_, pasted))) => {
            *pasted = text;
            Ok(fields)
        }
        (Some(text), None) => {
            fields.push(("content".to_owned(), text));
            Ok(fields)
        }
        (None, _) => Ok(fields),
    }
}

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
    id: String,
    path: String,
    from: String,
    to: Option<String>,
    told: String,
    past: bool,
}

/// 变动 — all of them, and how many stay on their day.
#[derive(Default)]
struct Moves {
    listed: Vec<Moved>,
    by_hand: usize,
    past: usize,
    settled: usize,
}

#[derive(Template)]
#[template(path = "basics/calendar_proposal.html")]
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
        use regulation::calendar::proposal::State;
        match self.proposal.state {
            State::Proposed => "warn",
            State::InForce => "ok",
            State::Withdrawn => "",
        }
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
        actions: case::open(door, &PROCEDURE, proposal.state, &proposal, Some(&visitor.acting), |act| {
            use regulation::calendar::proposal::Act;
            let act = match act {
                Act::Revise => "calendar.revise",
                Act::Approve => "calendar.approve",
                Act::Withdraw => "calendar.withdraw",
            };
            Action::new(act, Vec::new())
        }),
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

fn working(calendar: &Calendar, year: i16) -> usize {
    crate::public::calendar::days(year).filter(|day| calendar.is_working_day(*day)).count()
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
    let mut moves = Moves::default();
    let moved = |key: &str, from: Date, to: Option<Date>, told: String, past: bool| {
        let (subject, id) = key.split_once('/').unwrap_or((key, ""));
        let subject = names::known(subject);
        Moved {
            name: names::subject(subject),
            id: id.to_owned(),
            path: names::path(subject, id),
            from: date(from),
            to: to.map(date),
            told,
            past,
        }
    };
    if let Some(edition) = proposal.edition {
        let parent = record::key::<Edition>(&Edition::number(edition));
        let counted: Vec<Recount> = door.office.store.children(&parent).await.map_err(Refused::Unavailable)?;
        for recount in counted {
            if recount.to == Some(recount.from) {
                moves.settled += 1;
            } else {
                let past = recount.is_past();
                moves.listed.push(moved(&recount.case, recount.from, recount.to, recount.told, past));
            }
        }
    } else {
        for movement in door.office.movements(before, after).await? {
            if !movement.moves() {
                moves.settled += 1;
                continue;
            }
            let to = movement.after.as_ref().map(|after| after.date);
            let past = to.is_some_and(|to| to < today);
            let told = workflow::recounted(&movement.due, movement.after.as_ref(), today);
            moves.listed.push(moved(&movement.row.key, movement.due.date, to, told, past));
        }
    }
    moves.by_hand = moves.listed.iter().filter(|moved| moved.to.is_none()).count();
    moves.past = moves.listed.iter().filter(|moved| moved.past).count();
    // What needs somebody's hand comes first.
    moves.listed.sort_by_key(|moved| (!moved.past, moved.to.is_some()));
    Ok(moves)
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
    let moved = |moved: &Moved| json!({ "subject": moved.name, "id": moved.id, "from": moved.from, "to": moved.to, "told": moved.told, "past": moved.past });
    Ok(Json(json!({
        "id": proposal.id, "state": proposal.state.name(), "year": proposal.arrangement.year, "against": before.version(),
        "digest": proposal.approval.digest, "edition": proposal.edition, "arrangement": proposal.arrangement, "aside": proposal.aside,
        "differences": changes.iter().map(change).collect::<Vec<_>>(),
        "cases": moves.listed.iter().map(moved).collect::<Vec<_>>(), "unmoved": moves.settled,
    }))
    .into_response())
}

/// 一年.
struct Year {
    year: i16,
    notice: String,
    papers: Vec<String>,
    working: usize,
    edition: u32,
}

/// 一版.
struct Version {
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
#[template(path = "basics/calendar_years.html")]
struct Years {
    frame: Frame,
    version: String,
    years: Vec<Year>,
    editions: Vec<Version>,
    proposals: Vec<Proposed>,
    may: bool,
    sees: bool,
}

/// 各年与各版.
pub async fn years(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
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
    let version = |edition: &Edition| Version {
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
    Ok(answer::page(&Years {
        frame: Frame::new("放假安排与日历版本", "calendar", visitor.as_ref()),
        version: calendar.version().to_owned(),
        years: years_of(&calendar, &editions),
        editions: editions.values().rev().map(version).collect(),
        proposals: proposals.iter().map(proposed).collect(),
        may: visitor.as_ref().is_some_and(|visitor| may(door, visitor)),
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

fn years_of(calendar: &Calendar, editions: &BTreeMap<u32, Edition>) -> Vec<Year> {
    let since = |year: i16| editions.values().rev().find(|edition| edition.year == Some(year)).map_or(1, |e| e.number);
    let year = |(year, arrangement): (&i16, &Arrangement)| Year {
        year: *year,
        notice: arrangement.citation(),
        papers: arrangement.papers.clone(),
        working: working(calendar, *year),
        edition: since(*year),
    };
    calendar.arrangements().iter().rev().map(year).collect()
}

/// 各年与各版（程序）.
pub async fn years_json(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    let built = in_force(&door).await.map(|(calendar, editions)| {
        let year = |year: &Year| json!({ "year": year.year, "notice": year.notice, "papers": year.papers, "working_days": year.working, "edition": year.edition });
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
