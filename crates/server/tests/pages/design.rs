//! 页框与部件 — assets that are kept for good, a look that is chosen, lists taken away, grave acts confirmed.

use reqwest::StatusCode;

use crate::town::{Town, attributes, flaws};

#[tokio::test(flavor = "multi_thread")]
async fn files_of_the_page_are_kept_for_good_and_sent_compressed() {
    let town = Town::found().await;
    let client = town.browser("").await;
    let page = town.get(&client, "/").await.text().await.unwrap();
    let style = attributes(&page, "href").into_iter().find(|path| path.starts_with("/assets/app.")).unwrap().to_owned();
    let asked = client.get(format!("{}{style}", town.address)).header("Accept-Encoding", "gzip");
    let answer = asked.send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    assert!(answer.bytes().await.unwrap().len() < 9000);
    let other = style.replace("app.", "app.0");
    assert_eq!(town.get(&client, &other).await.status(), StatusCode::NOT_FOUND, "别的内容在别的地址");
    let policy = town.get(&client, "/").await.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_sent_as_it_comes_arrives_whole_when_it_is_compressed() {
    let town = Town::found().await;
    let client = town.browser("").await;
    for path in ["/products.csv", "/grants.csv", "/catalogue.csv", "/api/v1/products"] {
        let asked = client.get(format!("{}{path}", town.address)).header("Accept-Encoding", "gzip");
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.headers()["content-encoding"], "gzip", "{path}");
        let body = answer.bytes().await.unwrap_or_else(|why| panic!("{path} 没有完整到达：{why:?}"));
        assert!(body.starts_with(&[0x1f, 0x8b]), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn how_a_page_looks_is_chosen_without_script_and_remembered() {
    let town = Town::found().await;
    let client = town.browser("").await;
    let choice = [("size", "huge"), ("theme", "dark"), ("back", "/products?sort=name")];
    let answer = town.post(&client, "/preferences", &choice).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/products?sort=name");
    let page = town.get(&client, "/law").await.text().await.unwrap();
    assert!(page.contains("<html lang=\"zh-CN\" data-size=\"huge\" data-theme=\"dark\">"), "{page}");
    let away = [("size", "nonsense"), ("theme", "<b>"), ("back", "//evil.example/")];
    let answer = town.post(&client, "/preferences", &away).await;
    assert_eq!(answer.headers()["location"], "/");
    assert!(town.get(&client, "/law").await.text().await.unwrap().contains("<html lang=\"zh-CN\">"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grave_act_is_checked_then_confirmed_by_its_number_and_only_then_performed() {
    let town = Town::found().await;
    let (client, id) = (town.browser("shiban").await, town.waiting().await);
    let before = town.acts().await;
    let mut fields =
        vec![("act", "demand.refuse"), ("id", &*id), ("_key", "k-1"), ("reason", ""), ("legal_basis[]", "第十二条")];
    let answer = town.post(&client, "/acts/check", &fields).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "先在表单上指出错误");
    let page = answer.text().await.unwrap();
    assert!(page.contains("<a href=\"#demand-refuse-reason\">审核不通过的，应当告知理由</a>"), "{page}");
    assert!(page.contains("<title>错误：") && page.contains("autofocus") && page.contains("aria-invalid=\"true\""));
    assert_eq!(flaws(&page), Vec::<String>::new());
    fields[3] = ("reason", "超出<最小必要>");
    let answer = town.post(&client, "/acts/check", &fields).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = answer.text().await.unwrap();
    assert!(page.contains("超出&#60;最小必要&#62;") && page.contains("没有其他卷宗受影响"), "{page}");
    assert_eq!(flaws(&page), Vec::<String>::new());
    for (typed, sentence) in [("", "请输入编号"), ("XQ-别的", "输入的编号与本件不同")] {
        let mut fields = fields.clone();
        fields.push(("_confirm", typed));
        let answer = town.post(&client, "/acts", &fields).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text().await.unwrap();
        assert!(page.contains(sentence), "{page}");
        assert_eq!(flaws(&page), Vec::<String>::new());
    }
    assert_eq!(town.acts().await, before, "核对和试办什么也不留下");
    let back = town.post(&client, "/acts/revise", &fields).await.text().await.unwrap();
    assert!(back.contains("超出&#60;最小必要&#62;</textarea>"), "修改时已填写的还在");
    fields.push(("_confirm", &id));
    assert_eq!(town.post(&client, "/acts", &fields).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(town.acts().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_names_everything_that_it_stops() {
    let town = Town::found().await;
    let client = town.browser("shiban").await;
    let agreements = town.office.store.list::<store::granting::agreement::Agreement>("", 1).await.unwrap();
    let fields = [("act", "agreement.suspend"), ("id", &*agreements[0].id), ("grounds", "整改"), ("_key", "k-2")];
    let answer = town.post(&client, "/acts/check", &fields).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = answer.text().await.unwrap();
    for kind in ["数据需求", "供给", "公共数据产品和服务", "数据开发利用协议", "凭据"] {
        assert!(page.contains(&format!("<li>{kind} <strong")), "{kind}：{page}");
    }
    let before = town.acts().await;
    assert_eq!(town.post(&client, "/acts", &fields).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(town.acts().await, before, "不输入编号就不暂停");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_taken_away_as_it_was_narrowed() {
    let town = Town::found().await;
    let client = town.browser("jiaotong").await;
    let path = |format: &str| format!("/supply?q=PC-&format={format}");
    let csv = town.get(&client, &path("csv")).await;
    assert_eq!(csv.headers()["content-type"], "text/csv; charset=utf-8");
    let csv = csv.text().await.unwrap();
    assert!(csv.starts_with("\u{feff}") && csv.contains("PC-20250821-01") && csv.lines().count() == 2, "{csv}");
    let json: serde_json::Value = town.get(&client, &path("json")).await.json().await.unwrap();
    assert_eq!(json["batches"].as_array().unwrap().len(), 1, "{json}");
    let book = town.get(&client, &path("xlsx")).await.bytes().await.unwrap();
    assert!(book.starts_with(b"PK"), "一个工作簿");
    let page = town.get(&client, "/supply?q=%3Cb%3E&sort=-number&page=0&cols=number").await.text().await.unwrap();
    assert!(page.contains("包含“&#60;b&#62;”"), "{page}");
    assert_eq!(flaws(&page), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn lineage_leads_from_the_entry_to_whoever_uses_the_product() {
    let town = Town::found().await;
    let products = town.office.store.list::<store::operation::product::Product>("", 1).await.unwrap();
    let path = format!("/files/product/{}/lineage", products[0].id);
    let page = town.get(&town.browser("shenji").await, &path).await.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new());
    for said in ["目录条目：", "数据需求：", "供给：", "产品：", "开发利用协议：<a", "（本件）", "<svg"]
    {
        assert!(page.contains(said), "{said}：{page}");
    }
    let foreign = town.get(&town.browser("huangong").await, &path).await;
    assert_eq!(foreign.status(), StatusCode::NOT_FOUND, "看不到卷宗，也看不到它的血缘");
    let entry = format!(
        "/files/entry/{}/lineage",
        town.office.store.list::<store::basics::catalogue::Entry>("", 1).await.unwrap()[0].id
    );
    let page = town.get(&town.browser("jiaotong").await, &entry).await.text().await.unwrap();
    assert!(page.contains("（不由您查阅）") && !page.contains(&products[0].name), "提供单位看不到产品的名称：{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_inside_the_frame_of_whoever_asked() {
    let town = Town::found().await;
    let page = town.get(&town.browser("shiban").await, "/files/plan/FA-x").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
    let page = page.text().await.unwrap();
    assert!(page.contains("<h1>没有找到</h1>") && page.contains("工作导航") && page.contains("回到我的待办"), "{page}");
    let page = town.get(&town.browser("").await, "/supply").await.text().await.unwrap();
    assert!(
        page.contains("<h1>需要登录</h1>") && page.contains("<a class=\"btn sec\" href=\"/sign-in\">登录</a>"),
        "{page}"
    );
}
