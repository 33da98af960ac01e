//! 杀进程试验 — a server is killed under load, at any moment; whatever it had acknowledged is there.
//!
//! This test starts itself again as the server: many writers commit acts and say so, one line each,
//! after the store has answered. The parent kills it without warning, opens the same file, and looks:
//! every acknowledged act at its position, nothing half there, roots as recomputed, rows as replayed.
//! `SHUYUN_KILL_ROUNDS` asks for more rounds, `SHUYUN_KILL_SEED` for the same moments again.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use ledger::{Algorithm, proof};
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};
use store::{Entry, Log, Outcome, Store, Write};

/// How often in a plain `cargo test`.
const ROUNDS: u64 = 8;
/// Rounds that go on with the same file, each after the kill of the one before.
const LIVES: u64 = 8;
/// Where the child finds its file, its round and how many writers it has.
const TASK: &str = "SHUYUN_KILL_TASK";
/// How an acknowledgement begins, among what the test harness says.
const MARK: &str = "已确认";

#[expect(clippy::disallowed_methods, reason = "a test is told by whoever runs it")]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Numbers from a seed, the same ones every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, from: u64, to: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        from + (mixed ^ (mixed >> 31)) % (to - from + 1)
    }
}

/// 已确认 — an act that a writer was told is kept.
#[derive(Debug)]
struct Acknowledged {
    log: Log,
    command: String,
    position: u64,
}

impl Acknowledged {
    fn read(line: &str) -> Option<Self> {
        // The harness may still be within its own line.
        let (_, told) = line.split_once(MARK)?;
        let mut words = told.split_whitespace();
        let log = if words.next()? == "control" { Log::Control } else { Log::Access };
        Some(Self { log, command: words.next()?.into(), position: words.next()?.parse().ok()? })
    }
}

