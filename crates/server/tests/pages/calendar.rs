//! 工作日历 — entered, drawn, refused with every flaw, approved by a second person; terms that run are counted anew.

use jiff::civil::date;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use store::{
    Entry, Log, Outcome,
    basics::calendar::{Edition, Proposal, Recount},
    operation::demand::Demand,
    party::Person,
    record,
};
use workflow::{Acting, Office, Refused, Request, party};

use crate::town::{Town, attributes, flaws};

/// 虚构的演练通知 — 3 to 5 September off, Saturday 6 September worked.
pub const DRILL: &str = include_str!("../../../../sample-city/drill_notice.txt");

/// What a browser sends for the form, with a file or without.
async fn handed_in(town: &Town, client: &Client, fields: &[(&str, &str)], file: &[u8]) -> Response {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--rili\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(b"--rili\r\nContent-Disposition: form-data; name=\"file\"; filename=\"year.json\"\r\n\r\n");
    body.extend(file);
    body.extend(b"\r\n--rili--\r\n");
    let post = client.post(format!("{}/calendar/import", town.address)).body(body);
    post.header("Content-Type", "multipart/form-data; boundary=rili").send().await.unwrap()
}

/// Pastes the drill, and arrives at the proposal.
pub async fn proposed(town: &Town, client: &Client, content: &str) -> String {
    let answer = handed_in(town, client, &[("id", ""), ("_key", ""), ("content", content)], b"").await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
    answer.headers()["location"].to_str().unwrap().to_owned()
}

async fn page(town: &Town, client: &Client, path: &str) -> String {
    let answer = town.get(client, path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let page = answer.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new(), "{path}");
    page
}

/// Somebody who acts without a browser.
pub async fn acting(town: &Town, login: &str) -> Acting {
    let person = town.office.store.get::<Person>(login).await.unwrap().unwrap().0;
    let (held, _) = party::membership::in_force(&town.office, &person).await.unwrap().remove(0);
    Acting { person: person.id, org: held.org, role: held.role, post: held.post, at: town.now() }
}

