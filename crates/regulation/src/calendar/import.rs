//! 录入 — an arrangement as somebody hands it in: the notice's text, a file, or a form filled in.
//!
//! What is handed in is kept as it came; reading it tells every word that was not understood, and
//! never guesses. A file is JSON in the schema of holiday-cn, or TOML as in `calendar/`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    Amendment, Arrangement, Days, Festival, Flaw,
    arrangement::YEARS,
    notice::{self, Found},
};

/// The largest text that is read, in bytes; notices have about two thousand.
pub const LARGEST: usize = 64 * 1024;

/// 录入件 — everything as it was typed; what the content says itself need not be typed again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Import {
    /// 年份
    pub year: String,
    /// 文号或者标题
    pub notice: String,
    /// 印发日期
    pub published: String,
    /// 出处
    pub address: String,
    /// 通知全文、JSON 或者 TOML
    pub content: String,
    /// 逐项填写
    pub rows: BTreeMap<String, Row>,
}

/// 一行 — one festival as it is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// 节日
    pub name: String,
    /// 放假首日
    pub first: String,
    /// 放假末日，不写则只放一天
    pub last: String,
    /// 共几天
    pub total: String,
    /// 调休上班的日子，多个以顿号隔开
    pub work: String,
}

/// 读到的 — the arrangement as far as it was understood, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// 放假安排
    pub arrangement: Arrangement,
    /// 没有读懂、不存在或者互相矛盾的
    pub flaws: Vec<Flaw>,
    /// 读懂了但不计入的话，如“鼓励……休息”
    pub aside: Vec<String>,
}

impl Import {
    /// Reads what was handed in.
    pub fn read(&self) -> Reading {
        let mut flaws = Vec::new();
        let content = self.content.trim_start_matches('\u{feff}').trim();
        let rows: Vec<&Row> = self.rows.values().filter(|row| !row.is_empty()).collect();
        let year = self.typed_year(&mut flaws);
        let published = optional(&self.published, &mut flaws);
        let mut aside = Vec::new();
        let mut arrangement = match (content.is_empty(), rows.is_empty()) {
            (true, true) => return Reading { flaws: vec![Flaw::Nothing], ..Reading::default() },
            (false, false) => return Reading { flaws: vec![Flaw::Both], ..Reading::default() },
            (true, false) => Arrangement { festival: from_rows(&rows, &mut flaws), ..Arrangement::default() },
            (false, true) if content.len() > LARGEST => {
                return Reading { flaws: vec![Flaw::TooLarge(content.len())], ..Reading::default() };
            }
            (false, true) => {
                let (read, unread) = if content.starts_with(['{', '[']) && !content.starts_with("[[") {
                    from_json(content)
                } else if content.contains("[[festival]]") {
                    from_toml(content)
                } else {
                    let Found { arrangement, flaws, aside: told } = notice::read(content, year);
                    aside = told;
                    (arrangement, flaws)
                };
                flaws.extend(unread);
                read
            }
        };
        if arrangement.year == 0 {
            arrangement.year = year.unwrap_or(0);
        } else if let Some(typed) = year.filter(|typed| *typed != arrangement.year) {
            let (typed, read) = (typed.to_string(), arrangement.year.to_string());
            flaws.push(Flaw::Disagrees { what: "年份", typed, read });
        }
        let typed = self.notice.trim();
        if arrangement.notice.trim().is_empty() {
            typed.clone_into(&mut arrangement.notice);
        } else if !typed.is_empty() && notice::even(typed) != notice::even(&arrangement.notice) {
            let (typed, read) = (typed.to_owned(), arrangement.notice.clone());
            flaws.push(Flaw::Disagrees { what: "文号", typed, read });
        }
        match (published, arrangement.published) {
            (Some(typed), Some(read)) if typed != read => {
                let (typed, read) = (typed.to_string(), read.to_string());
                flaws.push(Flaw::Disagrees { what: "印发日期", typed, read });
            }
            (typed, read) => arrangement.published = read.or(typed),
        }
        let address = self.address.trim();
        if !address.is_empty() && !arrangement.papers.iter().any(|paper| paper == address) {
            arrangement.papers.push(address.to_owned());
        }
        Reading { arrangement, flaws, aside }
    }

    fn typed_year(&self, flaws: &mut Vec<Flaw>) -> Option<i16> {
        let typed = self.year.trim().trim_end_matches('年');
        if typed.is_empty() {
            return None;
        }
        let year = typed.parse().ok().filter(|year| YEARS.contains(year));
        if year.is_none() {
            flaws.push(Flaw::NotAYear(typed.to_owned()));
        }
        year
    }
}

impl Row {
    fn is_empty(&self) -> bool {
        // A row that offers a festival's name and was left at that says nothing.
        [&self.first, &self.last, &self.total, &self.work].iter().all(|text| text.trim().is_empty())
    }
}

