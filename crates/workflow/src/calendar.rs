//! 现行日历 — the edition in force, what another would change, and the recount of the terms that run.
//!
//! Whoever counts a due date relies on the row that says which edition is in force: an act that counted
//! with another one is stale and performed anew. When an edition comes into force, the clock counts the
//! open terms anew, case by case, each in an act of its own; what a crash leaves undone, its next round does.

use std::{collections::HashSet, sync::Arc};

use jiff::{Timestamp, civil::Date};
use regulation::{Calendar, Due, Provision};
use serde::Serialize;
use store::{
    Fault, Record as _, Row,
    basics::calendar::{Edition, InForce, Recount},
    granting::{agreement::Agreement, plan::Plan},
    list::Place,
    operation::demand::Demand,
    record,
    supervision::feedback::Feedback,
};
use tokio::task::JoinSet;

use crate::{Acting, File, Office, Recorded, RefusalSort, Refused, Request, deadlines::Timed};

/// How many cases are counted anew at a time; they share their commits.
const AT_ONCE: usize = 64;

/// How many rows are looked at in one go.
const PAGE: u32 = 500;

/// After every date there is, as rows write dates.
const EVER: &str = "9999-99";

/// 现行 — the calendar, and the version of the row that says which it is.
pub(crate) struct Held {
    pub version: i64,
    pub calendar: Arc<Calendar>,
}

/// 变动 — what another calendar would do to the term of one open case.
#[derive(Clone, Debug)]
pub struct Movement {
    /// 卷宗
    pub row: Row,
    /// 现在的期限
    pub due: Due,
    /// 重算的期限；没有的，须人工核对
    pub after: Option<Due>,
}

impl Office {
    /// 现行日历.
    pub fn calendar(&self) -> Arc<Calendar> {
        self.held().calendar.clone()
    }

    pub(crate) fn held(&self) -> Arc<Held> {
        self.calendar.load_full()
    }

    /// Looks again which edition is in force; another server may have approved one.
    pub async fn refresh_calendar(&self) -> Result<(), Refused> {
        let found = self.store.get::<InForce>(InForce::ID).await.map_err(Refused::unavailable)?;
        let Some((pointer, version)) = found.filter(|(_, version)| *version != self.held().version) else {
            return Ok(());
        };
        let Some(calendar) = self.edition(pointer.edition).await? else {
            let why = format!("没有第{}版", pointer.edition);
            return Err(Refused::unavailable(Fault::Corrupt { what: "工作日历".into(), why }));
        };
        self.calendar.store(Arc::new(Held { version, calendar: Arc::new(calendar.and_built_in()) }));
        Ok(())
    }

    /// 某一版 — as it was when it came into force; with it, a date that names it can be counted again.
    pub async fn edition(&self, number: u32) -> Result<Option<Calendar>, Refused> {
        let id = Edition::number(number);
        let edition = self.store.get::<Edition>(&id).await.map_err(Refused::unavailable)?;
        Ok(edition.map(|(edition, _)| Calendar::edition_of(edition.number, edition.arrangements)))
    }

    /// 变动 — every open case whose term `after` counts otherwise than it stands, in the order of their dates.
    /// Terms of which it is not known when they began are told where a changed day may have touched them.
    pub async fn movements(&self, before: &Calendar, after: &Calendar) -> Result<Vec<Movement>, Refused> {
        let first = before.differences(after).first().map(|change| change.day);
        let (mut place, mut movements) = (Place::default(), Vec::new());
        loop {
            let rows = self.store.overdue_after(EVER, &place, PAGE).await.map_err(Refused::unavailable)?;
            let Some(last) = rows.last() else { return Ok(movements) };
            place = (last.due.clone(), last.since, last.key.clone());
            for row in rows {
                let Some(due) = due_of(&row)? else { continue };
                let again = after.recount(&due);
                let touched = match &again {
                    Some(again) => !again.agrees(&due),
                    None => due.provisional || first.is_some_and(|first| first <= due.date),
                };
                if touched {
                    movements.push(Movement { row, due, after: again });
                }
            }
        }
    }

    /// 重算 — counts every open term anew by the edition in force, unless that has been done; tells how many.
    pub async fn recount(&self, at: Timestamp) -> Result<usize, Refused> {
        self.refresh_calendar().await?;
        let now = self.calendar();
        let id = Edition::number(now.edition());
        let found = self.store.get::<Edition>(&id).await.map_err(Refused::unavailable)?;
        let Some((edition, _)) = found.filter(|(edition, _)| edition.since.is_some() && edition.settled.is_none())
        else {
            return Ok(0);
        };
        let before = self.edition(edition.number.saturating_sub(1)).await?.unwrap_or_else(Calendar::built_in);
        let done: Vec<Recount> =
            self.store.children(&record::key::<Edition>(&id)).await.map_err(Refused::unavailable)?;
        let done: HashSet<String> = done.into_iter().map(|recount| recount.case).collect();
        let mut waiting: Vec<Request> = self.movements(&before, &now).await?.iter().filter_map(request).collect();
        waiting.retain(|request| !done.contains(&request.subject()));
        let counted = waiting.len();
        let mut underway: JoinSet<Result<(), Refused>> = JoinSet::new();
        while !(waiting.is_empty() && underway.is_empty()) {
            while underway.len() < AT_ONCE
                && let Some(request) = waiting.pop()
            {
                let (office, now) = (self.clone(), now.clone());
                underway.spawn(async move {
                    // Another server counts too: what it has done is not asked for again, and not refused.
                    let counted = office.is_counted(&request.subject(), &now).await?;
                    if !counted {
                        office.perform(&Acting::clock(at), &request, None).await?;
                    }
                    Ok(())
                });
            }
            match underway.join_next().await {
                Some(Ok(Ok(()))) | None => {}
                Some(Ok(Err(Refused::Against(notice)))) if notice.kind == RefusalSort::State => {} // decided in this very moment
                Some(Ok(Err(refused))) => return Err(refused),
                Some(Err(_)) => return Err(Refused::unavailable(Fault::Stopped)),
            }
        }
        match self.perform(&Acting::clock(at), &Request::CalendarSettle { id }, None).await {
            Ok(_) | Err(Refused::Against(_)) => Ok(counted), // another server may have said so first
            Err(refused) => Err(refused),
        }
    }
}

