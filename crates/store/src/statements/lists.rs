//! 列表的语句 — pages and counts of what somebody has to do, may open, or did.
//!
//! Each filter is written into the text and switched off by an empty parameter, so that one prepared
//! statement serves every choice of a page; each order follows an index, whose columns also answer the
//! filters: a row is fetched only when its page is shown.

/// The columns of a row, from the table `r`.
macro_rules! rows {
    ($($rest:literal),+) => {
        concat!("SELECT r.key, r.version, r.pos, r.since, r.parent, r.awaits, r.due, r.state, r.title, r.parties, r.body ", $($rest),+)
    };
}
pub(super) use rows;

/// Whom a row waits for, and what is asked of it: `$1` party, `$2` subject, `$3` state, `$4`/`$5` days.
macro_rules! awaiting {
    ($($rest:literal),+) => {
        rows!(
            "FROM subject_row r WHERE r.awaits <> '' AND r.awaits = $1 AND ($2 = '' OR r.subject = $2) \
             AND ($3 = '' OR r.state = $3) AND r.due >= $4 AND r.due < $5 ",
            "AND ($6 = '' OR lower(r.key) LIKE '%/' || $6 ESCAPE '\\' OR lower(r.title) LIKE $6 ESCAPE '\\') ",
            $($rest),+, " LIMIT $7 OFFSET $8"
        )
    };
}

/// What waits, the most urgent first.
pub const AWAITING_FIRST: &str = awaiting!("ORDER BY r.due, r.subject, r.state, r.since");
/// What waits, the least urgent first.
pub const AWAITING_LAST: &str = awaiting!("ORDER BY r.due DESC, r.subject DESC, r.state DESC, r.since DESC");
/// What waits, the latest begun first.
pub const AWAITING_NEW: &str = awaiting!("ORDER BY r.since DESC");
/// What waits, the earliest begun first.
pub const AWAITING_OLD: &str = awaiting!("ORDER BY r.since");
/// How much waits, by day, kind and state.
pub const AWAITING_COUNTS: &str = "SELECT subject, state, due, COUNT(*) AS n FROM subject_row \
     WHERE awaits <> '' AND awaits = $1 GROUP BY due, subject, state";
/// The same of what carries a word.
pub const AWAITING_COUNTS_OF: &str = "SELECT subject, state, due, COUNT(*) AS n FROM subject_row \
     WHERE awaits <> '' AND awaits = $1 \
     AND (lower(key) LIKE '%/' || $2 ESCAPE '\\' OR lower(title) LIKE $2 ESCAPE '\\') GROUP BY due, subject, state";

/// What the whole city has under a term: `$1`/`$2` days, `$3` party, `$4` subject.
macro_rules! timed {
    ($($rest:literal),+) => {
        rows!(
            "FROM subject_row r WHERE r.due <> '' AND r.due >= $1 AND r.due < $2 \
             AND ($3 = '' OR r.awaits = $3) AND ($4 = '' OR r.subject = $4) ",
            $($rest),+
        )
    };
}

/// Under a term, the most urgent first.
pub const TIMED_FIRST: &str = timed!("ORDER BY r.due, r.since, r.key LIMIT $5 OFFSET $6");
/// Under a term, the least urgent first.
pub const TIMED_LAST: &str = timed!("ORDER BY r.due DESC, r.since DESC, r.key DESC LIMIT $5 OFFSET $6");
/// Under a term, after a row: for whoever walks through all of them while they change.
pub const TIMED_AFTER: &str = rows!(
    "FROM subject_row r WHERE r.due <> '' AND r.due < $1 AND (r.due, r.since, r.key) > ($2, $3, $4) \
     ORDER BY r.due, r.since, r.key LIMIT $5"
);
/// How much of it there is.
pub const TIMED_COUNT: &str = "SELECT COUNT(*) AS n FROM subject_row WHERE due <> '' AND due >= $1 AND due < $2 \
     AND ($3 = '' OR awaits = $3) AND ($4 = '' OR subject = $4)";
/// By whom it is awaited: before the day `$1`, before `$2`, under any term, in all.
pub const TIMED_BY_PARTY: &str = "SELECT awaits, \
     SUM(CASE WHEN due <> '' AND due < $1 THEN 1 ELSE 0 END) AS overdue, \
     SUM(CASE WHEN due >= $1 AND due < $2 THEN 1 ELSE 0 END) AS soon, COUNT(*) AS n \
     FROM subject_row WHERE awaits <> '' GROUP BY awaits";

/// What an organisation takes part in: `$1` organisation, `$2` subject, `$3` state, `$4` only what is underway.
macro_rules! party {
    ($($rest:literal),+) => {
        rows!(
            "FROM (SELECT key FROM subject_party WHERE org = $1 AND subject = $2 AND ($3 = '' OR state = $3) \
             AND ($4 = 0 OR underway = $4) ",
            $($rest),+
        )
    };
}

/// Files of a kind, the latest begun first.
pub const PARTY_NEW: &str = party!(
    "ORDER BY since DESC, key DESC LIMIT $5 OFFSET $6) p JOIN subject_row r ON r.key = p.key \
     ORDER BY r.since DESC, r.key DESC"
);
/// Files of a kind, the earliest begun first.
pub const PARTY_OLD: &str =
    party!("ORDER BY since, key LIMIT $5 OFFSET $6) p JOIN subject_row r ON r.key = p.key ORDER BY r.since, r.key");
