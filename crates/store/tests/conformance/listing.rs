//! 列表 — whose files are in whose list, how many, who did what: kept with every act, and told anew by a replay.

use regulation::operation::credential::State;
use store::{
    EVERYBODY, Entry, Log, Outcome, Row, Store, Write,
    list::{Count, Did, Filter, Order, Page},
    operation::credential::Credential,
    record,
};

use crate::ground::{act, act_on_new, aside, kept_by};

kept_by! {
    every engine {
        files_are_in_the_lists_of_their_parties_and_of_nobody_else,
        counts_follow_every_change_within_a_commit_and_after_it,
        a_party_that_leaves_a_file_loses_it,
        words_are_found_in_numbers_and_titles_and_are_never_patterns,
        what_somebody_did_stands_under_their_organisation_and_signing_in_does_not,
        children_come_page_by_page,
    }
    every engine that others can open too {
        a_database_kept_without_lists_is_filled_when_it_is_opened,
        names_reach_the_lists_of_a_database_kept_without_them,
        a_list_changed_behind_the_log_shows,
    }
}

/// A small file of two parties.
fn credential(id: &str, entity: &str) -> Credential {
    Credential {
        id: id.into(),
        use_agreement: "LY-1".into(),
        entity: entity.into(),
        operator: "o-1".into(),
        product: "CP-1".into(),
        secret_sha256: String::new(),
        until: jiff::civil::date(2025, 9, 30),
        state: State::Valid,
    }
}

fn write(file: &Credential, read: i64) -> Write {
    record::write(file, read).unwrap()
}

async fn keep(store: &Store, file: &Credential, read: i64) {
    let entry = Entry { writes: vec![write(file, read)], ..act(&format!("{}-{read}", file.id)) };
    store.commit(Log::Control, entry).await.unwrap();
}

const ALL: Page = Page { skip: 0, show: 100 };

fn of_credentials() -> Filter {
    Filter { subject: "credential".into(), ..Filter::default() }
}

async fn files(store: &Store, org: &str, filter: &Filter, order: Order) -> Vec<String> {
    let rows = store.files(org, filter, order, ALL).await.unwrap();
    rows.iter().map(|row: &Row| row.id().to_owned()).collect()
}

async fn counted(store: &Store, org: &str) -> Vec<(String, u64)> {
    let counts = store.files_counts(org).await.unwrap();
    counts.into_iter().map(|Count { state, rows, .. }| (state, rows)).collect()
}

async fn agrees(store: &Store) {
    assert_eq!(store.replay().await.unwrap().differences, Vec::<String>::new());
}

async fn files_are_in_the_lists_of_their_parties_and_of_nobody_else(url: &str) {
    let store = Store::open(url).await.unwrap();
    for (id, entity) in [("PJ-2", "e-1"), ("PJ-1", "e-1"), ("PJ-3", "e-2"), ("PJ-4", "o-1")] {
        keep(&store, &credential(id, entity), 0).await;
    }
    store.commit(Log::Control, act_on_new("no-file")).await.unwrap();
    let filter = of_credentials();
    assert_eq!(files(&store, "e-1", &filter, Order::Newest).await, ["PJ-1", "PJ-2"]);
    assert_eq!(files(&store, "e-1", &filter, Order::Oldest).await, ["PJ-2", "PJ-1"]);
    assert_eq!(files(&store, "o-1", &filter, Order::Newest).await, ["PJ-4", "PJ-3", "PJ-1", "PJ-2"], "each once");
    assert_eq!(files(&store, EVERYBODY, &filter, Order::Newest).await.len(), 4);
    assert!(files(&store, "e", &filter, Order::Newest).await.is_empty());
    assert!(files(&store, "e-1\0", &filter, Order::Newest).await.is_empty());
    let notes = Filter { subject: "note".into(), ..Filter::default() };
    assert!(files(&store, EVERYBODY, &notes, Order::Newest).await.is_empty(), "a note is no file");
    let page = store.files("o-1", &filter, Order::Newest, Page { skip: 1, show: 2 }).await.unwrap();
    assert_eq!(page.iter().map(Row::id).collect::<Vec<_>>(), ["PJ-3", "PJ-1"]);
    assert!(store.files("o-1", &filter, Order::Newest, Page { skip: 4, show: 2 }).await.unwrap().is_empty());
    let none = Filter { underway: true, ..filter };
    assert!(files(&store, "o-1", &none, Order::Urgent).await.is_empty(), "no credential waits for anybody");
    agrees(&store).await;
}

