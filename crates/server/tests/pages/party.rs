//! 各方 — people come by invitation, act as one of their memberships, and are seen out.

use reqwest::{Client, StatusCode};

use crate::town::{PASSWORD, Town, flaws};

const CHOSEN: &str = "银杏树下的第三张长椅";

/// The link of an invitation, from the page that shows it once.
fn link(page: &str) -> String {
    let start = page.find("<pre>/invitations/").unwrap() + "<pre>".len();
    page[start..].split('<').next().unwrap().trim().to_owned()
}

async fn told(town: &Town, client: &Client, fields: &[(&str, &str)]) -> (u16, String) {
    let answer = town.post(client, "/acts", fields).await;
    let status = answer.status().as_u16();
    let page = answer.text().await.unwrap();
    if !page.is_empty() {
        assert_eq!(flaws(&page), Vec::<String>::new(), "{fields:?}");
    }
    (status, page)
}

/// `fuze` as the administrator of the bureau's people.
async fn administrator(town: &Town) -> Client {
    let client = town.browser("fuze").await;
    let to = [("membership", "fuze~data-bureau~organisation_administrator")];
    assert_eq!(town.post(&client, "/capacities", &to).await.status(), StatusCode::SEE_OTHER);
    client
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_is_invited_chooses_a_password_works_and_is_seen_out() {
    let town = Town::found().await;
    let admin = administrator(&town).await;
    let invite = [
        ("act", "invitation.issue"),
        ("org", "data-bureau"),
        ("person", "xinren"),
        ("name", "辛仁"),
        ("role", "implementing_agency"),
        ("post", "经办"),
    ];
    let (status, page) = told(&town, &admin, &invite).await;
    assert_eq!(status, 200, "{page}");
    let link = link(&page);
    let stranger = town.browser("").await;
    let page = town.get(&stranger, &link).await.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new());
    assert!(page.contains("辛仁") && page.contains("锦川市数据局"), "{page}");
    for (new, again, status, sentence) in
        [("短", "短", 422, "口令至少10个字符"), (CHOSEN, "另一句话", 400, "两次输入的口令不一样")]
    {
        let answer = town.post(&stranger, &link, &[("new", new), ("again", again)]).await;
        assert_eq!(answer.status().as_u16(), status);
        let page = answer.text().await.unwrap();
        assert!(page.contains(sentence), "{page}");
    }
    let accept = [("new", CHOSEN), ("again", CHOSEN)];
    let (one, other) = tokio::join!(town.post(&stranger, &link, &accept), town.post(&stranger, &link, &accept));
    let done = [one.status(), other.status()].iter().filter(|status| **status == StatusCode::SEE_OTHER).count();
    assert_eq!(done, 1, "一份邀请只能接受一次");
    assert_eq!(town.get(&stranger, &link).await.status().as_u16(), 422, "用过的链接失效");
    let answer = town.try_password("xinren", CHOSEN).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    // They work, are handed over, and the door is shut in the same moment.
    let worker = town.browser_with("xinren", CHOSEN).await;
    let id = town.waiting().await;
    let (status, page) = told(&town, &worker, &[("act", "demand.pass"), ("id", &id)]).await;
    assert_eq!(status, 303, "{page}");
    let over = [
        ("act", "membership.hand_over"),
        ("id", "xinren~data-bureau~implementing_agency"),
        ("to", "shiban~data-bureau~implementing_agency"),
    ];
    assert_eq!(told(&town, &admin, &over).await.0, 303);
    assert_eq!(town.get(&worker, "/tasks").await.status(), StatusCode::SEE_OTHER, "交接之后，会话随即结束");
    let answer = town.try_password("xinren", CHOSEN).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(answer.text().await.unwrap().contains("没有在用的任职"));
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_reset_by_those_it_opens_no_other_door_for() {
    let town = Town::found().await;
    let admin = administrator(&town).await;
    for _ in 0..6 {
        town.try_password("shiban", "忘了").await;
    }
    let renew = [("act", "invitation.renew"), ("membership", "shiban~data-bureau~implementing_agency")];
    let (status, page) = told(&town, &admin, &renew).await;
    assert_eq!(status, 200, "{page}");
    let (open, stranger) = (town.browser("fuze").await, town.browser("").await);
    let accept = [("new", CHOSEN), ("again", CHOSEN)];
    assert_eq!(town.post(&stranger, &link(&page), &accept).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(town.try_password("shiban", PASSWORD).await.status(), StatusCode::UNAUTHORIZED, "旧口令不再能用");
    assert_eq!(town.try_password("shiban", CHOSEN).await.status(), StatusCode::SEE_OTHER, "不必等完旧的等候");
    assert_eq!(town.get(&open, "/tasks").await.status(), StatusCode::OK, "别人的会话照旧");
    // Who acts for two organisations: one's administrator would open the other's door.
    let transport = town.browser("jiaotong").await;
    let to = [("membership", "jiaotong~transport-bureau~organisation_administrator")];
    assert_eq!(town.post(&transport, "/capacities", &to).await.status(), StatusCode::SEE_OTHER);
    let invite = [
        ("act", "invitation.issue"),
        ("org", "transport-bureau"),
        ("person", "huangong"),
        ("role", "data_provider"),
        ("post", "兼职"),
    ];
    let (status, page) = told(&town, &transport, &invite).await;
    assert_eq!(status, 200, "{page}");
    let guest = town.browser("huangong").await;
    assert_eq!(town.post(&guest, &link(&page), &[]).await.status(), StatusCode::SEE_OTHER);
    let renew = [("act", "invitation.renew"), ("membership", "huangong~transport-bureau~data_provider")];
    let (status, page) = told(&town, &transport, &renew).await;
    assert_eq!(status, 422, "{page}");
    assert!(page.contains("“huangong”在几个单位任职，本单位不能重置其口令"), "{page}");
    let security = town.browser("anquan").await;
    assert_eq!(told(&town, &security, &renew).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_invites_beyond_their_competence() {
    let town = Town::found().await;
    let admin = administrator(&town).await;
    let (system, security, worker) =
        (town.browser("guanli").await, town.browser("anquan").await, town.browser("shiban").await);
    let table: &[(&Client, &str, &str, &str, u16, &str)] = &[
        (&admin, "data-bureau", "fuze", "implementing_agency", 403, "谁也不能邀请自己"),
        (&admin, "transport-bureau", "xinren", "data_provider", 403, "这一事项不由贵单位办理"),
        (&admin, "data-bureau", "xinren", "operator", 422, "没有运营机构的身份"),
        (&admin, "data-bureau", "xinren", "system_administrator", 422, "单位管理员不能邀请系统管理员"),
        (&admin, "data-bureau", "有空 格", "implementing_agency", 422, "不能作编号"),
        (&system, "data-bureau", "xinren", "implementing_agency", 422, "系统管理员不能邀请实施机构"),
        (&system, "information-centre", "xinren", "system_administrator", 422, "系统管理员不能邀请系统管理员"),
        (&system, "transport-bureau", "xinren", "organisation_administrator", 200, "邀请已发出"),
        (&security, "information-centre", "xinren2", "system_administrator", 200, "邀请已发出"),
        (&worker, "data-bureau", "xinren", "implementing_agency", 403, "实施机构不能邀请人员"),
    ];
    for (client, org, person, role, status, sentence) in table {
        let fields = [
            ("act", "invitation.issue"),
            ("org", org),
            ("person", person),
            ("name", "辛仁"),
            ("role", role),
            ("post", "经办"),
        ];
        let (told, page) = told(&town, client, &fields).await;
        assert_eq!(told, *status, "{org} {person} {role}：{page}");
        assert!(page.contains(sentence), "{sentence}：{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keeper_holds_nothing_else_and_the_last_one_stays() {
    let town = Town::found().await;
    let (system, security) = (town.browser("guanli").await, town.browser("anquan").await);
    // Somebody who has business of their own is invited to keep the platform, and cannot take it up.
    let invite = [
        ("act", "invitation.issue"),
        ("org", "information-centre"),
        ("person", "shiban"),
        ("role", "system_administrator"),
        ("post", "系统管理员"),
    ];
    let (status, page) = told(&town, &security, &invite).await;
    assert_eq!(status, 200, "{page}");
    let worker = town.browser("shiban").await;
    let answer = town.post(&worker, &link(&page), &[]).await;
    assert_eq!(answer.status().as_u16(), 422);
    let page = answer.text().await.unwrap();
    assert!(page.contains("三员分立：任实施机构的人不能再任系统管理员"), "{page}");
    let last = [
        ("act", "membership.suspend"),
        ("id", "anquan~information-centre~security_administrator"),
        ("reason", "试一试"),
    ];
    let (status, page) = told(&town, &system, &last).await;
    assert_eq!(status, 422);
    assert!(page.contains("这是在用的最后一名安全管理员"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_suspended_is_out_at_once_and_comes_back() {
    let town = Town::found().await;
    let (system, worker) = (town.browser("guanli").await, town.browser("yunying").await);
    for (act, inside) in [("person.suspend", false), ("person.resume", true)] {
        let (status, page) = told(&town, &system, &[("act", act), ("id", "yunying"), ("reason", "核查")]).await;
        assert_eq!(status, 303, "{page}");
        let answer = town.try_password("yunying", PASSWORD).await;
        assert_eq!(answer.status() == StatusCode::SEE_OTHER, inside, "{act}");
    }
    assert_eq!(town.get(&worker, "/tasks").await.status(), StatusCode::SEE_OTHER, "停用时结束的会话不复活");
    let other = town.browser("yunzong").await;
    for (act, status) in [("organisation.suspend", StatusCode::SEE_OTHER), ("organisation.resume", StatusCode::OK)] {
        let checked = [("act", act), ("id", "operation-company"), ("reason", "整改")];
        if act == "organisation.suspend" {
            let page = town.post(&system, "/acts/check", &checked).await.text().await.unwrap();
            assert_eq!(flaws(&page), Vec::<String>::new());
            assert!(page.contains("立即不能以它的名义办理任何事项") && page.contains("输入编号以确认"), "{page}");
            assert!(page.contains("受影响的任职") && page.contains("云映雪（运营机构）"), "{page}");
            assert_eq!(told(&town, &system, &checked).await.0, 422, "没有输入编号，不停用");
            let (_, page) = told(&town, &town.browser("rongchuang").await, &checked).await;
            assert!(!page.contains("受影响的任职") && !page.contains("云映雪"), "别的单位不该看到名单：{page}");
        }
        let fields = [&checked[..], &[("_confirm", "operation-company")]].concat();
        assert_eq!(told(&town, &system, &fields).await.0, 303);
        assert_eq!(town.get(&other, "/tasks").await.status(), status, "{act}");
    }
    let (status, page) = told(&town, &system, &[("act", "person.suspend"), ("id", "yunying"), ("reason", " ")]).await;
    assert_eq!(status, 422);
    assert!(page.contains("没有填写事由"), "{page}");
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_acts_for_two_organisations_each_in_its_own_name() {
    let town = Town::found().await;
    let client = town.browser("jiaotong").await;
    let page = town.get(&client, "/capacities").await.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new());
    assert!(page.contains("锦川市交通研究院 · 公共数据提供单位"), "{page}");
    for (to, status) in [
        ("jiaotong~traffic-institute~data_provider", 303),
        ("shiban~data-bureau~implementing_agency", 403),
        ("没有", 403),
    ] {
        assert_eq!(town.post(&client, "/capacities", &[("membership", to)]).await.status().as_u16(), status, "{to}");
    }
    let who: serde_json::Value = town.get(&client, "/api/v1/whoami").await.json().await.unwrap();
    assert_eq!(who["organisation"], "锦川市交通研究院");
    let (status, page) = told(&town, &client, &[("act", "demand.pass"), ("id", &town.reviewing().await)]).await;
    assert_eq!(status, 403, "交通局的件，不能以研究院的名义审");
    assert!(page.contains("没有找到") || page.contains("不由贵单位办理"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_is_registered_once_with_a_true_credit_code() {
    let town = Town::found().await;
    let (system, other) = (town.browser("guanli").await, town.browser("shiban").await);
    let register = |id: &'static str, uscc: &'static str, nature: &'static str, role: &'static str| {
        [
            ("act", "organisation.register"),
            ("id", id),
            ("name", "锦川市测绘院"),
            ("uscc", uscc),
            ("nature", nature),
            ("level", "municipal"),
            ("roles[]", role),
        ]
    };
    let good = "91350100M000100Y43";
    let table: &[(&Client, &str, &str, &str, &str, u16, &str)] = &[
        (&other, "cehui", good, "institution", "data_provider", 403, "实施机构不能登记单位"),
        (&system, "cehui", "91350100M000100Y44", "institution", "data_provider", 422, "校验位应为“3”"),
        (&system, "cehui", good, "institution", "implementing_agency", 422, "实施机构已由另一单位担任"),
        (&system, "cehui", good, "state_organ", "business_entity", 422, "党政机关不是经营主体"),
        (&system, "cehui", good, "institution", "data_provider", 303, ""),
        (&system, "cehui", good, "institution", "data_provider", 422, "“cehui”已经登记"),
        (&system, "cehui-2", good, "institution", "data_provider", 422, "已由另一单位登记"),
    ];
    for (client, id, uscc, nature, role, status, sentence) in table {
        let (told, page) = told(&town, client, &register(id, uscc, nature, role)).await;
        assert_eq!(told, *status, "{id} {uscc}：{page}");
        assert!(page.contains(sentence), "{sentence}：{page}");
    }
    let page = town.get(&system, "/organisations/cehui").await.text().await.unwrap();
    assert!(page.contains("350100"), "行政区划取自信用代码：{page}");
}
