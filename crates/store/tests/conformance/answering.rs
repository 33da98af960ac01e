//! 答复 — each act has its own fate: kept, repeated, stale, or refused for a reused number.

use futures::future::join_all;
use serde_json::json;
use store::{Committed, Entry, Fault, Log, Store};

use crate::ground::{Note, act, act_on_new, kept_by, note, write};

kept_by! {
    every engine {
        a_stale_act_is_refused_and_leaves_nothing,
        a_stale_act_may_be_made_again_under_the_same_number,
        twenty_acts_on_one_row_have_one_winner_per_version_and_all_land,
        a_repeated_request_gets_its_first_answer_again,
        a_number_used_for_other_content_is_refused,
        an_act_over_many_rows_is_kept_whole,
        an_act_that_no_database_could_hold_harms_only_itself,
    }
    every engine that others can open too {
        an_access_that_relied_on_a_changed_row_is_stale,
        accesses_and_acts_over_the_same_rows_never_wait_for_each_other_in_a_circle,
    }
}

async fn size(store: &Store) -> u64 {
    store.head(Log::Control).await.unwrap().sha256.size()
}

async fn a_stale_act_is_refused_and_leaves_nothing(url: &str) {
    let store = Store::open(url).await.unwrap();
    store.commit(Log::Control, act_on_new("n")).await.unwrap();
    let read = |key: &str, version| vec![(key.to_owned(), version)];
    let stale = [
        Entry { reads: read("note/n", 0), ..act_on_new("x1") },
        Entry { reads: read("note/n", 2), ..act_on_new("x2") },
        Entry { reads: read("note/absent", 1), ..act_on_new("x3") },
        Entry { writes: vec![write(&note("n"), 0)], ..act("x4") },
        Entry { writes: vec![write(&note("n"), 2)], ..act("x5") },
        Entry { writes: vec![write(&note("x6"), 0), write(&note("n"), 0)], ..act("x6") },
    ];
    for entry in stale {
        let key = format!("note/{}", entry.command);
        let fate = store.commit(Log::Control, entry).await;
        assert!(matches!(fate, Err(Fault::Stale)), "{key}: {fate:?}");
        assert_eq!(store.row(&key).await.unwrap(), None);
        assert!(store.history(&key).await.unwrap().is_empty());
    }
    assert_eq!(size(&store).await, 1);
    let reads = [read("note/n", 1), read("note/absent", 0)].concat();
    store.commit(Log::Control, Entry { reads, ..act_on_new("fresh") }).await.unwrap();
}

async fn a_stale_act_may_be_made_again_under_the_same_number(url: &str) {
    let store = Store::open(url).await.unwrap();
    let stale = Entry { reads: vec![("note/n".into(), 1)], ..act("again") };
    assert!(matches!(store.commit(Log::Control, stale).await, Err(Fault::Stale)));
    let kept = store.commit(Log::Control, act("again")).await.unwrap();
    assert_eq!((kept.position, kept.repeated), (0, false));
}

/// `race_20_appends`
async fn twenty_acts_on_one_row_have_one_winner_per_version_and_all_land(url: &str) {
    let store = Store::open(url).await.unwrap();
    let racer = async |n: usize| {
        for attempt in 1.. {
            let version = store.row("note/race").await.unwrap().map_or(0, |row| row.version);
            let writes = vec![write(&note("race"), version)];
            let entry = Entry { subject: "note/race".into(), writes, ..act(&format!("racer-{n}")) };
            match store.commit(Log::Control, entry).await {
                Ok(kept) => return (version + 1, kept.position, attempt),
                Err(Fault::Stale) => {}
                Err(fault) => panic!("{fault}"),
            }
        }
        unreachable!()
    };
    let mut landed = join_all((0..20).map(racer)).await;
    landed.sort_unstable();
    let versions: Vec<_> = landed.iter().map(|(version, position, _)| (*version, *position)).collect();
    assert_eq!(versions, (1..=20).zip(0..20).collect::<Vec<_>>(), "one winner per version");
    let retries = landed.iter().map(|(_, _, attempt)| attempt - 1).sum::<u32>();
    assert!(retries > 0, "twenty that read the same version cannot all win");
    assert_eq!(store.row("note/race").await.unwrap().unwrap().version, 20);
    assert_eq!(store.history("note/race").await.unwrap().len(), 20);
}

async fn a_repeated_request_gets_its_first_answer_again(url: &str) {
    let store = Store::open(url).await.unwrap();
    let told = |kept: Committed| (kept.position, kept.reply, kept.repeated);
    let answer = json!({ "ok": "a" });
    let first = store.commit(Log::Control, act_on_new("a")).await.unwrap();
    assert_eq!(told(first), (0, answer.clone(), false));
    store.commit(Log::Control, act_on_new("b")).await.unwrap();
    // What would be answered today does not matter, nor that the row exists by now.
    let again = Entry { reply: json!("another answer"), ..act_on_new("a") };
    assert_eq!(told(store.commit(Log::Control, again).await.unwrap()), (0, answer, true));
    // A person clicks twice: both requests wait for the same commit.
    let both = join_all((0..70).map(|_| store.commit(Log::Control, act_on_new("c")))).await;
    let both: Vec<_> = both.into_iter().map(|kept| told(kept.unwrap())).collect();
    assert_eq!(both.iter().filter(|(_, _, repeated)| !repeated).count(), 1);
    assert!(both.iter().all(|(position, reply, _)| (*position, reply) == (2, &json!({ "ok": "c" }))));
    assert_eq!(size(&store).await, 3);
}

