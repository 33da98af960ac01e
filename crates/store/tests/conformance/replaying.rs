//! 重放 — the log alone makes the same rows again, and whatever was changed behind it shows.

use futures::future::join_all;
use serde_json::json;
use store::{Entry, Log, Outcome, Store};

use crate::ground::{Note, act, act_on_new, aside, dice, kept_by, note, write};

kept_by! {
    every engine {
        three_hundred_mixed_acts_replay_to_the_same_rows,
        numbers_of_any_shape_replay_to_the_same_text,
        a_replay_beside_running_writers_agrees,
    }
    every engine that others can open too {
        a_changed_row_shows,
        a_changed_payload_shows,
        a_payload_that_cannot_be_read_shows,
        a_removed_payload_shows,
        a_missing_row_shows_once,
        a_row_without_an_act_shows,
        a_cut_log_shows,
    }
}

/// Three hundred acts: new notes, changed ones, refusals, accesses, repetitions and stale attempts.
async fn three_hundred(url: &str) -> Store {
    let store = Store::open(url).await.unwrap();
    let mut roll = dice(20_250_901);
    let mut versions = [0i64; 40];
    for n in 0..300u32 {
        let place = usize::try_from(roll(40)).unwrap();
        let id = format!("便笺-{place}");
        let text = format!("第{n}次，\"引号\"，换行\n，\u{1F600}");
        let due = (roll(2) == 0).then_some(jiff::civil::date(2025, 9, 5));
        let changed = Note { text, due, weight: 0.1 * f64::from(n), ..note(&id) };
        let read = versions[place];
        let command = format!("r{n}");
        let (log, entry) = match roll(8) {
            0 => (Log::Access, Entry { reads: vec![(format!("note/{id}"), read)], ..act(&command) }),
            1 => (Log::Control, Entry { outcome: Outcome::Refused, ..act(&command) }),
            2 => {
                let stale = Entry { writes: vec![write(&changed, read + 1)], ..act(&command) };
                store.commit(Log::Control, stale).await.unwrap_err();
                (Log::Control, act(&command))
            }
            _ => {
                versions[place] += 1;
                (Log::Control, Entry { writes: vec![write(&changed, read)], ..act(&command) })
            }
        };
        store.commit(log, entry.clone()).await.unwrap();
        if roll(10) == 0 {
            assert!(store.commit(log, entry).await.unwrap().repeated);
        }
    }
    store
}

async fn differences(store: &Store) -> Vec<String> {
    store.replay().await.unwrap().differences
}

async fn three_hundred_mixed_acts_replay_to_the_same_rows(url: &str) {
    let store = three_hundred(url).await;
    let report = store.replay().await.unwrap();
    assert_eq!(report.differences, Vec::<String>::new());
    assert_eq!((report.control_events + report.access_events, report.rows), (300, 40));
}

async fn numbers_of_any_shape_replay_to_the_same_text(url: &str) {
    let store = Store::open(url).await.unwrap();
    let mut roll = dice(7);
    let mut numbers = vec![json!(i64::MIN), json!(u64::MAX), json!(-0.0), json!(5e-324), json!(f64::MAX)];
    numbers.extend((0..2000).map(|_| json!(f64::from_bits(roll(u64::MAX)))));
    let mut noted = write(&note("numbers"), 0);
    noted.body = json!({ "numbers": numbers, "z": 1, "a": { "乙": [], "甲": null } });
    store.commit(Log::Control, Entry { writes: vec![noted], ..act("numbers") }).await.unwrap();
    assert_eq!(differences(&store).await, Vec::<String>::new());
}

async fn a_replay_beside_running_writers_agrees(url: &str) {
    let store = Store::open(url).await.unwrap();
    let writing = async {
        for n in 0..120 {
            let round = (0..8).map(async |row| {
                let id = format!("busy{row}");
                let entry = Entry { writes: vec![write(&note(&id), n)], ..act(&format!("{id}-{n}")) };
                store.commit(Log::Control, entry).await.unwrap();
                store.commit(Log::Control, act_on_new(&format!("new{row}-{n}"))).await.unwrap();
            });
            join_all(round).await;
        }
    };
    let replaying = async {
        for _ in 0..12 {
            assert_eq!(differences(&store).await, Vec::<String>::new());
        }
    };
    futures::join!(writing, replaying);
}

