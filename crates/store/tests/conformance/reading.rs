//! 查阅 — lists come in one order, whichever database keeps them.

use jiff::civil::date;
use store::{
    Entry, Log, Record as _, Row, Store,
    list::{Filter, Order, Page, Place},
};

use crate::ground::{Note, act, kept_by, note, write};

kept_by! {
    every engine {
        every_statement_prepares_with_the_same_parameters_and_columns,
        lists_come_in_the_order_of_keys_page_by_page,
        children_are_those_that_stand_directly_on_a_row,
        what_waits_comes_with_the_most_urgent_first_and_the_termless_last,
        the_latest_come_first_page_by_page_and_are_counted_from_a_place_on,
        notices_come_as_they_were_written_whichever_mailbox_they_are_in,
        what_waits_for_a_moment_comes_with_the_earliest_first,
        what_is_overdue_comes_in_the_order_of_its_days,
        the_history_of_a_row_is_its_own_and_in_order,
        rows_come_in_the_order_of_the_keys_asked_for,
        who_follows_the_acts_sees_each_row_as_it_was_left_last,
    }
    every engine that others can open too {}
}

/// Keeps these notes, in an order that is not the one asked for.
async fn keep(url: &str, notes: &[Note]) -> Store {
    let store = Store::open(url).await.unwrap();
    for note in notes.iter().rev() {
        let entry = Entry { writes: vec![write(note, 0)], ..act(&note.id) };
        store.commit(Log::Control, entry).await.unwrap();
    }
    store
}

fn ids(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(Row::id).collect()
}

async fn every_statement_prepares_with_the_same_parameters_and_columns(url: &str) {
    let here = Store::open(url).await.unwrap().prepare_all().await.unwrap();
    let there = Store::open("sqlite::memory:").await.unwrap().prepare_all().await.unwrap();
    assert!(here.len() >= 60, "{} statements", here.len());
    for (one, other) in here.iter().zip(&there) {
        assert_eq!(one, other);
    }
    assert_eq!(here.len(), there.len());
    let of = |name: &str| here.iter().find(|(known, ..)| *known == name).unwrap();
    assert_eq!(
        of("ROW").2,
        ["key", "version", "pos", "since", "parent", "awaits", "due", "state", "title", "parties", "body"]
    );
    assert_eq!((of("PUT").1, of("CHILDREN_OF").1, of("LOCK_HEAD").1), (64 * 12, 2, 1));
}

async fn lists_come_in_the_order_of_keys_page_by_page(url: &str) {
    // Bytes decide. Databases that sort for people would mix these up.
    let sorted = ["A-1", "B", "XQ-10", "XQ-9", "XQ_1", "a", "a b", "a-1", "ab", "b", "é", "一", "万", "丙"];
    let store = keep(url, &sorted.map(note)).await;
    let all: Vec<Note> = store.list("", 100).await.unwrap();
    assert_eq!(all, sorted.map(note));
    let mut paged: Vec<Note> = Vec::new();
    loop {
        let after = paged.last().map_or(String::new(), |note| note.id.clone());
        let page: Vec<Note> = store.list(&after, 3).await.unwrap();
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, sorted.map(note), "page by page, each once");
    assert!(store.list::<store::party::Session>("", 10).await.unwrap().is_empty(), "another subject");
}

async fn children_are_those_that_stand_directly_on_a_row(url: &str) {
    let on = |id: &str, on: &str| Note { on: on.into(), ..note(id) };
    let notes = [on("top", ""), on("a", "note/top"), on("b", "note/top"), on("c", "note/a")];
    let store = keep(url, &notes).await;
    let children: Vec<Note> = store.children("note/top").await.unwrap();
    assert_eq!(children, notes[1..3]);
    assert!(store.children::<store::party::Session>("note/top").await.unwrap().is_empty());
    // Whoever moves stands elsewhere.
    let moved = on("b", "note/a");
    let entry = Entry { writes: vec![write(&moved, 1)], ..act("move") };
    store.commit(Log::Control, entry).await.unwrap();
    assert_eq!(store.children::<Note>("note/a").await.unwrap(), [moved, notes[3].clone()]);
}

