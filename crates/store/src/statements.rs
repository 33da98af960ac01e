//! 语句总目 — every SQL statement of the platform, one text for both engines.
//!
//! Each is prepared on both engines by a test. Statements over several rows exist in a few fixed
//! widths, because a database prepares a fixed text: what is written is cut into powers of two, what is asked
//! for is asked twice where that fills the next one.

use std::sync::LazyLock;

pub mod lists;
pub mod notices;

use lists::rows;

/// Locks the head of a log: the first statement of every write.
pub const LOCK_HEAD: &str =
    "UPDATE log_head SET log = log WHERE log = $1 RETURNING size, frontier, frontier_sm3, last_at";
/// Reads the head without locking it.
pub const HEAD: &str = "SELECT size, frontier, frontier_sm3, last_at FROM log_head WHERE log = $1";
/// Moves the head.
pub const MOVE_HEAD: &str =
    "UPDATE log_head SET size = $2, frontier = $3, frontier_sm3 = $4, last_at = $5 WHERE log = $1";
/// One row.
pub const ROW: &str = rows!("FROM subject_row r WHERE r.key = $1");
/// The rows of one subject, by key.
pub const ROWS_OF: &str = rows!("FROM subject_row r WHERE r.subject = $1 AND r.key > $2 ORDER BY r.key LIMIT $3");
/// What stands on a row.
pub const CHILDREN_OF: &str =
    rows!("FROM subject_row r WHERE r.parent <> '' AND r.parent = $2 AND r.subject = $1 ORDER BY r.key");
/// All rows, by key.
pub const ALL_ROWS: &str = rows!("FROM subject_row r WHERE r.key > $1 ORDER BY r.key LIMIT $2");
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
pub const WIDTHS: [usize; 7] = [64, 32, 16, 8, 4, 2, 1];

/// A statement in the widths of [`WIDTHS`]. Its parameters come in their order and once each, so it can be
/// written without their numbers too: SQLite looks a numbered one up by walking past all before it.
pub struct Wide {
    numbered: [LazyLock<String>; 7],
    plain: [LazyLock<String>; 7],
}

