//! 公众 — what everybody sees, and what becomes of what they write.

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use store::{Outcome, supervision::feedback::Feedback};

use crate::town::{Town, attributes, flaws};

async fn page(town: &Town, client: &Client, path: &str) -> String {
    let answer = town.get(client, path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let page = answer.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new(), "{path}");
    page
}

async fn told(town: &Town, client: &Client, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let answer = town.post(client, path, fields).await;
    let status = answer.status().as_u16();
    let page = answer.text().await.unwrap();
    if !page.is_empty() {
        assert_eq!(flaws(&page), Vec::<String>::new(), "{fields:?}");
    }
    (status, page)
}

async fn json_of(town: &Town, client: &Client, path: &str) -> Value {
    let answer = town.get(client, path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.json().await.unwrap()
}

/// What stands in `<dd>` after `<dt>name</dt>`, without its tags.
fn after<'a>(page: &'a str, name: &str) -> &'a str {
    let rest = page.split(&format!("<dt>{name}</dt><dd>")).nth(1).unwrap_or_else(|| panic!("没有“{name}”：{page}"));
    rest.split('>').nth(1).unwrap().split('<').next().unwrap()
}

/// The number that the form on this page carries.
fn key(page: &str) -> &str {
    page.split("name=\"_key\" value=\"").nth(1).unwrap().split('"').next().unwrap()
}

/// What is sent, with what it is answered, and in which words.
type Case<'a> = (&'a [(&'a str, &'a str)], u16, &'a str);

