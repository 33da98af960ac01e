//! 列表 — what an address asks of a list, the line that a list shows, and the way to the next page.

use jiff::civil::Date;
use regulation::Calendar;
use serde::Deserialize;
use store::{
    Row,
    list::{Order, Page},
};

use crate::{frame, names};

mod left;

pub use left::Left;

/// How many lines a page shows.
pub const SHOWN: u32 = 50;
/// How many lines a program may ask for at a time.
const MOST: u32 = 500;
/// How many lines a table has at most, and how many of them are read at a time.
pub const TABLE: u32 = 10_000;
pub const READ: u32 = 500;
/// How many characters of a title are shown in a list.
const LONGEST: usize = 32;

/// 所问 — what an address asks of a list. Whatever a list does not know asks for nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// 事项
    pub subject: String,
    /// 状态
    pub state: String,
    /// 剩余
    pub left: String,
    /// 关键词
    pub word: String,
    /// 在办
    pub underway: String,
    /// 次序
    pub sort: String,
    /// 单位
    pub org: String,
    /// 上位卷宗
    pub on: String,
    /// 人员
    pub person: String,
    /// 行为
    pub act: String,
    /// 结果
    pub outcome: String,
    /// 第几页
    pub page: String,
    /// 每页几行（程序）
    pub size: String,
}

/// The orders that a list may be asked for.
pub const ORDERS: [(&str, &str, Order); 4] = [
    ("", "最急的在前", Order::Urgent),
    ("relaxed", "最宽裕的在前", Order::Relaxed),
    ("newest", "最近提出的在前", Order::Newest),
    ("oldest", "最早提出的在前", Order::Oldest),
];

/// The same, by code and name, for a form.
pub fn orders() -> impl Iterator<Item = (&'static str, &'static str)> {
    ORDERS.into_iter().map(|(code, name, _)| (code, name))
}

/// How long a word may be that is looked for, in characters.
const WORD: usize = 60;

impl Asked {
    /// The page that is asked for; the first one where that is no number.
    pub fn page(&self) -> u64 {
        self.page.trim().parse().ok().filter(|page| *page > 0).unwrap_or(1)
    }

    /// The order that is asked for.
    pub fn order(&self, otherwise: Order) -> Order {
        ORDERS.iter().find(|(code, ..)| *code == self.sort && !code.is_empty()).map_or(otherwise, |(.., order)| *order)
    }

    /// The word, not longer than anybody looks for.
    pub fn word(&self) -> String {
        self.word.trim().chars().filter(|letter| !letter.is_control()).take(WORD).collect()
    }

    /// How many lines a program asks for.
    pub fn size(&self) -> u32 {
        self.size.trim().parse().ok().filter(|size| (1..=MOST).contains(size)).unwrap_or(MOST)
    }