async fn counts_follow_every_change_within_a_commit_and_after_it(url: &str) {
    let store = Store::open(url).await.unwrap();
    let begun = (0..100).map(|n| {
        let store = store.clone();
        async move { keep(&store, &credential(&format!("PJ-{n}"), "e-1"), 0).await }
    });
    futures::future::join_all(begun).await;
    assert_eq!(counted(&store, "e-1").await, [("valid".to_owned(), 100)]);
    for n in 0..30 {
        keep(&store, &Credential { state: State::Revoked, ..credential(&format!("PJ-{n}"), "e-1") }, 1).await;
    }
    for org in ["e-1", "o-1", EVERYBODY] {
        assert_eq!(counted(&store, org).await, [("revoked".to_owned(), 30), ("valid".to_owned(), 70)], "{org}");
    }
    let revoked = Filter { state: "revoked".into(), ..of_credentials() };
    assert_eq!(files(&store, "e-1", &revoked, Order::Newest).await.len(), 30);
    agrees(&store).await;
}

async fn a_party_that_leaves_a_file_loses_it(url: &str) {
    let store = Store::open(url).await.unwrap();
    keep(&store, &credential("PJ-1", "e-1"), 0).await;
    keep(&store, &credential("PJ-1", "e-2"), 1).await;
    assert!(files(&store, "e-1", &of_credentials(), Order::Newest).await.is_empty());
    assert_eq!(counted(&store, "e-1").await, []);
    assert_eq!(files(&store, "e-2", &of_credentials(), Order::Newest).await, ["PJ-1"]);
    agrees(&store).await;
}

async fn words_are_found_in_numbers_and_titles_and_are_never_patterns(url: &str) {
    let store = Store::open(url).await.unwrap();
    for id in ["PJ-20250901-AB", "PJ-20250902-CD", "PJ_20250903"] {
        keep(&store, &credential(id, "e-1"), 0).await;
    }
    let table = [("0902-cd", 1), ("pj", 3), ("credential", 0), ("_", 1), ("%", 0), ("\\", 0), ("'", 0), ("\0", 0)];
    for (word, found) in table {
        let filter = Filter { word: word.into(), ..of_credentials() };
        assert_eq!(store.files_found("e-1", &filter).await.unwrap().len(), found, "{word}");
    }
}

async fn what_somebody_did_stands_under_their_organisation_and_signing_in_does_not(url: &str) {
    let store = Store::open(url).await.unwrap();
    let by = |org: &str, actor: &str, act_: &str, n: u32, outcome| Entry {
        org: org.into(),
        actor: actor.into(),
        act: act_.into(),
        outcome,
        ..act(&format!("{n}"))
    };
    let acts = [
        by("o-1", "lin", "demand.submit", 0, Outcome::Done),
        by("o-2", "he", "demand.submit", 1, Outcome::Done),
        by("o-1", "lin", "session.begin", 2, Outcome::Done),
        by("o-1", "xu", "demand.pass", 3, Outcome::Refused),
        by("o-1", "lin", "demand.pass", 4, Outcome::Done),
    ];
    for entry in acts {
        store.commit(Log::Control, entry).await.unwrap();
    }
    let did = async |did: Did, page: Page| {
        let events = store.activity("o-1", &did, page).await.unwrap();
        events.iter().map(|event| event.position).collect::<Vec<_>>()
    };
    assert_eq!(did(Did::default(), ALL).await, [4, 3, 0]);
    assert_eq!(did(Did::default(), Page { skip: 1, show: 1 }).await, [3]);
    assert_eq!(did(Did { actor: "lin".into(), ..Did::default() }, ALL).await, [4, 0]);
    assert_eq!(did(Did { act: "demand.pass".into(), ..Did::default() }, ALL).await, [4, 3]);
    assert_eq!(did(Did { refused: true, ..Did::default() }, ALL).await, [3]);
    let counts = store.activity_counts("o-1").await.unwrap();
    assert_eq!(counts.iter().map(|deeds| deeds.events).sum::<u64>(), 3);
    agrees(&store).await;
}

async fn children_come_page_by_page(url: &str) {
    let store = Store::open(url).await.unwrap();
    for n in 0..5 {
        keep(&store, &credential(&format!("PJ-{n}"), if n == 0 { "e-2" } else { "e-1" }), 0).await;
    }
    let below = async |org: &str, skip| {
        let page = Page { skip, show: 2 };
        let (rows, all) = store.standing("use_agreement/LY-1", "credential", org, page).await.unwrap();
        (rows.iter().map(|row| row.id().to_owned()).collect::<Vec<_>>().join(" "), all)
    };
    assert_eq!(below("", 0).await, ("PJ-4 PJ-3".to_owned(), 5));
    assert_eq!(below("", 4).await, ("PJ-0".to_owned(), 5));
    assert_eq!(below("e-2", 0).await, ("PJ-0".to_owned(), 1));
    assert_eq!(below("e-3", 0).await, (String::new(), 0));
}