#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_counts_what_there_is_and_leads_to_it() {
    let town = Town::found().await;
    let home = page(&town, &town.browser("").await, "/").await;
    for (name, value) in [
        ("授权运营目录条目", "1</strong> 条"),
        ("在期授权", "1</strong> 项"),
        ("已上架产品", "1</strong> 个"),
        ("数据需求平均审核", "5.0</strong> 个工作日"),
    ] {
        let number = home.split(&format!("{name}</a>")).nth(1).unwrap_or_else(|| panic!("没有“{name}”"));
        assert!(number.split("</div>").next().unwrap().contains(value), "{name}：{number}");
    }
    assert!(home.contains("近90日审核办结的1件"), "{home}");
    let links = attributes(&home, "href");
    for path in
        ["/catalogue", "/grants", "/products", "/statistics#terms", "/guide/operator", "/announcements", "/feedback"]
    {
        assert!(links.contains(&path), "首页没有通往 {path}");
    }
    assert!(home.contains("action=\"/search\"") && home.contains("产品上架"), "{home}");
    // A suspended grant is no longer in force for the number.
    let client = town.browser("shiban").await;
    let grant = town.office.store.list::<store::granting::agreement::Agreement>("", 1).await.unwrap().remove(0);
    let suspend = [
        ("act", "agreement.suspend"),
        ("id", &*grant.id),
        ("grounds", "整改：日志留存不足"),
        ("_key", "s-1"),
        ("_confirm", &*grant.id),
    ];
    assert_eq!(town.post(&client, "/acts", &suspend).await.status(), StatusCode::SEE_OTHER);
    let home = page(&town, &client, "/").await;
    assert!(home.contains("<strong class=\"num\">0</strong> 项") && home.contains("暂停提供数据"), "{home}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_article_says_where_it_is_carried_out_or_why_it_is_not() {
    let town = Town::found().await;
    let client = town.browser("").await;
    let whole = page(&town, &client, "/law").await;
    assert!(
        (1..=37).all(|number| whole.contains(&format!("id=\"art-{number}\""))) && whole.contains("id=\"chapter-6\"")
    );
    let law = json_of(&town, &client, "/api/v1/law").await;
    for chapter in law["chapters"].as_array().unwrap() {
        for article in chapter["articles"].as_array().unwrap() {
            let some = ["steps", "contents", "terms", "rules", "code", "unwritten"];
            assert!(some.iter().any(|list| !article[list].as_array().unwrap().is_empty()), "{article}");
        }
    }
    let table = [
        ("/law/23", "形式审查"),
        ("/law/23", "5个工作日"),
        ("/law/23", "实施机构作形式审查，公共数据提供单位审核属于自己的数据"),
        ("/law/23", "stories/operation/demand_refused.md"),
        ("/law/10", "实施方案的内容（12项）"),
        ("/law/1", "宗旨与上位法依据，无可执行规则"),
        ("/law/26", "第二、三款"),
        ("/law/32", "<a href=\"/feedback\">意见反馈</a>"),
        ("/law/32", "应披露的内容（4项）"),
    ];
    for (path, sentence) in table {
        let page = page(&town, &client, path).await;
        assert!(page.contains(sentence), "{path} 没有“{sentence}”");
    }
    for path in ["/law/0", "/law/38", "/law/-1", "/law/99999999999", "/law/%3Cb%3E", "/api/v1/law/38"] {
        assert_eq!(town.get(&client, path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    // Rules that are in force are asked, not a copy of those that the program came with.
    let rules = json_of(&town, &client, "/api/v1/law/24").await["rules"].to_string();
    assert!(rules.contains("product.approve_price"), "{rules}");
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_follow_the_log_and_come_as_tables_and_files() {
    let town = Town::found().await;
    let client = town.browser("").await;
    let row = |indicator: &Value, name: &str| -> Vec<i64> {
        let rows = indicator["rows"].as_array().unwrap();
        let found = rows.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("没有“{name}”：{indicator}"));
        found[1].as_array().unwrap().iter().map(|cell| cell.as_i64().unwrap()).collect()
    };
    let demands = json_of(&town, &client, "/statistics/demands.json").await;
    assert_eq!(
        (row(&demands, "形式审查"), row(&demands, "提供单位审核"), row(&demands, "已供给")),
        (vec![1], vec![1], vec![1])
    );
    // Passed after two working days, and after one; the term is five.
    let terms = json_of(&town, &client, "/statistics/terms.json").await;
    assert_eq!(row(&terms, "数据需求形式审查"), [2, 5, 1, 2, 100], "{terms}");
    assert_eq!(row(&terms, "数据需求审核"), [1, 5, 3, 3, 100]);
    assert_eq!(row(&terms, "实施方案备案"), [1, 10, 2, 2, 100]);
    // The next act shows at once; what is refused is counted by its basis.
    let agency = town.browser("shiban").await;
    let id = town.waiting().await;
    let operator = town.browser("yunying").await;
    assert_eq!(
        town.post(&operator, "/acts", &[("act", "demand.pass"), ("id", &*id)]).await.status(),
        StatusCode::FORBIDDEN
    );
    let refuse = [
        ("act", "demand.refuse"),
        ("id", &*id),
        ("reason", "超出最小必要"),
        ("_confirm", &*id),
        ("legal_basis[]", "本办法第十二条第三款"),
        ("legal_basis[]", "张三说第九条"),
    ];
    assert_eq!(town.post(&agency, "/acts", &refuse).await.status(), StatusCode::SEE_OTHER);
    let demands = json_of(&town, &client, "/statistics/demands.json").await;
    assert_eq!(row(&demands, "不予通过"), [1]);
    let refusals = json_of(&town, &client, "/statistics/refusals.json").await;
    assert_eq!(row(&refusals, "第二十三条第一款"), [1, 0, 0]);
    let grounds = json_of(&town, &client, "/statistics/grounds.json").await;
    assert_eq!(
        (row(&grounds, "第十二条第三款"), row(&grounds, "其他法律法规")),
        (vec![1], vec![1]),
        "不公开审核人随手写的字"
    );
    // A sign-in that fails is nobody's statistic.
    town.try_password("shiban", "不对的口令").await;
    assert_eq!(json_of(&town, &client, "/statistics/refusals.json").await, refusals);
    let page = page(&town, &client, "/statistics").await;
    assert!(page.contains("<data-chart kind=\"bar\"") && page.contains("口径：") && !page.contains("张三"), "{page}");
    let answer = town.get(&client, "/statistics/terms.csv").await;
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    let table = String::from_utf8(answer.bytes().await.unwrap().to_vec()).unwrap();
    assert!(table.contains("数据需求审核,1,5,3,3,100\r\n"), "{table}");
    for path in ["/statistics/terms.exe", "/statistics/none.csv", "/statistics/terms", "/statistics/.json"] {
        assert_eq!(town.get(&client, path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_writes_anonymously_comes_back_with_the_code_and_reads_the_answer() {
    let town = Town::found().await;
    let (anybody, agency) = (town.browser("").await, town.browser("shiban").await);
    let grant = town.office.store.list::<store::granting::agreement::Agreement>("", 1).await.unwrap().remove(0).id;
    let form = page(&town, &anybody, &format!("/feedback?kind=objection&about={grant}")).await;
    assert!(form.contains("value=\"objection\" checked") && form.contains(&format!("value=\"{grant}\"")), "{form}");
    let text = "授权范围过大，<b>请说明</b>\u{202e}；我的电话13800138000";
    let fields = [
        ("_key", key(&form)),
        ("kind", "objection"),
        ("about", &*grant),
        ("title", "对授权范围的异议"),
        ("text", text),
        ("contact", "wx_abc"),
        ("open", "true"),
    ];
    let (status, received) = told(&town, &anybody, "/feedback", &fields).await;
    assert_eq!(status, 200, "{received}");
    let (id, code) = (after(&received, "编号").to_owned(), after(&received, "查询码").to_owned());
    assert!(id.starts_with("LJ-20250901-") && code.len() == 19, "{id} {code}");
    // A double click is one submission and shows the same code; the same words from another page show none.
    let (_, again) = told(&town, &anybody, "/feedback", &fields).await;
    assert_eq!((after(&again, "编号"), after(&again, "查询码")), (&*id, &*code));
    let other = page(&town, &anybody, "/feedback").await;
    let mut copied = fields;
    copied[0] = ("_key", key(&other));
    let (status, again) = told(&town, &anybody, "/feedback", &copied).await;
    assert!(status == 200 && again.contains(&id) && !again.contains("查询码</dt>"), "{again}");
    assert_eq!(town.office.store.list::<Feedback>("", 10).await.unwrap().len(), 1);
    // Neither a wrong code nor a wrong number tells which of them is wrong.
    for (id, code) in [(&*id, "0000-0000-0000-0000"), ("LJ-20250901-000000", &*code), ("", ""), ("<b>", "'; --")] {
        let (status, page) = told(&town, &anybody, "/feedback/query", &[("id", id), ("code", code)]).await;
        assert!(status == 404 && page.contains("没有找到与查询码相符的来件"), "{status} {page}");
    }
    let ask = [("id", &*id), ("code", &*code.to_lowercase())];
    let (status, found) = told(&town, &anybody, "/feedback/query", &ask).await;
    assert!(
        status == 200 && found.contains("待受理") && found.contains("&#60;b&#62;请说明") && !found.contains('\u{202e}')
    );
    // It waits for the agency, and others do not see it.
    let tasks = page(&town, &agency, "/tasks").await;
    assert!(tasks.contains("社会监督来件") && tasks.contains("剩余 3 个工作日"), "{tasks}");
    let path = format!("/files/feedback/{id}");
    assert_eq!(town.get(&town.browser("yunying").await, &path).await.status(), StatusCode::NOT_FOUND);
    let file = page(&town, &agency, &path).await;
    assert!(file.contains("wx_abc") && file.contains("社会公众") && file.contains(&grant), "{file}");
    let act = async |act: &str, more: &[(&str, &str)]| {
        let mut fields = vec![("act", act), ("id", &*id)];
        fields.extend(more);
        told(&town, &agency, "/acts", &fields).await
    };
    assert_eq!(act("feedback.accept", &[]).await.0, 303);
    assert_eq!(act("feedback.answer", &[("answer", "范围经审议，只含公开信息项。")]).await.0, 303);
    let publish = page(&town, &agency, &path).await;
    assert!(publish.contains("13800138000</textarea>"), "公开的文字先填好原文：{publish}");
    let (status, page_again) =
        act("feedback.publish", &[("question", text), ("published", "范围经审议，加微信wx_abc")]).await;
    assert_eq!(status, 422);
    assert!(page_again.contains("像是电话号码") && page_again.contains("像是来件人的联系方式"), "{page_again}");
    let (question, answer) = ("某市民认为授权范围过大", "范围经审议，只含公开信息项。");
    assert_eq!(act("feedback.publish", &[("question", question), ("published", answer)]).await.0, 303);
    let list = page(&town, &anybody, "/feedback").await;
    assert!(list.contains(question) && !list.contains("13800138000") && !list.contains("wx_abc"), "{list}");
    assert!(page(&town, &anybody, &format!("/feedback/{id}")).await.contains(answer));
    let table = town.get(&anybody, "/feedback.csv").await.text().await.unwrap();
    assert!(table.contains(question) && table.contains(answer) && !table.contains("13800138000"), "{table}");
    let news = town.get(&anybody, "/announcements.csv").await.text().await.unwrap();
    assert!(news.starts_with('\u{feff}') && news.contains("授权运营协议"), "{news}");
    for path in ["/feedback.xlsx", "/announcements.xlsx", "/statistics/terms.xlsx"] {
        assert!(town.get(&anybody, path).await.bytes().await.unwrap().starts_with(b"PK"), "{path}");
    }
    let (_, found) = told(&town, &anybody, "/feedback/query", &ask).await;
    assert!(found.contains("范围经审议") && !found.contains("shiban"), "来件人看不到经办人的姓名");
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn strange_writing_is_refused_clearly_kept_harmless_and_never_recorded_as_an_act() {
    let town = Town::found().await;
    let client = town.browser("").await;
    let product = town.office.store.list::<store::operation::product::Product>("", 1).await.unwrap().remove(0).id;
    let before = town.acts().await;
    let (long, longest) = ("长".repeat(2001), "长".repeat(30_000));
    let table: [Case<'_>; 11] = [
        (&[], 400, "没有选择类别"),
        (&[("kind", "rumour"), ("title", "一"), ("text", "二")], 400, "没有选择类别"),
        (&[("kind", "suggestion")], 422, "没有填写“标题”，另有1处需要补正"),
        (&[("kind", "suggestion"), ("title", " \u{0}\u{200b} "), ("text", "二")], 422, "没有填写“标题”"),
        (&[("kind", "suggestion"), ("title", "一"), ("text", &long)], 422, "“内容”有2001个字，最多2000个字"),
        (&[("kind", "suggestion"), ("title", "一"), ("text", &longest)], 413, "内容过长"),
        (&[("kind", "objection"), ("title", "一"), ("text", "二")], 422, "公示异议应写明针对哪一项"),
        (&[("kind", "objection"), ("title", "一"), ("text", "二"), ("about", &product)], 422, "公示异议不针对“CP-"),
        (
            &[("kind", "objection"), ("title", "一"), ("text", "二"), ("about", "XY-1' OR '1'='1")],
            422,
            "没有找到已经公开的",
        ),
        (
            &[("kind", "correction"), ("title", "一"), ("text", "二"), ("about", "XQ-20250901-000000")],
            422,
            "没有找到已经公开的",
        ),
        (&[("kind", "correction"), ("title", "一"), ("text", "二"), ("about", "../../etc")], 422, "没有找到已经公开的"),
    ];
    for (fields, status, sentence) in table {
        let (told, page) = told(&town, &client, "/feedback", fields).await;
        assert_eq!(told, status, "{fields:?}");
        assert!(page.contains(sentence), "{fields:?}：{page}");
    }
    assert_eq!(town.acts().await, before, "陌生人写错多少次，日志不因此变长");
    let weird =
        "'; DROP TABLE event; -- <script>alert(1)</script> http://evil.example/?a=1&b=2 \u{7}\u{1b}[31m\r\n第二行 𠮷😀";
    let title = "<img src=x onerror=alert(1)>";
    let (status, received) =
        told(&town, &client, "/feedback", &[("kind", "suggestion"), ("title", title), ("text", weird)]).await;
    assert_eq!(status, 200, "{received}");
    let (id, code) = (after(&received, "编号").to_owned(), after(&received, "查询码").to_owned());
    let (_, found) = told(&town, &client, "/feedback/query", &[("id", &*id), ("code", &*code)]).await;
    assert!(
        found.contains("&#60;script&#62;") && found.contains("第二行 𠮷😀") && !found.contains('\u{1b}'),
        "{found}"
    );
    assert!(!found.contains("<a href=\"http://evil.example"), "网址不成链接");
    let file = page(&town, &town.browser("shiban").await, &format!("/files/feedback/{id}")).await;
    assert!(file.contains("&#60;img src=x"), "{file}");
    // What was written is not in the event that anybody with the log reads first.
    let history = town.office.store.history(&format!("feedback/{id}")).await.unwrap();
    assert!(history.iter().all(|event| !event.detail.to_string().contains("DROP") && event.outcome == Outcome::Done));
    assert_eq!(history[0].actor, "public");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_takes_so_many_in_an_hour_and_no_act_of_the_public_from_anybody() {
    let town = Town::found().await;
    let client = town.browser("").await;
    let url = format!("{}/api/v1/feedback", town.address);
    let write = async |number: usize| {
        let written = json!({ "kind": "suggestion", "title": "很多", "text": format!("第{number}件") });
        client.post(&url).json(&written).send().await.unwrap()
    };
    for number in 0..120 {
        assert_eq!(write(number).await.status(), StatusCode::OK, "第{number}件");
    }
    let full = write(120).await;
    assert_eq!((full.status().as_u16(), full.headers()["retry-after"].to_str().unwrap()), (429, "3601"));
    let (status, page) =
        told(&town, &client, "/feedback", &[("kind", "suggestion"), ("title", "满了"), ("text", "写了很久")]).await;
    assert!(status == 429 && page.contains("写了很久</textarea>"), "已填写的内容还在：{page}");
    town.minutes_pass(60);
    assert_eq!(write(120).await.status(), StatusCode::OK);
    let stranger = client.post(&url).header("Content-Type", "application/x-www-form-urlencoded");
    let stranger = stranger.header("Sec-Fetch-Site", "cross-site").body("kind=suggestion&title=a&text=b").send();
    assert_eq!(stranger.await.unwrap().status(), StatusCode::UNAUTHORIZED);
    // Nobody performs the public's act as themselves, and keepers do not answer.
    let submit = json!({ "act": "feedback.submit", "kind": "suggestion", "title": "一", "text": "二" });
    let id = town.office.store.list::<Feedback>("", 1).await.unwrap().remove(0).id;
    let answers = [
        ("shiban", submit, 400),
        ("guanli", json!({ "act": "feedback.accept", "id": id }), 403),
        ("shenji", json!({ "act": "feedback.accept", "id": id }), 403),
        ("jiaotong", json!({ "act": "feedback.accept", "id": id }), 403),
    ];
    for (login, request, status) in answers {
        let answer =
            town.browser(login).await.post(format!("{}/acts", town.address)).json(&request).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{login}：{request}");
    }
}
