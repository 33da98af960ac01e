//! 办理过程 — what happened, by whom, on what basis, provable; and what comes next, greyed.

use askama::Template;

use super::tag::Tag;

/// 办理过程的一条.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// 行为
    pub act: String,
    /// 时间
    pub at: String,
    /// 单位、姓名、身份
    pub who: String,
    /// 依据
    pub basis: String,
    /// 办理后状态，或者不予办理的话
    pub outcome: String,
    /// 说明，如期限怎样改动
    pub said: String,
    /// 不予办理
    pub refused: bool,
    /// 在办理日志中的位置
    pub position: u64,
}

/// 后面的环节.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// 行为，几种可能的连在一起
    pub act: String,
    /// 谁办理、依据什么
    pub by: String,
}

/// 办理过程.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/timeline.html")]
pub struct Timeline {
    /// 已办
    pub lines: Vec<Line>,
    /// 待办
    pub next: Vec<Next>,
}

component!(Timeline);

impl Line {
    fn tag(&self) -> Tag {
        if self.refused { Tag::state("不予办理") } else { Tag::state(self.outcome.as_str()) }
    }
}
