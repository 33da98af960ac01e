//! 全市时限 — everything in the city that runs against a term, for those who watch over terms.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use jiff::civil::Date;
use serde_json::json;
use store::list::{Filter, Order, Page as Part};
use workflow::Refused;

use crate::{
    Door, answer, case,
    desk::supervises,
    export::{self, About, Cell},
    frame::Frame,
    list::{Asked, Left, Line, Pager, READ},
    names, session,
    session::Visitor,
    tasks::{Heap, one, parts},
};

/// Where it stands.
pub const PATH: &str = "/tasks/city";

/// The kinds that run against a term.
const TIMED: [&str; 3] = ["plan", "agreement", "demand"];

/// 表的口径.
const MEANING: &str = "全市在办、有法定时限的事项，最多一万件；剩余工作日按工作日历计算，负数为已逾期";

#[derive(Template)]
#[template(path = "watch.html")]
struct Page {
    frame: Frame,
    days: Vec<Heap>,
    kinds: Vec<Heap>,
    lines: Vec<Line>,
    whom: String,
    asked: Asked,
    filtered: bool,
    pager: Pager,
    csv: String,
    xlsx: String,
}

/// What is asked.
struct Watch {
    party: String,
    filter: Filter,
    order: Order,
    today: Date,
}

impl Watch {
    fn of(visitor: &Visitor, asked: &Asked) -> Self {
        let today = visitor.acting.today();
        let subject = TIMED.into_iter().find(|known| *known == asked.subject).unwrap_or_default();
        let filter = Filter { subject: subject.to_owned(), ..Filter::default() };
        let filter = match Left::named(&asked.left).filter(|left| *left != Left::Never) {
            Some(left) => left.within(filter, today),
            None => filter,
        };
        Self { party: asked.org.clone(), filter, order: asked.order(Order::Urgent), today }
    }

    async fn lines(&self, door: &Door, part: Part) -> Result<Vec<Line>, Refused> {
        let rows = door.office.store.timed(&self.party, &self.filter, self.order, part).await;
        let rows = rows.map_err(Refused::Unavailable)?;
        let mut lines = rows.iter().map(|row| Line::of(row, &door.office.calendar(), self.today)).collect::<Vec<_>>();
        name(door, &mut lines).await?;
        Ok(lines)
    }

    async fn count(&self, door: &Door, filter: &Filter) -> Result<u64, Refused> {
        door.office.store.timed_count(&self.party, filter).await.map_err(Refused::Unavailable)
    }
}

/// Says of each line not only in which role somebody is awaited, but who it is.
pub async fn name(door: &Door, lines: &mut [Line]) -> Result<(), Refused> {
    let mut known: HashMap<String, String> = HashMap::new();
    for line in lines.iter_mut().filter(|line| !line.whom.is_empty()) {
        if !known.contains_key(&line.whom) {
            known.insert(line.whom.clone(), case::org(door, &line.whom).await?);
        }
        line.waits = format!("{}（{}）", known.get(&line.whom).unwrap_or(&line.whom), line.waits);
    }
    Ok(())
}

async fn supervisor(door: &Door, headers: &HeaderMap) -> Result<Visitor, Refused> {
    let visitor = session::visitor(door, headers).await?;
    visitor
        .filter(|visitor| supervises(visitor.acting.role))
        .ok_or_else(|| session::unknown("查看全市时限需要以实施机构或者监督审计的身份登录"))
}

/// 全市时限.
pub async fn show(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build(&door, &asked, &headers).await, &headers, &uri)
}

async fn build(door: &Door, asked: &Asked, headers: &HeaderMap) -> answer::Page {
    let visitor = supervisor(door, headers).await?;
    let watch = Watch::of(&visitor, asked);
    let pager = Pager::of(asked, PATH, watch.count(door, &watch.filter).await?);
    let whole = Filter { subject: watch.filter.subject.clone(), ..Filter::default() };
    let mut days = Vec::new();
    for left in [Left::Overdue, Left::Today, Left::Week, Left::Later] {
        days.push(Heap {
            code: left.code().to_owned(),
            name: left.name().to_owned(),
            rows: watch.count(door, &left.within(whole.clone(), watch.today)).await?,
            path: asked.with(PATH, "left", left.code()),
            tone: if left == Left::Overdue { "danger" } else { "" },
            chosen: asked.left == left.code(),
        });
    }
    let mut kinds = Vec::new();
    for subject in TIMED {
        let filter = Filter { subject: subject.to_owned(), ..watch.filter.clone() };
        kinds.push(Heap {
            code: subject.to_owned(),
            name: names::subject(subject).to_owned(),
            rows: watch.count(door, &filter).await?,
            path: asked.with(PATH, "subject", subject),
            tone: "",
            chosen: watch.filter.subject == subject,
        });
    }
    let page = Page {
        frame: Frame::new("全市时限", "tasks", Some(&visitor)),
        days,
        kinds,
        lines: watch.lines(door, pager.shown()).await?,
        whom: match watch.party.split_once('@') {
            Some((role, org)) => format!("{}（{role}）", case::org(door, org).await?),
            None => watch.party.clone(),
        },
        filtered: [&asked.subject, &asked.left, &asked.org].iter().any(|part| !part.is_empty()),
        csv: asked.at("/tasks/city.csv"),
        xlsx: asked.at("/tasks/city.xlsx"),
        asked: asked.clone(),
        pager,
    };
    Ok(answer::page(&page))
}

/// 全市时限（表格）.
pub async fn table(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    const HEAD: &[&str] = &["事项", "编号", "名称", "状态", "待谁办理", "届满", "剩余工作日", "督办"];
    let lines = async {
        let watch = Watch::of(&supervisor(&door, &headers).await?, &asked);
        let mut lines = Vec::new();
        for part in parts() {
            let read = watch.lines(&door, part).await?;
            let full = read.len() == READ as usize;
            lines.extend(read);
            if !full {
                break;
            }
        }
        Ok(lines)
    };
    match lines.await {
        Ok(lines) => {
            let line = |line: Line| {
                let (due, escalated) = (line.due.map(|day| day.to_string()), line.escalations());
                let [id, title, state, waits] = [line.id, line.title, line.state, line.waits].map(Cell::from);
                vec![line.name.into(), id, title, state, waits, due.into(), line.remaining.into(), escalated.into()]
            };
            let about = About {
                file: "terms",
                name: "全市时限".into(),
                meaning: MEANING.into(),
                query: asked.told(),
                total: lines.len(),
                at: door.now(),
            };
            export::table(about, HEAD, lines.into_iter().map(line).collect(), (&headers, &uri)).await
        }
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}

/// 逾期事项（程序） — for the agency and the auditor, page by page.
pub async fn overdue(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(overdue_of(&door, &asked, &headers).await, &headers, &uri)
}

async fn overdue_of(door: &Door, asked: &Asked, headers: &HeaderMap) -> answer::Page {
    let visitor = supervisor(door, headers).await?;
    let watch = Watch::of(&visitor, &Asked { left: Left::Overdue.code().to_owned(), ..asked.clone() });
    let (page, size) = (asked.page(), asked.size());
    let lines = watch.lines(door, Part { skip: (page - 1).saturating_mul(u64::from(size)), show: size }).await?;
    let total = watch.count(door, &watch.filter).await?;
    let overdue: Vec<_> = lines.iter().map(one).collect();
    Ok(Json(json!({ "overdue": overdue, "total": total, "page": page, "size": size })).into_response())
}
