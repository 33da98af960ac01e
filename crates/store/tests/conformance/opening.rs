//! 打开 — again, twice at once, by the wrong program, or under a wrong address.

use futures::future::{join_all, try_join_all};
use ledger::{Algorithm, proof};
use store::{Entry, Fault, Log, Store};

use crate::ground::{act, act_on_new, aside, kept_by, note, write};

kept_by! {
    every engine {}
    every engine that others can open too {
        reopening_keeps_everything_and_applies_no_change_twice,
        servers_that_start_at_once_agree_on_the_schema,
        two_servers_keep_one_log_without_gaps,
        a_database_of_a_newer_program_is_left_alone,
    }
}

async fn reopening_keeps_everything_and_applies_no_change_twice(url: &str) {
    let store = Store::open(url).await.unwrap();
    for n in 0..10 {
        store.commit(Log::Control, act_on_new(&format!("k{n}"))).await.unwrap();
    }
    let before = store.head(Log::Control).await.unwrap();
    drop(store);
    let store = Store::open(url).await.unwrap();
    let after = store.head(Log::Control).await.unwrap();
    assert_eq!((after.sha256, after.sm3, after.last_at), (before.sha256, before.sm3, before.last_at));
    assert_eq!(store.get("k3").await.unwrap(), Some((note("k3"), 1)));
    assert_eq!(store.commit(Log::Control, act_on_new("k3")).await.unwrap().position, 3, "repeated");
    assert_eq!(store.commit(Log::Control, act("next")).await.unwrap().position, 10);
    let changes = aside(url, "UPDATE schema_change SET n = n").await.unwrap();
    assert_eq!(changes, 4, "as many as there are, each once");
}

async fn servers_that_start_at_once_agree_on_the_schema(url: &str) {
    let stores = try_join_all((0..4).map(|_| Store::open(url))).await.unwrap();
    let kept = stores.iter().enumerate().map(|(n, store)| store.commit(Log::Control, act(&format!("s{n}"))));
    let mut positions: Vec<_> = join_all(kept).await.into_iter().map(|kept| kept.unwrap().position).collect();
    positions.sort_unstable();
    assert_eq!(positions, [0, 1, 2, 3]);
}

async fn two_servers_keep_one_log_without_gaps(url: &str) {
    let servers = [Store::open(url).await.unwrap(), Store::open(url).await.unwrap()];
    let writers = (0..16).map(|writer: usize| {
        let server = servers[writer % 2].clone();
        tokio::spawn(async move {
            for n in 0..10 {
                server.commit(Log::Control, act_on_new(&format!("w{writer}-{n}"))).await.unwrap();
                server.commit(Log::Access, act(&format!("w{writer}-{n}"))).await.unwrap();
                while let Err(fault) = count_on(&server, &format!("c{writer}-{n}")).await {
                    assert!(matches!(fault, Fault::Stale), "{fault}");
                }
            }
        })
    });
    try_join_all(writers).await.unwrap();
    assert_eq!(servers[0].row("note/shared").await.unwrap().unwrap().version, 160);
    for (log, size) in [(Log::Control, 320), (Log::Access, 160)] {
        let head = servers[1].head(log).await.unwrap();
        let leaves = servers[0].leaf_hashes(log, 1000).await.unwrap();
        assert_eq!((head.sha256.size(), leaves.len()), (size, usize::try_from(size).unwrap()));
        assert_eq!(head.sha256.root(), proof::root_of(Algorithm::Sha256, &leaves));
        let events = servers[0].events(log, 0, 1000).await.unwrap();
        assert!((0u64..).zip(&events).all(|(index, event)| event.position == index));
    }
    let report = servers[1].replay().await.unwrap();
    assert!(report.agrees(), "{report:?}");
}

/// One more version of a row that everybody wants.
async fn count_on(server: &Store, command: &str) -> Result<(), Fault> {
    let read = server.row("note/shared").await?.map_or(0, |row| row.version);
    let writes = vec![write(&note("shared"), read)];
    server.commit(Log::Control, Entry { writes, ..act(command) }).await.map(drop)
}

async fn a_database_of_a_newer_program_is_left_alone(url: &str) {
    drop(Store::open(url).await.unwrap());
    aside(url, "INSERT INTO schema_change (n) VALUES (99)").await.unwrap();
    let fault = Store::open(url).await.unwrap_err();
    assert!(matches!(fault, Fault::Newer { found: 99, known: 4 }), "{fault:?}");
    assert_eq!(fault.to_string(), "数据目录由更新版本的程序建立（结构版本99，本程序只认到4），请升级程序后再打开");
    aside(url, "DELETE FROM schema_change WHERE n = 99").await.unwrap();
    Store::open(url).await.unwrap();
}

#[tokio::test]
async fn an_unknown_address_is_told_and_its_password_is_not() {
    let told = async |url: &str| match Store::open(url).await {
        Err(fault @ Fault::Address(_)) => fault.to_string(),
        other => panic!("{url}: {other:?}"),
    };
    let should = "应以 sqlite: 或者 postgres:// 开头";
    for url in ["", "store.db", "mysql://127.0.0.1/city", "Sqlite"] {
        assert_eq!(told(url).await, format!("不认识的数据库地址“{url}”，{should}"));
    }
    for url in ["mysql://city:密码@127.0.0.1/city", "postgres://city:密码@127.0.0.1:port/city"] {
        let sentence = told(url).await;
        assert!(!sentence.contains("密码") && sentence.contains("@127.0.0.1"), "{sentence}");
    }
    for url in ["sqlite:store.db?mode=sometimes", "postgres://127.0.0.1:port/city"] {
        told(url).await;
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_unavailable() {
    for url in ["sqlite:/no/such/folder/store.db", "postgres://127.0.0.1:1/city"] {
        let fault = Store::open(url).await.unwrap_err();
        assert!(matches!(fault, Fault::Unavailable(_)), "{url}: {fault:?}");
        assert!(!fault.out_of_space());
    }
}
