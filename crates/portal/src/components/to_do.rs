//! 任务清单 — so many of so many done, each with where it stands.

use askama::Template;

use super::tag::{Tag, Tone};

/// 一项.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// 名称
    pub name: String,
    /// 依据
    pub basis: String,
    /// 做到哪里
    pub stand: Stand,
}

regulation::words! {
    /// 做到哪里.
    pub enum Stand {
        Done = "已完成",
        Missing = "未完成",
        Spared = "不适用",
    }
}

/// 任务清单.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/to_do.html")]
pub struct ToDo {
    /// 名称
    pub title: String,
    /// 各项
    pub items: Vec<Item>,
}

component!(ToDo);

impl ToDo {
    fn done(&self) -> usize {
        self.items.iter().filter(|item| item.stand != Stand::Missing).count()
    }
}

impl Item {
    fn tag(&self) -> Tag {
        let tone = match self.stand {
            Stand::Done => Tone::Ok,
            Stand::Missing => Tone::Warn,
            Stand::Spared => Tone::Neutral,
        };
        Tag::new(self.stand.name(), tone)
    }
}
