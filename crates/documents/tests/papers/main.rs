//! 公文 — what each says is kept as an expected file; page, Word file and text say the same.

mod city;

use std::io::{Cursor, Read as _};

use city::City;
use documents::{Block, Form, Kind, Number, Paper, docx};
use expect_test::expect_file;
use proptest::prelude::*;
use regulation::{
    article,
    granting::{agreement, plan, selection},
    operation::demand,
};
use serde_json::{Value, json};
use store::{
    basics::catalogue::Entry,
    granting::{agreement::Agreement, plan::Plan, selection::Selection},
    operation::demand::Demand,
};

macro_rules! expected {
    ($paper:expr, $file:literal) => {{
        let paper = $paper;
        let text = format!("{}\n（摘要）\t{}\n", paper.text(), paper.sha256());
        expect_file![concat!("../expected/", $file, ".txt")].assert_eq(&text);
    }};
}

#[tokio::test]
async fn what_each_paper_says_is_kept_for_the_paper_that_was_printed_is_verified_by_it() {
    let mut city = City::found().await;
    expected!(city.paper::<Entry>("ML-20250701-AAAAAA", Kind::EntryPublication).await, "entry_publication");
    let id = "FA-20250801-BBBBBB";
    city.act("plan.submit", &city::plan(plan::State::Deliberation), "市政府审议", Value::Null).await;
    expected!(city.paper::<Plan>(id, Kind::PlanRequest).await, "plan_request");
    city.act("plan.adopt", &city::plan(plan::State::Adopted), "已审议通过", Value::Null).await;
    expected!(city.paper::<Plan>(id, Kind::Plan).await, "plan");
    expected!(city.paper::<Plan>(id, Kind::PlanDecision).await, "plan_decision");
    expected!(city.paper::<Plan>(id, Kind::PlanFiling).await, "plan_filing_draft");
    city.act("plan.file", &city::plan(plan::State::Filed), "已备案", json!("川数备〔2025〕1号")).await;
    expected!(city.paper::<Plan>(id, Kind::PlanFiling).await, "plan_filing");
    let id = "LX-20250805-CCCCCC";
    city.act("selection.announce", &city::selection(selection::State::Announced), "已公告", Value::Null).await;
    expected!(city.paper::<Selection>(id, Kind::SelectionNotice).await, "selection_notice");
    city.act("selection.select", &city::selection(selection::State::Selected), "已选定", Value::Null).await;
    expected!(city.paper::<Selection>(id, Kind::SelectionResult).await, "selection_result");
    let id = "XY-20250810-DDDDDD";
    let signed = city::agreement(agreement::State::InForce);
    city.act("agreement.sign", &signed, "履行中（待备案）", Value::Null).await;
    expected!(city.paper::<Agreement>(id, Kind::Agreement).await, "agreement");
    expected!(city.paper::<Agreement>(id, Kind::AgreementFiling).await, "agreement_filing_draft");
    expected!(city.paper::<Agreement>(id, Kind::Certificate).await, "certificate");
    let suspended = city::agreement(agreement::State::SuspendedUnfiled);
    city.act("agreement.suspend", &suspended, "暂停提供数据（待备案）", json!("日志留存不足")).await;
    expected!(city.paper::<Agreement>(id, Kind::Suspension).await, "suspension");
    city.act("agreement.resume", &signed, "履行中（待备案）", json!("已补齐日志，经抽查合格。")).await;
    expected!(city.paper::<Agreement>(id, Kind::Resumption).await, "resumption");
    let id = "XQ-20250901-EEEEEE";
    city.act("demand.submit", &city::demand(demand::State::FormalReview), "形式审查", Value::Null).await;
    expected!(city.paper::<Demand>(id, Kind::DemandAcceptance).await, "demand_acceptance");
    city.act("demand.pass", &city::demand(demand::State::ProviderReview), "提供单位审核", Value::Null).await;
    expected!(city.paper::<Demand>(id, Kind::DemandPassing).await, "demand_passed_on");
    city.act("demand.pass", &city::demand(demand::State::AwaitingSupply), "待供给", Value::Null).await;
    expected!(city.paper::<Demand>(id, Kind::DemandPassing).await, "demand_granted");
    city.act("demand.refuse", &city::demand(demand::State::Refused), "不予通过", Value::Null).await;
    expected!(city.paper::<Demand>(id, Kind::DemandRefusal).await, "demand_refusal");
}

