//! 页框 — what surrounds every page: who is signed in, where one is, and how dates are written.

use jiff::{Timestamp, civil::Date, tz::Offset};
use workflow::Notice;

pub use crate::components::clock::remaining;
use crate::{
    components::tag::Tone,
    look::{self, Asked, Size, Theme},
    menu::{self, Group},
    session::Visitor,
    site::Site,
};

/// 页框.
#[derive(Clone, Debug)]
pub struct Frame {
    /// 页面标题
    pub title: String,
    /// 登录者：单位、姓名、身份
    pub who: Option<Who>,
    /// 当前栏目
    pub section: &'static str,
    /// 大屏：不显示导航和页脚
    pub wall: bool,
    /// 有错误要告知
    pub troubled: bool,
    asked: Asked,
}

/// 登录者.
#[derive(Clone, Debug)]
pub struct Who {
    /// 单位
    pub org: String,
    /// 姓名
    pub name: String,
    /// 身份
    pub role: &'static str,
    /// 工作的去处
    pub work: Vec<Group>,
    /// 未读的告知，至多数到一百
    pub unread: u64,
}

impl Who {
    pub fn of(visitor: &Visitor) -> Self {
        Self {
            org: visitor.organisation.name.clone(),
            name: visitor.person.name.clone(),
            role: visitor.acting.role.name(),
            work: menu::work(visitor.acting.role),
            unread: 0,
        }
    }

    /// 未读的告知，如“3”“99+”；没有的为空
    pub fn unread(&self) -> String {
        match self.unread {
            0 => String::new(),
            1..100 => self.unread.to_string(),
            _ => "99+".to_owned(),
        }
    }
}

impl Frame {
    pub fn new(title: impl Into<String>, section: &'static str, visitor: Option<&Visitor>) -> Self {
        let asked = look::asked();
        let met = asked.who(); // counted when the session was looked up
        let unread = met.as_ref().map_or(0, |met| met.unread);
        let who = visitor.map(|visitor| Who { unread, ..Who::of(visitor) }).or(met);
        Self { title: title.into(), who, section, wall: false, troubled: false, asked }
    }

    /// 大屏 — a page that hangs on a wall.
    #[must_use]
    pub fn on_the_wall(mut self) -> Self {
        self.asked.look.theme = Theme::Dark;
        Self { wall: true, ..self }
    }

    /// The browser's title begins with the error, so that it is heard first.
    #[must_use]
    pub fn troubled(self, troubled: bool) -> Self {
        Self { troubled, ..self }
    }

    /// 字号
    pub fn size(&self) -> Size {
        self.asked.look.size
    }

    /// 明暗
    pub fn theme(&self) -> Theme {
        self.asked.look.theme
    }

    /// 本页地址
    pub fn here(&self) -> &str {
        if self.asked.here.is_empty() { "/" } else { &self.asked.here }
    }

    /// 网站
    pub fn site(&self) -> &Site {
        &self.asked.site
    }
}

/// The class of so many working days left.
pub fn tone(days: i64) -> &'static str {
    Tone::of_remaining(days).class()
}

/// 2025年9月1日
pub fn date(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// 一段期间，如“2025年9月1日至2030年8月31日”.
pub fn span(from: Date, until: Date) -> String {
    format!("{}至{}", date(from), date(until))
}

/// 2025年9月1日 09:00, in the city.
pub fn time(at: Timestamp) -> String {
    let local = Offset::constant(8).to_datetime(at);
    format!("{} {:02}:{:02}", date(local.date()), local.hour(), local.minute())
}

/// 52,584
pub fn count(number: impl std::borrow::Borrow<u64>) -> String {
    let number = *number.borrow();
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// 办不成时 — the refusal and what had been typed, shown on the same page again.
#[derive(Clone, Debug, Default)]
pub struct Trouble {
    /// 告知
    pub notice: Option<Notice>,
    /// 已填写的内容
    pub typed: Vec<(String, String)>,
}

impl Trouble {
    /// What had been typed into a field.
    pub fn typed(&self, name: &str) -> &str {
        self.typed.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// What is wrong with a field, in the words of the summary above.
    pub fn fault(&self, name: &str) -> Option<&str> {
        let remarks = self.notice.iter().flat_map(|notice| &notice.remarks);
        let plain = name.trim_end_matches(":n").trim_end_matches("[]");
        remarks.into_iter().find(|remark| remark.field == plain).map(|remark| remark.message.as_str())
    }

    /// Whether a box had been ticked.
    pub fn ticked(&self, name: &str, value: &str) -> bool {
        self.typed.iter().any(|(field, ticked)| field == name && ticked == value)
    }
}
