//! 填写项 — one field with its name, why it is asked, on what basis, and what is wrong with it.

use std::borrow::Cow;

use askama::Template;
use regulation::Provision;

use crate::frame::Trouble;

/// 填写项.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// 字段
    pub name: Cow<'static, str>,
    /// 名目
    pub label: Cow<'static, str>,
    /// 提示
    pub hint: Cow<'static, str>,
    /// text, area, date, number, select
    pub kind: &'static str,
    /// 预填
    pub value: String,
    /// 可选项
    pub options: Vec<(String, String)>,
    /// 为什么要填：依据的条款
    pub basis: Option<Provision>,
}

impl Input {
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
        kind: &'static str,
        hint: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { name: name.into(), label: label.into(), hint: hint.into(), kind, ..Self::default() }
    }

    pub fn filled(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// 可选项.
    #[must_use]
    pub fn among(self, options: Vec<(String, String)>) -> Self {
        Self { options, ..self }
    }

    /// Why this has to be filled in.
    #[must_use]
    pub fn because(self, basis: Provision) -> Self {
        Self { basis: Some(basis), ..self }
    }
}

/// 页面上的填写项.
#[derive(Clone, Debug, Template)]
#[template(path = "components/field.html")]
pub struct Field<'a> {
    /// 填写项
    pub input: &'a Input,
    /// 页面上的编号
    pub id: String,
    /// 已填写的内容
    pub typed: &'a str,
    /// 错在哪里
    pub fault: Option<&'a str>,
}

impl askama::filters::HtmlSafe for Field<'_> {}

impl<'a> Field<'a> {
    /// The field of a form whose ids begin with `prefix`, with what had been typed and what was wrong.
    pub fn of(input: &'a Input, prefix: &str, trouble: &'a Trouble) -> Self {
        let typed = trouble.typed(&input.name);
        let typed = if typed.is_empty() { &input.value } else { typed };
        Self { input, id: place(prefix, &input.name), typed, fault: trouble.fault(&input.name) }
    }

    /// What describes the field: its hint and its fault, as far as there are any.
    fn described(&self) -> String {
        let hint = (!self.input.hint.is_empty()).then(|| format!("{}-hint", self.id));
        let fault = self.fault.map(|_| format!("{}-fault", self.id));
        hint.into_iter().chain(fault).collect::<Vec<_>>().join(" ")
    }

    fn gist(&self) -> Option<(String, &'static str)> {
        let basis = self.input.basis?;
        Some((basis.to_string(), basis.gist()?))
    }
}

/// The id of a field on its page.
pub fn place(prefix: &str, name: &str) -> String {
    let plain = name.trim_end_matches(":n").trim_end_matches("[]").replace('.', "-");
    if prefix.is_empty() { plain } else { format!("{}-{plain}", prefix.replace('.', "-")) }
}
