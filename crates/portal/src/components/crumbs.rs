//! 面包屑 — where this page stands, from the outermost place to itself.

use askama::Template;

/// 面包屑.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/crumbs.html")]
pub struct Crumbs {
    /// 上层：地址与名称；没有地址的只是文字
    pub above: Vec<(String, String)>,
    /// 本页
    pub here: String,
}

component!(Crumbs);

impl Crumbs {
    pub fn to(here: impl Into<String>) -> Self {
        Self { above: Vec::new(), here: here.into() }
    }

    /// One place further in.
    #[must_use]
    pub fn through(mut self, path: impl Into<String>, name: impl Into<String>) -> Self {
        self.above.push((path.into(), name.into()));
        self
    }
}
