//! 目录条目的页面 — compiled by the form and by a table, screened by somebody else, with its versions side by side.

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::town::{Town, flaws};

const FORM: &str = "/basics/catalogue/new";
const IMPORT: &str = "/basics/catalogue/import";

async fn page(town: &Town, client: &Client, path: &str) -> String {
    let answer = town.get(client, path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let page = answer.text().await.unwrap();
    assert_eq!(flaws(&page), Vec::<String>::new(), "{path}");
    page
}

/// Where an answer leads.
fn place(answer: &reqwest::Response) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// The form of a sound entry, as a browser sends it.
fn typed(name: &str) -> Vec<(String, String)> {
    let mut typed: Vec<(String, String)> = [
        ("act", "entry.compile"),
        ("content.name", name),
        ("content.summary", "线路和站点"),
        ("content.source_duty", "线路管理职责"),
        ("content.format", "file"),
        ("content.sector", "transport"),
        ("content.refresh", "monthly"),
        ("content.origin.kind", "own"),
        ("content.origin.from", ""),
        ("content.fields[0].code", "line"),
        ("content.fields[0].name", "线路名称"),
        ("content.fields[0].kind", "text"),
        ("content.fields[0].personal", "none"),
        ("content.fields[0].masking", "none"),
        ("content.fields[3].code", "phone"),
        ("content.fields[3].name", "联系电话"),
        ("content.fields[3].personal", "general"),
        ("content.fields[3].masking", "cover"),
        ("content.fields[3].quasi", "true"),
        ("content.fields[4].kind", "text"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    for object in regulation::basics::grading::Object::ALL {
        typed.push((format!("content.grading.{}.degree", object.code()), "general".into()));
        typed.push((format!("content.grading.{}.reason", object.code()), "写明的理由".into()));
    }
    typed
}

async fn send(town: &Town, client: &Client, path: &str, typed: &[(String, String)]) -> reqwest::Response {
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    town.post(client, path, &typed).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_compiled_by_the_form_kept_meanwhile_and_told_what_it_lacks() {
    let town = Town::found().await;
    let author = town.browser("jiaotong").await;
    let form = page(&town, &author, FORM).await;
    assert!(form.contains("还没有填全，未定级") && form.contains("content.fields[4].code"));
    // A draft keeps what was typed, and gives more rows.
    let mut half = typed("公交线路");
    half.retain(|(name, _)| !name.contains("refresh"));
    half.push(("_draft".into(), String::new()));
    let kept = send(&town, &author, "/acts", &half).await;
    assert_eq!(kept.status(), StatusCode::SEE_OTHER);
    let at = place(&kept);
    assert!(at.starts_with(FORM), "{at}");
    let form = page(&town, &author, &at).await;
    assert!(form.contains("草稿已保存") && form.contains("value=\"公交线路\"") && form.contains("value=\"phone\""));
    assert!(form.contains("content.fields[6].code") && !form.contains("content.fields[7].code"), "two and five more");
    assert!(form.contains("<strong>重要数据</strong>"), "the grade follows from the answers");
    let draft = at.split("draft=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    // Compiled from the draft it is used up; what is lacking is told on the page and at its place.
    half.retain(|(name, _)| name != "_draft");
    half.extend([("draft.id".into(), draft.clone()), ("draft.saves:n".into(), "1".into())]);
    let compiled = send(&town, &author, "/acts", &half).await;
    assert_eq!(compiled.status(), StatusCode::SEE_OTHER);
    let file = place(&compiled);
    let shown = page(&town, &author, &file).await;
    assert!(shown.contains("编制中") && shown.contains("目录条目缺少“更新周期”") && shown.contains("修改内容"));
    let id = file.rsplit('/').next().unwrap().to_owned();
    let again = page(&town, &author, &format!("{FORM}?entry={id}")).await;
    assert!(again.contains("id=\"content-refresh-fault\"") && again.contains("href=\"#content-refresh\""));
    assert_eq!(town.get(&author, &format!("{FORM}?draft={draft}")).await.status(), StatusCode::SEE_OTHER);
    // Mended and submitted; the author is offered no screen, the other is.
    let mut mended = typed("公交线路");
    mended[0].1 = "entry.revise".into();
    mended.push(("id".into(), id.clone()));
    assert_eq!(send(&town, &author, "/acts", &mended).await.status(), StatusCode::SEE_OTHER);
    let submitted = town.post(&author, "/acts", &[("act", "entry.submit"), ("id", &id)]).await;
    assert_eq!(submitted.status(), StatusCode::SEE_OTHER);
    let mine = page(&town, &author, &file).await;
    assert!(!mine.contains("name=\"opinions.national_security\""));
    let screener = town.browser("jiaoshen").await;
    let theirs = page(&town, &screener, &file).await;
    assert!(theirs.contains("name=\"opinions.national_security\"") && theirs.contains("未审查"));
    let opinion = [("act", "entry.screen"), ("id", id.as_str()), ("opinions.trade_secrets", "不含经营数据")];
    assert_eq!(town.post(&screener, "/acts", &opinion).await.status(), StatusCode::SEE_OTHER);
    let shown = page(&town, &author, &file).await;
    assert!(shown.contains("慎思远") && shown.contains("不含经营数据"), "who screened it, and why");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_kept_comes_back_with_everything_that_was_typed() {
    let town = Town::found().await;
    let author = town.browser("jiaotong").await;
    let mut bad = typed(&"长".repeat(101));
    bad.push(("content.area".into(), "甲\u{200b}乙<b>".into()));
    let answer = send(&town, &author, "/acts", &bad).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let back = answer.text().await.unwrap();
    assert_eq!(flaws(&back), Vec::<String>::new());
    assert!(back.contains("有101个字，最多100个字") && back.contains("看不见的控制字符"));
    assert!(back.contains("value=\"联系电话\"") && back.contains("写明的理由") && !back.contains("乙<b>"));
    let operator = town.browser("yunying").await;
    assert_eq!(town.get(&operator, FORM).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(town.get(&town.browser("").await, FORM).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_version_is_shown_against_the_one_in_force_and_the_public_sees_only_what_is_published() {
    let town = Town::found().await;
    let author = town.browser("jiaotong").await;
    let id = town.office.store.list::<store::basics::catalogue::Entry>("", 1).await.unwrap()[0].id.clone();
    let mut content = serde_json::to_value(&town.city.entry).unwrap();
    content["refresh"] = json!("daily");
    content["fields"].as_array_mut().unwrap().remove(6);
    let revise = json!({ "act": "entry.revise", "id": id, "content": content });
    let answer = author.post(format!("{}/acts", town.address)).json(&revise).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    let versions = page(&town, &author, &format!("/basics/catalogue/{id}/versions")).await;
    assert!(versions.contains("第2版 · 编制中") && versions.contains("<del>每小时</del>"));
    assert!(
        versions.contains("信息项 平均停放分钟")
            && versions.contains("第一版，没有可比的")
            && versions.contains("慎思远")
    );
    let public = page(&town, &town.browser("").await, &format!("/catalogue/{id}")).await;
    assert!(public.contains("现行的是第1版") && public.contains("每小时") && !public.contains("每日"));
    assert!(page(&town, &author, &format!("/files/entry/{id}")).await.contains("第1版施行中；第2版编制中"));
    // What is not in force yet is nobody else's.
    let operator = town.browser("yunying").await;
    assert_eq!(town.get(&operator, &format!("/basics/catalogue/{id}/versions")).await.status(), StatusCode::NOT_FOUND);
    let record: Value = town.get(&operator, &format!("/api/v1/files/entry/{id}")).await.json().await.unwrap();
    assert!(record["record"]["content"].is_object() && record["record"].get("next").is_none(), "{record}");
    let page = page(&town, &operator, &format!("/files/entry/{id}")).await;
    assert!(!page.contains("慎思远：") && !page.contains("纳入审查</dt>"));
}

/// What a browser sends for the upload.
async fn upload(town: &Town, client: &Client, file: &[u8]) -> reqwest::Response {
    let mut body = b"--gushi\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n".to_vec();
    body.extend(file);
    body.extend(b"\r\n--gushi--\r\n");
    let post = client.post(format!("{}{IMPORT}", town.address)).body(body);
    post.header("Content-Type", "multipart/form-data; boundary=gushi").send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_checked_row_by_row_and_written_once_it_is_confirmed() {
    let town = Town::found().await;
    let author = town.browser("jiaotong").await;
    assert!(page(&town, &author, IMPORT).await.contains("template.xlsx"));
    // The own entry, exported as a workbook and brought back, is unchanged.
    let own = town.get(&author, "/basics/catalogue/own.xlsx").await.bytes().await.unwrap();
    let checked = upload(&town, &author, &own).await.text().await.unwrap();
    assert!(checked.contains("未变，不动：1个条目") && checked.contains("没有可以导入的条目"), "{checked}");
    // The same as text, with one change, one new entry and one that is wrong.
    let text = town.get(&author, "/basics/catalogue/own.csv").await.text().await.unwrap();
    let columns = text.lines().next().unwrap().split(',').count();
    let row = |name: &str, refresh: &str, code: &str| {
        let mut cells = vec![String::new(); columns];
        cells[1] = name.into();
        cells[6] = refresh.into();
        cells[columns - 7] = code.into();
        cells[columns - 6] = code.into();
        format!("{}\r\n", cells.join(","))
    };
    let text = text.replace("每小时", "每日") + &row("公交线路", "每月", "line") + &row("出租车辆", "天天", "car");
    let acts = town.acts().await;
    let answer = upload(&town, &author, text.as_bytes()).await;
    let checked = answer.text().await.unwrap();
    assert_eq!(flaws(&checked), Vec::<String>::new());
    assert!(checked.contains("有误，不导入：1个条目") && checked.contains("“更新周期”：没有“天天”这个选项"));
    assert!(
        checked.contains("改动：1个条目") && checked.contains("新增：1个条目") && checked.contains("<del>每小时</del>")
    );
    assert_eq!(town.acts().await, acts, "nothing is written yet");
    let digest = checked.split("name=\"digest\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // Nobody else confirms it.
    let other = town.browser("jiaoshen").await;
    let confirm = format!("{IMPORT}/confirm");
    let acts = town.acts().await; // after they have signed in
    assert_eq!(town.post(&other, &confirm, &[("digest", &digest)]).await.status(), StatusCode::BAD_REQUEST);
    let done = town.post(&author, &confirm, &[("digest", &digest)]).await.text().await.unwrap();
    assert!(done.contains("新编制1个条目，修订1个"), "{done}");
    assert_eq!(town.acts().await, acts + 2);
    assert_eq!(town.post(&author, &confirm, &[("digest", &digest)]).await.status(), StatusCode::BAD_REQUEST);
    let empty = upload(&town, &author, b"").await;
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().await.unwrap().contains("文件是空的"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_imports_by_the_digest_of_what_it_checked() {
    let town = Town::found().await;
    let author = town.browser("jiaotong").await;
    let lines = (0..500).map(|place| format!("线路第{place}号,每月,a,甲\n,,b,乙\n"));
    let head = "信息资源名称,更新周期,信息项代码,信息项名称\n".to_owned();
    let text: String = std::iter::once(head).chain(lines).collect();
    let (gb, ..) = encoding_rs::GB18030.encode(&text);
    let url = format!("{}/api/v1/entries/import", town.address);
    let post = |confirm: String| {
        let post = author.post(format!("{url}{confirm}")).header("Content-Type", "text/csv").body(gb.to_vec());
        async { post.send().await.unwrap().json::<Value>().await.unwrap() }
    };
    let checked = post(String::new()).await;
    assert_eq!(checked["written"], json!(false), "{checked}");
    assert_eq!(checked["checked"]["lines"].as_array().unwrap().len(), 500);
    assert_eq!(checked["checked"]["lines"][7]["fate"], json!("新增"));
    let wrong = post("?confirm=0000".into()).await;
    assert!(wrong["detail"].as_str().unwrap().contains("同一份"), "{wrong}");
    let digest = checked["checked"]["digest"].as_str().unwrap();
    let done = post(format!("?confirm={digest}")).await;
    assert_eq!(done["done"]["compiled"], json!(500), "{done}");
    // The same file again finds nothing left to do.
    let again = post(format!("?confirm={digest}")).await;
    assert_eq!((&again["done"]["compiled"], &again["done"]["revised"]), (&json!(0), &json!(0)));
    assert!(town.office.store.replay().await.unwrap().agrees());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures; run with --ignored --nocapture for the figures"]
async fn ten_thousand_entries_of_a_workbook_are_checked_and_written() {
    let town = Town::found().await;
    let author = town.browser("jiaotong").await;
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["信息资源名称", "信息资源摘要", "更新周期", "信息项代码", "信息项名称"])
    {
        sheet.write(0, column, name).unwrap();
    }
    for place in 0..10_000u32 {
        let name = format!("线路第{place}号");
        for (column, text) in (0..).zip([name.as_str(), "线路的站点和首末班时间", "每月", "a", "甲"]) {
            sheet.write(1 + place * 2, column, text).unwrap();
        }
        sheet.write(2 + place * 2, 3, "b").unwrap();
        sheet.write(2 + place * 2, 4, "乙").unwrap();
    }
    let file = book.save_to_buffer().unwrap();
    let began = std::time::Instant::now();
    let page = upload(&town, &author, &file).await.text().await.unwrap();
    let checked = began.elapsed();
    assert!(page.contains("新增：10000个条目"));
    let digest = page.split("name=\"digest\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let began = std::time::Instant::now();
    let done = town.post(&author, &format!("{IMPORT}/confirm"), &[("digest", &digest)]).await.text().await.unwrap();
    assert!(done.contains("新编制10000个条目"), "{done}");
    eprintln!("核对 {checked:?}，写入 {:?}，文件 {} 字节", began.elapsed(), file.len());
}
