//! 进度 — how far something has come, in a bar and in words.

use askama::Template;

/// 进度.
#[derive(Clone, Debug, Template)]
#[template(path = "components/progress.html")]
pub struct Progress {
    /// 页面上的编号
    pub id: &'static str,
    /// 什么的进度
    pub name: String,
    /// 已完成；不知道的为空
    pub done: Option<u64>,
    /// 全部
    pub of: u64,
    /// 一句话
    pub told: String,
    /// 有了进展才显示
    pub hidden: bool,
}

component!(Progress);
