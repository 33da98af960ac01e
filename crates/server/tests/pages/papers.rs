//! 公文 — who may read which paper, that page, Word file, text and program say the same, and what verifying answers.

use reqwest::{Client, StatusCode};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use store::{
    Entry, Log, Outcome,
    granting::{agreement::Agreement, plan::Plan, selection::Selection},
    operation::demand::Demand,
    party::Organisation,
};

use crate::town::{Town, encoded, flaws};

async fn page(town: &Town, client: &Client, path: &str) -> String {
    let answer = town.get(client, path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let page = answer.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new(), "{path}");
    page
}

async fn json(town: &Town, client: &Client, path: &str) -> Value {
    town.get(client, path).await.json().await.unwrap()
}

async fn first<R: store::Record>(town: &Town) -> String {
    town.office.store.list::<R>("", 10).await.unwrap()[0].id().to_owned()
}

/// The kinds that the list of a file's papers names, with what their faces say.
async fn kinds(town: &Town, client: &Client, file: &str) -> Vec<(String, String)> {
    let list = json(town, client, &format!("/api/v1/files/{file}/papers")).await;
    let told = |paper: &Value, name: &str| paper[name].as_str().unwrap().to_owned();
    list["papers"].as_array().unwrap().iter().map(|paper| (told(paper, "name"), told(paper, "form"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_has_the_papers_of_the_acts_that_were_performed_and_no_others() {
    let town = Town::found().await;
    let agency = town.browser("shiban").await;
    let (plan, selection, agreement) =
        (first::<Plan>(&town).await, first::<Selection>(&town).await, first::<Agreement>(&town).await);
    let waiting = town.waiting().await;
    let table: [(String, &[(&str, &str)]); 4] = [
        (
            format!("plan/{plan}"),
            &[("实施方案", ""), ("提请审议的请示", ""), ("审议决定", ""), ("实施方案备案报告", "")],
        ),
        (format!("selection/{selection}"), &[("遴选公告", ""), ("遴选结果公告", "")]),
        (format!("agreement/{agreement}"), &[("授权运营协议", ""), ("协议备案报告", ""), ("授权证书", "")]),
        (format!("demand/{waiting}"), &[("数据需求受理通知书", "")]),
    ];
    for (file, expected) in table {
        let found = kinds(&town, &agency, &file).await;
        let found: Vec<(&str, &str)> = found.iter().map(|(name, form)| (name.as_str(), form.as_str())).collect();
        assert_eq!(found, expected, "{file}");
    }
    let missing = town.get(&agency, &format!("/files/demand/{waiting}/papers/demand_refusal")).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND, "还没有不予通过，就没有告知书");
    let other = town.get(&agency, &format!("/files/demand/{waiting}/papers/plan")).await;
    assert_eq!(other.status(), StatusCode::NOT_FOUND, "别的主题的文种");
    let case = page(&town, &agency, &format!("/operation/demands/{waiting}")).await;
    assert!(case.contains(&format!("/files/demand/{waiting}/papers/demand_acceptance.docx")), "{case}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_a_paper_with_its_reason_and_its_law_and_only_the_parties_read_it() {
    let town = Town::found().await;
    let (agency, id) = (town.browser("shiban").await, town.waiting().await);
    let refuse = [
        ("act", "demand.refuse"),
        ("id", &*id),
        ("reason", "点位坐标<b>超出</b>场景所需"),
        ("legal_basis[]", "个人信息保护法第六条"),
        ("_confirm", &*id),
        ("_key", "p-1"),
    ];
    assert_eq!(town.post(&agency, "/acts", &refuse).await.status(), StatusCode::SEE_OTHER);
    let path = format!("/files/demand/{id}/papers/demand_refusal");
    for (login, status) in
        [("shiban", 200), ("yunying", 200), ("shenji", 200), ("rongchuang", 404), ("guanli", 404), ("", 401)]
    {
        let client = town.browser(login).await;
        for ending in ["", ".docx", ".txt"] {
            let answer = town.get(&client, &format!("{path}{ending}")).await;
            assert_eq!(answer.status().as_u16(), status, "{login} {ending}");
        }
        let program = town.get(&client, &format!("/api/v1{path}")).await;
        assert_eq!(program.status().as_u16(), status, "{login} 程序");
    }
    let paper = page(&town, &agency, &path).await;
    for sentence in [
        "数据需求不予通过告知书</h1>",
        "点位坐标&#60;b&#62;超出&#60;/b&#62;场景所需。",
        "1. 个人信息保护法第六条",
        "第二十三条第一款",
        "锦川数据运营有限公司：",
        "2025年9月1日",
    ] {
        assert!(paper.contains(sentence), "没有“{sentence}”：{paper}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn page_word_file_text_and_program_carry_one_digest_and_the_text_has_it() {
    let town = Town::found().await;
    let (agency, id) = (town.browser("shiban").await, first::<Plan>(&town).await);
    for kind in ["plan", "plan_request", "plan_decision", "plan_filing"] {
        let path = format!("/files/plan/{id}/papers/{kind}");
        let program = json(&town, &agency, &format!("/api/v1{path}")).await;
        let digest = program["sha256"].as_str().unwrap();
        let text = town.get(&agency, &format!("{path}.txt")).await.bytes().await.unwrap();
        let taken: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(taken, digest, "{kind}：正文文本的摘要");
        assert!(page(&town, &agency, &path).await.contains(digest), "{kind}：页面");
        let answer = town.get(&agency, &format!("{path}.docx")).await;
        assert!(answer.headers()["content-disposition"].to_str().unwrap().contains(".docx"), "{kind}");
        assert!(answer.bytes().await.unwrap().starts_with(b"PK"), "{kind}：Word 文件");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_reads_what_is_announced_and_the_certificate_but_not_the_agreement() {
    let town = Town::found().await;
    let anybody = town.browser("").await;
    let (selection, agreement) = (first::<Selection>(&town).await, first::<Agreement>(&town).await);
    let grant = page(&town, &anybody, &format!("/grants/{agreement}")).await;
    for (subject, id, kind) in [
        ("selection", &selection, "selection_notice"),
        ("selection", &selection, "selection_result"),
        ("agreement", &agreement, "certificate"),
    ] {
        let path = format!("/files/{subject}/{id}/papers/{kind}");
        assert!(grant.contains(&format!("href=\"{path}\"")), "名录没有通往 {path}");
        let file = format!("href=\"/files/{subject}/{id}\"");
        assert!(!page(&town, &anybody, &path).await.contains(&file), "公众没有通往卷宗的路：{path}");
        assert_eq!(town.get(&anybody, &format!("{path}.docx")).await.status(), StatusCode::OK);
    }
    let news = page(&town, &anybody, "/announcements").await;
    assert!(news.contains(&format!("/selections/{selection}")), "{news}");
    let listed = kinds(&town, &anybody, &format!("agreement/{agreement}")).await;
    assert_eq!(listed, [("授权证书".to_owned(), String::new())]);
    for kind in ["agreement", "agreement_filing"] {
        let answer = town.get(&anybody, &format!("/files/agreement/{agreement}/papers/{kind}")).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{kind}");
    }
    let none = town.get(&anybody, &format!("/api/v1/files/demand/{}/papers", town.waiting().await)).await;
    assert_eq!(none.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_verified_until_a_later_one_replaces_it_and_an_altered_one_never() {
    let town = Town::found().await;
    let (agency, anybody, id) = (town.browser("shiban").await, town.browser("").await, first::<Agreement>(&town).await);
    let path = format!("/files/agreement/{id}/papers/certificate");
    let paper = json(&town, &anybody, &format!("/api/v1{path}")).await;
    let (number, sha256, sm3) =
        (paper["number"].as_str().unwrap(), paper["sha256"].as_str().unwrap(), paper["sm3"].as_str().unwrap());
    let ask = |number: &str, digest: &str| format!("/verify?number={}&digest={}", encoded(number), encoded(digest));
    let broken = sha256.replacen(|letter: char| letter.is_ascii_digit(), "a", 1);
    let spaced = format!(" {} \r\n{}", &sha256[..20], &sha256[20..]).to_uppercase();
    let wide = number.replace('/', "／");
    let table = [
        (number, sha256, "相符：平台出过内容完全相同的这份公文"),
        (&wide, &spaced, "相符：平台出过内容完全相同的这份公文"),
        (number, sm3, "相符：平台出过内容完全相同的这份公文"),
        (number, &broken, "不相符：平台没有出过"),
        ("XY-20250901-000000/授权证书/1", sha256, "不相符：平台没有出过"),
        (&number.replace("授权证书", "授权运营协议"), sha256, "不相符：平台没有出过"),
        (number, "", "请填写文末的摘要"),
        ("", sha256, "请填写文末的编号"),
        (number, &sha256[..40], "这里只有40个，可能没有复制完整"),
        (number, &format!("{sha256}0"), "这里有65个，可能多复制了一段"),
        (number, &sha256.replacen(|letter: char| letter.is_ascii_digit(), "g", 1), "这里有“g”，请核对"),
        ("随便写的", sha256, "编号不合格式"),
        ("<script>/授权证书/1", "'; --", "不相符"),
    ];
    for (number, digest, sentence) in &table[..table.len() - 1] {
        let page = page(&town, &anybody, &ask(number, digest)).await;
        assert!(page.contains(sentence), "{number} {digest}：{page}");
    }
    let (number_of_nobody, digest, _) = table[table.len() - 1];
    let odd = page(&town, &anybody, &ask(number_of_nobody, digest)).await;
    assert!(odd.contains("摘要只含数字0至9和字母a至f") && odd.contains("value=\"&#60;script&#62;"), "{odd}");
    let program = json(&town, &anybody, &format!("/api/v1{}", ask(number, sha256))).await;
    assert_eq!((&program["issued"], &program["later"]), (&true.into(), &Value::Null), "{program}");
    assert_eq!(json(&town, &anybody, &format!("/api/v1{}", ask(number, &broken))).await["issued"], false);
    let half = town.get(&anybody, &format!("/api/v1{}", ask(number, "12ab"))).await;
    assert_eq!(half.status(), StatusCode::BAD_REQUEST);
    let suspend = [
        ("act", "agreement.suspend"),
        ("id", &*id),
        ("grounds", "日志留存不足，限期整改"),
        ("_key", "s-1"),
        ("_confirm", &*id),
    ];
    assert_eq!(town.post(&agency, "/acts", &suspend).await.status(), StatusCode::SEE_OTHER);
    let replaced = page(&town, &anybody, &ask(number, sha256)).await;
    assert!(replaced.contains("相符") && replaced.contains("后来另有新的版本"), "{replaced}");
    let now = page(&town, &anybody, &path).await;
    assert!(now.contains("暂停提供数据，整改期间"), "{now}");
    let old = page(&town, &anybody, &format!("{path}?at={}", paper["position"])).await;
    assert!(old.contains(sha256) && old.contains("请以最近的一版为准"), "旧的一版一字不改：{old}");
    let notice = page(&town, &agency, &format!("/files/agreement/{id}/papers/suspension")).await;
    assert!(notice.contains("日志留存不足，限期整改。"), "{notice}");
}

/// No act renames an organisation yet; the row is changed as one would.
async fn rename(town: &Town, id: &str, name: &str) {
    let store = &town.office.store;
    let (mut organisation, version) = store.get::<Organisation>(id).await.unwrap().unwrap();
    organisation.name = name.to_owned();
    let write = store::record::write(&organisation, version).unwrap();
    let entry = Entry {
        at: town.now(),
        actor: "guanli".into(),
        org: "xinxi".into(),
        role: "系统管理员".into(),
        act: "organisation.rename".into(),
        subject: write.key.clone(),
        basis: "平台规则".into(),
        policies: String::new(),
        outcome: Outcome::Done,
        command: "rename-1".into(),
        digest: [1; 32],
        salt: [2; 32],
        detail: Value::Null,
        reply: Value::Null,
        reads: vec![(write.key.clone(), version)],
        writes: vec![write],
    };
    store.commit(Log::Control, entry).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_keeps_the_names_of_its_day() {
    let town = Town::found().await;
    let (agency, id) = (town.browser("shiban").await, town.reviewing().await);
    let demand: Demand = town.office.store.get(&id).await.unwrap().unwrap().0;
    let path = format!("/api/v1/files/demand/{id}/papers/demand_acceptance");
    let before = json(&town, &agency, &path).await;
    rename(&town, &demand.operator, "改名之后的运营公司").await;
    assert!(page(&town, &agency, &format!("/operation/demands/{id}")).await.contains("改名之后的运营公司"));
    let after = json(&town, &agency, &path).await;
    assert_eq!(after["sha256"], before["sha256"]);
    assert!(!after.to_string().contains("改名之后的运营公司"), "{after}");
}
