//! 列表 — a table that is searched, narrowed by facets, sorted, leafed through and taken away, all by its address.

use std::{borrow::Borrow, cmp::Ordering, collections::BTreeMap};

use askama::Template;
use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use futures::stream;
use jiff::Timestamp;
use serde_json::{Value, json};
use workflow::Refused;

use super::{
    empty::Empty,
    query::Query,
    tag::{Tag, Tone},
};
use crate::export::{self, About};

/// How many rows are on a page.
const PAGE: usize = 25;

/// 一列.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// 代码，在地址和导出中
    pub key: &'static str,
    /// 名称
    pub name: &'static str,
    /// 数值，右对齐
    pub number: bool,
    /// 可以按它筛选
    pub facet: bool,
    /// 不折行，如编号
    pub whole: bool,
}

/// 一格.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// 文字
    pub text: String,
    /// 去处
    pub path: String,
    /// 作为标签显示的语气
    pub tone: Option<Tone>,
    /// 排序和导出用的数
    pub value: Option<i64>,
}

/// 一个筛选面：列、各值及件数、是否已选.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    column: Column,
    values: Vec<(String, usize, bool)>,
}

/// 列表.
#[derive(Clone, Debug, Template)]
#[template(path = "components/list.html")]
pub struct List {
    /// 页面上的编号
    pub id: &'static str,
    /// 名称
    pub caption: String,
    columns: &'static [Column],
    /// 符合条件的全部，已排序
    found: Vec<Vec<Cell>>,
    all: usize,
    facets: Vec<Facet>,
    query: Query,
    empty: Empty,
}

component!(List);

impl Column {
    pub const fn new(key: &'static str, name: &'static str) -> Self {
        Self { key, name, number: false, facet: false, whole: false }
    }

    /// One that can be narrowed by.
    pub const fn facet(key: &'static str, name: &'static str) -> Self {
        Self { facet: true, ..Self::new(key, name) }
    }

    /// One whose text is not broken, such as a file's number.
    pub const fn whole(key: &'static str, name: &'static str) -> Self {
        Self { whole: true, ..Self::new(key, name) }
    }

    /// One of numbers.
    pub const fn number(key: &'static str, name: &'static str) -> Self {
        Self { number: true, ..Self::new(key, name) }
    }
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub fn link(text: impl Into<String>, path: impl Into<String>) -> Self {
        Self { text: text.into(), path: path.into(), ..Self::default() }
    }

    pub fn state(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { tone: Some(Tone::of(&text)), text, ..Self::default() }
    }

    /// A number that is shown as `text`.
    pub fn number(text: impl Into<String>, value: i64) -> Self {
        Self { text: text.into(), value: Some(value), ..Self::default() }
    }

    /// As it stands in a file of lines.
    fn told(&self) -> export::Cell {
        self.value.map_or_else(|| self.text.as_str().into(), export::Cell::from)
    }

    /// As programs read it.
    fn json(&self) -> Value {
        self.value.map_or_else(|| self.text.as_str().into(), Into::into)
    }

    fn tag(&self) -> Tag {
        Tag::new(self.text.as_str(), self.tone.unwrap_or_default())
    }

    fn order(&self, other: &Self) -> Ordering {
        // What has no number comes last, whichever way the rest is turned.
        match (self.value, other.value) {
            (Some(one), Some(other)) => one.cmp(&other),
            (None, None) => self.text.cmp(&other.text),
            (one, other) => other.is_some().cmp(&one.is_some()),
        }
    }
}

