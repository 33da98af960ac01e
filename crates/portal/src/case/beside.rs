//! 旁及 — what belongs on a file's page and is not of its own subject.

/// 旁及 — what stands beside a file: links in its summary, and where its parties go from here.
#[derive(Default)]
pub struct Beside {
    /// 摘要中的链接
    pub links: Vec<Linked>,
    /// 摘要中没有链接的
    pub told: Vec<(&'static str, String)>,
    /// 接着可以去的地方
    pub ways: Vec<(&'static str, String)>,
}

/// 摘要中的一个链接.
pub struct Linked {
    pub label: &'static str,
    pub text: String,
    pub path: String,
}
