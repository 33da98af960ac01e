//! 引擎 — SQLite and PostgreSQL, one body of code: the statements are the same, the pools differ.
//!
//! Two engines rather than one abstraction over both (`sqlx::Any` loses types): the macro below is
//! written once and instantiated for each pool. What truly differs is handed in: how a transaction
//! begins, how rows are kept from changing while an access is recorded, how events are protected.

use std::{collections::HashMap, str::FromStr, time::Duration};

use ledger::{Algorithm, Frontier};
use sqlx::{
    AssertSqlSafe, Column, Executor, Row as _, SqlSafeStr, Statement,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    Event, Fault, Head, Log, Row,
    listing::{Heap, Listed, Lists, Stood},
    schema, statements as sql,
    statements::WIDTHS,
    writer::{Batch, Note},
};

/// 参数 — of a statement that lists or counts.
#[derive(Clone, Copy, Debug)]
pub enum Bind<'a> {
    Text(&'a str),
    Number(i64),
}

/// 引擎 — one of the two.
#[derive(Clone, Debug)]
pub enum Engine {
    /// 内嵌
    Sqlite(sqlite::Pools),
    /// 外部
    Postgres(postgres::Pools),
}

macro_rules! both {
    ($engine:expr, $pools:ident => $call:expr) => {
        match $engine {
            Engine::Sqlite($pools) => $call,
            Engine::Postgres($pools) => $call,
        }
    };
}

impl Engine {
    pub async fn open(url: &str) -> Result<Self, Fault> {
        if url.starts_with("sqlite:") {
            Ok(Self::Sqlite(open_sqlite(url).await?))
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Ok(Self::Postgres(open_postgres(url).await?))
        } else {
            Err(Fault::address(url))
        }
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    pub async fn row(&self, key: &str) -> Result<Option<Row>, Fault> {
        both!(self, pools => pools.row(key).await)
    }

    pub async fn rows_at(&self, keys: &[String]) -> Result<Vec<Row>, Fault> {
        both!(self, pools => pools.rows_at(keys).await)
    }

    pub async fn rows_of(&self, subject: &str, after: &str, limit: u32) -> Result<Vec<Row>, Fault> {
        both!(self, pools => pools.rows_of(subject, after, limit).await)
    }

    pub async fn children_of(&self, subject: &str, parent: &str) -> Result<Vec<Row>, Fault> {
        both!(self, pools => pools.children_of(subject, parent).await)
    }

    /// The rows that a statement lists.
    pub async fn rows(&self, statement: &'static str, binds: &[Bind<'_>]) -> Result<Vec<Row>, Fault> {
        both!(self, pools => pools.rows(statement, binds).await)
    }

