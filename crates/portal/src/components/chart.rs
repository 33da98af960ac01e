//! 图表 — a table first: where there is a script it is drawn as well, from the very cells that are read.

use askama::Template;

use crate::assets;

/// 图表.
#[derive(Clone, Debug, Template)]
#[template(path = "components/chart.html")]
pub struct Chart {
    /// 页面上的编号
    pub id: &'static str,
    /// bar 柱、line 线、pie 饼
    pub kind: &'static str,
    /// 名称
    pub title: String,
    /// 单位
    pub unit: &'static str,
    /// 口径
    pub note: String,
    /// 各列名称，第一列是各行的名目
    pub head: Vec<String>,
    /// 各行：名目与各列的数，没有的为空
    pub rows: Vec<(String, Vec<Option<i64>>)>,
}

component!(Chart);

impl Chart {
    #[expect(clippy::unused_self, reason = "the template asks its component")]
    fn library(&self) -> &'static str {
        assets::echarts()
    }
}

/// 图表的脚本 — stands in the head of a page that has a chart.
#[derive(Clone, Copy, Debug, Template)]
#[template(source = "<script src=\"{{ crate::assets::chart() }}\" type=\"module\"></script>", ext = "html")]
pub struct Script;

component!(Script);
