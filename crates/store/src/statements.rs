//! 语句总目 — every SQL statement of the platform, one text for both engines.
//!
//! Each is prepared on both engines by a test. Statements over several rows exist in a few fixed
//! widths, because a database prepares a fixed text: a batch is cut into 64s, 8s and single rows.

use std::sync::LazyLock;

/// Locks the head of a log: the first statement of every write.
pub const LOCK_HEAD: &str =
    "UPDATE log_head SET log = log WHERE log = $1 RETURNING size, frontier, frontier_sm3, last_at";
/// Reads the head without locking it.
pub const HEAD: &str = "SELECT size, frontier, frontier_sm3, last_at FROM log_head WHERE log = $1";
/// Moves the head.
pub const MOVE_HEAD: &str =
    "UPDATE log_head SET size = $2, frontier = $3, frontier_sm3 = $4, last_at = $5 WHERE log = $1";
/// One row.
pub const ROW: &str = "SELECT key, version, pos, parent, awaits, due, body FROM subject_row WHERE key = $1";
/// The rows of one subject, by key.
pub const ROWS_OF: &str = "SELECT key, version, pos, parent, awaits, due, body FROM subject_row \
     WHERE subject = $1 AND key > $2 ORDER BY key LIMIT $3";
/// What stands on a row.
pub const CHILDREN_OF: &str = "SELECT key, version, pos, parent, awaits, due, body FROM subject_row \
     WHERE parent = $2 AND subject = $1 ORDER BY key";
/// What stands on a row, the latest written first, from a place downwards.
pub const LATEST_ON: &str = "SELECT key, version, pos, parent, awaits, due, body FROM subject_row \
     WHERE parent = $2 AND subject = $1 AND pos <= $3 AND (pos < $3 OR key < $4) ORDER BY pos DESC, key DESC LIMIT $5";
/// How much stands on a row that was written after a place, up to a number.
pub const COUNT_AFTER: &str = "SELECT COUNT(*) AS n FROM (SELECT pos FROM subject_row \
     WHERE parent = $2 AND subject = $1 AND pos > $3 LIMIT $4) AS few";
/// The notices written after a place, in order.
pub const NOTICES_AFTER: &str = "SELECT key, version, pos, parent, awaits, due, body FROM subject_row \
     WHERE subject = 'notice' AND pos > $1 ORDER BY pos, key LIMIT $2";
/// What waits for a moment, the earliest first.
pub const AWAITING_WITHIN: &str = "SELECT key, version, pos, parent, awaits, due, body FROM subject_row \
     WHERE awaits >= $1 AND awaits <= $2 ORDER BY awaits, key LIMIT $3";
/// What waits for a party, the most urgent first; what has no term comes last.
pub const AWAITING: &str = "SELECT key, version, pos, parent, awaits, due, body FROM subject_row \
     WHERE awaits = $1 ORDER BY CASE WHEN due = '' THEN '9999' ELSE due END, key LIMIT $2";
/// What is overdue.
pub const DUE_BEFORE: &str = "SELECT key, version, pos, parent, awaits, due, body FROM subject_row \
     WHERE due <> '' AND due < $1 ORDER BY due, key";
/// All rows, by key.
pub const ALL_ROWS: &str = "SELECT key, version, pos, parent, awaits, due, body FROM subject_row \
     WHERE key > $1 ORDER BY key LIMIT $2";
/// A page of a log with its payloads.
pub const EVENTS: &str = "SELECT e.leaf, p.salt, p.body FROM event e \
     LEFT JOIN payload p ON p.log = e.log AND p.pos = e.pos \
     WHERE e.log = $1 AND e.pos >= $2 ORDER BY e.pos LIMIT $3";
/// What happened to one row.
pub const HISTORY: &str = "SELECT e.leaf, p.salt, p.body FROM event e \
     LEFT JOIN payload p ON p.log = e.log AND p.pos = e.pos \
     WHERE e.log = 1 AND e.subject = $1 ORDER BY e.pos";
/// Leaves of a log in order.
pub const LEAVES: &str = "SELECT leaf FROM event WHERE log = $1 AND pos < $2 ORDER BY pos";
/// The number of the last schema change.
pub const SCHEMA_VERSION: &str = "SELECT COALESCE(MAX(n), 0) AS n FROM schema_change";
/// Notes a schema change.
pub const SCHEMA_CHANGED: &str = "INSERT INTO schema_change (n) VALUES ($1)";

/// The widths in which statements over several rows exist.
pub const WIDTHS: [usize; 3] = [64, 8, 1];

/// A statement in the three widths of [`WIDTHS`].
pub struct Wide([LazyLock<String>; 3]);

