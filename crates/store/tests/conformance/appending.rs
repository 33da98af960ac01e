//! 追加 — one log, one order, one tree: position is leaf index, and nothing is ever missing between.

use futures::future::join_all;
use ledger::{Algorithm, proof};
use serde_json::json;
use store::{Entry, Log, Outcome, Store};

use crate::ground::{act, act_on_new, kept_by, monday};

kept_by! {
    every engine {
        positions_have_no_gaps_and_equal_the_leaf_index,
        the_head_holds_the_roots_of_all_leaves_in_both_algorithms,
        the_two_logs_count_for_themselves,
        the_time_of_the_log_never_runs_backwards,
        a_refused_act_is_recorded_and_changes_nothing,
        a_page_of_events_starts_and_ends_where_it_is_asked_to,
        whoever_stops_waiting_loses_nothing_that_was_kept,
    }
    every engine that others can open too {}
}

async fn positions_have_no_gaps_and_equal_the_leaf_index(url: &str) {
    let store = Store::open(url).await.unwrap();
    let numbers: Vec<String> = (0..150).map(|n| format!("a{n}")).collect();
    let kept = join_all(numbers.iter().map(|n| store.commit(Log::Control, act_on_new(n)))).await;
    let mut positions: Vec<u64> = kept.into_iter().map(|kept| kept.unwrap().position).collect();
    positions.sort_unstable();
    assert_eq!(positions, (0..150).collect::<Vec<_>>());
    let events = store.events(Log::Control, 0, 1000).await.unwrap();
    for (index, event) in (0u64..).zip(&events) {
        let leaf: serde_json::Value = serde_json::from_slice(&event.leaf).unwrap();
        assert_eq!((event.position, &leaf["pos"]), (index, &json!(index)));
        let row = store.row(&event.subject).await.unwrap().unwrap();
        assert_eq!(u64::try_from(row.position), Ok(index), "a row knows the act that wrote it");
    }
    assert_eq!(events.len(), 150);
}

async fn the_head_holds_the_roots_of_all_leaves_in_both_algorithms(url: &str) {
    let store = Store::open(url).await.unwrap();
    let empty = store.head(Log::Control).await.unwrap();
    assert_eq!((empty.sha256.size(), empty.sha256.root()), (0, Algorithm::Sha256.empty()));
    for n in 0..37 {
        store.commit(Log::Control, act_on_new(&format!("r{n}"))).await.unwrap();
        let head = store.head(Log::Control).await.unwrap();
        let events = store.events(Log::Control, 0, 1000).await.unwrap();
        let leaves =
            |algorithm: Algorithm| -> Vec<_> { events.iter().map(|event| algorithm.leaf(&event.leaf)).collect() };
        for (algorithm, frontier) in [(Algorithm::Sha256, &head.sha256), (Algorithm::Sm3, &head.sm3)] {
            assert_eq!(frontier.size(), n + 1);
            assert_eq!(frontier.root(), proof::root_of(algorithm, &leaves(algorithm)));
        }
        let hashes = store.leaf_hashes(Log::Control, n + 1).await.unwrap();
        assert_eq!(hashes, leaves(Algorithm::Sha256));
    }
    assert_eq!(store.leaf_hashes(Log::Control, 5).await.unwrap().len(), 5, "a smaller tree");
}

async fn the_two_logs_count_for_themselves(url: &str) {
    let store = Store::open(url).await.unwrap();
    for (log, command) in [(Log::Control, "one"), (Log::Access, "one"), (Log::Access, "two")] {
        let kept = store.commit(log, act(command)).await.unwrap();
        assert_eq!((kept.position, kept.repeated), (u64::from(command == "two"), false));
    }
    assert_eq!(store.head(Log::Control).await.unwrap().sha256.size(), 1);
    assert_eq!(store.head(Log::Access).await.unwrap().sha256.size(), 2);
}

async fn the_time_of_the_log_never_runs_backwards(url: &str) {
    let store = Store::open(url).await.unwrap();
    let minute = jiff::SignedDuration::from_mins(1);
    for (command, at) in [("a", monday()), ("b", monday() - minute), ("c", monday() + minute)] {
        store.commit(Log::Control, Entry { at, ..act(command) }).await.unwrap();
    }
    let events = store.events(Log::Control, 0, 10).await.unwrap();
    let told: Vec<_> = events.iter().map(|event| event.at).collect();
    assert_eq!(told, [monday(), monday(), monday() + minute]);
    let head = store.head(Log::Control).await.unwrap();
    assert_eq!(head.last_at, (monday() + minute).as_millisecond());
}

async fn a_refused_act_is_recorded_and_changes_nothing(url: &str) {
    let store = Store::open(url).await.unwrap();
    store.commit(Log::Control, act_on_new("n")).await.unwrap();
    let before = store.row("note/n").await.unwrap();
    let refused = Entry { subject: "note/n".into(), outcome: Outcome::Refused, ..act("no") };
    assert_eq!(store.commit(Log::Control, refused).await.unwrap().position, 1);
    let history = store.history("note/n").await.unwrap();
    let outcomes: Vec<_> = history.iter().map(|event| event.outcome).collect();
    assert_eq!(outcomes, [Outcome::Done, Outcome::Refused]);
    assert_eq!(history[1].detail, json!({ "command": "no", "说明": "试验" }));
    assert_eq!(store.row("note/n").await.unwrap(), before);
}

async fn a_page_of_events_starts_and_ends_where_it_is_asked_to(url: &str) {
    let store = Store::open(url).await.unwrap();
    for n in 0..10 {
        store.commit(Log::Access, act(&format!("e{n}"))).await.unwrap();
    }
    let page = store.events(Log::Access, 4, 3).await.unwrap();
    assert_eq!(page.iter().map(|event| event.position).collect::<Vec<_>>(), [4, 5, 6]);
    assert!(store.events(Log::Access, 10, 3).await.unwrap().is_empty());
}

async fn whoever_stops_waiting_loses_nothing_that_was_kept(url: &str) {
    let store = Store::open(url).await.unwrap();
    let impatient = store.clone();
    let asked = tokio::spawn(async move { impatient.commit(Log::Control, act_on_new("gone")).await });
    tokio::task::yield_now().await;
    asked.abort();
    let _ = asked.await;
    let again = store.commit(Log::Control, act_on_new("gone")).await.unwrap();
    assert_eq!((again.position, again.reply), (0, json!({ "ok": "gone" })), "either way, once");
    assert_eq!(store.head(Log::Control).await.unwrap().sha256.size(), 1);
}