#[tokio::test]
async fn a_plan_is_a_draft_until_it_is_adopted_and_a_returned_one_is_a_draft_again() {
    let mut city = City::found().await;
    let id = "FA-20250801-BBBBBB";
    city.act("plan.draft", &city::plan(plan::State::Draft), "编制中", Value::Null).await;
    city.act("plan.submit", &city::plan(plan::State::Deliberation), "市政府审议", Value::Null).await;
    city.act("plan.return", &city::plan(plan::State::Draft), "编制中", json!("请补充")).await;
    let expected = [
        (Kind::Plan, Form::Draft),
        (Kind::Plan, Form::ForDeliberation),
        (Kind::PlanRequest, Form::Final),
        (Kind::Plan, Form::Draft),
    ];
    assert_eq!(city.kinds::<Plan>(id).await, expected);
    assert_eq!(city.paper::<Plan>(id, Kind::Plan).await.form, Form::Draft);
}

#[tokio::test]
async fn the_first_signature_issues_nothing() {
    let mut city = City::found().await;
    city.act("agreement.sign", &city::agreement(agreement::State::AwaitingAgency), "待实施机构签订", Value::Null).await;
    assert_eq!(city.kinds::<Agreement>("XY-20250810-DDDDDD").await, []);
}

#[test]
fn every_kind_is_issued_by_some_act_of_one_subject_under_a_provision() {
    for kind in Kind::ALL {
        let lines: Vec<_> = documents::ISSUES.iter().filter(|issue| issue.kind == *kind).collect();
        assert!(!lines.is_empty(), "{kind} 没有一行");
        assert!(lines.iter().all(|line| line.subject() == lines[0].subject()), "{kind} 属于两个主题");
        assert!(lines.iter().all(|line| line.basis.gist().is_some()), "{kind} 没有依据");
        assert!(lines.iter().any(|line| line.form == Form::Final), "{kind} 永远只是草稿");
    }
}

/// The parts of a Word file.
fn part(file: &[u8], wanted: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let names: Vec<String> = zip.file_names().filter(|name| name.contains(wanted)).map(str::to_owned).collect();
    let mut text = String::new();
    for name in names {
        zip.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
    }
    text
}

