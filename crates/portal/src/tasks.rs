//! 工作台 — what waits for my organisation in my role, the most urgent first, and what my role looks at besides.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use regulation::Day;
use serde_json::json;
use store::{
    list::{Count, Filter, Order, Page as Part},
    record::awaits,
};
use workflow::Refused;

use crate::{
    Door, answer,
    desk::{self, Desk},
    export::{self, About, Cell},
    frame::{self, Frame},
    list::{self, Asked, Left, Line, Pager},
    names, session,
    session::Visitor,
};

/// Where it stands.
const PATH: &str = "/tasks";

/// 一堆 — so many of a kind, and the way to them.
pub struct Heap {
    /// 代码
    pub code: String,
    /// 名称
    pub name: String,
    /// 件数
    pub rows: u64,
    /// 地址
    pub path: String,
    /// 颜色
    pub tone: &'static str,
    /// 正在看的
    pub chosen: bool,
}

/// 一段 — lines that end in the same part of the days to come.
struct Stretch {
    name: &'static str,
    lines: Vec<Line>,
}

/// 表的口径.
const MEANING: &str = "待本单位以现任身份办理的事项，最多一万件；剩余工作日按工作日历计算，负数为已逾期";

#[derive(Template)]
#[template(path = "tasks.html")]
struct Page {
    frame: Frame,
    today: String,
    closed: Option<String>,
    days: Vec<Heap>,
    kinds: Vec<Heap>,
    states: Vec<Heap>,
    stretches: Vec<Stretch>,
    asked: Asked,
    filtered: bool,
    pager: Pager,
    csv: String,
    xlsx: String,
    json: String,
    desk: Desk,
    drafts: Vec<crate::draft::Kept>,
}

/// What is asked of the inbox, and how much there is of everything.
struct Inbox {
    party: String,
    filter: Filter,
    counts: Vec<Count>,
    order: Order,
    today: Date,
}

impl Inbox {
    async fn of(door: &Door, visitor: &Visitor, asked: &Asked) -> Result<Self, Refused> {
        let today = visitor.acting.today();
        let filter = Filter {
            subject: names::known(&asked.subject).to_owned(),
            state: asked.state.clone(),
            word: asked.word(),
            ..Filter::default()
        };
        let filter = match Left::named(&asked.left) {
            Some(left) => left.within(filter, today),
            None => filter,
        };
        // Whoever else's organisation an address names: what waits is what waits for one's own.
        let party = awaits(visitor.acting.role, &visitor.acting.org);
        let counts = door.office.store.awaiting_counts(&party, &filter.word).await.map_err(Refused::Unavailable)?;
        Ok(Self { party, filter, counts, order: asked.order(Order::Urgent), today })
    }

    fn all(&self) -> u64 {
        self.counts.iter().filter(|count| self.filter.takes(count)).map(|count| count.rows).sum()
    }

    async fn lines(&self, door: &Door, part: Part) -> Result<Vec<Line>, Refused> {
        let rows = door.office.store.awaiting(&self.party, &self.filter, self.order, part).await;
        let rows = rows.map_err(Refused::Unavailable)?;
        Ok(rows.iter().map(|row| Line::of(row, &door.office.calendar(), self.today)).collect())
    }

    /// 按剩余时限 — of what is asked for otherwise.
    fn days(&self, asked: &Asked) -> Vec<Heap> {
        let whole = Filter { from: String::new(), until: String::new(), ..self.filter.clone() };
        let heap = |left: Left| Heap {
            code: left.code().to_owned(),
            name: left.name().to_owned(),
            rows: sum(&self.counts, &left.within(whole.clone(), self.today)),
            path: asked.with(PATH, "left", left.code()),
            tone: match left {
                Left::Overdue => "danger",
                Left::Today => "warn",
                _ => "",
            },
            chosen: asked.left == left.code(),
        };
        Left::ALL.map(heap).into()
    }

    /// 按事项.
    fn kinds(&self, asked: &Asked) -> Vec<Heap> {
        let whole = Filter { subject: String::new(), state: String::new(), ..self.filter.clone() };
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for count in self.counts.iter().filter(|count| whole.takes(count)) {
            *sums.entry(&count.subject).or_default() += count.rows;
        }
        let known = names::SUBJECTS.iter().filter_map(|(code, name)| sums.get(code).map(|rows| (*code, *name, *rows)));
        let of_no_state = Asked { state: String::new(), ..asked.clone() };
        let heap = |(code, name, rows): (&str, &str, u64)| Heap {
            code: code.to_owned(),
            name: name.to_owned(),
            rows,
            path: of_no_state.with(PATH, "subject", code),
            tone: "",
            chosen: self.filter.subject == code,
        };
        known.map(heap).collect()
    }

