//! 保护 — what was recorded cannot be changed or removed, not even past the store.

use store::{Log, Store};

use crate::ground::{act_on_new, aside, kept_by};

kept_by! {
    every engine {}
    every engine that others can open too {
        events_cannot_be_changed_removed_or_replaced,
    }
}

async fn events_cannot_be_changed_removed_or_replaced(url: &str) {
    let store = Store::open(url).await.unwrap();
    for command in ["a", "b"] {
        store.commit(Log::Control, act_on_new(command)).await.unwrap();
    }
    let mut forbidden = vec![
        "UPDATE event SET leaf = leaf",
        "UPDATE event SET cmd = 'other' WHERE pos = 1",
        "DELETE FROM event WHERE pos = 0",
        "DELETE FROM event",
    ];
    if store.engine_name() == "SQLite" {
        forbidden.extend([
            "REPLACE INTO event SELECT log, pos, subject, cmd, digest, X'00' FROM event",
            "INSERT OR REPLACE INTO event SELECT log, pos + 9, subject, cmd, digest, leaf FROM event",
            "INSERT INTO event SELECT * FROM event WHERE true \
             ON CONFLICT (log, pos) DO UPDATE SET leaf = X'00'",
        ]);
    } else {
        forbidden.extend([
            "TRUNCATE event",
            "TRUNCATE event CASCADE",
            "INSERT INTO event SELECT * FROM event ON CONFLICT (log, pos) DO UPDATE SET leaf = ''",
        ]);
    }
    for statement in forbidden {
        let told = aside(url, statement).await.expect_err(statement).to_string();
        assert!(told.contains("append-only"), "{statement}: {told}");
    }
    let report = store.replay().await.unwrap();
    assert!(report.agrees() && report.control_events == 2, "{report:?}");
}
