//! 告知的语句 — a mailbox page by page, what is new, and what waits for a moment.
//!
//! A notice never changes, so since when it has been there is its place for good; notices of one act share a
//! place and stand in the order of their keys.

use super::lists::rows;

/// What stands on a row, the latest begun first, from a place downwards.
pub const LATEST_ON: &str = rows!(
    "FROM subject_row r WHERE r.parent <> '' AND r.parent = $2 AND r.subject = $1 \
     AND r.since <= $3 AND (r.since < $3 OR r.key < $4) ORDER BY r.since DESC, r.key DESC LIMIT $5"
);
/// How much stands on a row that was begun after a place, up to a number.
pub const COUNT_AFTER: &str = "SELECT COUNT(*) AS n FROM (SELECT since FROM subject_row \
     WHERE parent <> '' AND parent = $2 AND subject = $1 AND since > $3 LIMIT $4) AS few";
/// The notices written after a place, in order.
pub const NOTICES_AFTER: &str =
    rows!("FROM subject_row r WHERE r.subject = 'notice' AND r.since > $1 ORDER BY r.since, r.key LIMIT $2");
/// What waits for a moment, the earliest first.
pub const AWAITING_WITHIN: &str = rows!(
    "FROM subject_row r WHERE r.awaits <> '' AND r.awaits >= $1 AND r.awaits <= $2 ORDER BY r.awaits, r.key LIMIT $3"
);

pub(super) fn catalogue() -> [(&'static str, &'static str); 4] {
    [
        ("LATEST_ON", LATEST_ON),
        ("COUNT_AFTER", COUNT_AFTER),
        ("NOTICES_AFTER", NOTICES_AFTER),
        ("AWAITING_WITHIN", AWAITING_WITHIN),
    ]
}
