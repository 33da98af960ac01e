//! 卷宗 — the files that somebody may open, kind by kind and page by page, and those that stand on one of them.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;
use store::{
    Row,
    granting::{agreement::Agreement, application::Application, plan::Plan, selection::Selection},
    list::{Count, Filter, Order, Page as Part},
    operation::{demand::Demand, product::Product, use_agreement::UseAgreement},
};
use workflow::Refused;

use crate::{
    Door, answer, case,
    components::tag::Tag,
    desk::{reads, supervises},
    export::{self, About, Cell},
    frame::Frame,
    list::{Asked, Line, Pager, READ, short},
    names, session,
    session::Visitor,
    tasks::{Heap, one, parts},
};

/// Where it stands.
const PATH: &str = "/files";
/// How many are looked through for what an act affects.
const MANY: u32 = 1000;
/// How many files of a kind stand on the page of the one above.
const FEW: u32 = 20;

/// The kinds that stand in lists, in the order of the Measures.
const KINDS: [&str; 11] = [
    "entry",
    "application",
    "plan",
    "selection",
    "candidate",
    "complaint",
    "agreement",
    "demand",
    "product",
    "use_agreement",
    "credential",
];

/// 一份卷宗.
pub struct File {
    /// 标题
    pub title: String,
    /// 编号
    pub id: String,
    /// 状态
    pub state: String,
    /// 地址
    pub path: String,
    /// 主题
    pub subject: &'static str,
}

impl File {
    /// The tag of its state.
    pub fn tag(&self) -> Tag {
        Tag::state(self.state.as_str())
    }

    /// Its key in the store.
    pub fn key(&self) -> String {
        format!("{}/{}", self.subject, self.id)
    }

    /// Its title, or its number where it has none.
    pub fn called(&self) -> &str {
        if self.title.is_empty() { &self.id } else { &self.title }
    }
}

/// 一类卷宗.
pub struct Kind {
    /// 名称
    pub name: &'static str,
    /// 卷宗
    pub files: Vec<File>,
}

/// 表的口径.
const MEANING: &str = "本单位可以查阅的卷宗，最多一万件；剩余工作日按工作日历计算，负数为已逾期";

#[derive(Template)]
#[template(path = "files.html")]
struct Page {
    frame: Frame,
    kinds: Vec<Heap>,
    states: Vec<Heap>,
    name: &'static str,
    above: Option<(String, String)>,
    lines: Vec<Line>,
    asked: Asked,
    filtered: bool,
    urgent: bool,
    pager: Pager,
    csv: String,
    xlsx: String,
    json: String,
}

/// What is asked, and how much there is of everything.
struct Shelf {
    org: String,
    filter: Filter,
    counts: Vec<Count>,
    order: Order,
    /// The file that all of these stand on; whoever sees it sees how many.
    on: String,
    /// What a word has found, in order.
    found: Option<Vec<String>>,
    all: u64,
}

impl Shelf {
    async fn of(door: &Door, visitor: &Visitor, asked: &Asked) -> Result<Self, Refused> {
        let store = &door.office.store;
        let counts = everything(door, visitor).await?;
        let subject = KINDS.into_iter().find(|kind| *kind == asked.subject).unwrap_or_else(|| fullest(&counts));
        let order = match &*asked.sort {
            "urgent" => Order::Urgent,
            _ => asked.order(Order::Newest),
        };
        if !asked.on.is_empty() {
            let (org, on) = standing_on(door, &asked.on, visitor).await?;
            let filter = Filter { subject: subject.to_owned(), ..Filter::default() };
            let none = Part { skip: 0, show: 0 };
            let (_, all) = store.standing(&on, subject, &org, none).await.map_err(Refused::Unavailable)?;
            return Ok(Self { org, filter, counts, order, on, found: None, all });
        }
        let (org, own) = reads(visitor, subject);
        let filter = Filter {
            state: if own.state.is_empty() { asked.state.clone() } else { own.state },
            word: asked.word(),
            underway: asked.underway == "1",
            ..Filter { subject: own.subject, ..Filter::default() }
        };
        let found = match &*filter.word {
            "" => None,
            _ => Some(store.files_found(&org, &filter).await.map_err(Refused::Unavailable)?),
        };
        let all = match &found {
            Some(found) => found.len() as u64,
            None => counts.iter().filter(|count| filter.takes(count)).map(|count| count.rows).sum(),
        };
        Ok(Self { org, filter, counts, order, on: String::new(), found, all })
    }

