//! 表结构 — one numbered change after another, the same text for both engines.
//!
//! The engines differ in three [words](SQLITE); `{APPEND_ONLY}` is how each of them forbids changing
//! what was recorded. A change is never edited after it was released: the next one follows.

/// 结构变更 — each applied once, in its own transaction, in this order.
pub const CHANGES: &[&[&str]] = &[FIRST, BY_POSITION];

const FIRST: &[&str] = &[
    "CREATE TABLE log_head (
        log BIGINT PRIMARY KEY, size BIGINT NOT NULL, frontier {BLOB} NOT NULL, frontier_sm3 {BLOB} NOT NULL,
        last_at BIGINT NOT NULL)",
    "CREATE TABLE event (
        log BIGINT NOT NULL, pos BIGINT NOT NULL, subject {TEXT} NOT NULL, cmd {TEXT} NOT NULL,
        digest {BLOB} NOT NULL, leaf {BLOB} NOT NULL,
        PRIMARY KEY (log, pos), UNIQUE (log, cmd))",
    "CREATE INDEX event_subject ON event (log, subject, pos)",
    "CREATE TABLE payload (
        log BIGINT NOT NULL, pos BIGINT NOT NULL, salt {BLOB}, body {BLOB}, PRIMARY KEY (log, pos))",
    "CREATE TABLE subject_row (
        key {TEXT} PRIMARY KEY, subject {TEXT} NOT NULL, version BIGINT NOT NULL, pos BIGINT NOT NULL,
        parent {TEXT} NOT NULL, awaits {TEXT} NOT NULL, due {TEXT} NOT NULL, body {TEXT} NOT NULL)",
    "CREATE INDEX subject_row_subject ON subject_row (subject, key)",
    "CREATE INDEX subject_row_parent ON subject_row (parent, subject)",
    "CREATE INDEX subject_row_awaits ON subject_row (awaits, due)",
    "CREATE INDEX subject_row_due ON subject_row (due)",
    "INSERT INTO log_head (log, size, frontier, frontier_sm3, last_at) VALUES (1, 0, {EMPTY}, {EMPTY}, 0)",
    "INSERT INTO log_head (log, size, frontier, frontier_sm3, last_at) VALUES (2, 0, {EMPTY}, {EMPTY}, 0)",
    "{APPEND_ONLY}",
];

/// What stands on a row is asked for page by page, the latest first; notices are asked for as they come.
/// The subject stands in the last index too, or SQLite takes the one of subjects and sorts every notice there is.
const BY_POSITION: &[&str] = &[
    "DROP INDEX subject_row_parent",
    "CREATE INDEX subject_row_parent ON subject_row (parent, subject, pos)",
    "CREATE INDEX subject_row_notice ON subject_row (subject, pos) WHERE subject = 'notice'",
];

/// Where the number of the last change is kept.
pub const VERSION_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_change (n BIGINT PRIMARY KEY)";

/// The words of SQLite.
pub const SQLITE: &[(&str, &str)] = &[("{TEXT}", "TEXT"), ("{BLOB}", "BLOB"), ("{EMPTY}", "X''")];

/// The words of PostgreSQL. Texts sort by their bytes, as in SQLite and in Rust, whatever a server's
/// language: pages of a list, replays and the order of locks rely on it.
pub const POSTGRES: &[(&str, &str)] = &[("{TEXT}", "TEXT COLLATE \"C\""), ("{BLOB}", "BYTEA"), ("{EMPTY}", "''")];

/// How SQLite keeps events from being changed, removed or replaced (`REPLACE` fires no other trigger).
pub const APPEND_ONLY_SQLITE: &[&str] = &[
    "CREATE TRIGGER event_not_updated BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER event_not_deleted BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER event_not_replaced BEFORE INSERT ON event
        WHEN EXISTS (SELECT 1 FROM event WHERE log = NEW.log AND (pos = NEW.pos OR cmd = NEW.cmd))
        BEGIN SELECT RAISE(ABORT, 'append-only'); END",
];

/// How PostgreSQL keeps events from being changed, removed or truncated.
pub const APPEND_ONLY_POSTGRES: &[&str] = &[
    "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$",
    "CREATE TRIGGER event_not_changed BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION append_only()",
    "CREATE TRIGGER event_not_truncated BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
];