async fn a_database_kept_without_lists_is_filled_when_it_is_opened(url: &str) {
    let store = Store::open(url).await.unwrap();
    for n in 0..1100 {
        let id = format!("PJ-{n:04}");
        let entry = Entry { writes: vec![write(&credential(&id, "e-1"), 0)], ..act(&id) };
        store.commit(Log::Control, entry).await.unwrap();
    }
    keep(&store, &Credential { state: State::Revoked, ..credential("PJ-0007", "e-1") }, 1).await;
    let (lists, counts) = (files(&store, "e-1", &of_credentials(), Order::Newest).await, counted(&store, "e-1").await);
    drop(store);
    // As the first version of the schema left it.
    let back = [
        "DROP TABLE subject_party",
        "DROP TABLE party_tally",
        "DROP TABLE activity",
        "DROP INDEX subject_row_parent",
        "DROP INDEX subject_row_awaits",
        "DROP INDEX subject_row_due",
        "DROP INDEX subject_row_notice",
        "ALTER TABLE subject_row DROP COLUMN since",
        "ALTER TABLE subject_row DROP COLUMN state",
        "ALTER TABLE subject_row DROP COLUMN title",
        "ALTER TABLE subject_row DROP COLUMN parties",
        "CREATE INDEX subject_row_parent ON subject_row (parent, subject)",
        "CREATE INDEX subject_row_awaits ON subject_row (awaits, due)",
        "CREATE INDEX subject_row_due ON subject_row (due)",
        "DELETE FROM schema_change WHERE n > 1",
    ];
    for statement in back {
        aside(url, statement).await.unwrap();
    }
    let store = Store::open(url).await.unwrap();
    assert_eq!(files(&store, "e-1", &of_credentials(), Order::Newest).await, lists);
    assert_eq!(counted(&store, "e-1").await, counts);
    assert_eq!(store.activity("o-1", &Did::default(), ALL).await.unwrap().len(), 100);
    keep(&store, &credential("PJ-0001", "e-2"), 1).await;
    assert_eq!(counted(&store, "e-1").await, [("revoked".to_owned(), 1), ("valid".to_owned(), 1098)]);
    agrees(&store).await;
    assert!(aside(url, "DELETE FROM event WHERE log = 1 AND pos = 1").await.is_err(), "events stay protected");
}

async fn names_reach_the_lists_of_a_database_kept_without_them(url: &str) {
    let store = Store::open(url).await.unwrap();
    let mut named = write(&credential("PJ-1", "e-1"), 0);
    named.body["title"] = "停车场泊位".into();
    store.commit(Log::Control, Entry { writes: vec![named], ..act("PJ-1") }).await.unwrap();
    keep(&store, &credential("PJ-2", "e-1"), 0).await;
    let found = async |store: &Store| {
        let filter = Filter { word: "泊位".into(), ..of_credentials() };
        store.files_found("e-1", &filter).await.unwrap()
    };
    assert_eq!(found(&store).await, ["credential/PJ-1"]);
    drop(store);
    for statement in ["ALTER TABLE subject_party DROP COLUMN title", "DELETE FROM schema_change WHERE n > 3"] {
        aside(url, statement).await.unwrap();
    }
    let store = Store::open(url).await.unwrap();
    assert_eq!(found(&store).await, ["credential/PJ-1"]);
    agrees(&store).await;
    keep(&store, &credential("PJ-1", "e-1"), 1).await; // and it loses its name
    assert_eq!(found(&store).await, Vec::<String>::new());
    agrees(&store).await;
}

async fn a_list_changed_behind_the_log_shows(url: &str) {
    let store = Store::open(url).await.unwrap();
    for n in 0..3 {
        keep(&store, &credential(&format!("PJ-{n}"), "e-1"), 0).await;
    }
    let told = async || store.replay().await.unwrap().differences;
    for (statement, back, sentence) in [
        (
            "DELETE FROM subject_party WHERE org = 'e-1' AND key = 'credential/PJ-1'",
            "INSERT INTO subject_party (org, subject, since, key, state, due, underway) \
             VALUES ('e-1', 'credential', 1, 'credential/PJ-1', 'valid', '', 0)",
            "各方的卷宗列表与重放的结果不一致，自“credential/PJ-2”起",
        ),
        (
            "UPDATE party_tally SET n = 7 WHERE org = 'e-1'",
            "UPDATE party_tally SET n = 3 WHERE org = 'e-1'",
            "各方的卷宗计数与重放的结果不一致",
        ),
        (
            "UPDATE activity SET actor = 'somebody' WHERE pos = 1",
            "UPDATE activity SET actor = 'p-7' WHERE pos = 1",
            "办理动态与日志不一致，在位置0至3之间",
        ),
    ] {
        assert_eq!(aside(url, statement).await.unwrap(), 1);
        assert_eq!(told().await, [sentence]);
        assert_eq!(aside(url, back).await.unwrap(), 1);
        assert_eq!(told().await, Vec::<String>::new());
    }
}