impl Wide {
    /// The text for `width` rows.
    pub fn of(&'static self, width: usize) -> &'static str {
        let place = WIDTHS.iter().position(|known| *known == width).unwrap_or(2);
        self.0[place].as_str()
    }
}

/// Whether requests of these numbers were performed before.
pub static COMMANDS: Wide =
    Wide([LazyLock::new(|| commands(64)), LazyLock::new(|| commands(8)), LazyLock::new(|| commands(1))]);
/// The versions of these rows.
pub static VERSIONS: Wide =
    Wide([LazyLock::new(|| versions(64, "")), LazyLock::new(|| versions(8, "")), LazyLock::new(|| versions(1, ""))]);
/// The same, kept from changing until the access is recorded (PostgreSQL; SQLite has one writer).
/// Locked in the order in which acts put rows, so that neither waits for the other in a circle.
pub static VERSIONS_SHARED: Wide = Wide([
    LazyLock::new(|| versions(64, " ORDER BY key FOR SHARE")),
    LazyLock::new(|| versions(8, " ORDER BY key FOR SHARE")),
    LazyLock::new(|| versions(1, " ORDER BY key FOR SHARE")),
]);
/// Appends events.
pub static APPEND: Wide =
    Wide([LazyLock::new(|| append(64)), LazyLock::new(|| append(8)), LazyLock::new(|| append(1))]);
/// Keeps payloads.
pub static KEEP: Wide = Wide([LazyLock::new(|| keep(64)), LazyLock::new(|| keep(8)), LazyLock::new(|| keep(1))]);
/// Puts rows.
pub static PUT: Wide = Wide([LazyLock::new(|| put(64)), LazyLock::new(|| put(8)), LazyLock::new(|| put(1))]);

fn commands(width: usize) -> String {
    format!(
        "SELECT e.cmd, e.pos, e.digest, p.body FROM event e \
         LEFT JOIN payload p ON p.log = e.log AND p.pos = e.pos \
         WHERE e.log = $1 AND e.cmd IN ({})",
        places(2, width)
    )
}

fn versions(width: usize, lock: &str) -> String {
    format!("SELECT key, version FROM subject_row WHERE key IN ({}){lock}", places(1, width))
}

fn append(width: usize) -> String {
    format!("INSERT INTO event (log, pos, subject, cmd, digest, leaf) VALUES {}", tuples(6, width))
}

fn keep(width: usize) -> String {
    format!("INSERT INTO payload (log, pos, salt, body) VALUES {}", tuples(4, width))
}

fn put(width: usize) -> String {
    format!(
        "INSERT INTO subject_row (key, subject, version, pos, parent, awaits, due, body) VALUES {} \
         ON CONFLICT (key) DO UPDATE SET version = excluded.version, pos = excluded.pos, \
         parent = excluded.parent, awaits = excluded.awaits, due = excluded.due, body = excluded.body",
        tuples(8, width)
    )
}

/// `$from, $from+1, …`
fn places(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// `($1, …), ($n, …)`
fn tuples(columns: usize, rows: usize) -> String {
    (0..rows).map(|row| format!("({})", places(row * columns + 1, columns))).collect::<Vec<_>>().join(", ")
}

/// 总目 — every statement by name, for the test that prepares them all.
pub fn catalogue() -> Vec<(&'static str, &'static str)> {
    let single = [
        ("LOCK_HEAD", LOCK_HEAD),
        ("HEAD", HEAD),
        ("MOVE_HEAD", MOVE_HEAD),
        ("ROW", ROW),
        ("ROWS_OF", ROWS_OF),
        ("CHILDREN_OF", CHILDREN_OF),
        ("LATEST_ON", LATEST_ON),
        ("COUNT_AFTER", COUNT_AFTER),
        ("NOTICES_AFTER", NOTICES_AFTER),
        ("AWAITING_WITHIN", AWAITING_WITHIN),
        ("AWAITING", AWAITING),
        ("DUE_BEFORE", DUE_BEFORE),
        ("ALL_ROWS", ALL_ROWS),
        ("EVENTS", EVENTS),
        ("HISTORY", HISTORY),
        ("LEAVES", LEAVES),
        ("SCHEMA_VERSION", SCHEMA_VERSION),
        ("SCHEMA_CHANGED", SCHEMA_CHANGED),
    ];
    let wide: [(&str, &'static Wide); 5] =
        [("COMMANDS", &COMMANDS), ("VERSIONS", &VERSIONS), ("APPEND", &APPEND), ("KEEP", &KEEP), ("PUT", &PUT)];
    let wide = wide.into_iter().flat_map(|(name, wide)| WIDTHS.map(|width| (name, wide.of(width))));
    single.into_iter().chain(wide).collect()
}
