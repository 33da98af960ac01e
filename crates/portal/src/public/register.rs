//! 名录 — a public list: found by words, narrowed by facets, sorted, leafed through and taken away, all by its address.
//!
//! Each register says in its own file what it lists and how a line of it is told; how it is asked for,
//! as a page, as JSON, as CSV or as a workbook, is the same for all of them and stands here.

use std::{future::Future, sync::Arc};

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use futures::{Stream, stream};
use search::{Ask, Found, Sort};
use serde_json::{Map, Value, json};
use store::Row;
use workflow::Refused;

use crate::{
    Door, answer,
    export::{self, About, Line},
    finding,
};

/// How many lines are on a page.
const PAGE: usize = 20;
/// The most lines that a program takes at once.
const LONGEST: usize = 1000;
/// How many rows are read together for a file.
const TOGETHER: usize = 256;
/// How much of what was typed is kept, in characters.
const TYPED: usize = 100;
/// How many values of one facet can be chosen.
const CHOSEN: usize = 20;
/// How many values of a facet are shown at once, and how many at most.
const SHOWN: usize = 8;
const ALL: usize = 100;

/// 名录.
pub trait Register: Send + Sync + 'static {
    /// 种类 — the subject whose rows it lists.
    const KIND: &'static str;
    /// 地址
    const PATH: &'static str;
    /// 文件名，也是程序所读的名字
    const FILE: &'static str;
    /// 名称
    const NAME: &'static str;
    /// 量词
    const UNIT: &'static str;
    /// 口径
    const MEANING: &'static str;
    /// 分面
    const FACETS: &'static [(&'static str, &'static str)];
    /// 文件的表头
    const HEAD: &'static [&'static str];
    /// 一行
    type Told: Send + Sync;

    /// The lines of these rows; rows that everybody may not see any more are left out.
    fn told(door: &Door, rows: Vec<Row>) -> impl Future<Output = Result<Vec<Self::Told>, Refused>> + Send;

    /// A line as it stands in a file.
    fn line(told: &Self::Told) -> Line;

    /// A line as programs read it.
    fn json(told: &Self::Told) -> Value;
}

/// 要求 — what an address asks of a register.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// 检索词
    pub text: String,
    /// 已选
    pub chosen: Vec<(&'static str, Vec<String>)>,
    /// 排序
    pub sort: Sort,
    /// 第几页
    pub page: usize,
    /// 每页几行
    pub limit: usize,
    /// What the register does not know.
    unknown: Vec<String>,
}

/// The orders and their names.
pub const SORTS: [(&str, Sort, &str); 3] =
    [("relevance", Sort::Relevance, "相关"), ("updated", Sort::Updated, "更新"), ("name", Sort::Name, "名称")];

impl Asked {
    /// Reads an address. Of what is too long only the beginning counts.
    pub fn read(query: Option<&str>, facets: &'static [(&'static str, &'static str)]) -> Self {
        let mut asked = Self { page: 1, limit: PAGE, ..Self::default() };
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let value: String = value.trim().chars().filter(|letter| !letter.is_control()).take(TYPED).collect();
            match name.as_ref() {
                "q" => asked.text = value,
                "sort" => {
                    let known = SORTS.iter().find(|(code, ..)| *code == value);
                    asked.sort = known.map_or(Sort::Relevance, |(_, sort, _)| *sort);
                }
                "page" => asked.page = value.parse().unwrap_or(1).max(1),
                "limit" => asked.limit = value.parse().unwrap_or(PAGE).clamp(1, LONGEST),
                name => match facets.iter().find(|(code, _)| *code == name) {
                    Some((code, _)) if !value.is_empty() => asked.choose(code, value),
                    Some(_) => {}
                    None => asked.unknown.push(name.chars().take(TYPED).collect()),
                },
            }
        }
        asked
    }

    fn choose(&mut self, code: &'static str, value: String) {
        match self.chosen.iter_mut().find(|(known, _)| *known == code) {
            Some((_, values)) if values.len() < CHOSEN && !values.contains(&value) => values.push(value),
            Some(_) => {}
            None => self.chosen.push((code, vec![value])),
        }
    }

    fn ask(&self, kind: &str, counted: &[(&str, &str)]) -> Ask {
        Ask {
            text: self.text.clone(),
            kinds: vec![kind.to_owned()],
            viewer: finding::everybody(),
            chosen: self.chosen.iter().map(|(code, values)| ((*code).to_owned(), values.clone())).collect(),
            counted: counted.iter().map(|(code, _)| (*code).to_owned()).collect(),
            sort: self.sort,
            offset: (self.page - 1).saturating_mul(self.limit),
            limit: self.limit,
            ..Ask::default()
        }
    }

    /// The address of the same question at `path`, without what `leave` names.
    fn address(&self, path: &str, leave: &[&str], more: &[(&str, &str)]) -> String {
        let mut written = form_urlencoded::Serializer::new(String::new());
        if !self.text.is_empty() && !leave.contains(&"q") {
            written.append_pair("q", &self.text);
        }
        for (code, values) in &self.chosen {
            for value in values.iter().filter(|value| !leave.contains(&format!("{code}={value}").as_str())) {
                written.append_pair(code, value);
            }
        }
        if let Some((code, ..)) = SORTS[1..].iter().find(|(_, sort, _)| *sort == self.sort && !leave.contains(&"sort"))
        {
            written.append_pair("sort", code);
        }
        written.extend_pairs(more);
        let written = written.finish();
        if written.is_empty() { path.to_owned() } else { format!("{path}?{written}") }
    }

    /// 查询条件, in words.
    fn words(&self, facets: &[(&str, &str)]) -> String {
        let mut words = Vec::new();
        if !self.text.is_empty() {
            words.push(format!("包含“{}”", self.text));
        }
        for (code, values) in &self.chosen {
            let name = facets.iter().find(|(known, _)| known == code).map_or(*code, |(_, name)| name);
            words.push(format!("{name}：{}", values.join("或者")));
        }
        if words.is_empty() { "全部".to_owned() } else { words.join("；") }
    }
}

