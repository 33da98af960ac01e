//! 告知 — the refusal with its basis at the top of a page, and the quieter notices.

use askama::Template;
use workflow::Notice;

use crate::frame::Trouble;

/// 错误汇总 — takes the focus, and each line leads to the field that it speaks of.
#[derive(Clone, Debug, Template)]
#[template(path = "components/summary_of_faults.html")]
pub struct Faults<'a> {
    /// 告知
    pub notice: &'a Notice,
    /// 各填写项编号的前缀
    pub prefix: String,
}

impl askama::filters::HtmlSafe for Faults<'_> {}

impl<'a> Faults<'a> {
    /// The summary above a form whose fields have ids that begin with `prefix`.
    pub fn of(trouble: &'a Trouble, prefix: impl Into<String>) -> Option<Self> {
        trouble.notice.as_ref().map(|notice| Self { notice, prefix: prefix.into() })
    }

    /// Where the field stands that a remark speaks of.
    fn place(&self, field: &str) -> String {
        super::field::place(&self.prefix, field)
    }

    /// The field of a notice that says only one thing.
    fn alone(&self) -> Option<&str> {
        match self.notice.remarks.as_slice() {
            [only] if only.message == self.notice.message => Some(only.field.as_str()),
            _ => None,
        }
    }
}

/// 知会 — something that went well, or that has to be heeded.
#[derive(Clone, Debug, Template)]
#[template(path = "components/banner.html")]
pub struct Banner {
    /// done 办成，note 提示，heed 须留意
    pub kind: &'static str,
    /// 一句话
    pub title: String,
    /// 说明
    pub text: String,
    /// 去处：地址与名称
    pub links: Vec<(String, String)>,
}

component!(Banner);

impl Banner {
    pub fn new(kind: &'static str, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { kind, title: title.into(), text: text.into(), links: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, path: impl Into<String>, name: impl Into<String>) -> Self {
        self.links.push((path.into(), name.into()));
        self
    }
}