#[test]
fn whatever_was_acknowledged_survives_a_kill() {
    let rounds = told("SHUYUN_KILL_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    let seed = told("SHUYUN_KILL_SEED");
    let seed = seed.map_or_else(|| RandomState::new().hash_one(0) >> 1, |text| text.parse().unwrap());
    let mut screen = std::io::stderr(); // past the harness, which keeps quiet about what passes
    let _ = writeln!(screen, "杀进程试验：种子 SHUYUN_KILL_SEED={seed}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut dice = Dice(seed);
    let (mut confirmed, mut unheard) = (0, 0);
    let mut folder = tempfile::tempdir().unwrap();
    let mut known = Vec::new();
    for round in 0..rounds {
        if round % LIVES == 0 {
            folder = tempfile::tempdir().unwrap();
            known.clear();
        }
        let file = folder.path().join("store.db");
        let before = known.len();
        known.extend(one_life(&file, round, &mut dice));
        assert!(known.len() > before, "第{round}轮没有任何确认");
        let kept = runtime.block_on(look(&file, &known));
        confirmed += known.len() - before;
        if round % LIVES == LIVES - 1 || round + 1 == rounds {
            unheard += kept - known.len();
        }
    }
    let _ = writeln!(
        screen,
        "杀进程试验：{rounds}轮，已确认{confirmed}条，全部找回，0处不一致（另有{unheard}条已落盘而未及告知）"
    );
}

/// Starts a server on this file, kills it, and tells what it had acknowledged.
fn one_life(file: &Path, round: u64, dice: &mut Dice) -> Vec<Acknowledged> {
    let writers = dice.roll(8, 32);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child_writer", "--exact", "--nocapture", "--include-ignored"])
        .env(TASK, format!("{round} {writers} {}", file.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let lines = heard(&mut child);
    let first = lines.recv_timeout(Duration::from_mins(1)).expect("一分钟内没有任何确认");
    std::thread::sleep(Duration::from_millis(dice.roll(5, 200)));
    child.kill().unwrap(); // SIGKILL
    let end = child.wait().unwrap();
    assert!(!end.success(), "it was killed, it did not end");
    std::iter::once(first).chain(lines).collect()
}

/// What the child says, until its pipe closes. Each line is one write, so it comes whole or not at all.
fn heard(child: &mut Child) -> mpsc::Receiver<Acknowledged> {
    let output = BufReader::new(child.stdout.take().unwrap());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut acknowledged = output.lines().map_while(Result::ok).filter_map(|line| Acknowledged::read(&line));
        acknowledged.try_for_each(|told| sender.send(told))
    });
    receiver
}

/// Opens the file as the next server would, and looks at everything. Tells how many acts are there.
async fn look(file: &Path, known: &[Acknowledged]) -> usize {
    let url = format!("sqlite:{}", file.display());
    let store = Store::open(&url).await.unwrap();
    let mut kept = 0;
    for log in [Log::Control, Log::Access] {
        let head = store.head(log).await.unwrap();
        let events = store.events(log, 0, u32::MAX).await.unwrap();
        let roots = [(Algorithm::Sha256, &head.sha256), (Algorithm::Sm3, &head.sm3)];
        for (algorithm, frontier) in roots {
            let leaves: Vec<_> = events.iter().map(|event| algorithm.leaf(&event.leaf)).collect();
            assert_eq!(frontier.size(), u64::try_from(leaves.len()).unwrap());
            assert_eq!(frontier.root(), proof::root_of(algorithm, &leaves), "{algorithm:?}");
        }
        let mut tallies: HashMap<String, i64> = HashMap::new();
        for (position, event) in (0u64..).zip(&events) {
            assert_eq!(event.position, position, "a gap");
            assert_eq!(event.detail["padding"].as_str().map(str::len), Some(300), "no payload");
            if log == Log::Control {
                assert_row(&store, &event.subject, 1, position).await;
                let tally = event.detail["tally"].as_str().unwrap();
                let count = tallies.entry(tally.to_owned()).or_default();
                *count += 1;
                assert_eq!(event.detail["count"], json!(*count), "{tally} skipped one");
            }
        }
        for (tally, count) in tallies {
            let last = events.iter().rev().find(|event| event.detail["tally"] == *tally).unwrap();
            assert_row(&store, &tally, count, last.position).await;
        }
        for act in known.iter().filter(|act| act.log == log) {
            let event = usize::try_from(act.position).ok().and_then(|position| events.get(position));
            let leaf: Value = serde_json::from_slice(&event.unwrap_or_else(|| panic!("{act:?} is lost")).leaf).unwrap();
            assert_eq!(leaf["cmd"], act.command, "{act:?} is not where it was said to be");
        }
        kept += events.len();
    }
    let report = store.replay().await.unwrap();
    assert!(report.agrees(), "{:?}", report.differences);
    assert_eq!(usize::try_from(report.control_events + report.access_events), Ok(kept));
    drop(store);
    let mut aside = SqliteConnection::connect(&url).await.unwrap();
    let sound: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut aside).await.unwrap();
    assert_eq!(sound, "ok");
    let half = "SELECT (SELECT count(*) FROM payload) - (SELECT count(*) FROM event)";
    let half: i64 = sqlx::query_scalar(half).fetch_one(&mut aside).await.unwrap();
    assert_eq!(half, 0, "payloads without an event");
    aside.close().await.unwrap();
    kept
}

async fn assert_row(store: &Store, key: &str, version: i64, position: u64) {
    let row = store.row(key).await.unwrap().unwrap_or_else(|| panic!("{key} is missing"));
    assert_eq!((row.version, u64::try_from(row.position)), (version, Ok(position)), "{key}");
}

/// The server that is killed. Run by hand, without a task, it does nothing.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "the other test starts it, in a process of its own"]
async fn child_writer() {
    let Some(task) = told(TASK) else { return };
    let mut words = task.splitn(3, ' ');
    let round: u64 = words.next().unwrap().parse().unwrap();
    let writers: u64 = words.next().unwrap().parse().unwrap();
    let store = Store::open(&format!("sqlite:{}", words.next().unwrap())).await.unwrap();
    let writing = (0..writers).map(|writer| tokio::spawn(write_on(store.clone(), round, writer)));
    futures::future::join_all(writing).await;
}

/// Writes until killed: a row of its own with each act, a tally that grows, and accesses between.
async fn write_on(store: Store, round: u64, writer: u64) {
    let tally = format!("tally/{round}-{writer}");
    for count in 1i64.. {
        let command = format!("{round}-{writer}-{count}");
        let own = row(format!("own/{command}"), 1);
        let entry = Entry { writes: vec![own, row(tally.clone(), count)], ..act(&command, &tally, count) };
        say(&store, Log::Control, entry).await;
        if count % 3 == 0 {
            let reads = vec![(tally.clone(), count)];
            say(&store, Log::Access, Entry { reads, ..act(&command, &tally, count) }).await;
        }
    }
}

async fn say(store: &Store, log: Log, entry: Entry) {
    let command = entry.command.clone();
    let position = store.commit(log, entry).await.unwrap().position;
    let log = if log == Log::Control { "control" } else { "access" };
    let line = format!("{MARK} {log} {command} {position}\n");
    let mut screen = std::io::stdout().lock();
    screen.write_all(line.as_bytes()).unwrap();
    screen.flush().unwrap();
}

fn act(command: &str, tally: &str, count: i64) -> Entry {
    Entry {
        at: "2025-09-01T01:00:00Z".parse().unwrap(),
        actor: "p-7".into(),
        org: "o-1".into(),
        role: "operator".into(),
        act: "own.write".into(),
        subject: format!("own/{command}"),
        basis: "第二十三条第一款".into(),
        policies: "规则的摘要".into(),
        outcome: Outcome::Done,
        command: command.into(),
        digest: Algorithm::Sha256.leaf(command.as_bytes()),
        salt: [9; 32],
        detail: json!({ "tally": tally, "count": count, "padding": "数".repeat(100) }),
        reply: json!({ "ok": command }),
        reads: Vec::new(),
        writes: Vec::new(),
    }
}

fn row(key: String, version: i64) -> Write {
    let body = json!({ "id": key, "version": version });
    Write { key, version, parent: String::new(), awaits: String::new(), due: String::new(), body }
}