async fn proposal(town: &Town, id: &str) -> Proposal {
    town.office.store.get::<Proposal>(id).await.unwrap().unwrap().0
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

async fn due(office: &Office, id: &str) -> regulation::Due {
    office.store.get::<Demand>(id).await.unwrap().unwrap().0.due.unwrap()
}

/// The approval as a program sends it to the office itself, without the portal that has terms counted anew.
pub async fn approve(town: &Town, office: &Office, login: &str, path: &str) -> Result<workflow::Done, Refused> {
    let digest = proposal(town, id(path)).await.approval.digest;
    let request = Request::CalendarApprove { id: id(path).to_owned(), digest };
    office.perform(&acting(town, login).await, &request, None).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_proposes_another_approves_and_what_runs_is_counted_anew() {
    let town = Town::found().await;
    let (one, other, operator) =
        (town.browser("shiban").await, town.browser("fuze").await, town.browser("yunying").await);
    let waiting = town.waiting().await;
    let before = due(&town.office, &waiting).await;
    let path = proposed(&town, &one, DRILL).await;
    let mine = page(&town, &one, &path).await;
    assert!(mine.contains("这份安排由您提请，须由本单位另一人复核") && !mine.contains("calendar.approve"), "{mine}");
    let theirs = page(&town, &other, &path).await;
    for told in [
        "改动 4 天，都影响工作日的计算",
        "<th scope=\"row\" class=\"nowrap\">2025年9月3日</th><td>周三</td><td>工作日</td><td>演练日放假</td><td><strong>是</strong>",
        "<td>周六</td><td>周末</td><td>调休上班</td>",
        "title=\"演练日放假\">3<b>休</b><b>改</b><span class=\"unseen\">（演练日放假，原为工作日）</span>",
        "248 天 → 246 天",
        &format!("<a href=\"/operation/demands/{waiting}\">"),
        "<span class=\"nowrap\">顺延",
        "国办演练〔2025〕1号（2025-08-25）",
    ] {
        assert!(theirs.contains(told), "没有“{told}”：{theirs}");
    }
    let why = page(&town, &one, &format!("/why?subject=calendar&id={}", id(&path))).await;
    assert!(why.contains("提交人不得自己审议自己提交的事项"), "{why}");
    assert!(town.get(&operator, &path).await.status() == StatusCode::NOT_FOUND, "提请件只给实施机构和监督审计看");
    assert!(page(&town, &operator, "/calendar/import").await.contains("您现在的身份不能录入"));
    let tasks = page(&town, &other, "/tasks").await;
    assert!(tasks.contains(&path) && tasks.contains("放假安排：国办演练〔2025〕1号"), "{tasks}");
    let hidden = |name: &str| {
        let form = theirs.split("<form").find(|form| form.contains("calendar.approve")).unwrap();
        let field = form.split("<input").find(|field| field.contains(&format!("name=\"{name}\""))).unwrap();
        attributes(field, "value")[0].to_owned()
    };
    let fields = ["act", "id", "digest", "_key", "_seen"].map(|name| (name, hidden(name)));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(town.post(&one, "/acts", &fields).await.status(), StatusCode::FORBIDDEN, "提请人不能自己复核");
    assert_eq!(due(&town.office, &waiting).await, before, "复核之前一天也不变");
    let answer = town.post(&other, "/acts", &fields[..4]).await;
    assert_eq!((answer.status(), answer.headers()["location"].to_str().unwrap()), (StatusCode::SEE_OTHER, &*path));
    assert_eq!(town.post(&other, "/acts", &fields[..4]).await.status(), StatusCode::SEE_OTHER, "同一次点击");

    let after = due(&town.office, &waiting).await;
    assert!(after.date > before.date, "{before:?} → {after:?}");
    assert_eq!((after.from, after.term), (before.from, before.term));
    assert_eq!(after.calendar, "国务院2020–2026（第2版）");
    let done = page(&town, &one, &path).await;
    assert!(done.contains("已生效") && done.contains("生效后为第2版") && !done.contains("正在重算"), "{done}");
    let case = page(&town, &one, &format!("/operation/demands/{waiting}")).await;
    assert!(case.contains("期限重算") && case.contains("顺延到") && case.contains("（第2版）</a>"), "{case}");
    let years = page(&town, &town.browser("").await, "/calendar/years").await;
    assert!(years.contains("第2版起") && years.contains("国办演练〔2025〕1号"), "{years}");
    assert!(page(&town, &operator, "/calendar/2025").await.contains("演练日放假"));
    let told: Value = town.get(&one, "/api/v1/calendar").await.json().await.unwrap();
    assert_eq!((&told["edition"], &told["editions"][1]["year"]), (&json!(2), &json!(2025)));
    assert!(told["editions"][1]["settled"].is_string(), "{told}");
    // Invariant: the date can be counted again with the edition that it names, the one before included.
    for (number, due) in [(1, &before), (2, &after)] {
        let edition = town.office.edition(number).await.unwrap().unwrap();
        assert_eq!(edition.recount(due).as_ref(), Some(due), "第{number}版");
    }
    let report = town.office.store.replay().await.unwrap();
    assert!(report.agrees(), "{:?}", report.differences);
}

/// What is handed in by fields and file, and what comes back: a status, and what the page says.
type Handed<'a> = (&'a [(&'a str, &'a str)], &'a [u8], u16, &'a [&'a str]);

#[tokio::test(flavor = "multi_thread")]
async fn a_flawed_arrangement_comes_back_with_every_flaw_and_with_what_was_typed() {
    let town = Town::found().await;
    let one = town.browser("shiban").await;
    let hollow = br#"{ "year": 2027, "papers": [], "days": [] }"#;
    let drill = DRILL.replace("共8天。1月26日", "共7天。1月26日").replace("9月6日（周六）上班", "9月6日（周日）上班");
    #[rustfmt::skip] // It is a table; let it look like one.
    let table: [Handed<'_>; 7] = [
        (&[("content", "")], hollow, 422, &["papers 是空的", "没有任何一天放假", "&#34;year&#34;: 2027"]),
        (&[("content", "")], b"", 422, &["没有可读的内容"]),
        (&[("content", &drill)], b"", 422, &["“春节”写明共7天，所列日期是8天", "2025年9月6日是周六，不是周日", "平台从您的内容里读到", "9月3日（周三）至5日"]),
        (&[("content", DRILL), ("year", "2027")], b"", 422, &["年份不一致：填写的是“2027”，内容里是“2025”"]),
        (&[("content", DRILL)], hollow, 400, &["既粘贴了内容又选择了文件"]),
        (&[("content", "")], &[0xC4, 0xEA], 400, &["不是 UTF-8 编码"]),
        (&[("content", ""), ("rows.0.name", "元旦"), ("rows.0.first", "2027-01-01"), ("rows.0.work", "<b>")], b"", 422,
            &["没有“&#60;b&#62;”这一天", "value=\"2027-01-01\"", "没有写明是哪一年的放假安排"]),
    ];
    for (place, (fields, file, status, told)) in table.into_iter().enumerate() {
        let answer = handed_in(&town, &one, fields, file).await;
        assert_eq!(answer.status().as_u16(), status, "第{place}行");
        let page = answer.text().await.unwrap();
        assert_eq!(flaws(&page), Vec::<String>::new(), "第{place}行");
        for told in told {
            assert!(page.contains(told), "第{place}行没有“{told}”：{page}");
        }
    }
    let kept: Vec<Proposal> = town.office.store.list("", 10).await.unwrap();
    assert_eq!(kept, []);
    let answer = handed_in(&town, &town.browser("yunying").await, &[("content", DRILL)], b"").await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let answer = handed_in(&town, &town.browser("").await, &[("content", DRILL), ("year", "")], b"").await;
    let page = answer.text().await.unwrap();
    assert!(page.contains("name=\"_resume\"") && page.contains("calendar.propose"), "会话断了，内容还在：{page}");
    let foreign = one.post(format!("{}/calendar/import", town.address)).header("Sec-Fetch-Site", "cross-site");
    let foreign = foreign.header("Content-Type", "multipart/form-data; boundary=x").body("--x--").send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_voids_what_was_seen_and_a_withdrawal_says_why() {
    let town = Town::found().await;
    let (one, other) = (town.browser("shiban").await, town.browser("fuze").await);
    let path = proposed(&town, &one, DRILL).await;
    let seen = proposal(&town, id(&path)).await.approval.digest;
    let longer = DRILL.replace("9月6日（周六）上班", "9月6日（周六）、9月7日（周日）上班");
    let form = page(&town, &one, &format!("/calendar/import?id={}", id(&path))).await;
    assert!(form.contains("国办演练〔2025〕1号") && form.contains("修改放假安排"), "{form}");
    let answer = handed_in(&town, &one, &[("id", id(&path)), ("content", &longer)], b"").await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let stale = [("act", "calendar.approve"), ("id", id(&path)), ("digest", &*seen)];
    let answer = town.post(&other, "/acts", &stale).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let told = answer.text().await.unwrap();
    assert!(told.contains("内容已经改动") && told.contains("改动 5 天"), "{told}");
    let silent = [("act", "calendar.withdraw"), ("id", id(&path)), ("reason", " ")];
    assert_eq!(town.post(&other, "/acts", &silent).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let spoken = [("act", "calendar.withdraw"), ("id", id(&path)), ("reason", "与通知不符")];
    assert_eq!(town.post(&other, "/acts", &spoken).await.status(), StatusCode::SEE_OTHER);
    assert!(page(&town, &one, &path).await.contains("已撤回"));
    assert_eq!(town.office.calendar().edition(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_on_another_server_counts_with_the_edition_that_is_in_force() {
    let town = Town::found().await;
    let second = town.second_office().await;
    let one = town.browser("shiban").await;
    let path = proposed(&town, &one, DRILL).await;
    let waiting = town.waiting().await;
    approve(&town, &town.office, "fuze", &path).await.unwrap();
    assert_eq!(second.calendar().edition(), 1, "it has not looked yet");
    let pass = Request::DemandPass { id: waiting.clone() };
    second.perform(&acting(&town, "shiban").await, &pass, None).await.unwrap();
    assert_eq!(due(&town.office, &waiting).await.calendar, "国务院2020–2026（第2版）");
    assert_eq!(due(&town.office, &waiting).await.date, date(2025, 9, 10));
    assert_eq!(second.calendar().edition(), 2, "what was stale made it look");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_leaves_uncounted_the_clock_finishes_and_nothing_twice() {
    let town = Town::found().await;
    let one = town.browser("shiban").await;
    let path = proposed(&town, &one, DRILL).await;
    approve(&town, &town.office, "fuze", &path).await.unwrap(); // and here the program dies
    assert!(page(&town, &one, &path).await.contains("正在重算"));
    let next = proposed(&town, &one, &DRILL.replace("1号", "2号")).await;
    let Err(Refused::Against(notice)) = approve(&town, &town.office, "fuze", &next).await else { panic!() };
    assert_eq!(notice.message, "第2版日历生效后的重算还没有完成");
    let waiting = town.waiting().await;
    let clock = Acting::clock(town.now());
    let recount = Request::DemandRecount { id: waiting.clone() };
    town.office.perform(&clock, &recount, None).await.unwrap(); // one was counted, then it died again
    assert!(matches!(town.office.perform(&clock, &recount, None).await, Err(Refused::Against(_))));
    let second = town.second_office().await;
    let (counted, counted_too) = tokio::join!(town.office.recount(town.now()), second.recount(town.now()));
    assert!(counted.unwrap() + counted_too.unwrap() > 0);
    assert_eq!(town.office.recount(town.now()).await.unwrap(), 0);
    let parent = record::key::<Edition>(&Edition::number(2));
    let recounts: Vec<Recount> = town.office.store.children(&parent).await.unwrap();
    for recount in &recounts {
        let history = town.office.store.history(&recount.case).await.unwrap();
        let done = history.iter().filter(|event| event.act.ends_with(".recount") && event.outcome == Outcome::Done);
        assert_eq!(done.count(), 1, "{}", recount.case);
    }
    assert!(recounts.iter().any(|recount| recount.case.ends_with(&waiting)) && recounts.len() >= 2, "{recounts:?}");
    let open = town.office.movements(&town.office.calendar(), &town.office.calendar()).await.unwrap();
    assert!(open.is_empty(), "{open:?}");
    approve(&town, &town.office, "fuze", &next).await.unwrap();
    let person = acting(&town, "shiban").await;
    assert!(matches!(town.office.perform(&person, &recount, None).await, Err(Refused::Against(_))), "时限服务才重算");
    let asked = json!({ "act": "demand.recount", "id": waiting });
    let answer = one.post(format!("{}/acts", town.address)).json(&asked).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_arrangements_compared_with_the_same_edition_cannot_both_come_into_force() {
    let town = Town::found().await;
    let one = town.browser("shiban").await;
    let (first, second) =
        (proposed(&town, &one, DRILL).await, proposed(&town, &one, &DRILL.replace("1号", "2号")).await);
    approve(&town, &town.office, "fuze", &first).await.unwrap();
    town.office.recount(town.now()).await.unwrap();
    let Err(Refused::Against(notice)) = approve(&town, &town.office, "fuze", &second).await else { panic!() };
    assert_eq!(notice.message, "提请时比照的是第1版日历，现行的已是第2版");
}

/// A row as an older program wrote it: without the day from which its term runs.
async fn as_an_older_program_wrote_it(town: &Town, id: &str) {
    let (mut demand, version) = town.office.store.get::<Demand>(id).await.unwrap().unwrap();
    let due = demand.due.as_mut().unwrap();
    (due.from, due.term, due.calendar) = (None, None, String::new());
    let mut write = record::write(&demand, version).unwrap();
    for name in ["from", "term", "calendar"] {
        write.body["due"].as_object_mut().unwrap().remove(name);
    }
    let entry = Entry {
        at: town.now(),
        actor: "older".into(),
        org: "older".into(),
        role: "older".into(),
        act: "demand.older".into(),
        subject: record::key::<Demand>(id),
        basis: String::new(),
        policies: String::new(),
        outcome: Outcome::Done,
        command: "older/1".into(),
        digest: [0; 32],
        salt: [0; 32],
        detail: Value::Null,
        reply: Value::Null,
        reads: Vec::new(),
        writes: vec![write],
    };
    town.office.store.commit(Log::Control, entry).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_whose_beginning_nobody_wrote_down_stays_and_is_listed_for_a_person() {
    let town = Town::found().await;
    let (one, other) = (town.browser("shiban").await, town.browser("fuze").await);
    let waiting = town.waiting().await;
    as_an_older_program_wrote_it(&town, &waiting).await;
    let before = due(&town.office, &waiting).await;
    let path = proposed(&town, &one, DRILL).await;
    assert!(page(&town, &other, &path).await.contains("另有 1 件不能重算，请人工核对"));
    let digest = proposal(&town, id(&path)).await.approval.digest;
    let fields = [("act", "calendar.approve"), ("id", id(&path)), ("digest", &*digest)];
    assert_eq!(town.post(&other, "/acts", &fields).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(due(&town.office, &waiting).await, before);
    let done = page(&town, &one, &path).await;
    assert!(done.contains("没有记下起算之日，不能重算</span> <span class=\"tag warn\">人工核对</span>"), "{done}");
    assert!(page(&town, &one, &format!("/operation/demands/{waiting}")).await.contains("不能重算，请人工核对"));
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_that_moves_into_the_past_is_said_aloud_before_and_after() {
    let town = Town::found().await;
    let waiting = town.waiting().await;
    let before = due(&town.office, &waiting).await.date;
    town.minutes_pass(i64::from((before - date(2025, 9, 1)).get_days()) * 24 * 60); // its last day
    let (one, other) = (town.browser("shiban").await, town.browser("fuze").await);
    let from = due(&town.office, &waiting).await.from.unwrap();
    // The weekend within the term is worked, in exchange for a Friday well after it.
    let saturday = from.series(jiff::Span::new().days(1)).find(|day| day.weekday() == jiff::civil::Weekday::Saturday);
    let saturday = saturday.unwrap();
    let sunday = saturday.tomorrow().unwrap();
    assert!(sunday < before, "{from} {before}");
    let day = |day: jiff::civil::Date| format!("{}月{}日", day.month(), day.day());
    let earlier = format!("七、演练日：9月12日（周五）放假1天。{}、{}上班。", day(saturday), day(sunday));
    let drill: String =
        DRILL.lines().map(|line| if line.starts_with("七、") { &earlier } else { line }).collect::<Vec<_>>().join("\n");
    let path = proposed(&town, &one, &drill).await;
    let preview = page(&town, &other, &path).await;
    assert!(preview.contains("件的新届满日已经过去，生效即逾期"), "{preview}");
    let digest = proposal(&town, id(&path)).await.approval.digest;
    let fields = [("act", "calendar.approve"), ("id", id(&path)), ("digest", &*digest)];
    assert_eq!(town.post(&other, "/acts", &fields).await.status(), StatusCode::SEE_OTHER);
    assert!(due(&town.office, &waiting).await.date < before);
    let done = page(&town, &one, &path).await;
    assert!(done.contains("已经过去</span>") && done.contains("<span class=\"nowrap\">提前"), "{done}");
    town.office.escalate_overdue(town.now()).await.unwrap();
    let demand = town.office.store.get::<Demand>(&waiting).await.unwrap().unwrap().0;
    assert_eq!(demand.escalated.len(), 1, "and then it is escalated like any other");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_longer_by_the_new_calendar_is_not_escalated_by_the_old_one() {
    let town = Town::found().await;
    let waiting = town.waiting().await;
    let before = due(&town.office, &waiting).await.date;
    let one = town.browser("shiban").await;
    let path = proposed(&town, &one, DRILL).await;
    approve(&town, &town.office, "fuze", &path).await.unwrap();
    town.minutes_pass((i64::from((before - date(2025, 9, 1)).get_days()) + 1) * 24 * 60);
    assert_eq!(due(&town.office, &waiting).await.date, before, "not yet counted anew");
    let escalate = Request::DemandEscalate { id: waiting.clone() };
    let refused = town.office.perform(&Acting::clock(town.now()), &escalate, None).await;
    assert!(matches!(refused, Err(Refused::Against(_))), "{refused:?}");
    town.office.escalate_overdue(town.now()).await.unwrap();
    let demand = town.office.store.get::<Demand>(&waiting).await.unwrap().unwrap().0;
    assert!(demand.escalated.is_empty() && demand.due.unwrap().date > before);
}
