//! 旅程 — a demand raised step by step, kept on the way, refused, and raised again; drafts are nobody else's.

use reqwest::{Client, Response, StatusCode};
use store::{draft::Draft, granting::agreement::Agreement, operation::demand::Demand};

use crate::town::{Town, attributes, flaws};

const FORM: &str = "/operation/demands/new";

/// What the walk's agreement grants: its number, its entry, and the fields of that.
async fn granted(town: &Town) -> (String, String, Vec<String>) {
    let agreement = town.office.store.list::<Agreement>("", 1).await.unwrap().remove(0);
    let (entry, fields) = agreement.scope.0.iter().next().unwrap();
    (agreement.id.clone(), entry.clone(), fields.iter().cloned().collect())
}

/// Where an answer leads, and the page there.
async fn follow(town: &Town, client: &Client, answer: Response) -> (String, String) {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
    let path = answer.headers()["location"].to_str().unwrap().to_owned();
    let page = town.get(client, &path).await.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new(), "{path}");
    (path, page)
}

/// The hidden fields of the page's own form, as a browser would send them.
fn hidden(page: &str) -> Vec<(String, String)> {
    let main = page.split("<main").nth(1).unwrap();
    let form = main.split("<form").find(|form| form.contains("value=\"demand.submit\"")).unwrap();
    let form = form.split("</form>").next().unwrap();
    let inputs = form.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap());
    let inputs = inputs.filter(|input| input.contains("type=\"hidden\""));
    inputs.map(|input| (attributes(input, "name")[0].to_owned(), attributes(input, "value")[0].to_owned())).collect()
}

/// Sends a page's form with what is typed into it.
async fn send(town: &Town, client: &Client, page: &str, typed: &[(&str, &str)]) -> Response {
    let hidden = hidden(page);
    let fields = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    town.post(client, "/acts", &fields.chain(typed.iter().copied()).collect::<Vec<_>>()).await
}

/// Fills in the form as far as the page before it is sent.
async fn filled(town: &Town, client: &Client, scenario: &str) -> (String, String) {
    let (agreement, entry, fields) = granted(town).await;
    let page = town.get(client, FORM).await.text().await.unwrap();
    let both = format!("{agreement}+{entry}");
    let answer = send(town, client, &page, &[("agreement%2Bentry", &both), ("_go", "next")]).await;
    let (_, page) = follow(town, client, answer).await;
    let ask = [
        ("fields[]", fields[0].as_str()),
        ("fields[]", fields[1].as_str()),
        ("purpose", "industry"),
        ("scenario", scenario),
        ("_go", "next"),
    ];
    let (_, page) = follow(town, client, send(town, client, &page, &ask).await).await;
    let answer = send(town, client, &page, &[("necessity", "按小时判断供需"), ("_go", "next")]).await;
    follow(town, client, answer).await
}