async fn a_changed_row_shows(url: &str) {
    let store = three_hundred(url).await;
    let row = "UPDATE subject_row SET body = replace(body, '便笺', '便签') WHERE key = 'note/便笺-7'";
    assert_eq!(aside(url, row).await.unwrap(), 1);
    assert_eq!(differences(&store).await, ["“note/便笺-7”与重放的结果不一致"]);
    // Nor can it pretend to be newer than everything that was replayed.
    let newer = "UPDATE subject_row SET pos = 100000 WHERE key = 'note/便笺-7'";
    assert_eq!(aside(url, newer).await.unwrap(), 1);
    assert_eq!(differences(&store).await, ["“note/便笺-7”与重放的结果不一致"]);
}

async fn a_changed_payload_shows(url: &str) {
    let store = three_hundred(url).await;
    // Refusals carry no rows: only the commitment can tell.
    let refused = store.events(Log::Control, 0, 1000).await.unwrap();
    assert!(refused.iter().any(|event| event.outcome == Outcome::Refused));
    let payload = if store.engine_name() == "SQLite" {
        "UPDATE payload SET body = CAST(replace(CAST(body AS TEXT), '试验', '实验') AS BLOB) \
         WHERE log = 2 AND pos = 3"
    } else {
        "UPDATE payload SET body = convert_to(replace(convert_from(body, 'UTF8'), '试验', '实验'), 'UTF8') \
         WHERE log = 2 AND pos = 3"
    };
    assert_eq!(aside(url, payload).await.unwrap(), 1);
    assert_eq!(differences(&store).await, ["access日志位置3的内容与叶子中的承诺不符"]);
}

async fn a_payload_that_cannot_be_read_shows(url: &str) {
    let store = three_hundred(url).await;
    let garbage = "UPDATE payload SET body = salt WHERE log = 2 AND pos IN (1, 5)";
    assert_eq!(aside(url, garbage).await.unwrap(), 2);
    assert_eq!(
        differences(&store).await,
        ["access日志位置1的内容与叶子中的承诺不符", "access日志位置5的内容与叶子中的承诺不符"]
    );
}

async fn a_removed_payload_shows(url: &str) {
    let store = three_hundred(url).await;
    assert_eq!(aside(url, "DELETE FROM payload WHERE log = 2 AND pos = 0").await.unwrap(), 1);
    assert_eq!(differences(&store).await, ["access日志位置0的内容缺失"]);
}

async fn a_missing_row_shows_once(url: &str) {
    let store = three_hundred(url).await;
    let gone = "DELETE FROM subject_row WHERE key = 'note/便笺-21'";
    assert_eq!(aside(url, gone).await.unwrap(), 1);
    assert_eq!(differences(&store).await, ["“note/便笺-21”有事件而没有行"]);
}

async fn a_row_without_an_act_shows(url: &str) {
    let store = three_hundred(url).await;
    let smuggled = "INSERT INTO subject_row (key, subject, version, pos, parent, awaits, due, body) \
         VALUES ('note/zz', 'note', 1, 0, '', '', '', '{}')";
    assert_eq!(aside(url, smuggled).await.unwrap(), 1);
    assert_eq!(differences(&store).await, ["“note/zz”没有任何事件作依据"]);
}

async fn a_cut_log_shows(url: &str) {
    let store = three_hundred(url).await;
    let unprotect = if store.engine_name() == "SQLite" {
        "DROP TRIGGER event_not_deleted"
    } else {
        "DROP TRIGGER event_not_changed ON event"
    };
    aside(url, unprotect).await.unwrap();
    let size = store.head(Log::Access).await.unwrap().sha256.size();
    assert_eq!(aside(url, "DELETE FROM event WHERE log = 2 AND pos = 4").await.unwrap(), 1);
    assert_eq!(differences(&store).await, ["access日志在位置4缺失"]);
    assert!(size > 5);
    let last = "DELETE FROM event WHERE log = 2 AND pos >= 4";
    aside(url, last).await.unwrap();
    let told = differences(&store).await;
    assert!(told.iter().any(|told| told == "access日志重算的SHA-256树根与存储的不一致"), "{told:?}");
}