    /// The events that a statement lists.
    pub async fn events_of(&self, statement: &'static str, binds: &[Bind<'_>]) -> Result<Vec<Event>, Fault> {
        both!(self, pools => pools.events_of(statement, binds).await)
    }

    /// What a statement counts: so many columns of text, then so many of numbers.
    pub async fn counts(
        &self,
        statement: &'static str,
        binds: &[Bind<'_>],
        texts: usize,
        numbers: usize,
    ) -> Result<Vec<(Vec<String>, Vec<i64>)>, Fault> {
        both!(self, pools => pools.counts(statement, binds, texts, numbers).await)
    }

    pub async fn all_rows(&self, after: &str, limit: u32) -> Result<Vec<Row>, Fault> {
        both!(self, pools => pools.all_rows(after, limit).await)
    }

    pub async fn history(&self, key: &str) -> Result<Vec<Event>, Fault> {
        both!(self, pools => pools.history(key).await)
    }

    pub async fn events(&self, log: Log, from: u64, limit: u32) -> Result<Vec<Event>, Fault> {
        both!(self, pools => pools.events(log, from, limit).await)
    }

    pub async fn leaves(&self, log: Log, size: u64) -> Result<Vec<Vec<u8>>, Fault> {
        both!(self, pools => pools.leaves(log, size).await)
    }

    pub async fn head(&self, log: Log) -> Result<Head, Fault> {
        both!(self, pools => pools.head(log).await)
    }

    pub async fn write(&self, batch: &mut Batch) -> Result<(), Fault> {
        both!(self, pools => pools.write(batch).await)
    }

    /// Puts rows outside any log: only for replaying into empty tables.
    pub async fn put_replayed(&self, rows: &[Row], notes: &[Note]) -> Result<(), Fault> {
        both!(self, pools => pools.put_replayed(rows, notes).await)
    }

    /// A page of the lists of files after `after`, for the replay.
    pub async fn all_parties(&self, after: &Listed, limit: u32) -> Result<Vec<Listed>, Fault> {
        let (org, subject, key) = (Bind::Text(&after.org), Bind::Text(&after.subject), Bind::Text(&after.key));
        let binds = [org, subject, Bind::Number(after.since), key, Bind::Number(i64::from(limit))];
        let listed = |(texts, numbers): (Vec<String>, Vec<i64>)| {
            let [org, subject, key, state, due, title] = texts.try_into().unwrap_or_default();
            let [since, underway] = numbers.try_into().unwrap_or_default();
            Listed { org, subject, since, key, state, due, underway: underway == 1, title }
        };
        Ok(self.counts(sql::lists::ALL_PARTIES, &binds, 6, 2).await?.into_iter().map(listed).collect())
    }

    /// The counts of the lists of files, for the replay.
    pub async fn all_tallies(&self) -> Result<Vec<(Heap, i64)>, Fault> {
        let tally = |(texts, numbers): (Vec<String>, Vec<i64>)| {
            let [org, subject, state] = texts.try_into().unwrap_or_default();
            let [underway, count] = numbers.try_into().unwrap_or_default();
            ((org, subject, state, underway == 1), count)
        };
        Ok(self.counts(sql::lists::ALL_TALLIES, &[], 3, 2).await?.into_iter().map(tally).collect())
    }

    /// The notes of the acts at these positions, for the replay.
    pub async fn all_activity(&self, from: u64, until: u64) -> Result<Vec<Note>, Fault> {
        let binds = [Bind::Number(signed(from)), Bind::Number(signed(until))];
        let note = |(texts, numbers): (Vec<String>, Vec<i64>)| {
            let [org, actor, act] = texts.try_into().unwrap_or_default();
            let [position, refused] = numbers.try_into().unwrap_or_default();
            Note { org, position: u64::try_from(position).unwrap_or(0), actor, act, refused: refused == 1 }
        };
        Ok(self.counts(sql::lists::ALL_ACTIVITY, &binds, 3, 2).await?.into_iter().map(note).collect())
    }

    pub async fn prepare_all(&self) -> Result<Vec<(&'static str, usize, Vec<String>)>, Fault> {
        both!(self, pools => pools.prepare_all().await)
    }
}

/// After how many pages SQLite moves its log into the database: the ends of lists are written by every act,
/// and are moved once for all of them. What was answered is safe in the log all the while.
const CHECKPOINT: &str = "4000";
/// How much of the database each connection keeps in memory, in KiB (negative, as SQLite wants it).
const CACHE: &str = "-16000";

/// How many prepared statements a connection keeps: every text of the catalogue.
const STATEMENTS: usize = 256;

async fn open_sqlite(url: &str) -> Result<sqlite::Pools, Fault> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|_| Fault::address(url))?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(30))
        .pragma("wal_autocheckpoint", CHECKPOINT)
        .pragma("cache_size", CACHE)
        .statement_cache_capacity(STATEMENTS)
        .foreign_keys(true);
    let in_memory = url.contains(":memory:");
    // One connection writes; two logs share it, so neither ever waits inside SQLite for the other.
    let mut one = SqlitePoolOptions::new().max_connections(1);
    if in_memory {
        one = one.min_connections(1).idle_timeout(None).max_lifetime(None); // it *is* the database
    }
    let write = connect(&one, &options).await?;
    let read =
        if in_memory { write.clone() } else { connect(&SqlitePoolOptions::new().max_connections(4), &options).await? };
    let pools = sqlite::Pools { read, write };
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&pools.write).await?;
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&pools.write).await?;
    if !in_memory && (synchronous != 2 || journal != "wal") {
        return Err(Fault::NotDurable(format!("synchronous={synchronous}, journal_mode={journal}")));
    }
    pools.bring_up_to_date(schema::SQLITE, schema::APPEND_ONLY_SQLITE).await?;
    Ok(pools)
}

