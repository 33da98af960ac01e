//! 摘要 — names and contents, one below the other; each may have a place where it can be changed.

use askama::Template;

/// 一行：名目与内容.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// 名目
    pub name: String,
    /// 内容
    pub content: String,
    /// 去处
    pub path: String,
}

/// 摘要.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/summary.html")]
pub struct Summary {
    /// 各行
    pub lines: Vec<Line>,
}

component!(Summary);

impl Summary {
    /// One line more.
    #[must_use]
    pub fn line(self, name: impl Into<String>, content: impl Into<String>) -> Self {
        self.linked(name, content, "")
    }

    /// One line more, whose content leads somewhere.
    #[must_use]
    pub fn linked(mut self, name: impl Into<String>, content: impl Into<String>, path: impl Into<String>) -> Self {
        self.lines.push(Line { name: name.into(), content: content.into(), path: path.into() });
        self
    }
}
