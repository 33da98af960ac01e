//! 选择运营机构 — its forms without script: announced on the plan's page, applied for on the public page, examined and scored.

use jiff::ToSpan as _;
use regulation::granting::selection::Condition;
use reqwest::{Client, StatusCode};
use store::granting::{
    plan::Plan,
    selection::{Selection, candidate::Candidate},
};

use crate::town::{Town, flaws};

const DIGEST: &str = "abababababababababababababababababababababababababababababababab";

async fn plan(town: &Town) -> String {
    town.office.store.list::<Plan>("", 1).await.unwrap().remove(0).id
}

/// The selection that was announced last.
async fn latest(town: &Town) -> Selection {
    let all = town.office.store.list::<Selection>("", 100).await.unwrap();
    all.into_iter().find(|selection| !selection.state.over()).unwrap()
}

async fn page(town: &Town, client: &Client, path: &str) -> String {
    let answer = town.get(client, path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let text = answer.text().await.unwrap();
    assert_eq!(flaws(&text), Vec::<String>::new(), "{path}");
    text
}

/// A negotiation, announced by the form on the plan's page.
async fn announced(town: &Town) -> String {
    let (agency, plan) = (town.browser("shiban").await, plan(town).await);
    let fields = [
        ("act", "selection.announce"),
        ("plan", plan.as_str()),
        ("method", "negotiation"),
        ("notice", "谈判选择运营机构。"),
        ("how", "平台申请"),
        ("asked", "条件的证明"),
        ("deadline", "2025-09-01"),
        ("criteria", "技术方案 60\n服务能力 40"),
        ("invitees", ""),
    ];
    let answer = town.post(&agency, "/acts", &fields).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
    latest(town).await.id
}

/// What an operator fills in; every condition but the first is proved.
fn application(selection: &str, first: &str) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("act", "candidate.apply".to_owned()),
        ("selection", selection.to_owned()),
        ("representative", "宗远航".to_owned()),
        ("offer", "建设运营平台".to_owned()),
    ];
    for condition in &Condition::ALL[..6] {
        let [text, file, sha256, expires] = condition.fields();
        let said = if *condition == Condition::Standing { first } else { "见附件" };
        fields.extend([(text, said.to_owned()), (file, "证明.pdf".to_owned()), (sha256, DIGEST.to_owned())]);
        fields.push((expires, "2027-09-01".to_owned()));
    }
    fields
}