async fn what_waits_comes_with_the_most_urgent_first_and_the_termless_last(url: &str) {
    let waiting = |id: &str, who: &str, due| Note { waits_for: who.into(), due, ..note(id) };
    let store = keep(
        url,
        &[
            waiting("a-termless", "operator@o-1", None),
            waiting("b-late", "operator@o-1", Some(date(2025, 10, 9))),
            waiting("c-soon", "operator@o-1", Some(date(2025, 9, 2))),
            waiting("b-soon", "operator@o-1", Some(date(2025, 9, 2))),
            waiting("other", "operator@o-2", Some(date(2025, 9, 1))),
            waiting("nobody", "", None),
        ],
    )
    .await;
    let todo = async |order, skip, show| {
        store.awaiting("operator@o-1", &Filter::default(), order, Page { skip, show }).await.unwrap()
    };
    assert_eq!(ids(&todo(Order::Urgent, 0, 10).await), ["b-soon", "c-soon", "b-late", "a-termless"]);
    assert_eq!(ids(&todo(Order::Urgent, 0, 2).await), ["b-soon", "c-soon"]);
    assert_eq!(ids(&todo(Order::Urgent, 2, 2).await), ["b-late", "a-termless"], "across what has no term");
    assert_eq!(ids(&todo(Order::Urgent, 3, 2).await), ["a-termless"]);
    assert!(todo(Order::Urgent, 4, 2).await.is_empty(), "beyond the end");
    assert!(todo(Order::Urgent, u64::MAX, 2).await.is_empty(), "far beyond it");
    assert_eq!(ids(&todo(Order::Relaxed, 0, 10).await), ["b-late", "c-soon", "b-soon", "a-termless"]);
    assert_eq!(ids(&todo(Order::Newest, 0, 2).await), ["a-termless", "b-late"]);
    assert_eq!(ids(&todo(Order::Oldest, 0, 2).await), ["b-soon", "c-soon"]);
    let done = Entry { writes: vec![write(&note("b-soon"), 1)], ..act("done") };
    store.commit(Log::Control, done).await.unwrap();
    assert_eq!(ids(&todo(Order::Urgent, 0, 1).await), ["c-soon"]);
}

async fn the_latest_come_first_page_by_page_and_are_counted_from_a_place_on(url: &str) {
    let on = |id: &str, on: &str| Note { on: on.into(), ..note(id) };
    let store = Store::open(url).await.unwrap();
    // Two notes in one act stand at one position; the box beside is not this one.
    for (n, ids) in [["a", "b"], ["d", "c"], ["e", "f"]].iter().enumerate() {
        let writes =
            [write(&on(ids[0], "box/1"), 0), write(&on(ids[1], "box/1"), 0), write(&on(&format!("x{n}"), "box/2"), 0)];
        store.commit(Log::Control, Entry { writes: writes.to_vec(), ..act(&format!("act{n}")) }).await.unwrap();
    }
    let (mut paged, mut before) = (Vec::new(), None);
    loop {
        let place = before.as_ref().map(|(position, key): &(i64, String)| (*position, key.as_str()));
        let page = store.latest::<Note>("box/1", place, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.position, last.key.clone()));
        paged.extend(page.iter().map(|row| row.id().to_owned()));
    }
    assert_eq!(paged, ["f", "e", "d", "c", "b", "a"]);
    for (position, most, count) in [(-1, 100, 6), (0, 100, 4), (2, 100, 0), (-1, 4, 4)] {
        assert_eq!(store.count_after::<Note>("box/1", position, most).await.unwrap(), count, "{position}, {most}");
    }
    assert_eq!(store.count_after::<store::party::Session>("box/1", -1, 9).await.unwrap(), 0);
    assert!(store.latest::<Note>("box/\0", None, 3).await.unwrap().is_empty());
}

async fn notices_come_as_they_were_written_whichever_mailbox_they_are_in(url: &str) {
    let store = Store::open(url).await.unwrap();
    let notice = |id: &str, mailbox: &str| store::notice::Notice {
        id: id.into(),
        mailbox: mailbox.into(),
        org: "o-1".into(),
        reason: regulation::notice::Reason::Yours,
        about: "note/1".into(),
        act: "note.write".into(),
        by: "o-2".into(),
        state: String::new(),
        basis: String::new(),
        due: Some(date(2025, 9, 8)),
        at: crate::ground::monday(),
    };
    for (command, mailbox) in [("z", "mailbox/1"), ("m", "mailbox/2"), ("a", "mailbox/1")] {
        let writes = vec![store::record::write(&notice(command, mailbox), 0).unwrap(), write(&note(command), 0)];
        store.commit(Log::Control, Entry { writes, ..act(command) }).await.unwrap();
    }
    assert_eq!(ids(&store.notices_after(-1, 10).await.unwrap()), ["z", "m", "a"]);
    assert_eq!(ids(&store.notices_after(0, 1).await.unwrap()), ["m"]);
    let timed = store.overdue_after("2030-01-01", &Place::default(), 10).await.unwrap();
    assert!(timed.is_empty(), "a notice runs against nothing");
}

async fn what_waits_for_a_moment_comes_with_the_earliest_first(url: &str) {
    let at = |second: i64| store::notice::outbox(jiff::Timestamp::from_second(second).unwrap());
    let waiting = |id: &str, who: String| Note { waits_for: who, ..note(id) };
    let notes = [
        waiting("now", at(1_756_688_400)),
        waiting("long-ago", at(9)),
        waiting("later", at(1_756_688_401)),
        waiting("party", "operator@o-1".into()),
        waiting("nobody", String::new()),
    ];
    let store = keep(url, &notes).await;
    let due = store.awaiting_within(&at(0), &at(1_756_688_400), 10).await.unwrap();
    assert_eq!(ids(&due), ["long-ago", "now"]);
    assert_eq!(ids(&store.awaiting_within(&at(0), &at(1_756_688_400), 1).await.unwrap()), ["long-ago"]);
}