fn from_rows(rows: &[&Row], flaws: &mut Vec<Flaw>) -> Vec<Festival> {
    let festival = |row: &&Row| {
        let (first, last) = (optional(&row.first, flaws), optional(&row.last, flaws));
        let total = row.total.trim();
        let told = total.trim_start_matches('共').trim_end_matches('天').parse().ok();
        if !total.is_empty() && told.is_none() {
            flaws.push(Flaw::Unread(row.name.trim().to_owned(), total.to_owned()));
        }
        let worked = row.work.split(['、', ',', '，', ';', '；', ' ', '\n', '\r', '\t']);
        Festival {
            name: row.name.trim().to_owned(),
            off: first.map(|first| Days { first, last: last.unwrap_or(first) }).into_iter().collect(),
            work: worked.filter_map(|day| optional(day, flaws)).collect(),
            total: told,
        }
    };
    rows.iter().map(festival).collect()
}

/// A date, where one is written.
fn optional(text: &str, flaws: &mut Vec<Flaw>) -> Option<Date> {
    let text = text.trim();
    if text.is_empty() { None } else { day(text, flaws) }
}

fn day(text: &str, flaws: &mut Vec<Flaw>) -> Option<Date> {
    let day = text.parse().ok();
    if day.is_none() {
        flaws.push(Flaw::NoSuchDay(text.to_owned()));
    }
    day
}

/// holiday-cn — one entry a day; days of one festival that follow each other become one range.
fn from_json(text: &str) -> (Arrangement, Vec<Flaw>) {
    #[derive(Deserialize)]
    struct File {
        year: i16,
        papers: Vec<String>,
        days: Vec<Entry>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Entry {
        name: String,
        date: String,
        is_off_day: bool,
    }
    let read: File = match serde_json::from_str(text) {
        Ok(read) => read,
        Err(why) => return (Arrangement::default(), vec![Flaw::Unreadable(format!("JSON {why}"))]),
    };
    let mut flaws = Vec::new();
    if read.papers.iter().all(|paper| paper.trim().is_empty()) {
        flaws.push(Flaw::NoPapers);
    }
    let mut festivals: Vec<Festival> = Vec::new();
    for Entry { name, date, is_off_day } in read.days {
        let Some(day) = day(&date, &mut flaws) else { continue };
        let place = festivals.iter().position(|festival| festival.name == name);
        let place = place.unwrap_or_else(|| {
            festivals.push(Festival { name, ..Festival::default() });
            festivals.len() - 1
        });
        let festival = &mut festivals[place];
        match festival.off.last_mut() {
            _ if !is_off_day => festival.work.push(day),
            Some(days) if days.last.tomorrow().ok() == Some(day) => days.last = day,
            _ => festival.off.push(Days { first: day, last: day }),
        }
    }
    let papers = read.papers.into_iter().filter(|paper| !paper.trim().is_empty()).collect();
    (Arrangement { year: read.year, papers, festival: festivals, ..Arrangement::default() }, flaws)
}

/// `calendar/*.toml` — what it lacks is told with everything else; a word it should not have, at once.
pub(super) fn from_toml(text: &str) -> (Arrangement, Vec<Flaw>) {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[serde(default)]
        year: i16,
        #[serde(default)]
        notice: String,
        #[serde(default)]
        published: String,
        #[serde(default)]
        papers: Vec<String>,
        #[serde(default)]
        amendment: Vec<Later>,
        #[serde(default)]
        festival: Vec<Kept>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Later {
        notice: String,
        published: String,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Kept {
        #[serde(default)]
        name: String,
        #[serde(default)]
        off: Vec<String>,
        #[serde(default)]
        work: Vec<String>,
        total: Option<u16>,
    }
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(why) => return (Arrangement::default(), vec![Flaw::Unreadable(format!("TOML {}", why.message()))]),
    };
    let mut flaws = Vec::new();
    let range = |text: String, flaws: &mut Vec<Flaw>| {
        let (first, last) = text.split_once("..").unwrap_or((&text, &text));
        Some(Days { first: day(first.trim(), flaws)?, last: day(last.trim(), flaws)? })
    };
    let mut festivals = Vec::new();
    for Kept { name, off, work, total } in file.festival {
        let off = off.into_iter().filter_map(|days| range(days, &mut flaws)).collect();
        let work = work.iter().filter_map(|text| day(text.trim(), &mut flaws)).collect();
        festivals.push(Festival { name, off, work, total });
    }
    let mut amendments = Vec::new();
    for Later { notice, published } in file.amendment {
        amendments.extend(day(&published, &mut flaws).map(|published| Amendment { notice, published }));
    }
    let arrangement = Arrangement {
        year: file.year,
        notice: file.notice,
        published: optional(&file.published, &mut flaws),
        papers: file.papers,
        amendment: amendments,
        festival: festivals,
    };
    (arrangement, flaws)
}