fn draft_in(path: &str) -> String {
    path.split("draft=").nth(1).unwrap().split('&').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demand_is_raised_step_by_step_and_everything_is_kept_on_the_way() {
    let town = Town::found().await;
    let client = town.browser("yunying").await;
    let (path, page) = filled(&town, &client, "夜间停车引导").await;
    assert!(path.contains("step=check"), "{path}");
    for sentence in [
        "按小时判断供需",
        "夜间停车引导",
        "实施机构在5个工作日内完成数据需求形式审查",
        "公共数据提供单位在5个工作日内完成数据供给",
    ] {
        assert!(page.contains(sentence), "没有“{sentence}”：{page}");
    }
    let tasks = town.get(&client, "/tasks").await.text().await.unwrap();
    assert!(tasks.contains("我的草稿") && tasks.contains("夜间停车引导"), "{tasks}");
    let before = town.acts().await;
    let (one, other) = tokio::join!(send(&town, &client, &page, &[]), send(&town, &client, &page, &[]));
    let place = |answer: &Response| answer.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(place(&one), place(&other));
    assert_eq!(town.acts().await, before + 1, "提交两次是一件");
    // Going back and sending again is the same act too; opening the draft again leads to what it became.
    assert_eq!(place(&send(&town, &client, &page, &[]).await), place(&one));
    let again = town.get(&client, &path).await;
    assert_eq!(place(&again), place(&one));
    let tasks = town.get(&client, "/tasks").await.text().await.unwrap();
    assert!(!tasks.contains("我的草稿"), "{tasks}");
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_lacks_something_comes_back_and_says_what_at_the_field() {
    let town = Town::found().await;
    let client = town.browser("yunying").await;
    let page = town.get(&client, FORM).await.text().await.unwrap();
    let (_, page) = follow(&town, &client, send(&town, &client, &page, &[("_go", "next")]).await).await;
    assert!(page.contains("<a href=\"#choice-1\">没有选择目录条目</a>（第二十一条）"), "{page}");
    let (agreement, entry, _) = granted(&town).await;
    let both = format!("{agreement}+{entry}");
    let answer = send(&town, &client, &page, &[("agreement%2Bentry", &both), ("_go", "next")]).await;
    let (_, page) = follow(&town, &client, answer).await;
    let answer =
        send(&town, &client, &page, &[("fields[]", "没有这一项"), ("scenario", "<b>夜间</b>"), ("_go", "next")]).await;
    let (_, page) = follow(&town, &client, answer).await;
    assert!(page.contains("<title>错误："), "{page}");
    assert!(page.contains("<a href=\"#fields-1\">数据需求没有列出任何数据资源</a>"), "{page}");
    assert!(page.contains("<a href=\"#purpose-1\">没有选择用途类别</a>"), "{page}");
    assert!(page.contains("id=\"purpose-1-fault\"") && page.contains("value=\"&#60;b&#62;夜间"), "{page}");
    assert!(page.contains("原来选的信息项“没有这一项”现在不在"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_not_there_for_others_nor_after_its_time() {
    let town = Town::found().await;
    let client = town.browser("yunying").await;
    let (path, _) = filled(&town, &client, "别人看不到的场景").await;
    let id = draft_in(&path);
    for login in ["yunzong", "shiban", "jiaotong", "shenji", "guanli"] {
        let other = town.browser(login).await;
        for path in [
            format!("/drafts/{id}"),
            format!("{FORM}?draft={id}"),
            format!("/files/draft/{id}"),
            format!("/api/v1/files/draft/{id}"),
        ] {
            assert_eq!(town.get(&other, &path).await.status(), StatusCode::NOT_FOUND, "{login} {path}");
        }
        assert!(!town.get(&other, "/tasks").await.text().await.unwrap().contains("别人看不到的场景"), "{login}");
        for act in [
            vec![("act", "draft.discard"), ("id", &*id)],
            vec![("act", "demand.submit"), ("_draft", &*id), ("scenario", "改掉")],
        ] {
            assert_eq!(town.post(&other, "/acts", &act).await.status(), StatusCode::NOT_FOUND, "{login}");
        }
    }
    let kept = town.office.store.get::<Draft>(&id).await.unwrap().unwrap().0;
    assert_eq!((kept.typed("scenario"), kept.saves), ("别人看不到的场景", 3));
    town.minutes_pass(91 * 24 * 60);
    let client = town.browser("yunying").await;
    assert_eq!(town.get(&client, &format!("/drafts/{id}")).await.status(), StatusCode::NOT_FOUND);
    assert!(!town.get(&client, "/tasks").await.text().await.unwrap().contains("我的草稿"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tabs_the_second_is_told_what_the_first_did() {
    let town = Town::found().await;
    let client = town.browser("yunying").await;
    let (path, check) = filled(&town, &client, "两个标签页").await;
    let explain = town.get(&client, &path.replace("check", "explain")).await.text().await.unwrap();
    let stale = explain.clone();
    let (_, newer) =
        follow(&town, &client, send(&town, &client, &explain, &[("necessity", "第一个标签页"), ("_go", "next")]).await)
            .await;
    // The second tab saves over it: refused, what was typed stays.
    let answer = send(&town, &client, &stale, &[("necessity", "第二个标签页写了很久"), ("_go", "next")]).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("您打开这一页之后，本件又有1次办理") && page.contains("第二个标签页写了很久</textarea>"),
        "{page}"
    );
    // A tab that still shows the earlier text may not send it.
    let answer = send(&town, &client, &check, &[]).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    assert!(answer.text().await.unwrap().contains("这份草稿又保存过"));
    let (sent, _) = follow(&town, &client, send(&town, &client, &newer, &[]).await).await;
    // And after it was sent, nobody sends it again from elsewhere.
    let answer = send(&town, &client, &check, &[("_key", "another")]).await;
    let page = answer.text().await.unwrap();
    assert!(page.contains("这份草稿又保存过") || page.contains("这份草稿已经提交"), "{page}");
    let answer = send(&town, &client, &stale, &[("necessity", "第二个标签页"), ("_go", "next")]).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let page = answer.text().await.unwrap();
    assert!(page.contains(&format!("<a href=\"{sent}\">")), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_demand_is_raised_again_with_what_it_said_and_both_name_each_other() {
    let town = Town::found().await;
    let (client, agency) = (town.browser("yunying").await, town.browser("shiban").await);
    let id = town.waiting().await;
    let path = format!("/operation/demands/{id}");
    let page = town.get(&agency, &path).await.text().await.unwrap();
    assert!(page.contains("<option value=\"本办法第十二条第三款\">第十二条第三款　依场景授权只涵盖"), "{page}");
    let refuse = [
        ("act", "demand.refuse"),
        ("_confirm", &*id),
        ("id", &*id),
        ("reason", "登记手机号不是场景所必需，请去掉"),
        ("cited[]", "本办法第十二条第三款"),
        ("legal_basis[]", ""),
    ];
    assert_eq!(town.post(&agency, "/acts", &refuse).await.status(), StatusCode::SEE_OTHER);
    let page = town.get(&client, &path).await.text().await.unwrap();
    assert!(page.contains("据此修改后再提出") && page.contains("本办法第十二条第三款"), "{page}");
    let again = format!("{FORM}?follows={id}");
    let page = town.get(&client, &again).await.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new());
    assert!(page.contains("登记手机号不是场景所必需") && page.contains("value=\"夜间经济街区停车引导\""), "{page}");
    let (_, _, fields) = granted(&town).await;
    let mut ask: Vec<(&str, &str)> =
        fields.iter().filter(|field| *field != "登记手机号").map(|field| ("fields[]", field.as_str())).collect();
    ask.extend([("purpose", "industry"), ("scenario", "夜间经济街区停车引导"), ("_go", "next")]);
    let (_, page) = follow(&town, &client, send(&town, &client, &page, &ask).await).await;
    let answer = send(
        &town,
        &client,
        &page,
        &[("necessity", "只看泊位，不看人"), ("reasons.时段", "按小时引导"), ("_go", "next")],
    )
    .await;
    let (_, page) = follow(&town, &client, answer).await;
    assert!(page.contains("去掉</span></td><td><del>登记手机号</del>") && page.contains("改写"), "{page}");
    let (sent, page) = follow(&town, &client, send(&town, &client, &page, &[]).await).await;
    assert!(page.contains("前次申请") && page.contains(&id), "{page}");
    let new = sent.rsplit('/').next().unwrap();
    let demand = town.office.store.get::<Demand>(new).await.unwrap().unwrap().0;
    assert_eq!((demand.follows.as_deref(), demand.reasons["时段"].as_str()), (Some(&*id), "按小时引导"));
    for login in ["shiban", "jiaotong", "shenji"] {
        let other = town.browser(login).await;
        let page = town.get(&other, &path).await.text().await.unwrap();
        assert!(page.contains(&format!("<a href=\"{sent}\">")) && page.contains("再申请"), "{login}：{page}");
        let page = town.get(&other, &sent).await.text().await.unwrap();
        assert!(page.contains(&format!("<a href=\"{path}\">")), "{login}：{page}");
        let page = town.get(&other, &format!("{sent}/difference")).await.text().await.unwrap();
        assert!(page.contains("<del>登记手机号</del>") && page.contains("请去掉"), "{login}：{page}");
    }
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_ones_own_refused_demand_can_be_followed() {
    let town = Town::found().await;
    let client = town.browser("yunying").await;
    let (agreement, entry, fields) = granted(&town).await;
    let before = town.acts().await;
    for (follows, status) in [(town.waiting().await, 409), ("XQ-20250901-000000".to_owned(), 404)] {
        let answer = town.get(&client, &format!("{FORM}?follows={follows}")).await;
        assert_eq!(answer.status().as_u16(), status);
        let ask = serde_json::json!({ "act": "demand.submit", "agreement": agreement, "entry": entry, "fields": fields, "purpose": "industry", "scenario": "停车", "necessity": "按小时", "follows": follows });
        let answer = client.post(format!("{}/acts", town.address)).json(&ask).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{follows}");
    }
    assert_eq!(town.acts().await, before + 1, "不予办理的一件记下了，没有找到的不算");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_over_a_step_loses_nothing_that_was_typed() {
    let town = Town::found().await;
    let client = town.browser("yunying").await;
    let (path, _) = filled(&town, &client, "会话结束的场景").await;
    let page = town.get(&client, &path.replace("check", "explain")).await.text().await.unwrap();
    town.minutes_pass(31);
    let answer = send(&town, &client, &page, &[("necessity", "写了半小时的必要性"), ("_go", "next")]).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let page = answer.text().await.unwrap();
    let resume = attributes(page.split("name=\"_resume\"").nth(1).unwrap(), "value")[0]
        .replace("&amp;", "&")
        .replace("&#38;", "&");
    let fields = [("login", "yunying"), ("password", crate::town::PASSWORD), ("_resume", &*resume)];
    let page = town.post(&client, "/sign-in", &fields).await.text().await.unwrap();
    assert!(page.contains("保存草稿") && page.contains("写了半小时的必要性"), "{page}");
    let (path, page) = follow(&town, &client, send(&town, &client, &page, &[]).await).await;
    assert!(
        path.contains("step=check") && page.contains("写了半小时的必要性") && page.contains("会话结束的场景"),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_drafts_and_too_large_ones_are_not_kept() {
    let town = Town::found().await;
    let client = town.browser("yunying").await;
    let save = |scenario: String| {
        let (client, address) = (client.clone(), town.address.clone());
        async move {
            let ask =
                serde_json::json!({ "act": "draft.save", "form": "demand.submit", "fields": [["scenario", scenario]] });
            client.post(format!("{address}/acts")).json(&ask).send().await.unwrap()
        }
    };
    let answer = save("长".repeat(100_000)).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().await.unwrap().contains("草稿的内容共300008字节"));
    for place in 0..50 {
        assert_eq!(save(format!("第{place}份")).await.status(), StatusCode::OK);
    }
    let answer = save("第51份".into()).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    assert!(answer.text().await.unwrap().contains("每人最多50份"));
    let ask = serde_json::json!({ "act": "draft.save", "form": "demand.burn" });
    let answer = client.post(format!("{}/acts", town.address)).json(&ask).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
}