/// Connects; who turns a new file to WAL at the same moment as another is told "locked" at once, whatever the
/// timeout, and tries again.
async fn connect(pool: &SqlitePoolOptions, options: &SqliteConnectOptions) -> Result<sqlx::SqlitePool, sqlx::Error> {
    const LOCKED: &str = "5";
    let mut patience = 100;
    loop {
        match pool.clone().connect_with(options.clone()).await {
            Err(sqlx::Error::Database(why)) if why.code().as_deref() == Some(LOCKED) && patience > 0 => {
                patience -= 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            connected => return connected,
        }
    }
}

async fn open_postgres(url: &str) -> Result<postgres::Pools, Fault> {
    let options =
        PgConnectOptions::from_str(url).map_err(|_| Fault::address(url))?.statement_cache_capacity(STATEMENTS);
    let pool =
        PgPoolOptions::new().max_connections(8).acquire_timeout(Duration::from_secs(10)).connect_with(options).await?;
    let pools = postgres::Pools { read: pool.clone(), write: pool };
    for setting in ["fsync", "synchronous_commit"] {
        let value: String = match setting {
            "fsync" => sqlx::query_scalar("SHOW fsync").fetch_one(&pools.read).await?,
            _ => sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&pools.read).await?,
        };
        if value == "off" {
            return Err(Fault::NotDurable(format!("{setting}=off")));
        }
    }
    pools.bring_up_to_date(schema::POSTGRES, schema::APPEND_ONLY_POSTGRES).await?;
    Ok(pools)
}