    async fn lines(&self, door: &Door, visitor: &Visitor, part: Part) -> Result<Vec<Line>, Refused> {
        let store = &door.office.store;
        let rows = if let Some(found) = &self.found {
            let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
            let keys: Vec<String> = found.iter().skip(skip).take(part.show as usize).cloned().collect();
            store.rows(&keys).await
        } else if self.on.is_empty() {
            store.files(&self.org, &self.filter, self.order, part).await
        } else {
            store.standing(&self.on, &self.filter.subject, &self.org, part).await.map(|(rows, _)| rows)
        };
        let rows = rows.map_err(Refused::Unavailable)?;
        let today = visitor.acting.today();
        Ok(rows.iter().map(|row| Line::of(row, &door.office.calendar(), today)).collect())
    }

    fn kinds(&self) -> Vec<Heap> {
        let rows = |kind: &str| self.counts.iter().filter(|count| count.subject == kind).map(|count| count.rows).sum();
        let heap = |kind: &'static str| Heap {
            code: kind.to_owned(),
            name: names::subject(kind).to_owned(),
            rows: rows(kind),
            path: Asked::default().with(PATH, "subject", kind),
            tone: "",
            chosen: self.filter.subject == kind,
        };
        KINDS.into_iter().map(heap).filter(|heap| heap.rows > 0 || heap.chosen).collect()
    }

    fn states(&self, asked: &Asked) -> Vec<Heap> {
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for count in self.counts.iter().filter(|count| count.subject == self.filter.subject) {
            *sums.entry(&count.state).or_default() += count.rows;
        }
        let heap = |(state, rows): (&str, u64)| Heap {
            code: state.to_owned(),
            name: names::state(&self.filter.subject, state),
            rows,
            path: asked.with(PATH, "state", state),
            tone: "",
            chosen: self.filter.state == state,
        };
        sums.into_iter().map(heap).collect()
    }
}

/// How many files of each kind and state this visitor may open.
async fn everything(door: &Door, visitor: &Visitor) -> Result<Vec<Count>, Refused> {
    let store = &door.office.store;
    let own = if supervises(visitor.acting.role) { reads(visitor, "").0 } else { visitor.acting.org.clone() };
    let mut counts = store.files_counts(&own).await.map_err(Refused::Unavailable)?;
    let (whose, published) = reads(visitor, "entry");
    if whose != own {
        counts.retain(|count| count.subject != "entry");
        let all = store.files_counts(&whose).await.map_err(Refused::Unavailable)?;
        counts.extend(all.into_iter().filter(|count| published.takes(count)));
    }
    Ok(counts)
}

/// The kind to begin with: where most is underway, and otherwise where most is.
fn fullest(counts: &[Count]) -> &'static str {
    let weight = |kind: &&str| {
        let of = counts.iter().filter(|count| count.subject == **kind);
        of.fold((0, 0), |(underway, all), count| (underway + u64::from(count.underway) * count.rows, all + count.rows))
    };
    KINDS.into_iter().max_by_key(|kind| weight(kind)).unwrap_or("demand")
}

/// The file that a list stands on, if this visitor may see it, and whose part of what stands on it is theirs.
async fn standing_on(door: &Door, on: &str, visitor: &Visitor) -> Result<(String, String), Refused> {
    let missing = || Refused::Missing { what: "卷宗", id: on.to_owned() };
    let (subject, id) = on.split_once('/').ok_or_else(missing)?;
    match subject {
        "application" => drop(case::seen::<Application>(door, "授权申请", id, visitor).await?),
        "plan" => drop(case::seen::<Plan>(door, "实施方案", id, visitor).await?),
        "selection" => drop(case::seen::<Selection>(door, "遴选", id, visitor).await?),
        "agreement" => drop(case::seen::<Agreement>(door, "授权运营协议", id, visitor).await?),
        "demand" => drop(case::seen::<Demand>(door, "数据需求", id, visitor).await?),
        "product" => drop(case::seen::<Product>(door, "产品", id, visitor).await?),
        "use_agreement" => drop(case::seen::<UseAgreement>(door, "数据开发利用协议", id, visitor).await?),
        _ => return Err(missing()),
    }
    Ok((whose(visitor, ""), on.to_owned()))
}

/// Whose part of what stands on a file a visitor sees; nobody's in particular where it is all of it.
fn whose(visitor: &Visitor, subject: &str) -> String {
    // Whoever sees the demand sees its supplies.
    if supervises(visitor.acting.role) || subject == "supply" { String::new() } else { visitor.acting.org.clone() }
}

/// 卷宗.
pub async fn show(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build(&door, &asked, &headers).await, &headers, &uri)
}

