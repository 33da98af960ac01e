//! 正文 — what a paper says, as blocks that page, Word file and text write each in their own way.

use regulation::{Provision, chinese};
use serde::Serialize;

use crate::text::{lines, plain};

/// 层次 — 一、 （一）; 1. is a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 一、
    First,
    /// （一）
    Second,
}

/// 一段正文.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "block")]
pub enum Block {
    /// 段落
    Paragraph {
        /// 文字
        text: String,
    },
    /// 标题，序数写在文字里
    Heading {
        /// 层次
        level: Level,
        /// 文字
        text: String,
    },
    /// 列项，序数由版式加
    List {
        /// 各项
        items: Vec<String>,
    },
    /// 表格
    Table {
        /// 表名
        caption: String,
        /// 表头
        head: Vec<String>,
        /// 各行
        rows: Vec<Vec<String>>,
    },
    /// 条文要旨，不是原文
    Gist {
        /// 条款
        provision: Provision,
        /// 要旨
        text: String,
    },
}

/// 正文的写法 — counts the headings as it goes.
#[derive(Debug, Default)]
pub struct Body {
    blocks: Vec<Block>,
    first: u16,
    second: u16,
}

impl Body {
    /// Whatever was typed, one paragraph for each of its lines.
    pub fn say(mut self, text: impl AsRef<str>) -> Self {
        self.blocks.extend(lines(text.as_ref()).map(|text| Block::Paragraph { text }));
        self
    }

    /// 一、
    pub fn head(mut self, text: &str) -> Self {
        self.first += 1;
        self.second = 0;
        let text = format!("{}、{}", chinese(self.first), plain(text));
        self.blocks.push(Block::Heading { level: Level::First, text });
        self
    }

    /// （一）
    pub fn subhead(mut self, text: &str) -> Self {
        self.second += 1;
        let text = format!("（{}）{}", chinese(self.second), plain(text));
        self.blocks.push(Block::Heading { level: Level::Second, text });
        self
    }

    /// 1. 2. 3.
    pub fn list(mut self, items: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let items: Vec<String> = items.into_iter().map(|item| plain(item.as_ref())).collect();
        if !items.is_empty() {
            self.blocks.push(Block::List { items });
        }
        self
    }

    /// A table, if there is anything in it.
    pub fn table(mut self, caption: &str, head: &[&str], rows: &[Vec<String>]) -> Self {
        if !rows.is_empty() {
            let head = head.iter().map(|cell| plain(cell)).collect();
            let rows = rows.iter().map(|row| row.iter().map(|cell| plain(cell)).collect()).collect();
            self.blocks.push(Block::Table { caption: plain(caption), head, rows });
        }
        self
    }

    /// What the provision says in our own words: its own paragraph where the article has several.
    pub fn gist(mut self, provision: Provision) -> Self {
        let parts = provision.measures_article().map(|number| regulation::article(number).parts()).unwrap_or_default();
        let own = parts.iter().find(|(part, _)| provision.to_string().starts_with(&part.to_string()));
        let whole = || provision.gist().map(|gist| lines(gist).collect::<String>());
        if let Some(text) = own.map(|(_, gist)| plain(gist)).or_else(whole) {
            self.blocks.push(Block::Gist { provision, text });
        }
        self
    }

    pub fn done(self) -> Vec<Block> {
        self.blocks
    }
}