fn sent<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_lacks_something_comes_back_with_a_word_at_each_field() {
    let town = Town::found().await;
    let (agency, plan) = (town.browser("shiban").await, plan(&town).await);
    assert!(page(&town, &agency, &format!("/files/plan/{plan}")).await.contains("公告选择运营机构"));
    let fields = [
        ("act", "selection.announce"),
        ("plan", plan.as_str()),
        ("method", "invited_tender"),
        ("notice", "邀请三家单位参加"),
        ("how", ""),
        ("asked", "证明"),
        ("deadline", "2025-09-10"),
        ("criteria", "技术方案 60"),
        ("invitees", "甲公司"),
    ];
    let answer = town.post(&agency, "/acts", &fields).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text().await.unwrap();
    assert_eq!(flaws(&text), Vec::<String>::new());
    for sentence in [
        "id=\"selection-announce-how-fault\"",
        "最早为2025-09-21",
        "至少3家单位，现在写明1家",
        "现在合计60分",
        "邀请三家单位参加",
        "《中华人民共和国招标投标法》第二十四条",
    ] {
        assert!(text.contains(sentence), "没有“{sentence}”：{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_applies_on_the_public_page_and_is_told_at_the_field_what_is_not_proved() {
    let town = Town::found().await;
    let id = announced(&town).await;
    let (operator, path) = (town.browser("yunying").await, format!("/selections/{id}"));
    let public = page(&town, &town.browser("").await, &path).await;
    assert!(public.contains("谈判选择运营机构") && !public.contains("candidate.apply"), "公众只看，不申请");
    assert!(page(&town, &operator, &path).await.contains("candidate.apply"));
    let answer = town.post(&operator, "/acts", &sent(&application(&id, " "))).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text().await.unwrap();
    assert_eq!(flaws(&text), Vec::<String>::new());
    assert!(text.contains("id=\"candidate-apply-evidence-standing-text-fault\""), "{text}");
    assert!(text.contains("第十五条第一款第一项") && text.contains("建设运营平台"), "填写的还在");
    let answer = town.post(&operator, "/acts", &sent(&application(&id, "信用报告"))).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
    let own = answer.headers()["location"].to_str().unwrap().to_owned();
    let text = page(&town, &operator, &own).await;
    assert!(text.contains("信用报告") && text.contains("有效期至2027年9月1日") && text.contains("修改申请"), "{text}");
    // Nobody else sees it, not even that it is there.
    for login in ["rongchuang", "jiaotong"] {
        assert_eq!(town.get(&town.browser(login).await, &own).await.status(), StatusCode::NOT_FOUND, "{login}");
    }
    assert!(!page(&town, &town.browser("").await, &path).await.contains("信用报告"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agency_examines_scores_and_shows_by_its_forms_and_everybody_sees_who_stands_first() {
    let town = Town::found().await;
    let id = announced(&town).await;
    town.post(&town.browser("yunying").await, "/acts", &sent(&application(&id, "信用报告"))).await;
    let agency = town.browser("shiban").await;
    let mut paper = application(&id, "信用报告");
    paper[0].1 = "candidate.register".into();
    paper.extend([("name", "西岭智数科技有限公司".to_owned()), ("uscc", "91510199MAC30KY29J".to_owned())]);
    let answer = town.post(&agency, "/acts", &sent(&paper)).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
    town.minutes_pass(24 * 60);
    let agency = town.browser("shiban").await;
    let candidates = latest(&town).await.candidates;
    for candidate in &candidates {
        let text = page(&town, &agency, &format!("/files/candidate/{candidate}")).await;
        assert!(text.contains("审查合格") && text.contains("审查不合格"), "{text}");
        let answer = town.post(&agency, "/acts", &[("act", "candidate.qualify"), ("id", candidate)]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
    }
    let evaluate = |named: &'static str| [("act", "selection.evaluate"), ("id", id.as_str()), ("evaluators", named)];
    let answer = town.post(&agency, "/acts", &evaluate("甲，西岭智数科技有限公司，无利害关系\n乙，大学")).await;
    let text = answer.text().await.unwrap();
    assert!(text.contains("来自参选单位") && text.contains("应写明姓名、单位和利害关系声明"), "{text}");
    let named = "甲，大学，无利害关系\n乙，研究院，无利害关系\n丙，协会，无利害关系";
    assert_eq!(town.post(&agency, "/acts", &evaluate(named)).await.status(), StatusCode::SEE_OTHER);
    for (place, candidate) in candidates.iter().enumerate() {
        let points = if place == 0 { "50" } else { "55" };
        let form = page(&town, &agency, &format!("/files/candidate/{candidate}")).await;
        assert!(form.contains("技术方案") && form.contains("满分60分"), "{form}");
        for evaluator in ["甲", "乙", "丙"] {
            let fields = [
                ("act", "candidate.score"),
                ("id", candidate.as_str()),
                ("evaluator", evaluator),
                ("scores.1:n", points),
                ("scores.2:n", "30"),
            ];
            let answer = town.post(&agency, "/acts", &fields).await;
            assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
        }
        let wrong = [("act", "candidate.score"), ("id", candidate.as_str()), ("evaluator", "甲"), ("scores.1:n", "61")];
        let text = town.post(&agency, "/acts", &wrong).await.text().await.unwrap();
        assert!(
            text.contains("id=\"candidate-score-scores-1-fault\"") && text.contains("满分60分，评了61分"),
            "{text}"
        );
    }
    let checked = town.post(&agency, "/acts/check", &[("act", "selection.publicise"), ("id", &id)]).await;
    assert!(checked.text().await.unwrap().contains("向社会公开"));
    let answer = town.post(&agency, "/acts", &[("act", "selection.publicise"), ("id", &id)]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", answer.text().await.unwrap());
    let public = page(&town, &town.browser("").await, &format!("/selections/{id}")).await;
    assert!(public.contains("第1名　西岭智数科技有限公司　85.00分"), "{public}");
    // An applicant objects; what is open stands on the agency's page and holds the result.
    let operator = town.browser("yunying").await;
    assert!(page(&town, &operator, &format!("/selections/{id}")).await.contains("complaint.lodge"));
    let empty = town.post(&operator, "/acts", &[("act", "complaint.lodge"), ("selection", &id), ("grounds", "")]).await;
    assert!(empty.text().await.unwrap().contains("id=\"complaint-lodge-grounds-fault\""));
    let lodge = [("act", "complaint.lodge"), ("selection", id.as_str()), ("grounds", "请核对评分")];
    assert_eq!(town.post(&operator, "/acts", &lodge).await.status(), StatusCode::SEE_OTHER);
    let text = page(&town, &agency, &format!("/files/selection/{id}")).await;
    assert!(text.contains("待答复的异议") && text.contains("选定"), "{text}");
    let select = [("act", "selection.select"), ("id", id.as_str()), ("candidate", candidates[0].as_str())];
    let text = town.post(&agency, "/acts", &select).await.text().await.unwrap();
    assert!(text.contains("还有1件异议没有答复") && text.contains("selection-select-reason-fault"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_expired_stands_on_the_selections_page_and_both_sides_are_told_once() {
    let town = Town::found().await;
    let selection = town.office.store.list::<Selection>("", 1).await.unwrap().remove(0);
    let chosen = selection.chosen.clone().unwrap();
    let chosen = town.office.store.get::<Candidate>(&chosen).await.unwrap().unwrap().0;
    assert_eq!(chosen.evidence.len(), 6);
    let path = format!("/files/selection/{}", selection.id);
    assert!(!page(&town, &town.browser("shiban").await, &path).await.contains("已到期的资格证明"));
    let later = town.now().checked_add((800 * 24).hours()).unwrap();
    assert_eq!(town.office.warn_of_what_expired(later).await.unwrap(), 1);
    assert_eq!(town.office.warn_of_what_expired(later).await.unwrap(), 0, "说过的不再说");
    for login in ["shiban", "yunying"] {
        let text = page(&town, &town.browser(login).await, "/notices").await;
        assert!(text.contains("证明到期"), "{login}：{text}");
    }
    town.minutes_pass(800 * 24 * 60);
    let text = page(&town, &town.browser("shiban").await, &path).await;
    assert!(
        text.contains("已到期的资格证明") && text.contains("第十五条第一款第六项") && text.contains("已选定"),
        "{text}"
    );
}