/// 一个分面, as a page shows it.
#[derive(Clone, Debug)]
pub struct Facet {
    /// 代码
    pub code: &'static str,
    /// 名称
    pub name: &'static str,
    /// 先显示的值：值、件数、是否已选
    pub first: Vec<(String, usize, bool)>,
    /// 其余的值
    pub rest: Vec<(String, usize, bool)>,
}

/// 一页名录 — what stands around the lines.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// 地址
    pub path: &'static str,
    /// 名称
    pub name: &'static str,
    /// 量词
    pub unit: &'static str,
    /// 检索词
    pub text: String,
    /// 排序的代码；相关为空
    pub sort: &'static str,
    /// 符合条件的总数
    pub total: usize,
    /// 分面
    pub facets: Vec<Facet>,
    /// 已选条件与去掉它的地址
    pub chips: Vec<(String, String)>,
    /// 各种排序：名称、地址、是否现在这样
    pub sorts: Vec<(&'static str, String, bool)>,
    /// 各页：页码（0为省略）、地址
    pub pages: Vec<(usize, String)>,
    /// 第几页
    pub page: usize,
    /// 导出：名称、地址
    pub exports: Vec<(&'static str, String)>,
}

/// One page of a register and its lines.
pub async fn leaf<R: Register>(door: &Door, query: Option<&str>) -> Result<(Leaf, Vec<R::Told>), Refused> {
    let mut asked = Asked::read(query, R::FACETS);
    asked.limit = PAGE;
    let found = page::<R>(door, &mut asked).await?;
    let lines = R::told(door, rows(door, &found.keys).await?).await?;
    let sorts = SORTS.iter().map(|(code, sort, name)| {
        let more = [("sort", *code)];
        let more = if *sort == Sort::Relevance { &[][..] } else { &more[..] };
        (*name, asked.address(R::PATH, &["sort"], more), *sort == asked.sort)
    });
    let pages = found.total.div_ceil(PAGE);
    let leaf = Leaf {
        path: R::PATH,
        name: R::NAME,
        unit: R::UNIT,
        sort: SORTS[1..].iter().find(|(_, sort, _)| *sort == asked.sort).map_or("", |(code, ..)| code),
        total: found.total,
        facets: facets(&asked, R::FACETS, found),
        chips: chips::<R>(&asked),
        sorts: sorts.collect(),
        pages: near(asked.page, pages)
            .into_iter()
            .map(|page| (page, asked.address(R::PATH, &[], &[("page", &page.to_string())])))
            .collect(),
        page: asked.page,
        exports: vec![
            ("JSON", asked.address(&format!("/api/v1/{}", R::FILE), &[], &[])),
            ("CSV", asked.address(&format!("/{}.csv", R::FILE), &[], &[])),
            ("xlsx", asked.address(&format!("/{}.xlsx", R::FILE), &[], &[])),
        ],
        text: asked.text,
    };
    Ok((leaf, lines))
}

/// What is found for this page; a page beyond the last is the last.
async fn page<R: Register>(door: &Door, asked: &mut Asked) -> Result<Found, Refused> {
    let found = door.finder.find(asked.ask(R::KIND, R::FACETS)).await?;
    let last = found.total.div_ceil(asked.limit).max(1);
    if asked.page <= last {
        return Ok(found);
    }
    asked.page = last;
    door.finder.find(asked.ask(R::KIND, R::FACETS)).await
}

async fn rows(door: &Door, keys: &[String]) -> Result<Vec<Row>, Refused> {
    door.office.store.rows(keys).await.map_err(Refused::Unavailable)
}

fn facets(asked: &Asked, names: &'static [(&'static str, &'static str)], found: Found) -> Vec<Facet> {
    let mut facets = Vec::new();
    for ((code, name), (_, values)) in names.iter().zip(found.facets) {
        let chosen: &[String] = asked.chosen.iter().find(|(known, _)| known == code).map_or(&[], |(_, values)| values);
        let counted = |value: &String| values.iter().find(|(known, _)| known == value).map_or(0, |(_, count)| *count);
        // What is chosen stands first, whether or not anything of it was found.
        let mut first: Vec<(String, usize, bool)> =
            chosen.iter().map(|value| (value.clone(), counted(value), true)).collect();
        let others = values
            .iter()
            .filter(|(value, _)| !chosen.contains(value))
            .map(|(value, count)| (value.clone(), *count, false));
        let mut others: Vec<(String, usize, bool)> = others.take(ALL).collect();
        let rest = others.split_off(SHOWN.saturating_sub(first.len()).min(others.len()));
        first.extend(others);
        facets.push(Facet { code, name, first, rest });
    }
    facets.retain(|facet| !facet.first.is_empty());
    facets
}

fn chips<R: Register>(asked: &Asked) -> Vec<(String, String)> {
    let mut chips = Vec::new();
    if !asked.text.is_empty() {
        chips.push((format!("包含“{}”", asked.text), asked.address(R::PATH, &["q"], &[])));
    }
    for (code, values) in &asked.chosen {
        let name = R::FACETS.iter().find(|(known, _)| known == code).map_or(*code, |(_, name)| name);
        for value in values {
            chips.push((format!("{name}：{value}"), asked.address(R::PATH, &[&format!("{code}={value}")], &[])));
        }
    }
    chips
}

/// The pages that are linked: the first, the last, and those about this one; 0 is a gap.
fn near(here: usize, last: usize) -> Vec<usize> {
    if last <= 1 {
        return Vec::new();
    }
    let mut near = vec![1];
    for page in here.saturating_sub(2).max(2)..=(here + 2).min(last) {
        near.push(page);
    }
    near.push(last);
    near.dedup();
    let mut told: Vec<usize> = Vec::new();
    for page in near {
        if told.last().is_some_and(|before| page > before + 1) {
            told.push(0);
        }
        told.push(page);
    }
    told
}

/// 名录（程序） — a page of it, how many there are, how they fall into facets, and where the next page is.
pub async fn json<R: Register>(State(door): State<Door>, RawQuery(query): RawQuery) -> Response {
    listed::<R>(&door, query.as_deref()).await.unwrap_or_else(|refused| answer::as_problem(&refused))
}

async fn listed<R: Register>(door: &Door, query: Option<&str>) -> Result<Response, Refused> {
    let mut asked = Asked::read(query, R::FACETS);
    if let Some(unknown) = asked.unknown.first() {
        let known: Vec<&str> =
            ["q", "sort", "page", "limit"].into_iter().chain(R::FACETS.iter().map(|(code, _)| *code)).collect();
        return Err(Refused::Question(format!("不认识的查询参数“{unknown}”，可用：{}", known.join("、"))));
    }
    let found = page::<R>(door, &mut asked).await?;
    let lines = R::told(door, rows(door, &found.keys).await?).await?;
    let limit = asked.limit.to_string();
    let next = (asked.page.saturating_mul(asked.limit) < found.total).then(|| {
        asked.address(
            &format!("/api/v1/{}", R::FILE),
            &[],
            &[("page", &(asked.page + 1).to_string()), ("limit", &limit)],
        )
    });
    let counts = |values: &[(String, usize)]| {
        values.iter().map(|(value, count)| (value.clone(), json!(count))).collect::<Map<_, _>>()
    };
    let facets: Map<String, Value> =
        found.facets.iter().map(|(code, values)| (code.clone(), counts(values).into())).collect();
    Ok(Json(json!({
        "name": R::NAME,
        "definition": R::MEANING,
        "query": asked.words(R::FACETS),
        "total": found.total,
        "page": asked.page,
        "limit": asked.limit,
        "next": next,
        "facets": facets,
        R::FILE: lines.iter().map(R::json).collect::<Vec<_>>(),
    }))
    .into_response())
}

/// 名录（CSV） — all of what was found, as long as it is.
pub async fn csv<R: Register>(
    State(door): State<Door>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let asked = Asked::read(query.as_deref(), R::FACETS);
    match keys::<R>(&door, &asked).await {
        Ok((keys, _)) => export::csv(R::FILE, R::HEAD, pages::<R>(door, keys)),
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}

/// 名录（xlsx） — what was found, up to a bound that its second sheet tells.
pub async fn xlsx<R: Register>(
    State(door): State<Door>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let asked = Asked::read(query.as_deref(), R::FACETS);
    book::<R>(&door, &asked).await.unwrap_or_else(|refused| answer::told(&refused, &headers, &uri))
}

async fn book<R: Register>(door: &Door, asked: &Asked) -> Result<Response, Refused> {
    let (mut keys, total) = keys::<R>(door, asked).await?;
    keys.truncate(export::LONGEST);
    let mut lines = Vec::with_capacity(keys.len());
    for some in keys.chunks(TOGETHER) {
        lines.extend(R::told(door, rows(door, some).await?).await?.iter().map(R::line));
    }
    let query = asked.words(R::FACETS);
    let about = About { file: R::FILE, name: R::NAME.into(), meaning: R::MEANING.into(), query, total, at: door.now() };
    export::xlsx(about, R::HEAD, lines).await
}

/// The keys of everything that was found, in order.
async fn keys<R: Register>(door: &Door, asked: &Asked) -> Result<(Vec<String>, usize), Refused> {
    let ask = Ask { offset: 0, limit: usize::MAX, ..asked.ask(R::KIND, &[]) };
    let found = door.finder.find(ask).await?;
    Ok((found.keys, found.total))
}

/// The lines of these keys, some at a time; a list whose reading fails midway ends with a line that says so.
fn pages<R: Register>(door: Door, keys: Vec<String>) -> impl Stream<Item = Vec<Line>> + Send {
    let keys = Arc::new(keys);
    stream::unfold(0, move |from| {
        let (door, keys) = (door.clone(), Arc::clone(&keys));
        async move {
            let some = keys.get(from..(from + TOGETHER).min(keys.len())).filter(|some| !some.is_empty())?;
            let read = async { R::told(&door, rows(&door, some).await?).await };
            match read.await {
                Ok(lines) => Some((lines.iter().map(R::line).collect(), from + TOGETHER)),
                Err(why) => Some((vec![vec![format!("未能导出其余部分：{why}").into()]], keys.len())),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACETS: &[(&str, &str)] = &[("grade", "数据级别"), ("provider", "提供单位")];

    #[test]
    fn an_address_is_read_and_written_again() {
        let asked =
            Asked::read(Some("q=%E5%81%9C%E8%BD%A6&grade=a&grade=b&grade=a&sort=name&page=3&provider=&x=1"), FACETS);
        assert_eq!((asked.text.as_str(), asked.sort, asked.page), ("停车", Sort::Name, 3));
        assert_eq!(asked.unknown, ["x"]);
        assert_eq!(asked.address("/c", &[], &[]), "/c?q=%E5%81%9C%E8%BD%A6&grade=a&grade=b&sort=name");
        assert_eq!(asked.address("/c", &["q", "grade=a", "sort"], &[("page", "2")]), "/c?grade=b&page=2");
        assert_eq!(asked.words(FACETS), "包含“停车”；数据级别：a或者b");
        let wild = format!("q={}&page=-1&sort=%00&limit=99999999&{}", "a".repeat(10_000), "grade=v&".repeat(1000));
        let asked = Asked::read(Some(&wild), FACETS);
        assert_eq!(
            (asked.text.len(), asked.page, asked.sort, asked.limit, asked.chosen.len()),
            (100, 1, Sort::Relevance, 1000, 1)
        );
        assert_eq!(Asked::read(Some("page=99999999999999999999&q=%00%1b"), FACETS).page, 1);
        assert_eq!(Asked::read(None, FACETS).words(FACETS), "全部");
    }

    #[test]
    fn the_first_the_last_and_the_pages_about_this_one_are_linked() {
        let table: [(usize, usize, &[usize]); 6] = [
            (1, 1, &[]),
            (1, 2, &[1, 2]),
            (1, 9, &[1, 2, 3, 0, 9]),
            (5, 9, &[1, 0, 3, 4, 5, 6, 7, 0, 9]),
            (9, 9, &[1, 0, 7, 8, 9]),
            (1, 0, &[]),
        ];
        for (here, last, pages) in table {
            assert_eq!(near(here, last), pages, "{here}/{last}");
        }
    }
}
