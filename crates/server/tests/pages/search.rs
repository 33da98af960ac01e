//! 检索与名录 — what the public finds in the catalogue, the products and the grants; what only its parties find.

use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::Value;
use workflow::Request;

use crate::town::{Town, attributes, encoded, flaws};

async fn page(town: &Town, client: &Client, path: &str) -> String {
    let answer = town.get(client, path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let page = answer.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new(), "{path}");
    page
}

async fn json(town: &Town, client: &Client, path: &str) -> Value {
    let answer =
        client.get(format!("{}{path}", town.address)).header("Accept", "application/json").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.json().await.unwrap()
}

/// How many of each kind a search finds, such as “entry 1，law 2”.
async fn kinds(town: &Town, client: &Client, text: &str) -> String {
    let found = json(town, client, &format!("/api/v1/search?q={}", encoded(text))).await;
    let kind = |group: &Value| format!("{} {}", group["kind"].as_str().unwrap(), group["total"]);
    found["groups"].as_array().unwrap().iter().map(kind).collect::<Vec<_>>().join("，")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_finds_entries_products_and_grants_by_word_sound_and_number() {
    let town = Town::found().await;
    let client = town.browser("").await;
    let entry = json(&town, &client, "/api/v1/catalogue").await["catalogue"][0]["id"].as_str().unwrap().to_owned();
    for text in ["停车", "tingche", "tcc", "泊位 停车场", "锦川市交通运输局", "jtysj", &entry, &entry[12..]]
    {
        let page = page(&town, &client, &format!("/catalogue?q={}", encoded(text))).await;
        assert!(page.contains(&format!("href=\"/catalogue/{entry}\"")), "{text}：{page}");
    }
    let nothing = page(&town, &client, "/catalogue?q=%E7%A9%BA%E6%B0%94").await;
    assert!(nothing.contains("没有符合条件的条目"), "{nothing}");
    assert!(page(&town, &client, "/products?q=tcc").await.contains("<mark>停车场</mark>"));
    assert!(page(&town, &client, "/grants?q=%E6%95%B0%E6%8D%AE%E8%BF%90%E8%90%A5").await.contains("<mark>数据</mark>"));
    assert_eq!(kinds(&town, &client, "停车场").await, "entry 1，product 1，agreement 1");
    assert_eq!(kinds(&town, &client, "督促整改").await, "", "没有编的词");
    assert!(kinds(&town, &client, "备案").await.contains("law "), "条文也找得到");
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_are_found_by_their_parties_and_by_nobody_else() {
    let town = Town::found().await;
    let demand = town.waiting().await;
    // Whoever sees the demand finds it by its number, its scenario and its organisation; to others it is not there.
    for (login, finds) in [
        ("yunying", true),
        ("shiban", true),
        ("shenji", true),
        ("jiaotong", true),
        ("", false),
        ("rongchuang", false),
        ("huangong", false),
    ] {
        let client = town.browser(login).await;
        for text in [demand.as_str(), "夜间经济街区", "yjjj 锦川数据运营"] {
            let found = kinds(&town, &client, text).await;
            assert_eq!(found.contains("demand"), finds, "{login} 找 {text}：{found}");
        }
        let told = page(&town, &client, &format!("/search?q={demand}")).await;
        let led = attributes(&told, "href").contains(&format!("/operation/demands/{demand}").as_str());
        assert_eq!(led, finds, "{login}");
        for link in
            attributes(told.split("<main").nth(1).unwrap(), "href").into_iter().filter(|link| link.starts_with('/'))
        {
            assert_eq!(town.get(&client, &link.replace("&amp;", "&")).await.status(), StatusCode::OK, "{login} {link}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_and_withdrawn_is_found_and_lost_within_a_second() {
    let town = Town::found().await;
    let (client, seller) = (town.browser("").await, crate::calendar::acting(&town, "yunzong").await);
    let product = json(&town, &client, "/api/v1/products").await["products"][0]["id"].as_str().unwrap().to_owned();
    town.office
        .perform(&seller, &Request::ProductWithdraw { id: product.clone(), reason: "不再维护".into() }, None)
        .await
        .unwrap();
    // What the row says counts at once, whatever the index still thinks.
    assert!(!page(&town, &client, "/products").await.contains(&format!("/products/{product}")));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(json(&town, &client, "/api/v1/products").await["total"], 0);
    let operator = town.browser("yunying").await;
    assert!(kinds(&town, &operator, &product).await.contains("product 1"), "自己的卷宗还在");
    assert!(!kinds(&town, &client, &product).await.contains("product"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_narrowed_by_its_facets_and_says_how() {
    let town = Town::found().await;
    let client = town.browser("").await;
    let provider = encoded("锦川市交通运输局");
    let told =
        page(&town, &client, &format!("/catalogue?provider={provider}&personal={}&sort=name", encoded("涉及"))).await;
    for sentence in
        ["提供单位：锦川市交通运输局", "个人信息：涉及", "checked", "找到 <strong class=\"num\">1</strong> 个条目"]
    {
        assert!(told.contains(sentence), "{sentence}：{told}");
    }
    let told = json(&town, &client, &format!("/api/v1/catalogue?personal={}", encoded("不涉及"))).await;
    assert_eq!(
        (&told["total"], &told["facets"]["personal"]["涉及"], &told["query"]),
        (&0.into(), &1.into(), &"个人信息：不涉及".into())
    );
    let answer = town.get(&client, "/api/v1/catalogue?colour=red").await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert!(answer.text().await.unwrap().contains("不认识的查询参数“colour”，可用：q、sort、page、limit、provider"));
    let grants = json(&town, &client, &format!("/api/v1/grants?mode={}", encoded("整体授权"))).await;
    assert_eq!((&grants["total"], &grants["grants"][0]["state"]), (&1.into(), &"履行中".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_leads_to_its_grants_and_products_and_back() {
    let town = Town::found().await;
    let client = town.browser("").await;
    let list = json(&town, &client, "/api/v1/catalogue").await;
    let id = list["catalogue"][0]["id"].as_str().unwrap();
    let entry = json(&town, &client, &format!("/api/v1/catalogue/{id}")).await;
    let (grant, product) = (entry["grants"][0]["id"].as_str().unwrap(), entry["products"][0]["id"].as_str().unwrap());
    let told = page(&town, &client, &format!("/catalogue/{id}")).await;
    for part in
        [format!("/grants/{grant}"), format!("/products/{product}"), "登记手机号".into(), "涉及，脱敏后使用".into()]
    {
        assert!(told.contains(&part), "{part}：{told}");
    }
    for path in [format!("/grants/{grant}"), format!("/products/{product}")] {
        assert!(page(&town, &client, &path).await.contains(&format!("href=\"/catalogue/{id}\"")), "{path}");
    }
    for path in ["/catalogue/ML-20250901-000000", "/catalogue/%00", "/grants/XY-1", "/catalogue/..%2f..%2fetc"] {
        assert_eq!(town.get(&client, path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_is_a_table_in_three_forms() {
    let town = Town::found().await;
    let client = town.browser("").await;
    for (name, head, content) in [
        ("grants", "\u{feff}协议编号,协议名称,授权对象,授权模式,", "锦川数据运营有限公司,整体授权,"),
        ("products", "\u{feff}产品编号,名称,简介,", "停车场空余泊位小时数据接口"),
        ("catalogue", "\u{feff}条目编号,资源名称,摘要,", "停车场名称、所在区（县）"),
    ] {
        let answer = town.get(&client, &format!("/{name}.csv")).await;
        assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
        let table = String::from_utf8(answer.bytes().await.unwrap().to_vec()).unwrap();
        assert!(table.starts_with(head) && table.contains(content), "{table}");
        assert_eq!(table.matches("\r\n").count(), 2, "表头和一行：{table}");
        let answer = town.get(&client, &format!("/{name}.csv?q=%E6%B2%A1%E6%9C%89")).await;
        assert_eq!(answer.text().await.unwrap().matches("\r\n").count(), 1, "{name}：只有表头");
        let answer = town.get(&client, &format!("/{name}.xlsx")).await;
        assert_eq!(answer.headers()["content-disposition"], format!("attachment; filename=\"{name}.xlsx\""));
        assert!(answer.bytes().await.unwrap().starts_with(b"PK"));
        assert!(
            json(&town, &client, &format!("/api/v1/{name}")).await["definition"].as_str().unwrap().contains("其内")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_is_answered_with_a_page() {
    let town = Town::found().await;
    let client = town.browser("").await;
    let long = encoded(&"停车场".repeat(1100));
    let weird = [
        "*",
        "\"",
        "'",
        "(((",
        "停*",
        "title:停",
        "<script>alert(1)</script>",
        "\u{0}\u{1b}",
        "%",
        "+-&|!(){}[]^~?:\\/",
        "……",
        "🚗",
        "\u{202e}",
    ]
    .map(encoded);
    for text in weird.iter().chain([&long]) {
        for path in ["/search", "/catalogue", "/products", "/grants", "/api/v1/search", "/api/v1/catalogue"] {
            let answer = town.get(&client, &format!("{path}?q={text}")).await;
            assert_eq!(answer.status(), StatusCode::OK, "{path} {text}");
            let told = answer.text().await.unwrap();
            assert!(told.len() < 60_000, "{path} {text}");
            if !path.starts_with("/api") {
                assert!(!told.contains("<script>alert"), "{path} {text}");
                assert_eq!(flaws(&told), Vec::<String>::new(), "{path} {text}");
            }
        }
    }
    for query in [
        "page=0",
        "page=-1",
        "page=99999999999999999999",
        "page=7",
        "sort=x",
        "provider=%00",
        "q",
        "=&=&&",
        "q=%FF%FE",
        "q=a&q=b",
    ] {
        page(&town, &client, &format!("/catalogue?{query}")).await;
    }
    let many = format!("/catalogue?{}", "provider=a&".repeat(700));
    page(&town, &client, &many).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_goes_on_where_it_was_and_is_built_anew_where_it_does_not_fit() {
    use server::indexing;
    let town = Town::found().await;
    let folder = tempfile::tempdir().unwrap();
    let ask = || search::Ask { text: "tcc".into(), viewer: vec!["公众".into()], limit: 9, ..search::Ask::default() };
    let open = || search::Index::open(&folder.path().join("index"), portal::finding::FACETS).unwrap();
    let index = open();
    let found = indexing::follow(town.office.store.clone(), index.clone()).find(ask()).await.unwrap();
    let (size, mark) = (index.size(), index.mark().unwrap());
    assert!(found.total >= 2 && mark.contains(&format!(" {} ", town.acts().await)), "{mark}");
    let closed = |index: search::Index| async move {
        drop(index);
        tokio::time::sleep(Duration::from_millis(600)).await; // its follower ends when nobody asks any more
    };
    closed(index).await;
    let index = open();
    let finder = indexing::follow(town.office.store.clone(), index.clone());
    assert_eq!(finder.find(ask()).await.unwrap(), found, "接着用");
    drop(finder);
    closed(index).await;
    for mark in ["", "别的东西", "1 5 00", "1 99999 00", "0 5 00"] {
        let index = open();
        index.clear().unwrap();
        index.commit(mark).unwrap();
        let finder = indexing::follow(town.office.store.clone(), index.clone());
        assert_eq!((finder.find(ask()).await.unwrap(), index.size()), (found.clone(), size), "{mark}");
        drop(finder);
        closed(index).await;
    }
}
