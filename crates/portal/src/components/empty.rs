//! 空白 — nothing to show, and what can be done about it.

use askama::Template;

/// 空白.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(path = "components/empty.html")]
pub struct Empty {
    /// 没有什么
    pub message: String,
    /// 接下来怎么办
    pub advice: String,
    /// 去处：地址与名称
    pub link: Option<(String, String)>,
}

component!(Empty);

impl Empty {
    pub fn new(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { message: message.into(), advice: advice.into(), link: None }
    }

    #[must_use]
    pub fn with(self, path: impl Into<String>, name: impl Into<String>) -> Self {
        Self { link: Some((path.into(), name.into())), ..self }
    }
}