impl Wide {
    /// The text for `width` rows, as PostgreSQL reads it.
    pub fn numbered(&'static self, width: usize) -> &'static str {
        self.numbered[place(width)].as_str()
    }

    /// The same, as SQLite reads it fastest.
    pub fn plain(&'static self, width: usize) -> &'static str {
        self.plain[place(width)].as_str()
    }
}

fn place(width: usize) -> usize {
    WIDTHS.iter().position(|known| *known == width).unwrap_or(WIDTHS.len() - 1)
}

/// `$1, $2` as `?, ?`.
fn unnumbered(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '$' {
            while letters.next_if(char::is_ascii_digit).is_some() {}
            plain.push('?');
        } else {
            plain.push(letter);
        }
    }
    plain
}

/// A statement over several rows, in every width.
macro_rules! wide {
    ($text:expr) => {
        wide!(@ $text, 0, 1, 2, 3, 4, 5, 6)
    };
    (@ $text:expr, $($place:literal),+) => {
        Wide {
            numbered: [$(LazyLock::new(|| $text(WIDTHS[$place]))),+],
            plain: [$(LazyLock::new(|| unnumbered(&$text(WIDTHS[$place])))),+],
        }
    };
}

/// Whether requests of these numbers were performed before.
pub static COMMANDS: Wide = wide!(commands);
/// The rows under these keys.
pub static ROWS: Wide = wide!(rows);
/// The versions of these rows, and how the lists have them.
pub static VERSIONS: Wide = wide!(|width| versions(width, ""));
/// The same, kept from changing until the access is recorded (PostgreSQL; SQLite has one writer).
/// Locked in the order in which acts put rows, so that neither waits for the other in a circle.
pub static VERSIONS_SHARED: Wide = wide!(|width| versions(width, " ORDER BY key FOR SHARE"));
/// Appends events.
pub static APPEND: Wide = wide!(append);
/// Keeps payloads.
pub static KEEP: Wide = wide!(keep);
/// Puts rows.
pub static PUT: Wide = wide!(put);
/// Puts rows into the lists of their parties.
pub static LIST: Wide = wide!(list);
/// Counts what came into these lists and what left them.
pub static TALLY: Wide = wide!(tally);
/// Notes who acted.
pub static NOTE: Wide = wide!(note);

fn commands(width: usize) -> String {
    format!(
        "SELECT e.cmd, e.pos, e.digest, p.body FROM event e \
         LEFT JOIN payload p ON p.log = e.log AND p.pos = e.pos \
         WHERE e.log = $1 AND e.cmd IN ({})",
        places(2, width)
    )
}

fn rows(width: usize) -> String {
    format!("{} WHERE r.key IN ({})", rows!("FROM subject_row r"), places(1, width))
}

fn versions(width: usize, lock: &str) -> String {
    format!(
        "SELECT key, version, since, awaits, due, state, title, parties FROM subject_row WHERE key IN ({}){lock}",
        places(1, width)
    )
}

fn append(width: usize) -> String {
    format!("INSERT INTO event (log, pos, subject, cmd, digest, leaf) VALUES {}", tuples(6, width))
}

fn keep(width: usize) -> String {
    format!("INSERT INTO payload (log, pos, salt, body) VALUES {}", tuples(4, width))
}

fn put(width: usize) -> String {
    format!(
        "INSERT INTO subject_row (key, subject, version, pos, since, parent, awaits, due, state, title, parties, \
         body) \
         VALUES {} ON CONFLICT (key) DO UPDATE SET version = excluded.version, pos = excluded.pos, \
         parent = excluded.parent, awaits = excluded.awaits, due = excluded.due, state = excluded.state, \
         title = excluded.title, parties = excluded.parties, body = excluded.body",
        tuples(12, width)
    )
}

fn list(width: usize) -> String {
    format!(
        "INSERT INTO subject_party (org, subject, since, key, state, due, underway, title) VALUES {} \
         ON CONFLICT (org, subject, since, key) DO UPDATE SET state = excluded.state, due = excluded.due, \
         underway = excluded.underway, title = excluded.title",
        tuples(8, width)
    )
}

fn tally(width: usize) -> String {
    format!(
        "INSERT INTO party_tally (org, subject, state, underway, n) VALUES {} \
         ON CONFLICT (org, subject, state, underway) DO UPDATE SET n = party_tally.n + excluded.n",
        tuples(5, width)
    )
}

fn note(width: usize) -> String {
    format!("INSERT INTO activity (org, pos, actor, act, refused) VALUES {}", tuples(5, width))
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
pub fn catalogue(text: fn(&'static Wide, usize) -> &'static str) -> Vec<(&'static str, &'static str)> {
    let single = [
        ("LOCK_HEAD", LOCK_HEAD),
        ("HEAD", HEAD),
        ("MOVE_HEAD", MOVE_HEAD),
        ("ROW", ROW),
        ("ROWS_OF", ROWS_OF),
        ("CHILDREN_OF", CHILDREN_OF),
        ("ALL_ROWS", ALL_ROWS),
        ("EVENTS", EVENTS),
        ("HISTORY", HISTORY),
        ("LEAVES", LEAVES),
        ("SCHEMA_VERSION", SCHEMA_VERSION),
        ("SCHEMA_CHANGED", SCHEMA_CHANGED),
    ];
    let wide: [(&str, &'static Wide); 9] = [
        ("COMMANDS", &COMMANDS),
        ("ROWS", &ROWS),
        ("VERSIONS", &VERSIONS),
        ("APPEND", &APPEND),
        ("KEEP", &KEEP),
        ("PUT", &PUT),
        ("LIST", &LIST),
        ("TALLY", &TALLY),
        ("NOTE", &NOTE),
    ];
    let wide = wide.into_iter().flat_map(|(name, wide)| WIDTHS.map(|width| (name, text(wide, width))));
    single.into_iter().chain(lists::catalogue()).chain(notices::catalogue()).chain(wide).collect()
}
