//! 告知 — each party is told of what was done, reads it for itself, and says where else it wants it.

use reqwest::StatusCode;
use serde_json::{Value, json};
use store::notice::Endpoint;

use crate::town::{Town, attributes, flaws};

pub async fn settings(town: &Town, login: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let client = town.browser(login).await;
    let answer = town.post(&client, "/acts", fields).await;
    (answer.status(), answer.text().await.unwrap())
}

pub async fn pass(town: &Town, login: &str, id: &str) {
    let client = town.browser(login).await;
    let answer = town.post(&client, "/acts", &[("act", "demand.pass"), ("id", id)]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
}

async fn notices(town: &Town, login: &str, query: &str) -> Value {
    let client = town.browser(login).await;
    town.get(&client, &format!("/api/v1/notices{query}")).await.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_party_finds_what_was_done_in_its_mailbox_and_reads_it_for_itself_alone() {
    let town = Town::found().await;
    let id = town.waiting().await;
    let before = notices(&town, "jiaotong", "").await["unread"].as_u64().unwrap();
    pass(&town, "shiban", &id).await;
    for (login, first) in
        [("jiaotong", Some("yours")), ("yunying", Some("progress")), ("huangong", None), ("rongchuang", None)]
    {
        let told = notices(&town, login, "").await;
        let about = format!("demand/{id}");
        let here = told["notices"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["about"] == *about && one["act"] == "demand.pass");
        assert_eq!(here.map(|one| one["reason"].as_str().unwrap()), first, "{login}：{told}");
    }
    let own = notices(&town, "shiban", "").await;
    let of_own_act = |one: &Value| one["act"] == "demand.pass" && one["about"] == format!("demand/{id}");
    assert!(!own["notices"].as_array().unwrap().iter().any(of_own_act), "自己办的不告知自己：{own}");

    let client = town.browser("jiaotong").await;
    let page = town.get(&client, "/notices?only=unread").await.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new());
    assert!(page.contains("待您办理") && page.contains("<strong class=\"unread\">未读</strong>"), "{page}");
    assert!(page.contains(&format!("<b class=\"num\">{}</b><span class=\"hide\">件未读", before + 1)), "{page}");
    let form = page.split("reading.advance").nth(1).unwrap();
    let (up_to, key) = (attributes(form, "value")[0], attributes(form, "value")[1]);
    let read = async |client: &reqwest::Client, up_to: &str, key: &str| {
        town.post(client, "/acts", &[("act", "reading.advance"), ("up_to:n", up_to), ("_key", key)]).await
    };
    let acts = town.acts().await;
    for _ in 0..2 {
        let answer = read(&client, up_to, key).await;
        assert_eq!(
            (answer.status(), &answer.headers()["location"]),
            (StatusCode::SEE_OTHER, &"/notices".parse().unwrap())
        );
    }
    assert_eq!(town.acts().await, acts + 1, "两次点击是一件事");
    let page = town.get(&client, "/notices").await.text().await.unwrap();
    assert!(!page.contains("件未读") && page.contains("待您办理"), "{page}");
    // What lies beyond everything that was recorded cannot be read beforehand.
    assert_eq!(read(&client, "9223372036854775807", "").await.status(), StatusCode::SEE_OTHER);
    let other = town.browser("yunying").await;
    assert!(town.get(&other, "/notices").await.text().await.unwrap().contains("件未读"), "同事和别家的未读不受影响");
    pass(&town, "jiaotong", &id).await;
    assert_eq!(notices(&town, "yunying", "").await["notices"][0]["state"], "待供给");
    assert_eq!(notices(&town, "jiaotong", "").await["unread"], 0);
    for bad in ["?before=x", "?before=1", "?before=x.y"] {
        assert_eq!(town.get(&client, &format!("/notices{bad}")).await.status(), StatusCode::BAD_REQUEST, "{bad}");
    }
    let report = town.office.store.replay().await.unwrap();
    assert!(report.agrees(), "{:?}", report.differences);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_is_read_page_by_page_and_each_notice_stands_on_one() {
    let town = Town::found().await;
    let client = town.browser("shiban").await;
    let mut path = "/api/v1/notices?only=unread".to_owned();
    let mut ids = Vec::new();
    let clock = workflow::Acting::clock(town.clock()());
    let own = workflow::Acting {
        person: "yunying".into(),
        org: "operation-company".into(),
        role: regulation::Role::Operator,
        post: String::new(),
        ..clock
    };
    let demands = town.office.store.list::<store::operation::demand::Demand>("", 10).await.unwrap();
    let model = demands.into_iter().find(|demand| demand.refusal.is_none()).unwrap();
    for _ in 0..70 {
        let submission = workflow::operation::demand::Submission {
            agreement: model.agreement.clone(),
            entry: model.entry.clone(),
            fields: model.fields.clone(),
            purpose: model.purpose,
            scenario: model.scenario.clone(),
            necessity: model.necessity.clone(),
            reasons: model.reasons.clone(),
            follows: None,
            draft: None,
        };
        town.office.perform(&own, &workflow::Request::DemandSubmit(submission), None).await.unwrap();
    }
    loop {
        let told: Value = town.get(&client, &path).await.json().await.unwrap();
        ids.extend(told["notices"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        match told["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert!(ids.len() >= 70, "{}", ids.len());
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), ids.len());
    // And all of them as a file.
    let table = town.get(&client, "/notices.csv?only=unread").await.text().await.unwrap();
    assert_eq!(table.lines().count(), 1 + ids.len());
    assert!(table.lines().skip(1).all(|line| line.ends_with(",未读")), "{table}");
    assert!(town.get(&client, "/notices.xlsx").await.bytes().await.unwrap().starts_with(b"PK"), "工作簿");
    assert_eq!(town.get(&town.browser("").await, "/notices.csv").await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn endpoints_lead_outwards_only_and_belong_to_their_organisation() {
    let town = Town::found().await;
    let before = town.office.store.list::<Endpoint>("", 10).await.unwrap().len();
    let table = [
        ("jiaotong", "http://127.0.0.1:9/", 422, "须以 https:// 开头"),
        ("jiaotong", "https://127.0.0.1/", 422, "内部网络的地址"),
        ("jiaotong", "https://169.254.169.254/latest", 422, "内部网络的地址"),
        ("jiaotong", "https://[::ffff:10.0.0.1]/", 422, "内部网络的地址"),
        ("jiaotong", "https://u:p@hook.example.cn/", 422, "不得带有账号、口令"),
        ("jiaotong", "“网址”<b>", 422, "不是完整的网址"),
        ("shenji", "https://hook.example.cn/", 403, "监督审计和审计管理员只看"),
    ];
    for (login, url, status, sentence) in table {
        let (answered, page) = settings(&town, login, &[("act", "endpoint.add"), ("url", url)]).await;
        assert_eq!(answered.as_u16(), status, "{url}");
        assert!(page.contains(sentence), "{url}：{page}");
        assert_eq!(flaws(&page), Vec::<String>::new(), "{url}");
    }
    assert_eq!(town.office.store.list::<Endpoint>("", 10).await.unwrap().len(), before);
    let (status, _) =
        settings(&town, "jiaotong", &[("act", "endpoint.add"), ("url", "https://hook.example.cn/")]).await;
    assert_eq!(status, StatusCode::OK);
    let endpoint = town.office.store.list::<Endpoint>("", 10).await.unwrap().remove(0);
    for act in ["endpoint.rotate", "endpoint.disable"] {
        let (status, page) = settings(&town, "yunying", &[("act", act), ("id", &endpoint.id)]).await;
        assert!(
            status == StatusCode::FORBIDDEN && page.contains("不由贵单位办理") && !page.contains("whsec_"),
            "{act}：{page}"
        );
    }
    for act in ["notice.remind", "outbox.sort", "outbox.take", "dispatch.attempt"] {
        let client = town.browser("shiban").await;
        let body = json!({ "act": act, "about": "demand/x", "from": 0, "to": 9, "ids": [], "holder": "", "id": "x", "outcome": "taken", "said": "" });
        let answer = client.post(format!("{}/acts", town.address)).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{act}");
    }
    for n in 1..10 {
        let url = format!("https://hook.example.cn/{n}");
        assert_eq!(settings(&town, "jiaotong", &[("act", "endpoint.add"), ("url", &url)]).await.0, StatusCode::OK);
    }
    let (status, page) =
        settings(&town, "jiaotong", &[("act", "endpoint.add"), ("url", "https://hook.example.cn/x")]).await;
    assert!(status == StatusCode::CONFLICT && page.contains("至多10个"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_is_brought_to_mind_once_and_its_passing_is_told_to_both() {
    let town = Town::found().await;
    let of = async |login: &str, reason: &str| {
        let told = notices(&town, login, "").await;
        told["notices"].as_array().unwrap().iter().filter(|one| one["reason"] == reason).count()
    };
    let at = |day: i64| town.clock()() + jiff::SignedDuration::from_hours(24 * day);
    let soon = async |day| town.office.remind_of_what_is_due(at(day)).await.unwrap();
    // It is Monday; one case waits for the agency and one for the provider, both until Friday.
    assert_eq!((soon(0).await, soon(1).await), (0, 0), "星期二还剩三个工作日");
    assert_eq!((soon(2).await, soon(2).await), (2, 0), "星期三还剩两个，每件提醒一次");
    assert_eq!((soon(3).await, soon(4).await), (0, 0));
    assert_eq!((of("shiban", "soon").await, of("jiaotong", "soon").await, of("yunying", "soon").await), (1, 1, 0));
    assert_eq!(town.office.escalate_overdue(at(7)).await.unwrap(), 2);
    assert_eq!(
        (of("shiban", "overdue").await, of("jiaotong", "overdue").await, of("yunying", "overdue").await),
        (2, 1, 0)
    );
    assert_eq!(soon(7).await, 0, "过了期的不再提醒");
    assert!(town.office.store.replay().await.unwrap().agrees());
}
