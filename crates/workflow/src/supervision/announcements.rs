//! 公示公告 — what has happened that everybody may know: plans, selections, grants, entries, products (Article 32).
//!
//! Which acts announce something is a table; what they announce is read from the file itself when a page
//! shows it. Nothing of a file that has not become public is announced.

use jiff::Timestamp;
use regulation::{basics::catalogue, granting, operation::product};
use serde::Serialize;

/// 一条公示公告.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Announcement {
    /// 时间
    pub at: Timestamp,
    /// 主题
    pub subject: &'static str,
    /// 编号
    pub id: String,
    /// 何事
    pub what: &'static str,
}

/// 公示的行为 — which act, with which state after it (empty: any), announces what.
#[rustfmt::skip] // It is a table; let it look like one.
const ANNOUNCED: &[(&str, &str, &str)] = &[
    ("entry.publish",      "", "授权运营目录条目发布"),
    ("entry.suspend",      "", "授权运营目录条目暂停使用"),
    ("entry.resume",       "", "授权运营目录条目恢复使用"),
    ("entry.announce",     "", "授权运营目录条目公告终止"),
    ("plan.adopt",         "", "实施方案审议通过"),
    ("plan.file",          "", "实施方案报省备案"),
    ("selection.announce", "", "选择运营机构公告"),
    ("selection.publicise", "", "运营机构候选人公示"),
    ("selection.reopen",   "", "运营机构重新评审"),
    ("selection.select",   "", "选定运营机构"),
    ("selection.fail",     "", "选择运营机构终止"),
    ("agreement.sign",     granting::agreement::State::InForce.name(), "授权运营协议签订"),
    ("agreement.file",     "", "授权运营协议报省备案"),
    ("agreement.suspend",  "", "暂停提供数据"),
    ("agreement.resume",   "", "恢复提供数据"),
    ("product.publish",    "", "产品上架"),
    ("product.withdraw",   "", "产品下架"),
];

/// What this act announces, if anything.
pub(super) fn announced(act: &str, state: &str) -> Option<&'static str> {
    let found = ANNOUNCED.iter().find(|(known, after, _)| *known == act && (after.is_empty() || *after == state));
    found.map(|(.., what)| *what)
}

/// 已公开的目录条目.
pub fn entry_is_public(state: catalogue::State) -> bool {
    state.disclosed()
}

/// 已公开的方案 — from its adoption on.
pub fn plan_is_public(state: granting::plan::State) -> bool {
    state.in_force()
}

/// 已公开的授权 — from its signing on, and the suspended ones too: the public sees that they are.
pub fn agreement_is_public(state: granting::agreement::State) -> bool {
    use granting::agreement::State::{Filed, InForce, Suspended, SuspendedUnfiled};
    matches!(state, InForce | Filed | SuspendedUnfiled | Suspended)
}

/// 已公开的产品 — those that were withdrawn too.
pub fn product_is_public(state: product::State) -> bool {
    matches!(state, product::State::Published | product::State::Withdrawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_signature_announces_a_grant_and_the_first_does_not() {
        assert_eq!(announced("agreement.sign", "待实施机构签订"), None);
        assert_eq!(announced("agreement.sign", "履行中（待备案）"), Some("授权运营协议签订"));
        assert_eq!(announced("demand.submit", "形式审查"), None);
    }
}
