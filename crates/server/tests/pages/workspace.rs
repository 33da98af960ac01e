//! 工作台 — what waits, what may be opened, what was done: in their order, page by page, and nobody else's.

use regulation::Role;
use reqwest::StatusCode;
use serde_json::Value;

use crate::{
    fill,
    town::{Town, attributes, flaws},
};

/// The sample city with so many more open cases of one operator and one provider.
async fn crowded(n: usize) -> Town {
    let town = Town::found().await;
    let parties = fill::Parties {
        agency: "data-bureau".into(),
        government: "government-office".into(),
        operators: vec!["operation-company".into()],
        providers: vec!["ecology-bureau".into()],
    };
    fill::cases(&town.office.store, &parties, n, "2025-09-01T09:00:00+08:00".parse().unwrap()).await.unwrap();
    town
}

/// The page behind a path, whole.
async fn page(town: &Town, login: &str, path: &str) -> String {
    let client = town.browser(login).await;
    let answer = town.get(&client, path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{login} {path}");
    let text = answer.text().await.unwrap();
    assert_eq!(flaws(&text), Vec::<String>::new(), "{login} {path}");
    text
}

async fn json(town: &Town, login: &str, path: &str) -> Value {
    let client = town.browser(login).await;
    town.get(&client, path).await.json().await.unwrap()
}

fn due(task: &Value) -> &str {
    task["due"].as_str().unwrap_or("9999")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_inbox_comes_in_the_order_of_its_days_with_what_is_overdue_on_top() {
    let town = crowded(63).await;
    let all = json(&town, "shiban", "/api/v1/tasks").await;
    let tasks = all["tasks"].as_array().unwrap();
    assert_eq!(all["total"], tasks.len());
    assert!(tasks.is_sorted_by_key(due), "{tasks:?}");
    assert!(tasks[0]["remaining_working_days"].as_i64().unwrap() < 0);
    let text = page(&town, "shiban", "/tasks").await;
    let places: Vec<usize> = ["已逾期</th>", "今天届满</th>", "本周内届满</th>", "下周起届满</th>"]
        .iter()
        .map(|part| text.find(part).unwrap())
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    let relaxed = json(&town, "shiban", "/api/v1/tasks?sort=relaxed").await;
    assert!(
        relaxed["tasks"].as_array().unwrap().iter().rev().is_sorted_by_key(|task| task["due"].as_str().unwrap_or(""))
    );
    // The clock says aloud what was missed; what was said stands in the list.
    let now = "2025-09-01T09:00:00+08:00".parse().unwrap();
    let escalated = town.office.escalate_overdue(now).await.unwrap();
    assert!(escalated > 10);
    assert_eq!(town.office.escalate_overdue(now).await.unwrap(), 0, "each once");
    assert!(page(&town, "shiban", "/tasks").await.contains("2025年9月1日督办"));
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_leave_what_is_asked_for_and_what_is_unknown_asks_for_nothing() {
    let town = crowded(90).await;
    let total = async |path: &str| json(&town, "shiban", path).await["total"].as_u64().unwrap();
    let all = total("/api/v1/tasks").await;
    let parts = ["overdue", "today", "week", "later", "none"];
    let mut sum = 0;
    for left in parts {
        let part = json(&town, "shiban", &format!("/api/v1/tasks?left={left}")).await;
        for task in part["tasks"].as_array().unwrap() {
            let days = task["remaining_working_days"].as_i64();
            let right = match left {
                "overdue" => days.unwrap() < 0,
                "today" => days == Some(0),
                "none" => days.is_none(),
                _ => days.unwrap() > 0,
            };
            assert!(right, "{left}: {task}");
        }
        assert_eq!(part["total"], part["tasks"].as_array().unwrap().len(), "{left}");
        sum += part["total"].as_u64().unwrap();
    }
    assert_eq!(sum, all, "每件恰好在一段里");
    let demands = json(&town, "shiban", "/api/v1/tasks?subject=demand&state=formal_review").await;
    assert!(demands["tasks"].as_array().unwrap().iter().all(|task| task["state"] == "形式审查"));
    assert_eq!(total("/api/v1/tasks?word=xq-20250901-000003").await, 1, "编号不分大小写");
    assert_eq!(total("/api/v1/tasks?word=%E7%AC%AC3%E4%BB%B6").await, 1, "名称");
    assert_eq!(total("/api/v1/tasks?word=%25").await, 0, "百分号就是百分号");
    for unknown in ["subject=burn", "left=never", "sort=sideways", "page=x", "nothing=1", "word=%00"] {
        assert_eq!(total(&format!("/api/v1/tasks?{unknown}")).await, all, "{unknown}");
    }
    let none = page(&town, "shiban", "/tasks?word=%3Cb%3E").await;
    assert!(none.contains("没有符合条件的待办事项") && none.contains("value=\"&#60;b&#62;\""), "{none}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_organisations_are_neither_asked_for_nor_told_of() {
    let town = crowded(30).await;
    for path in ["/api/v1/tasks", "/api/v1/files?subject=demand", "/api/v1/activity"] {
        let own = json(&town, "jiaotong", path).await;
        let with = if path.contains('?') { "&" } else { "?" };
        let forged = json(&town, "jiaotong", &format!("{path}{with}org=ecology-bureau")).await;
        assert_eq!(forged, own, "{path}");
    }
    let (jiaotong, rongchuang) = (town.browser("jiaotong").await, town.browser("rongchuang").await);
    // Whoever may not open a case may not list what stands on it either.
    for (client, path, status) in [
        (&jiaotong, "/files?on=agreement/XY-operation-company", StatusCode::NOT_FOUND),
        (&jiaotong, "/files?on=person/shiban", StatusCode::NOT_FOUND),
        (&jiaotong, "/files?on=nothing", StatusCode::NOT_FOUND),
        (&jiaotong, "/tasks/city", StatusCode::UNAUTHORIZED),
        (&jiaotong, "/tasks/city.csv", StatusCode::UNAUTHORIZED),
        (&rongchuang, "/api/v1/overdue", StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(town.get(client, path).await.status(), status, "{path}");
    }
    let activity = json(&town, "jiaotong", "/api/v1/activity?person=operation-company-1").await;
    assert_eq!(activity["total"], 0);
    let stranger = town.browser("").await;
    for path in ["/tasks", "/files", "/activity"] {
        assert_eq!(town.get(&stranger, path).await.status(), StatusCode::SEE_OTHER, "{path}");
    }
    let programs = ["/api/v1/tasks", "/api/v1/files", "/api/v1/activity"];
    let tables = ["/tasks.csv", "/files.xlsx", "/activity.csv", "/tasks/city.xlsx"];
    for path in programs.into_iter().chain(tables) {
        assert_eq!(town.get(&stranger, path).await.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_cases_come_page_by_page_and_as_one_table() {
    let town = crowded(10_000).await;
    let first = page(&town, "yunzong", "/files?subject=demand").await;
    assert!(first.contains("第 1 页，共 ") && first.matches("<tr><th scope=\"row\">").count() == 50, "{first}");
    let files = json(&town, "yunzong", "/api/v1/files?subject=demand&size=500").await;
    let all = files["total"].as_u64().unwrap();
    assert!(all >= 8000 && files["files"].as_array().unwrap().len() == 500);
    let last = all.div_ceil(50);
    let end = page(&town, "yunzong", &format!("/files?subject=demand&page={last}")).await;
    assert!(end.contains("上一页") && !end.contains("下一页"));
    for beyond in [last + 1, u64::MAX] {
        let text = page(&town, "yunzong", &format!("/files?subject=demand&page={beyond}")).await;
        assert!(text.contains(&format!("没有第 {beyond} 页，一共 {last} 页")), "{text}");
        assert!(attributes(&text, "href").iter().any(|link| link.contains(&format!("page={last}"))));
    }
    let tasks = page(&town, "shiban", "/tasks?page=99999").await;
    assert!(tasks.contains("没有第 99999 页"), "{tasks}");
    // Every page once, and nothing twice: what was listed is what there is.
    let mut seen = std::collections::HashSet::new();
    for at in 1..=all.div_ceil(500) {
        let part = json(&town, "yunzong", &format!("/api/v1/files?subject=demand&size=500&page={at}")).await;
        for file in part["files"].as_array().unwrap() {
            assert!(seen.insert(file["id"].as_str().unwrap().to_owned()), "{file}");
        }
    }
    assert_eq!(seen.len() as u64, all);
    let client = town.browser("yunzong").await;
    let table = town.get(&client, "/files.csv?subject=demand").await.text().await.unwrap();
    assert_eq!(table.lines().count() as u64, 1 + all);
    let book = town.get(&client, "/files.xlsx?subject=demand").await;
    assert!(book.headers()["content-disposition"].to_str().unwrap().contains("files.xlsx"));
    assert!(book.bytes().await.unwrap().starts_with(b"PK"), "工作簿");
    let agreement = page(&town, "yunzong", "/files/agreement/XY-operation-company").await;
    assert!(agreement.contains("全部 8,000 件"), "一份协议下的需求不全列在一页上");
    let below = page(&town, "yunzong", "/files?subject=demand&on=agreement%2FXY-operation-company&page=160").await;
    assert!(below.contains("第 160 页，共 160 页"), "{below}");
    // The sweep reads in pages and says each missed term aloud once.
    let overdue = json(&town, "shenji", "/api/v1/overdue?size=1").await["total"].as_u64().unwrap();
    let now = "2025-09-01T09:00:00+08:00".parse().unwrap();
    assert!(overdue > 400, "more than two pages of the sweep");
    assert_eq!(town.office.escalate_overdue(now).await.unwrap() as u64, overdue);
    assert_eq!(town.office.escalate_overdue(now).await.unwrap(), 0);
    assert_eq!(json(&town, "shenji", "/api/v1/overdue?size=1").await["total"], overdue, "督办不是办结");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_has_a_home_of_its_own() {
    let town = crowded(60).await;
    let table = [
        ("shiban", "全市逾期事项"),
        ("shiban", "各单位的时限"),
        ("shenji", "您可以查阅全部卷宗"),
        ("yunying", "发起数据需求"),
        ("yunying", "本单位在途的数据需求"),
        ("huangong", "挂载供给文件"),
        ("huangong", "向本单位提出的数据需求"),
        ("jiaotong", "本单位的授权运营目录"),
        ("rongchuang", "本单位的数据开发利用协议"),
        ("zhengban", "实施方案"),
        ("guanli", "href=\"/organisations\""),
        ("anquan", "href=\"/competence\""),
        ("shenguan", "不能改动任何内容"),
        ("zhujian", "第九条第二款"),
        ("zhujian", "href=\"/granting/applications/new\""),
        ("qushu", "href=\"/granting/applications/new\""),
        ("qingpu", "本级公共数据主管部门负责论证"),
    ];
    for (login, sentence) in table {
        let text = page(&town, login, "/tasks").await;
        assert!(text.contains(sentence), "{login}应当看到“{sentence}”：{text}");
    }
    let city = page(&town, "shenji", "/tasks/city?left=overdue").await;
    assert!(city.contains("锦川市数据局（实施机构）"), "{city}");
    let one = page(&town, "shenji", "/tasks/city?org=%E5%AE%9E%E6%96%BD%E6%9C%BA%E6%9E%84%40data-bureau").await;
    assert!(one.contains("只看待锦川市数据局（实施机构）办理的") && !one.contains("锦川市生态环境局"), "{one}");
    let catalogue = json(&town, "zhujian", "/api/v1/files?subject=entry").await;
    assert!(catalogue["total"].as_u64().unwrap() > 0, "市级部门可以查阅已发布的目录");
    assert!(catalogue["files"].as_array().unwrap().iter().all(|entry| entry["state"] == "已发布"));
}

#[tokio::test(flavor = "multi_thread")]
async fn activity_tells_what_ones_own_people_did_and_what_was_refused() {
    let town = Town::found().await;
    let (client, id) = (town.browser("shiban").await, town.waiting().await);
    let fields = [("act", "demand.refuse"), ("id", &*id), ("reason", "点位过细"), ("_key", "k-1"), ("_confirm", &*id)];
    town.post(&client, "/acts", &fields).await;
    let text = page(&town, "shiban", "/activity").await;
    let (refused, published) =
        (text.find("不予办理</span>").unwrap(), text.find("<th scope=\"row\">授权运营目录条目 · 发布").unwrap());
    assert!(refused < published, "最近的在前");
    assert!(!text.contains("登录</th>"), "登录各人自己知道");
    let only = json(&town, "shiban", "/api/v1/activity?outcome=refused").await;
    assert_eq!(only["total"], 1);
    assert_eq!(only["activity"][0]["act"], "数据需求 · 不予通过");
    let act = json(&town, "shiban", "/api/v1/activity?act=demand.pass&person=shiban").await;
    assert!(act["activity"].as_array().unwrap().iter().all(|deed| deed["act"] == "数据需求 · 通过"));
    let others = json(&town, "huangong", "/api/v1/activity?outcome=refused").await;
    assert_eq!(others["total"], 0, "别的单位的事不在这里");
    let table = town.get(&client, "/activity.csv").await.text().await.unwrap();
    assert!(table.starts_with("\u{feff}时间,人员,行为,") && table.contains("不予办理："), "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_says_who_acts_within_how_many_working_days() {
    let town = Town::found().await;
    let text = page(&town, "", "/guide/data_provider").await;
    for sentence in
        ["5个工作日", "数据需求审核，第二十三条第一款", "href=\"/law/23\"", "写明到条的法律法规", "不危害国家安全"]
    {
        assert!(text.contains(sentence), "{sentence}：{text}");
    }
    for role in [Role::MunicipalDepartment, Role::DistrictGovernment] {
        let text = page(&town, "", &format!("/guide/{}", role.code())).await;
        assert!(text.contains("会同编制方案") && text.contains("href=\"/law/11\""), "{text}");
    }
    let client = town.browser("").await;
    for nobody in ["clock", "auditor", "nobody", "<b>"] {
        assert_eq!(town.get(&client, &format!("/guide/{nobody}")).await.status(), StatusCode::NOT_FOUND, "{nobody}");
    }
    let json = json(&town, "", "/api/v1/guide/operator").await;
    assert_eq!(json["name"], "运营机构");
}