/// What a reader sees of a part, without its marks.
fn seen(xml: &str) -> String {
    let marks = xml.split("<w:t ").skip(1).filter_map(|rest| rest.split_once('>')?.1.split("</w:t>").next());
    let text: String = marks.collect();
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

#[tokio::test]
async fn the_word_file_says_all_that_the_text_says_in_its_order_with_styles_and_the_digest_below() {
    let mut city = City::found().await;
    city.act("plan.adopt", &city::plan(plan::State::Adopted), "已审议通过", Value::Null).await;
    for (kind, mark) in [(Kind::Plan, ""), (Kind::PlanDecision, ""), (Kind::PlanFiling, "草稿")] {
        let paper = city.paper::<Plan>("FA-20250801-BBBBBB", kind).await;
        let file = docx::file(&paper).unwrap();
        let (document, styles) = (part(&file, "word/document.xml"), part(&file, "word/styles.xml"));
        let mut rest = seen(&document);
        for block in &paper.blocks {
            let texts = match block {
                Block::Paragraph { text } | Block::Heading { text, .. } | Block::Gist { text, .. } => vec![text],
                Block::List { items } => items.iter().collect(),
                Block::Table { caption, head, rows } => {
                    std::iter::once(caption).chain(head).chain(rows.iter().flatten()).collect()
                }
            };
            for text in texts {
                let (_, after) = rest.split_once(text.as_str()).unwrap_or_else(|| panic!("{kind} 没有“{text}”"));
                rest = after.to_owned();
            }
        }
        assert!(rest.contains(&paper.sha256()) && rest.contains(&paper.sm3()), "{kind}");
        let footer = part(&file, "word/footer");
        assert!(footer.contains("PAGE") && seen(&footer).contains(&paper.sha256()), "{kind} 的页脚：{footer}");
        assert_eq!(seen(&part(&file, "word/header")), mark, "{kind} 的页眉");
        let heads = document.matches("<w:tblHeader />").count();
        assert_eq!(heads, paper.blocks.iter().filter(|block| matches!(block, Block::Table { .. })).count());
        for style in ["w:styleId=\"Heading1\"", "w:styleId=\"Title\"", "w:eastAsia=\"仿宋\"", "w:eastAsia=\"黑体\""]
        {
            assert!(styles.contains(style), "{kind} 没有 {style}");
        }
        assert!(document.contains("<w:pgSz w:w=\"11906\" w:h=\"16838\""), "A4");
        assert!(part(&file, "docProps/core.xml").contains(&format!("<dc:title>{}</dc:title>", paper.title)));
        assert_eq!(docx::file(&paper).unwrap(), file, "同一份公文，同一个文件");
    }
}

fn a_paper(text: &str) -> Paper {
    let number = Number { id: "XQ-20250901-EEEEEE".into(), kind: Kind::DemandRefusal, position: 7 };
    Paper {
        kind: Kind::DemandRefusal,
        form: Form::Final,
        number,
        issuer: "锦川市数据局".into(),
        title: "告知书".into(),
        addressee: String::new(),
        blocks: vec![Block::Paragraph { text: text.into() }],
        basis: vec![article(23).paragraph(1)],
        signers: vec!["锦川市数据局".into()],
        date: "2025-09-01".parse().unwrap(),
        recorded: city::MONDAY.parse().unwrap(),
    }
}

#[test]
fn one_letter_more_is_another_digest() {
    let (one, other) = (a_paper("同意"), a_paper("不同意"));
    assert!(one.is(&one.sha256()) && one.is(&one.sm3().to_uppercase()));
    assert!(!one.is(&other.sha256()) && !one.is("") && !one.is(&one.sha256()[..63]));
}

#[test]
fn a_number_is_read_as_it_is_printed_and_as_it_is_typed() {
    let number = Number { id: "XQ-20250901-7K3M9Q".into(), kind: Kind::DemandRefusal, position: 37 };
    assert_eq!(number.to_string(), "XQ-20250901-7K3M9Q/数据需求不予通过告知书/37");
    let table = [
        ("XQ-20250901-7K3M9Q/数据需求不予通过告知书/37", true),
        (" xq-20250901-7k3m9q ／数据需求不予通过告知书／３７\n", true),
        ("XQ-20250901-7K3M9Q/数据需求不予通过告知书", false),
        ("XQ-20250901-7K3M9Q/没有的文种/37", false),
        ("XQ-20250901-7K3M9Q/数据需求不予通过告知书/-37", false),
        ("XQ-20250901-7K3M9Q/数据需求不予通过告知书/+37", false),
        ("XQ-20250901-7K3M9Q/数据需求不予通过告知书/99999999999999999999", false),
        ("/数据需求不予通过告知书/37", false),
        ("a/b/c/d", false),
        ("", false),
    ];
    for (typed, right) in table {
        assert_eq!(Number::read(typed), right.then(|| number.clone()), "{typed}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was typed, no line of the text can pass for another, and the Word file stays one.
    #[test]
    fn nothing_that_is_typed_breaks_out_of_its_place(reason in "\\PC{0,20}[\\x00-\\x1f\u{202e}\u{ffff}<>&\"'\\n\\t]{0,12}\\PC{0,20}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut city = City::found().await;
            let mut refused = city::demand(demand::State::Refused);
            refused.scenario = reason.clone();
            refused.refusal.as_mut().unwrap().legal_basis = vec![format!("第一条{reason}")];
            city.act("demand.refuse", &refused, "不予通过", Value::Null).await;
            let paper = city.paper::<Demand>("XQ-20250901-EEEEEE", Kind::DemandRefusal).await;
            let names: Vec<String> = paper.text().lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect();
            let known = ["数运公文", "文种", "稿次", "编号", "发文", "标题", "主送", "段落", "一级", "列项", "表名", "表头", "表行", "要旨", "依据", "落款", "日期"];
            assert!(names.iter().all(|name| known.contains(&name.as_str())), "{names:?}");
            assert_eq!(names.len(), 26, "{names:?}");
            docx_rs::read_docx(&docx::file(&paper).unwrap()).unwrap();
        });
    }
}
