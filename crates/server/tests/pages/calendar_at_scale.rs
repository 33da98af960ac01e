//! 一万件 — a new edition of the calendar with ten thousand open cases: what the approver waits for, measured.

use std::time::Instant;

use store::{Entry, Log, Outcome, operation::demand::Demand, record};
use tokio::task::JoinSet;

use crate::{
    calendar::{DRILL, approve, proposed},
    town::Town,
};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "half a minute; run with --ignored --nocapture for the figures"]
async fn ten_thousand_open_terms_are_previewed_and_counted_anew() {
    let town = Town::found().await;
    let (demand, _) = town.office.store.get::<Demand>(&town.waiting().await).await.unwrap().unwrap();
    let mut arriving = JoinSet::new();
    for number in 0..10_000 {
        let (store, demand) =
            (town.office.store.clone(), Demand { id: format!("XQ-20250901-B{number:05}"), ..demand.clone() });
        let entry = Entry {
            at: town.now(),
            actor: "many".into(),
            org: "many".into(),
            role: "many".into(),
            act: "demand.many".into(),
            subject: record::key::<Demand>(&demand.id),
            basis: String::new(),
            policies: String::new(),
            outcome: Outcome::Done,
            command: format!("many/{number}"),
            digest: [0; 32],
            salt: [0; 32],
            detail: serde_json::Value::Null,
            reply: serde_json::Value::Null,
            reads: Vec::new(),
            writes: vec![record::write(&demand, 0).unwrap()],
        };
        arriving.spawn(async move { store.commit(Log::Control, entry).await.unwrap() });
    }
    while arriving.join_next().await.is_some() {}
    let one = town.browser("shiban").await;
    let path = proposed(&town, &one, DRILL).await;
    let begun = Instant::now();
    let page = town.get(&one, &path).await.text().await.unwrap();
    println!("预览：{:?}，{} 千字节", begun.elapsed(), page.len() / 1024);
    assert!(page.contains("10002 件在途事项的届满日改动") && page.contains("这里列出前 200 件"), "{page}");
    approve(&town, &town.office, "fuze", &path).await.unwrap();
    let begun = Instant::now();
    assert_eq!(town.office.recount(town.now()).await.unwrap(), 10_002);
    println!("重算：{:?}", begun.elapsed());
    let begun = Instant::now();
    let page = town.get(&one, &path).await.text().await.unwrap();
    println!("结果页：{:?}", begun.elapsed());
    assert!(page.contains("10002 件在途事项的届满日改动") && !page.contains("正在重算"), "{page}");
    assert_eq!(town.office.recount(town.now()).await.unwrap(), 0, "and nothing is left");
}
