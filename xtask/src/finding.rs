//! 一处不合 — where, which rule, and what to do about it.

use std::fmt;

/// 一处不合家规, printed as `文件:行: 规则：说明`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// From the root of the repository.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// The rule's name.
    pub rule: &'static str,
    /// What is wrong, and what to write instead.
    pub told: String,
}

impl Finding {
    pub fn new(file: &str, line: usize, rule: &'static str, told: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, rule, told: told.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}：{}", self.file, self.line, self.rule, self.told)
    }
}