/// Files of a kind, the most urgent first; what has no term comes last.
pub const PARTY_URGENT: &str = party!(
    "ORDER BY CASE WHEN due = '' THEN '9999' ELSE due END, since, key LIMIT $5 OFFSET $6) p \
     JOIN subject_row r ON r.key = p.key \
     ORDER BY CASE WHEN r.due = '' THEN '9999' ELSE r.due END, r.since, r.key"
);
/// The keys of the files of a kind that carry the word `$5`, the latest begun first: looked for once, for their
/// number and for every page of them.
pub const PARTY_OF: &str = "SELECT key FROM subject_party \
     WHERE org = $1 AND subject = $2 AND ($3 = '' OR state = $3) AND ($4 = 0 OR underway = $4) \
     AND (lower(key) LIKE '%/' || $5 ESCAPE '\\' OR lower(title) LIKE $5 ESCAPE '\\') \
     ORDER BY since DESC, key DESC LIMIT $6";
/// How many of them there are, by kind and state.
pub const PARTY_COUNTS: &str = "SELECT subject, state, underway, n FROM party_tally WHERE org = $1 AND n > 0 \
     ORDER BY subject, state, underway";
/// What stands on a row, the latest begun first; of the organisation `$3` alone where one is named.
pub const CHILDREN_PAGE: &str = rows!(
    "FROM subject_row r WHERE r.parent <> '' AND r.parent = $1 AND r.subject = $2 AND ($3 = '' OR EXISTS \
     (SELECT 1 FROM subject_party p WHERE p.org = $3 AND p.subject = r.subject AND p.since = r.since AND p.key = r.key)) \
     ORDER BY r.since DESC LIMIT $4 OFFSET $5"
);
/// How much stands on a row.
pub const CHILDREN_COUNT: &str = "SELECT COUNT(*) AS n FROM subject_row r \
     WHERE r.parent <> '' AND r.parent = $1 AND r.subject = $2 AND ($3 = '' OR EXISTS \
     (SELECT 1 FROM subject_party p WHERE p.org = $3 AND p.subject = r.subject AND p.since = r.since AND p.key = r.key))";

/// What an organisation's people did, the latest first: `$2` person, `$3` act, `$4` only refusals.
pub const ACTIVITY: &str = "SELECT e.leaf, p.salt, p.body FROM (SELECT pos FROM activity WHERE org = $1 \
     AND ($2 = '' OR actor = $2) AND ($3 = '' OR act = $3) AND ($4 = 0 OR refused = $4) \
     ORDER BY pos DESC LIMIT $5 OFFSET $6) a JOIN event e ON e.log = 1 AND e.pos = a.pos \
     LEFT JOIN payload p ON p.log = 1 AND p.pos = a.pos ORDER BY e.pos DESC";
/// How much, by person, act and outcome.
pub const ACTIVITY_COUNTS: &str =
    "SELECT actor, act, refused, COUNT(*) AS n FROM activity WHERE org = $1 GROUP BY actor, act, refused";

/// Every entry of the lists of files, for the replay.
pub const ALL_PARTIES: &str = "SELECT org, subject, key, state, due, title, since, underway FROM subject_party \
     WHERE (org, subject, since, key) > ($1, $2, $3, $4) ORDER BY org, subject, since, key LIMIT $5";
/// Every count of them, for the replay.
pub const ALL_TALLIES: &str = "SELECT org, subject, state, underway, n FROM party_tally WHERE n <> 0 \
     ORDER BY org, subject, state, underway";
/// Every act of the lists of activity, for the replay.
pub const ALL_ACTIVITY: &str = "SELECT org, actor, act, pos, refused FROM activity \
     WHERE pos >= $1 AND pos < $2 ORDER BY pos, org";
/// Takes an organisation that has left a file out of its list.
pub const LEAVE: &str = "DELETE FROM subject_party WHERE org = $1 AND subject = $2 AND since = $3 AND key = $4";

/// Notes at which position a row began, in a database that had not kept it.
pub const BEGAN: &str = "UPDATE subject_row SET since = $2 WHERE key = $1";

pub(super) fn catalogue() -> [(&'static str, &'static str); 25] {
    [
        ("AWAITING_FIRST", AWAITING_FIRST),
        ("AWAITING_LAST", AWAITING_LAST),
        ("AWAITING_NEW", AWAITING_NEW),
        ("AWAITING_OLD", AWAITING_OLD),
        ("AWAITING_COUNTS", AWAITING_COUNTS),
        ("AWAITING_COUNTS_OF", AWAITING_COUNTS_OF),
        ("TIMED_FIRST", TIMED_FIRST),
        ("TIMED_LAST", TIMED_LAST),
        ("TIMED_AFTER", TIMED_AFTER),
        ("TIMED_COUNT", TIMED_COUNT),
        ("TIMED_BY_PARTY", TIMED_BY_PARTY),
        ("PARTY_NEW", PARTY_NEW),
        ("PARTY_OLD", PARTY_OLD),
        ("PARTY_URGENT", PARTY_URGENT),
        ("PARTY_OF", PARTY_OF),
        ("PARTY_COUNTS", PARTY_COUNTS),
        ("CHILDREN_PAGE", CHILDREN_PAGE),
        ("CHILDREN_COUNT", CHILDREN_COUNT),
        ("ACTIVITY", ACTIVITY),
        ("ACTIVITY_COUNTS", ACTIVITY_COUNTS),
        ("ALL_PARTIES", ALL_PARTIES),
        ("ALL_TALLIES", ALL_TALLIES),
        ("ALL_ACTIVITY", ALL_ACTIVITY),
        ("LEAVE", LEAVE),
        ("BEGAN", BEGAN),
    ]
}
