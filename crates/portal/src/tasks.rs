//! 我的待办 — what waits for my organisation in my role, the most urgent first, with the working days that are left.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use regulation::{Role, operation::demand};
use serde_json::{Value, json};
use store::{Row, operation::demand::Demand, record::awaits};
use workflow::Refused;

use crate::{
    Door, answer,
    frame::{self, Frame},
    names, session,
    session::Visitor,
};

/// At most this many are shown; nobody works through more in a day.
const LIMIT: u32 = 500;

/// 一件待办.
struct Task {
    subject: String,
    name: String,
    id: String,
    title: String,
    state: String,
    due: String,
    remaining: Option<i64>,
    path: String,
}

impl Task {
    fn told(&self) -> String {
        self.remaining.map_or_else(|| "无法定时限".to_owned(), frame::remaining)
    }

    fn tone(&self) -> &'static str {
        self.remaining.map_or("", frame::tone)
    }
}

#[derive(Template)]
#[template(path = "tasks.html")]
struct Page {
    frame: Frame,
    tasks: Vec<Task>,
    overdue: Vec<Task>,
    mine: Vec<Task>,
    drafts: Vec<crate::draft::Kept>,
    operator: bool,
    supervises: bool,
}

/// 我的待办.
pub async fn show(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(page(&door, &headers).await, &headers, &uri)
}

async fn page(door: &Door, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let supervises = matches!(visitor.acting.role, Role::ImplementingAgency | Role::Auditor);
    let overdue = if supervises { door.office.overdue(door.now()).await? } else { Vec::new() };
    let page = Page {
        frame: Frame::new("我的待办", "tasks", Some(&visitor)),
        tasks: tasks(door, &visitor).await?,
        overdue: overdue.iter().map(|row| task(door, row, visitor.acting.today())).collect::<Result<_, _>>()?,
        mine: underway(door, &visitor).await?,
        drafts: crate::draft::kept(door, &visitor.acting, None).await?,
        operator: visitor.acting.role == Role::Operator,
        supervises,
    };
    Ok(answer::page(&page))
}

/// 我的待办（程序）.
pub async fn json(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(list(&door, &headers).await, &headers, &uri)
}

async fn list(door: &Door, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看待办需要先登录").into());
    };
    let tasks = tasks(door, &visitor).await?;
    let one = |task: &Task| json!({ "subject": task.subject, "name": task.name, "id": task.id, "title": task.title, "state": task.state, "due": task.due, "remaining_working_days": task.remaining, "told": task.told() });
    Ok(Json(json!({ "tasks": tasks.iter().map(one).collect::<Vec<_>>() })).into_response())
}

async fn tasks(door: &Door, visitor: &Visitor) -> Result<Vec<Task>, Refused> {
    let party = awaits(visitor.acting.role, &visitor.acting.org);
    let rows = door.office.store.awaiting(&party, LIMIT).await.map_err(Refused::Unavailable)?;
    rows.iter().map(|row| task(door, row, visitor.acting.today())).collect()
}

/// 在途的数据需求 — an operator sees how its own demands are getting on.
async fn underway(door: &Door, visitor: &Visitor) -> Result<Vec<Task>, Refused> {
    if visitor.acting.role != Role::Operator {
        return Ok(Vec::new());
    }
    let mut mine = Vec::new();
    for demand in door.office.store.list::<Demand>("", LIMIT).await.map_err(Refused::Unavailable)? {
        let ended = matches!(demand.state, demand::State::Supplied | demand::State::Refused);
        if demand.operator == visitor.acting.org && !ended {
            let key = store::record::key::<Demand>(&demand.id);
            if let Some(row) = door.office.store.row(&key).await.map_err(Refused::Unavailable)? {
                mine.push(task(door, &row, visitor.acting.today())?);
            }
        }
    }
    Ok(mine)
}

fn task(door: &Door, row: &Row, today: Date) -> Result<Task, Refused> {
    let body: Value = row.read().map_err(Refused::Unavailable)?;
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let due: Option<Date> = row.due.parse().ok();
    Ok(Task {
        subject: row.subject().to_owned(),
        name: names::subject(row.subject()).to_owned(),
        id: row.id().to_owned(),
        title: names::title(&body),
        state: names::state(row.subject(), &text("/state")),
        due: due.map(frame::date).unwrap_or_default(),
        remaining: due.map(|due| door.office.calendar.remaining(today, due)),
        path: names::path(row.subject(), row.id()),
    })
}