macro_rules! engine {
    ($engine:ident, $pool:ty, text: $text:ident, begin: $begin:literal, versions_for_access: $shared:expr, serialise_changes: $serialise:expr) => {
        /// One engine.
        pub mod $engine {
            use super::*;

            /// 连接池 — readers never wait for the writer.
            #[derive(Clone, Debug)]
            pub struct Pools {
                pub(super) read: $pool,
                pub(super) write: $pool,
            }

            impl Pools {
                /// Applies the schema changes that this database has not seen.
                pub(super) async fn bring_up_to_date(
                    &self,
                    words: &[(&str, &str)],
                    append_only: &[&'static str],
                ) -> Result<(), Fault> {
                    let mut tx = self.write.begin_with($begin).await?;
                    if let Some(lock) = $serialise {
                        let lock: &'static str = lock;
                        sqlx::query(lock).execute(&mut *tx).await?; // two servers starting at once
                    }
                    sqlx::query(schema::VERSION_TABLE).execute(&mut *tx).await?;
                    let found: i64 = sqlx::query_scalar(sql::SCHEMA_VERSION).fetch_one(&mut *tx).await?;
                    let known = i64::try_from(schema::CHANGES.len()).unwrap_or(i64::MAX);
                    if found > known {
                        return Err(Fault::Newer { found, known });
                    }
                    let mut unlisted = false;
                    for (n, change) in (1i64..).zip(schema::CHANGES).filter(|(n, _)| *n > found) {
                        for statement in *change {
                            if *statement == "{LISTS}" {
                                unlisted = true;
                                continue;
                            }
                            if *statement == "{APPEND_ONLY}" {
                                for protection in append_only {
                                    sqlx::query(*protection).execute(&mut *tx).await?;
                                }
                                continue;
                            }
                            // Not input: our own schema text with the engine's words put in.
                            let put_in = |text: String, (place, word): &(&str, &str)| text.replace(place, word);
                            let text = words.iter().fold((*statement).to_owned(), put_in);
                            sqlx::query(AssertSqlSafe(text)).execute(&mut *tx).await?;
                        }
                        sqlx::query(sql::SCHEMA_CHANGED).bind(n).execute(&mut *tx).await?;
                    }
                    if unlisted {
                        fill(&mut tx).await?;
                    }
                    tx.commit().await?;
                    Ok(())
                }

                pub(super) async fn row(&self, key: &str) -> Result<Option<Row>, Fault> {
                    let row = sqlx::query(sql::ROW).bind(key).fetch_optional(&self.read).await?;
                    row.map(|row| read_row(&row)).transpose()
                }

                pub(super) async fn rows_at(&self, keys: &[String]) -> Result<Vec<Row>, Fault> {
                    let mut found = Vec::with_capacity(keys.len());
                    for (width, chunk) in chunks(keys) {
                        let mut query = sqlx::query(sql::ROWS.$text(width));
                        for key in chunk {
                            query = query.bind(key.as_str());
                        }
                        for row in query.fetch_all(&self.read).await? {
                            found.push(read_row(&row)?);
                        }
                    }
                    Ok(found)
                }

                pub(super) async fn rows_of(&self, subject: &str, after: &str, limit: u32) -> Result<Vec<Row>, Fault> {
                    let rows = sqlx::query(sql::ROWS_OF).bind(subject).bind(after).bind(i64::from(limit));
                    rows.fetch_all(&self.read).await?.iter().map(read_row).collect()
                }

                pub(super) async fn children_of(&self, subject: &str, parent: &str) -> Result<Vec<Row>, Fault> {
                    let rows = sqlx::query(sql::CHILDREN_OF).bind(subject).bind(parent);
                    rows.fetch_all(&self.read).await?.iter().map(read_row).collect()
                }

                pub(super) async fn rows(
                    &self,
                    statement: &'static str,
                    binds: &[Bind<'_>],
                ) -> Result<Vec<Row>, Fault> {
                    self.fetch(statement, binds).await?.iter().map(read_row).collect()
                }

                pub(super) async fn events_of(
                    &self,
                    statement: &'static str,
                    binds: &[Bind<'_>],
                ) -> Result<Vec<Event>, Fault> {
                    self.fetch(statement, binds).await?.iter().map(read_event).collect()
                }

                pub(super) async fn counts(
                    &self,
                    statement: &'static str,
                    binds: &[Bind<'_>],
                    texts: usize,
                    numbers: usize,
                ) -> Result<Vec<(Vec<String>, Vec<i64>)>, Fault> {
                    let read = |row: &DbRow| {
                        let text = |column| row.try_get(column);
                        let number = |column: usize| row.try_get(texts + column);
                        let texts = (0..texts).map(text).collect::<Result<_, sqlx::Error>>()?;
                        Ok((texts, (0..numbers).map(number).collect::<Result<_, sqlx::Error>>()?))
                    };
                    self.fetch(statement, binds).await?.iter().map(read).collect()
                }

                async fn fetch(&self, statement: &'static str, binds: &[Bind<'_>]) -> Result<Vec<DbRow>, Fault> {
                    let query = binds.iter().fold(sqlx::query(statement), |query, bind| match *bind {
                        Bind::Text(text) => query.bind(text.to_owned()),
                        Bind::Number(number) => query.bind(number),
                    });
                    Ok(query.fetch_all(&self.read).await?)
                }

                pub(super) async fn all_rows(&self, after: &str, limit: u32) -> Result<Vec<Row>, Fault> {
                    let rows = sqlx::query(sql::ALL_ROWS).bind(after).bind(i64::from(limit));
                    rows.fetch_all(&self.read).await?.iter().map(read_row).collect()
                }

                pub(super) async fn history(&self, key: &str) -> Result<Vec<Event>, Fault> {
                    let events = sqlx::query(sql::HISTORY).bind(key).fetch_all(&self.read).await?;
                    events.iter().map(read_event).collect()
                }

                pub(super) async fn events(&self, log: Log, from: u64, limit: u32) -> Result<Vec<Event>, Fault> {
                    let events = sqlx::query(sql::EVENTS).bind(log as i64).bind(signed(from)).bind(i64::from(limit));
                    events.fetch_all(&self.read).await?.iter().map(read_event).collect()
                }

                pub(super) async fn leaves(&self, log: Log, size: u64) -> Result<Vec<Vec<u8>>, Fault> {
                    let leaves = sqlx::query_scalar(sql::LEAVES).bind(log as i64).bind(signed(size));
                    Ok(leaves.fetch_all(&self.read).await?)
                }

                pub(super) async fn head(&self, log: Log) -> Result<Head, Fault> {
                    read_head(&sqlx::query(sql::HEAD).bind(log as i64).fetch_one(&self.read).await?)
                }

                /// Writes a batch in one transaction. What is stale or repeated is left out and told so;
                /// on an error nothing of the batch was kept.
                pub(super) async fn write(&self, batch: &mut Batch) -> Result<(), Fault> {
                    let mut tx = self.write.begin_with($begin).await?;
                    let head = sqlx::query(sql::LOCK_HEAD).bind(batch.log as i64).fetch_one(&mut *tx).await?;
                    let mut head = read_head(&head)?;
                    let commands = batch.commands();
                    let mut known = HashMap::new();
                    for (width, chunk) in filled(&commands) {
                        let mut query = sqlx::query(sql::COMMANDS.$text(width)).bind(batch.log as i64);
                        for command in chunk {
                            query = query.bind(command.as_str());
                        }
                        for row in query.fetch_all(&mut *tx).await? {
                            let position: i64 = row.try_get("pos")?;
                            known.insert(row.try_get("cmd")?, (position, row.try_get("digest")?, row.try_get("body")?));
                        }
                    }
                    let statement = if batch.log == Log::Access { $shared } else { &sql::VERSIONS };
                    let stood = stood(&mut tx, statement, &batch.keys()).await?;
                    let sheets = batch.decide(&mut head, &known, &stood)?;
                    if sheets.events.is_empty() {
                        tx.rollback().await?;
                        return Ok(());
                    }
                    for (width, chunk) in chunks(&sheets.events) {
                        let mut query = sqlx::query(sql::APPEND.$text(width));
                        for event in chunk {
                            query =
                                query.bind(batch.log as i64).bind(signed(event.position)).bind(event.subject.as_str());
                            query = query.bind(event.command.as_str()).bind(&event.digest[..]).bind(&event.leaf[..]);
                        }
                        query.execute(&mut *tx).await?;
                    }
                    for (width, chunk) in chunks(&sheets.events) {
                        let mut query = sqlx::query(sql::KEEP.$text(width));
                        for event in chunk {
                            query = query.bind(batch.log as i64).bind(signed(event.position));
                            query = query.bind(&event.salt[..]).bind(&event.payload[..]);
                        }
                        query.execute(&mut *tx).await?;
                    }
                    put(&mut tx, &sheets.rows).await?;
                    list(&mut tx, &sheets.lists).await?;
                    note(&mut tx, &sheets.notes).await?;
                    sqlx::query(sql::MOVE_HEAD)
                        .bind(batch.log as i64)
                        .bind(signed(head.sha256.size()))
                        .bind(head.sha256.to_bytes())
                        .bind(head.sm3.to_bytes())
                        .bind(head.last_at)
                        .execute(&mut *tx)
                        .await?;
                    tx.commit().await?;
                    Ok(())
                }

                pub(super) async fn put_replayed(&self, rows: &[Row], notes: &[Note]) -> Result<(), Fault> {
                    let mut tx = self.write.begin_with($begin).await?;
                    let keys: Vec<String> = rows.iter().map(|row| row.key.clone()).collect();
                    let stood = stood(&mut tx, &sql::VERSIONS, &keys).await?;
                    let since = |row: &Row| stood.get(&row.key).map_or(row.since, |stood| stood.since);
                    let rows: Vec<Row> = rows.iter().map(|row| Row { since: since(row), ..row.clone() }).collect();
                    let lists = Lists::of(&rows, &stood);
                    put(&mut tx, &rows).await?;
                    list(&mut tx, &lists).await?;
                    note(&mut tx, notes).await?;
                    tx.commit().await?;
                    Ok(())
                }

                pub(super) async fn prepare_all(&self) -> Result<Vec<(&'static str, usize, Vec<String>)>, Fault> {
                    let mut connection = self.read.acquire().await?;
                    let mut told = Vec::new();
                    for (name, text) in sql::catalogue(sql::Wide::$text) {
                        let statement = (&mut *connection).prepare(text.into_sql_str()).await?;
                        let columns = statement.columns().iter().map(|column| column.name().to_owned()).collect();
                        let parameters = match statement.parameters() {
                            Some(sqlx::Either::Left(types)) => types.len(),
                            Some(sqlx::Either::Right(count)) => count,
                            None => 0,
                        };
                        told.push((name, parameters, columns));
                    }
                    Ok(told)
                }
            }

            type Tx = sqlx::Transaction<'static, <$pool as Database>::Of>;

            async fn put(tx: &mut Tx, rows: &[Row]) -> Result<(), Fault> {
                for (width, chunk) in chunks(rows) {
                    let mut query = sqlx::query(sql::PUT.$text(width));
                    for row in chunk {
                        let subject = row.key.split_once('/').map_or(row.key.as_str(), |(subject, _)| subject);
                        query = query.bind(row.key.as_str()).bind(subject).bind(row.version).bind(row.position);
                        query = query
                            .bind(row.since)
                            .bind(row.parent.as_str())
                            .bind(row.awaits.as_str())
                            .bind(row.due.as_str());
                        query = query.bind(row.state.as_str()).bind(row.title.as_str()).bind(row.parties.as_str());
                        query = query.bind(row.body.as_str());
                    }
                    query.execute(&mut **tx).await?;
                }
                Ok(())
            }

            async fn list(tx: &mut Tx, lists: &Lists) -> Result<(), Fault> {
                for (width, chunk) in chunks(&lists.entries) {
                    let mut query = sqlx::query(sql::LIST.$text(width));
                    for Listed { org, subject, since, key, state, due, underway, title } in chunk {
                        query = query.bind(org.as_str()).bind(subject.as_str()).bind(*since).bind(key.as_str());
                        query = query
                            .bind(state.as_str())
                            .bind(due.as_str())
                            .bind(i64::from(*underway))
                            .bind(title.as_str());
                    }
                    query.execute(&mut **tx).await?;
                }
                for (org, subject, since, key) in &lists.left {
                    let leave = sqlx::query(sql::lists::LEAVE).bind(org.as_str()).bind(subject.as_str());
                    leave.bind(*since).bind(key.as_str()).execute(&mut **tx).await?;
                }
                for (width, chunk) in chunks(&lists.tallies) {
                    let mut query = sqlx::query(sql::TALLY.$text(width));
                    for ((org, subject, state, underway), change) in chunk {
                        query = query.bind(org.as_str()).bind(subject.as_str()).bind(state.as_str());
                        query = query.bind(i64::from(*underway)).bind(*change);
                    }
                    query.execute(&mut **tx).await?;
                }
                Ok(())
            }

            async fn note(tx: &mut Tx, notes: &[Note]) -> Result<(), Fault> {
                for (width, chunk) in chunks(notes) {
                    let mut query = sqlx::query(sql::NOTE.$text(width));
                    for note in chunk {
                        query = query.bind(note.org.as_str()).bind(signed(note.position)).bind(note.actor.as_str());
                        query = query.bind(note.act.as_str()).bind(i64::from(note.refused));
                    }
                    query.execute(&mut **tx).await?;
                }
                Ok(())
            }

            /// How these rows stand.
            async fn stood(
                tx: &mut Tx,
                statement: &'static sql::Wide,
                keys: &[String],
            ) -> Result<HashMap<String, Stood>, Fault> {
                let mut found = HashMap::new();
                for (width, chunk) in filled(keys) {
                    let mut query = sqlx::query(statement.$text(width));
                    for key in chunk {
                        query = query.bind(key.as_str());
                    }
                    for row in query.fetch_all(&mut **tx).await? {
                        let awaits: String = row.try_get("awaits")?;
                        let stood = Stood {
                            version: row.try_get("version")?,
                            since: row.try_get("since")?,
                            underway: !awaits.is_empty(),
                            due: row.try_get("due")?,
                            state: row.try_get("state")?,
                            title: row.try_get("title")?,
                            parties: row.try_get("parties")?,
                        };
                        found.insert(row.try_get("key")?, stood);
                    }
                }
                Ok(found)
            }

            /// Fills the lists of a database that was kept without them, page by page.
            async fn fill(tx: &mut Tx) -> Result<(), Fault> {
                let mut from = 0;
                loop {
                    let page = sqlx::query(sql::EVENTS).bind(Log::Control as i64).bind(from).bind(FILLED);
                    let page = page.fetch_all(&mut **tx).await?;
                    let events: Vec<Event> = page.iter().map(read_event).collect::<Result<_, _>>()?;
                    let Some(last) = events.last() else { break };
                    from = signed(last.position) + 1;
                    note(tx, &events.iter().filter_map(Event::note).collect::<Vec<_>>()).await?;
                    for (position, key) in events.iter().flat_map(Event::begun) {
                        let began = sqlx::query(sql::lists::BEGAN).bind(key).bind(signed(position));
                        began.execute(&mut **tx).await?;
                    }
                }
                let mut after = String::new();
                loop {
                    let page = sqlx::query(sql::ALL_ROWS).bind(after).bind(FILLED).fetch_all(&mut **tx).await?;
                    let rows: Vec<Row> = page.iter().map(read_row).collect::<Result<_, _>>()?;
                    let Some(last) = rows.last() else { break };
                    after = last.key.clone();
                    let rows: Vec<Row> = rows.iter().map(Row::told_anew).collect();
                    put(tx, &rows).await?;
                    list(tx, &Lists::of(&rows, &HashMap::new())).await?;
                }
                Ok(())
            }

            type DbRow = <<$pool as Database>::Of as sqlx::Database>::Row;

            fn read_row(row: &DbRow) -> Result<Row, Fault> {
                Ok(Row {
                    key: row.try_get("key")?,
                    version: row.try_get("version")?,
                    position: row.try_get("pos")?,
                    since: row.try_get("since")?,
                    parent: row.try_get("parent")?,
                    awaits: row.try_get("awaits")?,
                    due: row.try_get("due")?,
                    state: row.try_get("state")?,
                    title: row.try_get("title")?,
                    parties: row.try_get("parties")?,
                    body: row.try_get("body")?,
                })
            }

            fn read_event(row: &DbRow) -> Result<Event, Fault> {
                Event::read(row.try_get("leaf")?, row.try_get("salt")?, row.try_get("body")?)
            }

            fn read_head(row: &DbRow) -> Result<Head, Fault> {
                let size: i64 = row.try_get("size")?;
                let size = u64::try_from(size).map_err(|why| Fault::corrupt("树首", why))?;
                let (sha256, sm3): (Vec<u8>, Vec<u8>) = (row.try_get("frontier")?, row.try_get("frontier_sm3")?);
                let frontier = |algorithm, bytes: &[u8]| {
                    Frontier::from_bytes(algorithm, size, bytes).map_err(|why| Fault::corrupt("树首", why))
                };
                Ok(Head {
                    sha256: frontier(Algorithm::Sha256, &sha256)?,
                    sm3: frontier(Algorithm::Sm3, &sm3)?,
                    last_at: row.try_get("last_at")?,
                })
            }
        }
    };
}

/// Which database a pool is of.
trait Database {
    type Of: sqlx::Database;
}

impl Database for SqlitePool {
    type Of = sqlx::Sqlite;
}

impl Database for PgPool {
    type Of = sqlx::Postgres;
}

engine!(sqlite, SqlitePool, text: plain, begin: "BEGIN IMMEDIATE", versions_for_access: &sql::VERSIONS, serialise_changes: None);
// READ COMMITTED, the head locked by the first statement: everything read later sees earlier commits.
engine!(postgres, PgPool, text: numbered, begin: "BEGIN ISOLATION LEVEL READ COMMITTED", versions_for_access: &sql::VERSIONS_SHARED,
    serialise_changes: Some("SELECT pg_advisory_xact_lock(7315)"));

/// How many rows or events a new list is filled with at a time.
const FILLED: i64 = 1000;

/// Cuts `things` into the widths that statements exist in.
fn chunks<T>(things: &[T]) -> impl Iterator<Item = (usize, &[T])> {
    let mut rest = things;
    std::iter::from_fn(move || {
        let width = WIDTHS.into_iter().find(|width| *width <= rest.len())?;
        let (chunk, after) = rest.split_at(width);
        rest = after;
        Some((width, chunk))
    })
}

/// Cuts what is asked for into widths, the last of them filled by asking for its last thing again.
fn filled<T>(things: &[T]) -> impl Iterator<Item = (usize, impl Iterator<Item = &T>)> {
    things.chunks(WIDTHS[0]).map(|chunk| {
        let width = chunk.len().next_power_of_two();
        (width, chunk.iter().chain(std::iter::repeat(&chunk[chunk.len() - 1])).take(width)) // a chunk is never empty
    })
}

/// Positions and sizes fit a signed column for the next few hundred million years.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
