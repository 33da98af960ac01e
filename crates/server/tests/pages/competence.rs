//! 职权 — rules are changed by two others than the proposer, and decide the very next act.

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use store::competence::Policies;

use crate::town::{Town, attributes, flaws};

async fn act(town: &Town, client: &Client, request: Value) -> (u16, Value) {
    let answer = client.post(format!("{}/acts", town.address)).json(&request).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// The set that the demonstration leaves to be agreed to.
async fn proposed(town: &Town) -> Policies {
    town.office.store.list::<Policies>("", 10).await.unwrap().remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_change_with_two_agreements_and_decide_the_very_next_act() {
    let town = Town::found().await;
    let set = proposed(&town).await;
    let before = town.office.competence().digest.clone();
    let (clerk, head, keeper) =
        (town.browser("shiban").await, town.browser("fuze").await, town.browser("anquan").await);
    let page = town.get(&clerk, &format!("/competence/{}", set.id)).await.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new());
    assert!(page.contains("＋ @id(&#34;核价由负责人办&#34;)"), "差异看得见：{page}");
    let digest = &set.approval.digest;
    let approve = |digest: &str| json!({ "act": "policies.approve", "id": set.id, "digest": digest });
    let table = [
        (&keeper, approve(digest), 403, "安全管理员不得在“待同意”时同意"),
        (&clerk, approve("另一个摘要"), 409, "内容已经改动"),
    ];
    for (client, request, status, sentence) in table {
        let (told, body) = act(&town, client, request).await;
        assert_eq!(told, status, "{body}");
        assert!(body["detail"].as_str().unwrap().contains(sentence), "{body}");
    }
    let (status, body) = act(&town, &clerk, approve(digest)).await;
    assert_eq!((status, body["state"].as_str().unwrap()), (200, "1人已同意，须2人"), "{body}");
    let (status, body) = act(&town, &clerk, approve(digest)).await;
    assert_eq!(status, 409, "{body}");
    assert!(body["detail"].as_str().unwrap().contains("您已经同意过"));
    assert_eq!(town.office.competence().digest, before, "一个人同意，规则不变");
    let (status, body) = act(&town, &head, approve(digest)).await;
    assert_eq!((status, body["state"].as_str().unwrap()), (200, "施行中"), "{body}");
    let after = town.office.competence().digest.clone();
    assert_ne!(after, before);
    // The clerk could approve a price until now; from now on only the head can.
    let product = priced(&town).await;
    let price = json!({ "act": "product.approve_price", "id": product });
    let (status, body) = act(&town, &clerk, price.clone()).await;
    assert_eq!(status, 403, "{body}");
    assert_eq!(body["detail"], "价格由实施机构负责人核定");
    assert_eq!(body["legal_basis"], "第二十四条第一款");
    let (status, body) = act(&town, &head, price).await;
    assert_eq!((status, body["state"].as_str().unwrap()), (200, "已定价"), "{body}");
    let events = town.office.store.history(&format!("product/{product}")).await.unwrap();
    let named: Vec<&str> = events.iter().map(|event| event.policies.as_str()).collect();
    assert_eq!(named.last(), Some(&after.as_str()), "每条记录都写着当时施行的规则");
    assert!(town.office.store.replay().await.unwrap().agrees());
}

/// A product whose price waits to be approved.
async fn priced(town: &Town) -> String {
    let operator = town.browser("yunying").await;
    let demand = town.office.store.list::<store::operation::demand::Demand>("", 10).await.unwrap();
    let supplied = regulation::operation::demand::State::Supplied;
    let demand = demand.into_iter().find(|demand| demand.state == supplied).unwrap();
    let columns: Vec<Value> = demand
        .fields
        .iter()
        .filter(|field| *field != "登记手机号")
        .map(|field| json!({ "column": field, "mask": null }))
        .collect();
    let build = json!({ "act": "product.build", "demand": demand.id, "name": "泊位查询", "summary": "按小时", "recipe": { "columns": columns } });
    let (status, body) = act(town, &operator, build).await;
    assert_eq!(status, 200, "{body}");
    let id = body["id"].as_str().unwrap().to_owned();
    let price = json!({ "act": "product.propose_price", "id": id, "price": { "fen_per_thousand_rows": 200, "basis": "准许成本加合理收益" } });
    assert_eq!(act(town, &operator, price).await.0, 200);
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_voids_what_was_agreed_to() {
    let town = Town::found().await;
    let set = proposed(&town).await;
    let (clerk, keeper) = (town.browser("shiban").await, town.browser("anquan").await);
    let approve = json!({ "act": "policies.approve", "id": set.id, "digest": set.approval.digest });
    assert_eq!(act(&town, &clerk, approve.clone()).await.0, 200);
    let mut files = set.files.clone();
    files.get_mut("separation").unwrap().push_str("// 又改了一行\n");
    let revise = json!({ "act": "policies.revise", "id": set.id, "files": files, "reason": "补一行说明" });
    assert_eq!(act(&town, &keeper, revise).await.0, 200);
    assert_eq!(proposed(&town).await.approval.given, []);
    let (status, body) = act(&town, &clerk, approve).await;
    assert_eq!(status, 409, "{body}");
    let reject = json!({ "act": "policies.reject", "id": set.id, "reason": "先不改" });
    assert_eq!(act(&town, &clerk, reject).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_do_not_hold_come_back_with_everything_that_is_wrong() {
    let town = Town::found().await;
    let keeper = town.browser("anquan").await;
    let whole = town.office.competence().files.clone();
    let with = |more: &str| {
        let mut files = whole.clone();
        files.get_mut("separation").unwrap().push_str(more);
        files
    };
    let rule =
        |head: &str, tail: &str| format!("\n@id(\"某条\")\n@basis(\"平台规则\")\n@rule(\"某事\")\n{head}{tail}\n");
    let table = [
        (with("\npermit (principal, action"), "separation.cedar第"),
        (with("\npermit (principal, action, resource);"), "缺少名称（@id）"),
        (with(&rule("permit(principal, action == Action::\"demand.burn\", resource)", ";")), "与词表不符"),
        (with(&rule("permit(principal in Role::\"运营单位\", action, resource)", ";")), "与词表不符"),
        (with(&rule("permit(principal, action, resource)", " when { principal.age > 3 };")), "与词表不符"),
        (
            with("\n@id(\"某条\")\n@basis(\"第九十九条\")\n@rule(\"某事\")\npermit(principal, action, resource);"),
            "“第九十九条”不是某一条款",
        ),
        (
            with(&rule("permit(principal in Role::\"系统管理员\", action, resource)", ";")),
            "系统管理员可以办理业务“agreement.adopt”",
        ),
        (
            with(&rule("forbid(principal, action == Action::\"policies.propose\", resource)", ";")),
            "没有人可以办理“policies.propose”",
        ),
        (whole.clone(), "与现行规则完全相同"),
        ([("basics".to_owned(), "// 空\n".to_owned())].into(), "没有人可以办理"),
        (with(&"// 很长\n".repeat(20_000)), "字节，最多200000字节"),
    ];
    let before = town.office.competence().digest.clone();
    for (files, sentence) in table {
        let (status, body) =
            act(&town, &keeper, json!({ "act": "policies.propose", "files": files, "reason": "试" })).await;
        assert_eq!(status, 422, "{sentence}：{body}");
        assert!(body.to_string().contains(sentence), "{sentence}：{body}");
    }
    let (_, body) =
        act(&town, &keeper, json!({ "act": "policies.propose", "files": with("// 一行\n"), "reason": " " })).await;
    assert!(body["detail"].as_str().unwrap().contains("没有写明为什么要改"), "{body}");
    assert_eq!(town.office.competence().digest, before);
    // A form comes back with the text that was typed.
    let mut fields = vec![("act".to_owned(), "policies.propose".to_owned()), ("reason".to_owned(), "试".to_owned())];
    fields.extend(with("\npermit (坏了").into_iter().map(|(file, text)| (format!("files.{file}"), text)));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = town.post(&keeper, "/acts", &fields).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new());
    assert!(page.contains("permit (坏了</textarea>"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cannot_is_told_why_by_the_deciding_rule() {
    let town = Town::found().await;
    let id = town.waiting().await;
    let client = town.browser("jiaotong").await;
    let page = town.get(&client, &format!("/operation/demands/{id}")).await.text().await.unwrap();
    let link =
        attributes(&page, "href").into_iter().find(|link| link.starts_with("/why?")).unwrap().replace("&amp;", "&");
    let page = town.get(&client, &link).await.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new());
    assert!(
        page.contains("公共数据提供单位不得在“形式审查”时通过；这一环节由实施机构办理（第二十三条第一款）"),
        "{page}"
    );
    assert!(page.contains("需求审查</a>——实施机构作形式审查"), "{page}");
    let stranger = town.browser("huangong").await;
    assert_eq!(town.get(&stranger, &link).await.status(), StatusCode::NOT_FOUND, "看不到的卷宗，也问不出什么");
}