    /// 按状态 — of one kind: states of the same code are called differently elsewhere.
    fn states(&self, asked: &Asked, kinds: &[Heap]) -> Vec<Heap> {
        let subject = match (&*self.filter.subject, kinds) {
            ("", [only]) => &only.code,
            (subject, _) => subject,
        };
        let whole = Filter { state: String::new(), subject: subject.to_owned(), ..self.filter.clone() };
        if subject.is_empty() {
            return Vec::new();
        }
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for count in self.counts.iter().filter(|count| whole.takes(count)) {
            *sums.entry(&count.state).or_default() += count.rows;
        }
        let heap = |(code, rows): (&str, u64)| Heap {
            code: code.to_owned(),
            name: names::state(subject, code),
            rows,
            path: asked.with(PATH, "state", code),
            tone: "",
            chosen: self.filter.state == code,
        };
        sums.into_iter().map(heap).collect()
    }
}

fn sum(counts: &[Count], filter: &Filter) -> u64 {
    counts.iter().filter(|count| filter.takes(count)).map(|count| count.rows).sum()
}

/// 工作台.
pub async fn show(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(page(&door, &asked, &headers).await, &headers, &uri)
}

async fn page(door: &Door, asked: &Asked, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let inbox = Inbox::of(door, &visitor, asked).await?;
    let pager = Pager::of(asked, PATH, inbox.all());
    let lines = inbox.lines(door, pager.shown()).await?;
    let kinds = inbox.kinds(asked);
    let filtered = [&asked.subject, &asked.state, &asked.left, &asked.word].iter().any(|part| !part.is_empty());
    let page = Page {
        frame: Frame::new("工作台", "tasks", Some(&visitor)),
        today: format!("{}，{}", frame::date(inbox.today), weekday(inbox.today)),
        closed: closed(door, inbox.today),
        days: inbox.days(asked),
        states: inbox.states(asked, &kinds),
        kinds,
        stretches: stretches(lines, &inbox),
        filtered,
        pager,
        csv: asked.at("/tasks.csv"),
        xlsx: asked.at("/tasks.xlsx"),
        json: asked.at("/api/v1/tasks"),
        asked: asked.clone(),
        drafts: crate::draft::kept(door, &visitor.acting, None).await?,
        desk: if filtered || asked.page() > 1 {
            Desk::of_nothing_else(&visitor)
        } else {
            desk::of(door, &visitor).await?
        },
    };
    Ok(answer::page(&page))
}

/// The lines under the headings of their days, where days are their order.
fn stretches(lines: Vec<Line>, inbox: &Inbox) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for line in lines {
        let name = match inbox.order {
            Order::Urgent | Order::Relaxed => Left::of(line.due, inbox.today).name(),
            Order::Newest | Order::Oldest => "",
        };
        match stretches.last_mut().filter(|stretch| stretch.name == name) {
            Some(stretch) => stretch.lines.push(line),
            None => stretches.push(Stretch { name, lines: vec![line] }),
        }
    }
    stretches
}

/// 星期一.
fn weekday(day: Date) -> &'static str {
    const NAMES: [&str; 7] = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];
    let place = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
    NAMES.get(place).copied().unwrap_or_default()
}

/// Why today is no working day.
fn closed(door: &Door, today: Date) -> Option<String> {
    match door.office.calendar().day(today) {
        Day::Weekend => Some("周末".to_owned()),
        Day::Off(festival) => Some(format!("{festival}放假")),
        Day::Working | Day::Worked => None,
    }
}

/// 待办（程序）.
pub async fn json(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build_json(&door, &asked, &headers).await, &headers, &uri)
}

async fn build_json(door: &Door, asked: &Asked, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看待办需要先登录").into());
    };
    let inbox = Inbox::of(door, &visitor, asked).await?;
    let (page, size) = (asked.page(), asked.size());
    let lines = inbox.lines(door, Part { skip: (page - 1).saturating_mul(u64::from(size)), show: size }).await?;
    let tasks: Vec<_> = lines.iter().map(one).collect();
    Ok(Json(json!({ "tasks": tasks, "total": inbox.all(), "page": page, "size": size })).into_response())
}

/// A line for programs.
pub fn one(line: &Line) -> serde_json::Value {
    json!({
        "subject": line.subject, "name": line.name, "id": line.id, "title": line.title, "state": line.state,
        "due": line.due, "remaining_working_days": line.remaining, "told": line.told(),
        "escalated": line.escalated, "waits_for": line.waits,
    })
}

/// 待办（表格）.
pub async fn table(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    const HEAD: &[&str] = &["事项", "编号", "名称", "状态", "届满", "剩余工作日", "督办"];
    let lines = async {
        let Some(visitor) = session::visitor(&door, &headers).await? else {
            return Err(session::unknown("导出待办需要先登录"));
        };
        let inbox = Inbox::of(&door, &visitor, &asked).await?;
        let mut lines = Vec::new();
        for part in parts() {
            let read = inbox.lines(&door, part).await?;
            let full = read.len() == list::READ as usize;
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
                let [id, title, state] = [line.id, line.title, line.state].map(Cell::from);
                vec![line.name.into(), id, title, state, due.into(), line.remaining.into(), escalated.into()]
            };
            let about = About {
                file: "tasks",
                name: "我的待办".into(),
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

/// The parts in which a whole table is read.
pub fn parts() -> impl Iterator<Item = Part> {
    (0..u64::from(list::TABLE / list::READ)).map(|n| Part { skip: n * u64::from(list::READ), show: list::READ })
}