impl Office {
    /// Whether a case stands as this edition counts it, or is listed for a person.
    async fn is_counted(&self, case: &str, now: &Calendar) -> Result<bool, Refused> {
        let row = self.store.row(case).await.map_err(Refused::unavailable)?;
        let due = row.as_ref().map(due_of).transpose()?.flatten();
        let Some(due) = due else { return Ok(true) };
        if let Some(again) = now.recount(&due) {
            return Ok(again.agrees(&due));
        }
        let listed = self.store.get::<Recount>(&Recount::number(now.edition(), case)).await;
        Ok(listed.map_err(Refused::unavailable)?.is_some())
    }
}

/// The act that counts this case anew; nothing where the platform has none for its subject.
fn request(movement: &Movement) -> Option<Request> {
    let id = movement.row.id().to_owned();
    match movement.row.subject() {
        Plan::SUBJECT => Some(Request::PlanRecount { id }),
        Agreement::SUBJECT => Some(Request::AgreementRecount { id }),
        Demand::SUBJECT => Some(Request::DemandRecount { id }),
        Feedback::SUBJECT => Some(Request::FeedbackRecount { id }),
        _ => None,
    }
}

fn due_of(row: &Row) -> Result<Option<Due>, Refused> {
    #[derive(serde::Deserialize)]
    struct Timed {
        due: Option<Due>,
    }
    row.read::<Timed>().map(|timed| timed.due).map_err(Refused::unavailable)
}

/// 重算所记 — what is recorded with the case, for whoever is told of it.
#[derive(Serialize)]
struct Said {
    from: Date,
    to: Option<Date>,
    calendar: String,
    told: String,
}

/// 重算 — one case's term by the edition in force; a term whose beginning is not known stays, and is listed.
pub(crate) async fn recount<R: Timed>(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    file.entitled(&format!("{}.recount", R::SUBJECT), "重算期限")?;
    let mut case: R = file.read(R::NAME, id).await?;
    let now = file.calendar();
    let key = record::key::<R>(id);
    let number = Recount::number(now.edition(), &key);
    let Some(due) = case.term().clone() else { return Err(NothingToCount.into()) };
    let again = now.recount(&due);
    let counted = again.as_ref().is_some_and(|again| again.agrees(&due));
    if counted || file.find::<Recount>(&number).await?.is_some() {
        return Err(NothingToCount.into());
    }
    let on = file.today();
    let told = recounted(&due, again.as_ref(), on);
    let to = again.as_ref().map(|again| again.date);
    let recount = Recount { id: number, edition: now.edition(), case: key, from: due.date, to, on, told: told.clone() };
    file.write(&recount)?;
    if again.is_some() {
        *case.term() = again;
        file.write(&case)?;
    }
    let said = Said { from: due.date, to, calendar: now.version().to_owned(), told };
    file.record("recount", &case, case.state(), Provision::PLATFORM, &said)
}

/// What becomes of a term, in one sentence.
fn recounted(due: &Due, again: Option<&Due>, on: Date) -> String {
    let day = |day: Date| format!("{}年{}月{}日", day.year(), day.month(), day.day());
    let Some(again) = again else {
        return format!("不能重算，请人工核对：没有记下起算之日，届满日仍是{}", day(due.date));
    };
    if again.date == due.date {
        let why = if again.provisional { "跳过的日子有变" } else { "不再是暂定" };
        return format!("届满日仍是{}，{why}", day(due.date));
    }
    let which = if again.date > due.date { "顺延" } else { "提前" };
    let past = if again.date < on { "，已经过去，请即办理" } else { "" };
    format!("届满日由{}{which}到{}{past}", day(due.date), day(again.date))
}

/// 重算完毕 — every open case has been counted by this edition.
pub(crate) async fn settle(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    file.entitled("calendar_edition.settle", "记下重算完毕")?;
    let mut edition: Edition = file.read("日历的一版", id).await?;
    if edition.settled.is_some() || file.calendar().edition() != edition.number {
        return Err(NothingToCount.into());
    }
    edition.settled = Some(file.acting.at);
    file.write(&edition)?;
    file.record("settle", &edition, "重算完毕", Provision::PLATFORM, &edition.version)
}

/// 不必重算.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("本件的期限与现行日历相符，或者已经重算")]
struct NothingToCount;

impl regulation::Violation for NothingToCount {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }
    fn kind(&self) -> regulation::Kind {
        regulation::Kind::State
    }
}