impl List {
    /// Narrows and sorts `rows` as the address says; their cells are in the order of the columns.
    pub fn of(
        id: &'static str,
        caption: impl Into<String>,
        columns: &'static [Column],
        rows: Vec<Vec<Cell>>,
        query: Query,
        empty: Empty,
    ) -> Self {
        let all = rows.len();
        let words: Vec<String> = query.get("q").split_whitespace().map(str::to_lowercase).collect();
        let speaks = |row: &[Cell]| {
            words.iter().all(|word| row.iter().any(|cell| cell.text.to_lowercase().contains(word.as_str())))
        };
        let chosen = |place: usize, row: &[Cell]| {
            let column = columns[place];
            !column.facet
                || !query.says(column.key)
                || query.all(column.key).any(|value| row.get(place).is_some_and(|cell| cell.text == value))
        };
        let rows: Vec<Vec<Cell>> = rows.into_iter().filter(|row| speaks(row)).collect();
        let facets = (0..columns.len()).filter(|place| columns[*place].facet).map(|place| {
            let others = |row: &&Vec<Cell>| (0..columns.len()).all(|other| other == place || chosen(other, row));
            let mut values: Vec<(String, usize, bool)> = Vec::new();
            for cell in rows.iter().filter(others).filter_map(|row| row.get(place)) {
                match values.iter_mut().find(|(value, ..)| *value == cell.text) {
                    Some((_, count, _)) => *count += 1,
                    None => values.push((cell.text.clone(), 1, false)),
                }
            }
            let key = columns[place].key;
            for value in query.all(key) {
                match values.iter_mut().find(|(known, ..)| known == value) {
                    Some((.., ticked)) => *ticked = true,
                    None => values.push((value.to_owned(), 0, true)),
                }
            }
            Facet { column: columns[place], values }
        });
        let facets = facets.collect();
        let mut found: Vec<Vec<Cell>> =
            rows.iter().filter(|row| (0..columns.len()).all(|place| chosen(place, row))).cloned().collect();
        let sort = query.get("sort");
        let (key, turned) = sort.strip_prefix('-').map_or((sort, false), |key| (key, true));
        if let Some(place) = columns.iter().position(|column| column.key == key) {
            found.sort_by(|one, other| {
                let (one, other) = (&one[place], &other[place]);
                let known = one.value.is_some() == other.value.is_some();
                if turned && known { other.order(one) } else { one.order(other) }
            });
        }
        Self { id, caption: caption.into(), columns, found, all, facets, query, empty }
    }

    /// The columns that are chosen: their places.
    fn shown(&self) -> Vec<usize> {
        let all = 0..self.columns.len();
        let chosen: Vec<usize> = all
            .clone()
            .filter(|place| *place == 0 || self.query.all("cols").any(|key| key == self.columns[*place].key))
            .collect();
        if self.query.says("cols") { chosen } else { all.collect() }
    }