async fn build(door: &Door, asked: &Asked, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let shelf = Shelf::of(door, &visitor, asked).await?;
    let pager = Pager::of(asked, PATH, shelf.all);
    let above = asked.on.split_once('/').filter(|_| !shelf.on.is_empty());
    let page = Page {
        frame: Frame::new("卷宗", "files", Some(&visitor)),
        kinds: shelf.kinds(),
        states: if above.is_none() { shelf.states(asked) } else { Vec::new() },
        name: names::known_name(&shelf.filter.subject),
        above: above.map(|(subject, id)| (format!("{} {id}", names::subject(subject)), names::path(subject, id))),
        lines: shelf.lines(door, &visitor, pager.shown()).await?,
        filtered: [&asked.state, &asked.word, &asked.underway].iter().any(|part| !part.is_empty()),
        urgent: shelf.order == Order::Urgent,
        csv: asked.at("/files.csv"),
        xlsx: asked.at("/files.xlsx"),
        json: asked.at("/api/v1/files"),
        asked: Asked { subject: shelf.filter.subject.clone(), ..asked.clone() },
        pager,
    };
    Ok(answer::page(&page))
}

/// 卷宗（程序）.
pub async fn json(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build_json(&door, &asked, &headers).await, &headers, &uri)
}

async fn build_json(door: &Door, asked: &Asked, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看卷宗需要先登录").into());
    };
    let shelf = Shelf::of(door, &visitor, asked).await?;
    let (page, size) = (asked.page(), asked.size());
    let part = Part { skip: (page - 1).saturating_mul(u64::from(size)), show: size };
    let files: Vec<_> = shelf.lines(door, &visitor, part).await?.iter().map(one).collect();
    Ok(Json(json!({ "files": files, "total": shelf.all, "page": page, "size": size })).into_response())
}

/// 卷宗（表格）.
pub async fn table(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    const HEAD: &[&str] = &["事项", "编号", "名称", "状态", "待谁办理", "届满", "剩余工作日"];
    let lines = async {
        let Some(visitor) = session::visitor(&door, &headers).await? else {
            return Err(session::unknown("导出卷宗需要先登录"));
        };
        let shelf = Shelf::of(&door, &visitor, &asked).await?;
        let mut lines = Vec::new();
        for part in parts() {
            let read = shelf.lines(&door, &visitor, part).await?;
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
                let due = line.due.map(|day| day.to_string());
                let [id, title, state, waits] = [line.id, line.title, line.state, line.waits].map(Cell::from);
                vec![line.name.into(), id, title, state, waits, due.into(), line.remaining.into()]
            };
            let about = About {
                file: "files",
                name: "卷宗".into(),
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

/// 下位卷宗 — the latest files that stand directly on `key`, which this visitor has open, and the way to all of them.
pub async fn below(door: &Door, key: &str, visitor: &Visitor) -> Result<Vec<Kind>, Refused> {
    standing(door, key, visitor, FEW).await
}

/// 受影响的卷宗 — all that stand directly on `key`, as many as a page can hold.
pub async fn all_below(door: &Door, key: &str, visitor: &Visitor) -> Result<Vec<Kind>, Refused> {
    standing(door, key, visitor, MANY).await
}

async fn standing(door: &Door, key: &str, visitor: &Visitor, most: u32) -> Result<Vec<Kind>, Refused> {
    let mut kinds = Vec::new();
    for subject in [
        "selection",
        "candidate",
        "complaint",
        "agreement",
        "demand",
        "supply",
        "product",
        "use_agreement",
        "credential",
    ] {
        let org = whose(visitor, subject);
        let few = Part { skip: 0, show: most };
        let (rows, all) = door.office.store.standing(key, subject, &org, few).await.map_err(Refused::Unavailable)?;
        if rows.is_empty() {
            continue;
        }
        let mut files: Vec<File> = rows.iter().map(file).collect();
        if all > u64::from(most) && subject != "supply" {
            let on = Asked { on: key.to_owned(), ..Asked::default() };
            let (title, path) = (format!("全部 {} 件", crate::frame::count(all)), on.with(PATH, "subject", subject));
            files.push(File { title, id: String::new(), state: String::new(), path, subject });
        }
        kinds.push(Kind { name: names::known_name(subject), files });
    }
    Ok(kinds)
}

fn file(row: &Row) -> File {
    File {
        title: short(&row.title),
        id: row.id().to_owned(),
        state: names::state(row.subject(), &row.state),
        path: names::path(row.subject(), row.id()),
        subject: names::known(row.subject()),
    }
}
