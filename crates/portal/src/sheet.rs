//! 填写页 — a long form on one page, group by group: what its fields are is told by each subject.
//!
//! What is saved is a draft of the file itself, which its organisation sees; whether anything is missing is asked when
//! it is sent on, so that nobody loses half a day's writing to one empty field.

use askama::Template;
use axum::response::Response;
use regulation::Provision;

use crate::{
    answer, case,
    components::{crumbs::Crumbs, field::Field, field::Input, notice::Faults},
    frame::{Frame, Trouble},
    session::Visitor,
};

/// 一组.
pub struct Group {
    /// 名称
    pub title: String,
    /// 说明
    pub hint: String,
    /// 依据
    pub basis: Option<Provision>,
    /// 填写项
    pub inputs: Vec<Input>,
    /// 勾选：字段、名目、各项（值、名称、是否已选）
    pub ticks: Option<Ticks>,
}

/// 勾选.
pub struct Ticks {
    /// 字段
    pub name: String,
    /// 各项：值、名称、是否已选
    pub items: Vec<(String, String, bool)>,
}

impl Group {
    pub fn new(title: impl Into<String>, hint: impl Into<String>, inputs: Vec<Input>) -> Self {
        Self { title: title.into(), hint: hint.into(), basis: None, inputs, ticks: None }
    }

    #[must_use]
    pub fn because(self, basis: Provision) -> Self {
        Self { basis: Some(basis), ..self }
    }

    #[must_use]
    pub fn ticked(self, name: impl Into<String>, items: Vec<(String, String, bool)>) -> Self {
        Self { ticks: Some(Ticks { name: name.into(), items }), ..self }
    }
}

/// 填写页.
pub struct Sheet {
    /// 请求
    pub act: &'static str,
    /// 标题
    pub title: String,
    /// 这一页做什么
    pub lead: String,
    /// 从哪里来：地址、名称
    pub from: (String, String),
    /// 栏目
    pub section: &'static str,
    /// 不由人填写的：字段、值
    pub hidden: Vec<(String, String)>,
    /// 各组
    pub groups: Vec<Group>,
    /// 打开时所见的位置；新的为 0
    pub seen: u64,
    /// 再加一行之类的按钮：地址、字段、值、名称
    pub more: Option<More>,
}

/// 不提交而重新打开这一页的按钮.
pub struct More {
    /// 地址
    pub path: String,
    /// 名称
    pub label: &'static str,
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct Page {
    frame: Frame,
    crumbs: Crumbs,
    sheet: Sheet,
    trouble: Trouble,
    key: String,
}

impl Page {
    fn faults(&self) -> Option<Faults<'_>> {
        Faults::of(&self.trouble, "")
    }

    fn field<'a>(&'a self, input: &'a Input) -> Field<'a> {
        Field::of(input, "", &self.trouble)
    }

    #[expect(clippy::unused_self, clippy::trivially_copy_pass_by_ref, reason = "templates call it, with references")]
    fn gist(&self, basis: &Provision) -> &'static str {
        basis.gist().unwrap_or_default()
    }
}

/// The page, with what had been typed and what was wrong.
pub fn page(door: &crate::Door, visitor: &Visitor, sheet: Sheet, trouble: Trouble) -> Response {
    let frame = Frame::new(sheet.title.clone(), sheet.section, Some(visitor)).troubled(trouble.notice.is_some());
    let (path, name) = sheet.from.clone();
    let crumbs = Crumbs::to(sheet.title.clone()).through("/tasks", "我的待办").through(path, name);
    answer::page(&Page { frame, crumbs, sheet, trouble, key: case::key(door) })
}