    /// Which way a column is sorted: nothing, ascending, descending.
    fn sorted(&self, column: &Column) -> &'static str {
        match self.query.get("sort") {
            sort if sort == column.key => "ascending",
            sort if sort.strip_prefix('-') == Some(column.key) => "descending",
            _ => "",
        }
    }

    /// The address that sorts by a column, or turns it round.
    fn sorting(&self, column: &Column) -> String {
        let turned = if self.sorted(column) == "ascending" { "-" } else { "" };
        self.query.with("sort", &format!("{turned}{}", column.key))
    }

    fn page(&self) -> usize {
        self.query.get("page").parse().unwrap_or(1).clamp(1, self.pages())
    }

    fn pages(&self) -> usize {
        self.found.len().div_ceil(PAGE).max(1)
    }

    fn leaf(&self, page: impl Borrow<usize>) -> String {
        self.query.with("page", &page.borrow().to_string())
    }

    fn rows(&self) -> &[Vec<Cell>] {
        let from = (self.page() - 1) * PAGE;
        &self.found[from.min(self.found.len())..(from + PAGE).min(self.found.len())]
    }

    /// The pages that are linked: the first, the last, and those about this one; 0 is a gap.
    fn near(&self) -> Vec<usize> {
        let (here, last) = (self.page(), self.pages());
        let mut near: Vec<usize> = Vec::new();
        for page in (1..=last).filter(|page| *page == 1 || *page == last || page.abs_diff(here) <= 2) {
            if near.last().is_some_and(|before| page - before > 1) {
                near.push(0);
            }
            near.push(page);
        }
        near
    }

    /// What has been chosen, and the address without it.
    fn chips(&self) -> Vec<(String, String)> {
        let words = self.query.all("q").map(|words| (format!("包含“{words}”"), self.query.without("q", words)));
        let facets = self.columns.iter().filter(|column| column.facet).flat_map(|column| {
            let chip = |value: &str| (format!("{}：{value}", column.name), self.query.without(column.key, value));
            self.query.all(column.key).map(chip).collect::<Vec<_>>()
        });
        words.chain(facets).collect()
    }

    /// The addresses of this list, as it has been narrowed, for programs and spreadsheet programs.
    fn exports(&self) -> [(&'static str, String); 3] {
        [("JSON", "json"), ("CSV", "csv"), ("xlsx", "xlsx")]
            .map(|(name, format)| (name, self.query.with("format", format)))
    }

    /// Nothing fits, though there is something.
    fn nothing(&self) -> Empty {
        Empty::new("符合条件的一件也没有", "请减少条件，或者换一个词查找").with(self.query.path(), "全部清除")
    }

    /// 导出 — the list as the file that its address asks for; nothing where it asks for a page.
    pub async fn file(
        &self,
        file: &'static str,
        meaning: &'static str,
        at: Timestamp,
    ) -> Option<Result<Response, Refused>> {
        let head: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        let lines = || self.found.iter().map(|row| row.iter().map(Cell::told).collect()).collect::<Vec<_>>();
        match self.query.get("format") {
            "json" => {
                let keys = || self.columns.iter().map(|column| column.key);
                let row = |row: &Vec<Cell>| keys().zip(row).map(|(key, cell)| (key, cell.json())).collect();
                let rows: Vec<BTreeMap<&str, Value>> = self.found.iter().map(row).collect();
                Some(Ok(Json(json!({ file: rows })).into_response()))
            }
            "csv" => Some(Ok(export::csv(file, &head, stream::iter([lines()])))),
            "xlsx" => {
                let query = self.chips().into_iter().map(|(name, _)| name).collect::<Vec<_>>().join("；");
                let about = About {
                    file,
                    name: self.caption.clone().into(),
                    meaning: meaning.into(),
                    query,
                    total: self.found.len(),
                    at,
                };
                Some(export::xlsx(about, &head, lines()).await)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] =
        &[Column::new("name", "名称"), Column::facet("state", "状态"), Column::number("rows", "行数")];

    fn list(address: &str) -> List {
        let row = |name: &str, state: &str, rows: Option<i64>| {
            vec![Cell::text(name), Cell::state(state), Cell { value: rows, ..Cell::text("") }]
        };
        let mut rows = vec![
            row("停车泊位", "已上架", Some(9)),
            row("空气质量", "已下架", None),
            row("停车收费", "已上架", Some(70)),
        ];
        rows.extend((0..60).map(|number| row(&format!("第{number}件"), "立项", Some(number))));
        List::of("list", "产品", COLUMNS, rows, Query::of(&address.parse().unwrap()), Empty::default())
    }

    fn names(list: &List) -> Vec<&str> {
        list.rows().iter().map(|row| row[0].text.as_str()).collect()
    }

    #[test]
    fn the_address_narrows_sorts_and_leafs() {
        assert_eq!(names(&list("/p?q=停车")), ["停车泊位", "停车收费"]);
        assert_eq!(names(&list("/p?q=停车&sort=-rows")), ["停车收费", "停车泊位"]);
        assert_eq!(names(&list("/p?state=已下架")), ["空气质量"]);
        assert_eq!(list("/p?sort=rows&page=3").rows().last().unwrap()[0].text, "空气质量", "没有数的在最后");
        assert_eq!(list("/p?sort=-rows&page=3").rows().last().unwrap()[0].text, "空气质量");
        assert_eq!((list("/p?page=99").page(), list("/p?page=x").page(), list("/p").pages()), (3, 1, 3));
        assert_eq!(list("/p?cols=rows").shown(), [0, 2]);
        assert!(list("/p?state=没有的").to_string().contains("符合条件的一件也没有"));
    }

    #[test]
    fn facets_count_what_choosing_them_would_find() {
        let list = list("/p?q=停车&state=已下架");
        let counts: Vec<_> =
            list.facets[0].values.iter().map(|(value, count, on)| (value.as_str(), *count, *on)).collect();
        assert_eq!(counts, [("已上架", 2, false), ("已下架", 0, true)]);
        assert_eq!(list.chips().len(), 2);
    }
}