async fn a_number_used_for_other_content_is_refused(url: &str) {
    let store = Store::open(url).await.unwrap();
    let other = || Entry { digest: [1; 32], ..act("a") };
    store.commit(Log::Control, act("a")).await.unwrap();
    let refused = store.commit(Log::Control, other()).await;
    assert!(matches!(refused, Err(Fault::KeyReused)), "{refused:?}");
    let pair = [act_on_new("b"), Entry { digest: [1; 32], ..act_on_new("b") }];
    let fates = join_all(pair.map(|entry| store.commit(Log::Control, entry))).await;
    assert!(matches!(fates[..], [Ok(_), Err(Fault::KeyReused)]), "{fates:?}");
    assert_eq!(size(&store).await, 2);
    store.commit(Log::Access, other()).await.expect("each log has its own numbers");
}

async fn an_act_over_many_rows_is_kept_whole(url: &str) {
    let store = Store::open(url).await.unwrap();
    // 64, 8 and single rows: every width that statements exist in.
    let notes: Vec<_> = (0..155).map(|n| note(&format!("m{n:03}"))).collect();
    let writes = |read| notes.iter().map(|note| write(note, read)).collect();
    store.commit(Log::Control, Entry { writes: writes(0), ..act("many") }).await.unwrap();
    let reads: Vec<_> = notes.iter().map(|note| (format!("note/{}", note.id), 1)).collect();
    let again = Entry { reads, writes: writes(1), ..act("many again") };
    store.commit(Log::Control, again.clone()).await.unwrap();
    let stale = store.commit(Log::Control, Entry { command: "third".into(), ..again }).await;
    assert!(matches!(stale, Err(Fault::Stale)));
    for note in &notes {
        assert_eq!(store.get(&note.id).await.unwrap(), Some((note.clone(), 2)));
    }
}

async fn an_act_that_no_database_could_hold_harms_only_itself(url: &str) {
    let store = Store::open(url).await.unwrap();
    let long = "长".repeat(1000);
    let mut acts = vec![
        act("nul\0"),
        act(&long),
        Entry { subject: "note/\0".into(), ..act("s") },
        Entry { writes: vec![write(&note("\0"), 0)], ..act("k") },
        Entry { writes: vec![write(&note(&long), 0)], ..act("l") },
        Entry { reads: vec![("note/\0".into(), 0)], ..act("r") },
    ];
    let odd = acts.len();
    acts.extend((0..20).map(|n| act_on_new(&format!("good{n}"))));
    let text = "任何内容都可以：\0 \u{1F600} \\u0000".to_owned();
    acts.push(Entry { writes: vec![write(&Note { text, ..note("text") }, 0)], ..act("text") });
    let fates = join_all(acts.into_iter().map(|entry| store.commit(Log::Control, entry))).await;
    for (n, fate) in fates.iter().enumerate() {
        match fate {
            Err(Fault::Unfit(_)) if n < odd => {}
            Ok(_) if n >= odd => {}
            other => panic!("{n}: {other:?}"),
        }
    }
    assert_eq!(store.row("note/\0").await.unwrap(), None);
    assert!(store.history("note/\0").await.unwrap().is_empty());
}

async fn an_access_that_relied_on_a_changed_row_is_stale(url: &str) {
    let store = Store::open(url).await.unwrap();
    store.commit(Log::Control, act_on_new("credential")).await.unwrap();
    let relying = |command, version| {
        let reads = vec![("note/credential".into(), version), ("note/none".into(), 0)];
        store.commit(Log::Access, Entry { reads, ..act(command) })
    };
    relying("before", 1).await.unwrap();
    let revoked = Entry { writes: vec![write(&note("credential"), 1)], ..act("revoke") };
    store.commit(Log::Control, revoked).await.unwrap();
    assert!(matches!(relying("after", 1).await, Err(Fault::Stale)));
    assert_eq!(store.head(Log::Access).await.unwrap().sha256.size(), 1, "no trace of it");
    relying("after", 2).await.unwrap();
}

async fn accesses_and_acts_over_the_same_rows_never_wait_for_each_other_in_a_circle(url: &str) {
    let store = Store::open(url).await.unwrap();
    // Kept in one order on disk, and asked for in another.
    let notes: Vec<_> = (0..40).rev().map(|n| note(&format!("d{n:02}"))).collect();
    for note in &notes {
        let entry = Entry { writes: vec![write(note, 0)], ..act(&note.id) };
        store.commit(Log::Control, entry).await.unwrap();
    }
    let acting = async {
        for read in 1..60 {
            let writes = notes.iter().map(|note| write(note, read)).collect();
            let entry = Entry { writes, ..act(&format!("act{read}")) };
            store.commit(Log::Control, entry).await.unwrap();
        }
    };
    let accessing = async {
        for n in 0..200 {
            let version = store.row("note/d00").await.unwrap().unwrap().version;
            let reads = notes.iter().map(|note| (format!("note/{}", note.id), version)).collect();
            match store.commit(Log::Access, Entry { reads, ..act(&format!("access{n}")) }).await {
                Ok(_) | Err(Fault::Stale) => {}
                Err(fault) => panic!("{fault}"),
            }
        }
    };
    futures::join!(acting, accessing);
}