    /// The same question with one part changed, from its first page on, as an address.
    pub fn with(&self, path: &str, name: &str, value: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (known, kept) in self.parts() {
            let value = if known == name { value } else { kept };
            if !value.is_empty() && (known != "page" || name == "page") {
                query.append_pair(known, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The same question of another address.
    pub fn at(&self, path: &str) -> String {
        self.with(path, "", "")
    }

    /// 查询条件 — in words, for a file that has left the platform.
    pub fn told(&self) -> String {
        let left = Left::named(&self.left).map_or(self.left.as_str(), |left| left.name());
        let order = orders().find(|(code, _)| *code == self.sort).map_or(self.sort.as_str(), |(_, name)| name);
        let parts = [
            ("事项", names::subject(&self.subject)),
            ("状态", &names::state(&self.subject, &self.state)),
            ("剩余", left),
            ("关键词", &self.word),
            ("在办", if self.underway.is_empty() { "" } else { "是" }),
            ("单位", &self.org),
            ("上位卷宗", &self.on),
            ("人员", &self.person),
            ("行为", names::act(&self.act)),
            (
                "结果",
                match self.outcome.as_str() {
                    "refused" => "不予办理",
                    other => other,
                },
            ),
            ("次序", order),
        ];
        let told = parts.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}：{value}"));
        told.collect::<Vec<_>>().join("；")
    }

    fn parts(&self) -> [(&'static str, &str); 12] {
        [
            ("subject", &self.subject),
            ("state", &self.state),
            ("left", &self.left),
            ("word", &self.word),
            ("underway", &self.underway),
            ("sort", &self.sort),
            ("org", &self.org),
            ("on", &self.on),
            ("person", &self.person),
            ("act", &self.act),
            ("outcome", &self.outcome),
            ("page", &self.page),
        ]
    }
}

/// 一行.
#[derive(Clone, Debug)]
pub struct Line {
    /// 主题
    pub subject: String,
    /// 事项
    pub name: &'static str,
    /// 编号
    pub id: String,
    /// 标题
    pub title: String,
    /// 状态
    pub state: String,
    /// 待谁办理：身份
    pub waits: String,
    /// 待谁办理：单位
    pub whom: String,
    /// 届满之日
    pub due: Option<Date>,
    /// 剩余工作日
    pub remaining: Option<i64>,
    /// 督办之日
    pub escalated: Vec<Date>,
    /// 地址
    pub path: String,
}

/// What a list reads of a body besides what stands in the row's columns.
#[derive(Default, Deserialize)]
struct Said {
    #[serde(default)]
    escalated: Vec<Date>,
}

impl Line {
    pub fn of(row: &Row, calendar: &Calendar, today: Date) -> Self {
        let due: Option<Date> = row.due.parse().ok();
        let (waits, whom) = row.awaits.split_once('@').unwrap_or_default();
        let said: Said = row.read().unwrap_or_default(); // a body that cannot be read is told by its page
        Self {
            subject: row.subject().to_owned(),
            name: names::known_name(row.subject()),
            id: row.id().to_owned(),
            title: short(&row.title),
            state: names::state(row.subject(), &row.state),
            waits: waits.to_owned(),
            whom: whom.to_owned(),
            due,
            remaining: due.map(|due| calendar.remaining(today, due)),
            escalated: said.escalated,
            path: names::path(row.subject(), row.id()),
        }
    }

    /// 剩余2个工作日.
    pub fn told(&self) -> String {
        self.remaining.map_or_else(|| "无法定时限".to_owned(), frame::remaining)
    }

    /// The colour of the remainder.
    pub fn tone(&self) -> &'static str {
        self.remaining.map_or("", frame::tone)
    }

    /// 2025年9月8日.
    pub fn date(&self) -> String {
        self.due.map(frame::date).unwrap_or_default()
    }

    /// The days on which its missed terms were said aloud, one after another.
    pub fn escalations(&self) -> String {
        self.escalated.iter().map(|day| frame::date(*day)).collect::<Vec<_>>().join("、")
    }

    /// What its link says.
    pub fn label(&self) -> &str {
        if self.title.is_empty() { &self.id } else { &self.title }
    }
}

/// A title as a list shows it.
pub fn short(title: &str) -> String {
    let letters = title.chars().count();
    let cut = if letters > LONGEST { "…" } else { "" };
    title.chars().take(LONGEST).collect::<String>() + cut
}

/// 页码 — where one is in a list, and the way on.
#[derive(Clone, Debug)]
pub struct Pager {
    /// 第几页
    pub page: u64,
    /// 共几页
    pub pages: u64,
    /// 共几件
    pub all: u64,
    /// 上一页
    pub back: Option<String>,
    /// 下一页
    pub on: Option<String>,
    /// 最后一页
    pub last: String,
    /// 第一页
    pub first: String,
}

impl Pager {
    pub fn of(asked: &Asked, path: &str, all: u64) -> Self {
        let (page, pages) = (asked.page(), all.div_ceil(u64::from(SHOWN)).max(1));
        let to = |page: u64| asked.with(path, "page", &if page == 1 { String::new() } else { page.to_string() });
        Self {
            page,
            pages,
            all,
            back: (page > 1).then(|| to((page - 1).min(pages))),
            on: (page < pages).then(|| to(page + 1)),
            last: to(pages),
            first: to(1),
        }
    }

    /// 超出最后一页.
    pub fn beyond(&self) -> bool {
        self.page > self.pages
    }

    /// What is passed over, and what is shown.
    pub fn shown(&self) -> Page {
        Page { skip: (self.page - 1).saturating_mul(u64::from(SHOWN)), show: SHOWN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_what_was_asked_and_starts_from_the_first_page() {
        let asked = Asked { word: "停车&a=1".into(), page: "7".into(), subject: "demand".into(), ..Asked::default() };
        assert_eq!(
            asked.with("/tasks", "left", "week"),
            "/tasks?subject=demand&left=week&word=%E5%81%9C%E8%BD%A6%26a%3D1"
        );
        assert_eq!(asked.with("/tasks", "page", "8"), "/tasks?subject=demand&word=%E5%81%9C%E8%BD%A6%26a%3D1&page=8");
        for wrong in ["", "0", "-1", "一", "99999999999999999999999"] {
            assert_eq!(Asked { page: wrong.into(), ..Asked::default() }.page(), 1, "{wrong}");
        }
        let pager = Pager::of(&Asked { page: "9".into(), ..Asked::default() }, "/files", 101);
        assert!(pager.beyond());
        assert_eq!((pager.pages, pager.back.as_deref(), pager.on), (3, Some("/files?page=3"), None));
    }
}
