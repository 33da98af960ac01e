//! 表结构 — one numbered change after another, the same text for both engines.
//!
//! The engines differ in a few [words](SQLITE); `{APPEND_ONLY}` is how each of them forbids changing
//! what was recorded. A change is never edited after it was released: the next one follows.

/// 结构变更 — each applied once, in its own transaction, in this order.
pub const CHANGES: &[&[&str]] = &[FIRST, SECOND, THIRD, FOURTH];

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

/// 列表 — what lists ask of a row stands in columns, in an entry for each party, and in counts; what
/// somebody did stands under their organisation. All of it follows from rows and leaves, so a database
/// that had neither is filled from them (`{LISTS}`, once every change has been applied).
///
/// Lists run in the order in which files began (`since`, a position in the log) and not in that of their
/// numbers: what is begun now goes to the end of each index, so that a commit of many acts touches a few
/// pages and not a page for every act in every list.
const SECOND: &[&str] = &[
    "ALTER TABLE subject_row ADD COLUMN since BIGINT NOT NULL DEFAULT -1",
    "ALTER TABLE subject_row ADD COLUMN state {TEXT} NOT NULL DEFAULT ''",
    "ALTER TABLE subject_row ADD COLUMN title {TEXT} NOT NULL DEFAULT ''",
    "ALTER TABLE subject_row ADD COLUMN parties {TEXT} NOT NULL DEFAULT ''",
    "DROP INDEX subject_row_parent",
    "DROP INDEX subject_row_awaits",
    "DROP INDEX subject_row_due",
    "CREATE INDEX subject_row_parent ON subject_row (parent, subject, since) WHERE parent <> ''",
    "CREATE INDEX subject_row_awaits ON subject_row (awaits, due, subject, state, since) WHERE awaits <> ''",
    "CREATE INDEX subject_row_due ON subject_row (due, since, key, awaits, subject) WHERE due <> ''",
    "CREATE TABLE subject_party (
        org {TEXT} NOT NULL, subject {TEXT} NOT NULL, since BIGINT NOT NULL, key {TEXT} NOT NULL,
        state {TEXT} NOT NULL, due {TEXT} NOT NULL, underway BIGINT NOT NULL,
        PRIMARY KEY (org, subject, since, key)) {CLUSTERED}",
    "CREATE TABLE party_tally (
        org {TEXT} NOT NULL, subject {TEXT} NOT NULL, state {TEXT} NOT NULL, underway BIGINT NOT NULL,
        n BIGINT NOT NULL, PRIMARY KEY (org, subject, state, underway)) {CLUSTERED}",
    "CREATE TABLE activity (
        org {TEXT} NOT NULL, pos BIGINT NOT NULL, actor {TEXT} NOT NULL, act {TEXT} NOT NULL,
        refused BIGINT NOT NULL, PRIMARY KEY (org, pos)) {CLUSTERED}",
    "{LISTS}",
];

/// 告知 — asked for as they were written, whichever mailbox they are in. (A page of one mailbox is found by what
/// stands on a row.)
const THIRD: &[&str] = &["CREATE INDEX subject_row_notice ON subject_row (subject, since) WHERE subject = 'notice'"];

/// 名称 — stands in the lists of files too: whoever looks for a word there reads one list from end to end, and
/// not a row for each of its entries.
const FOURTH: &[&str] = &[
    "ALTER TABLE subject_party ADD COLUMN title {TEXT} NOT NULL DEFAULT ''",
    "UPDATE subject_party SET title = r.title FROM subject_row r WHERE r.key = subject_party.key",
];

/// Where the number of the last change is kept.
pub const VERSION_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_change (n BIGINT PRIMARY KEY)";

/// The words of SQLite.
pub const SQLITE: &[(&str, &str)] =
    &[("{TEXT}", "TEXT"), ("{BLOB}", "BLOB"), ("{EMPTY}", "X''"), ("{CLUSTERED}", "WITHOUT ROWID")];

/// The words of PostgreSQL. Texts sort by their bytes, as in SQLite and in Rust, whatever a server's
/// language: pages of a list, replays and the order of locks rely on it.
pub const POSTGRES: &[(&str, &str)] =
    &[("{TEXT}", "TEXT COLLATE \"C\""), ("{BLOB}", "BYTEA"), ("{EMPTY}", "''"), ("{CLUSTERED}", "")];

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