async fn what_is_overdue_comes_in_the_order_of_its_days(url: &str) {
    let due = |id: &str, due| Note { due, ..note(id) };
    let store = keep(
        url,
        &[
            due("z", Some(date(2025, 8, 29))),
            due("today", Some(date(2025, 9, 1))),
            due("a", Some(date(2025, 8, 30))),
            due("b", Some(date(2024, 12, 31))),
            due("never", None),
        ],
    )
    .await;
    let before = async |day: &str| {
        let filter = Filter { until: day.into(), ..Filter::default() };
        let rows = store.timed("", &filter, Order::Urgent, Page { skip: 0, show: 10 }).await.unwrap();
        assert_eq!(store.timed_count("", &filter).await.unwrap(), rows.len() as u64);
        rows
    };
    assert_eq!(ids(&before("2025-09-01").await), ["b", "z", "a"]);
    assert_eq!(ids(&before("2025-09-02").await), ["b", "z", "a", "today"]);
    // Page by page, while what was seen is being changed.
    let mut place = Place::default();
    let mut walked = Vec::new();
    loop {
        let page = store.overdue_after("2025-09-01", &place, 1).await.unwrap();
        let Some(row) = page.first() else { break };
        place = (row.due.clone(), row.since, row.key.clone());
        walked.push(row.id().to_owned());
        let again = Note { due: row.due.parse().ok(), text: "督办".into(), ..note(row.id()) };
        let seen = Entry { writes: vec![write(&again, row.version)], ..act(&format!("seen-{}", row.id())) };
        store.commit(Log::Control, seen).await.unwrap();
    }
    assert_eq!(walked, ["b", "z", "a"], "each once");
}

async fn the_history_of_a_row_is_its_own_and_in_order(url: &str) {
    let store = keep(url, &[note("n"), note("n2")]).await;
    for step in ["submit", "pass", "note/n"] {
        let subject = format!("{}/n", Note::SUBJECT);
        store.commit(Log::Control, Entry { subject, act: step.into(), ..act(step) }).await.unwrap();
    }
    let access = Entry { subject: "note/n".into(), act: "read".into(), ..act("read") };
    store.commit(Log::Access, access).await.unwrap();
    let history = store.history("note/n").await.unwrap();
    let told: Vec<_> = history.iter().map(|event| (event.position, event.act.as_str())).collect();
    assert_eq!(told, [(1, "note.write"), (2, "submit"), (3, "pass"), (4, "note/n")]);
    let first = &history[0];
    assert_eq!([&first.actor, &first.org, &first.role], ["p-7", "o-1", "operator"]);
    assert_eq!((&*first.basis, &*first.subject), ("第二十三条第一款", "note/n"));
}

async fn rows_come_in_the_order_of_the_keys_asked_for(url: &str) {
    let names: Vec<String> = (0..150).map(|number| format!("N-{number:03}")).collect();
    let store = keep(url, &names.iter().map(|name| note(name)).collect::<Vec<_>>()).await;
    let mut keys: Vec<String> = names.iter().rev().map(|name| format!("note/{name}")).collect();
    keys.insert(7, "note/没有".to_owned());
    keys.insert(9, "坏\0键".to_owned());
    let rows = store.rows(&keys).await.unwrap();
    assert_eq!(ids(&rows), names.iter().rev().map(String::as_str).collect::<Vec<_>>());
    assert!(store.rows(&[]).await.unwrap().is_empty());
}

async fn who_follows_the_acts_sees_each_row_as_it_was_left_last(url: &str) {
    let store = keep(url, &["丙", "乙", "甲"].map(note)).await;
    let again = Entry { writes: vec![write(&note("乙"), 1)], ..act("乙-再") };
    store.commit(Log::Control, again).await.unwrap();
    let nothing = Entry { writes: Vec::new(), ..act("无") };
    store.commit(Log::Control, nothing).await.unwrap();
    let (rows, next) = store.written(0, 100).await.unwrap();
    assert_eq!((ids(&rows), next), (vec!["丙", "乙", "甲"], 5));
    assert_eq!((rows[1].version, rows[1].position), (2, 3));
    // When a row began is kept with the row; an act alone does not know it.
    let kept = store.rows(&rows.iter().map(|row| row.key.clone()).collect::<Vec<_>>()).await.unwrap();
    let told = rows.iter().zip(&kept).map(|(row, kept)| store::Row { since: kept.since, ..row.clone() });
    assert_eq!(told.collect::<Vec<_>>(), kept);
    let (rows, next) = store.written(1, 2).await.unwrap();
    let two: Vec<&str> = kept.iter().filter(|row| (1..3).contains(&row.since)).map(Row::id).collect();
    assert_eq!((ids(&rows), next), (two, 3), "从这里起，只看两件");
    assert_eq!(store.written(5, 100).await.unwrap(), (Vec::new(), 5));
}
