//! 数据湖 — load, build and page, and what a crash or a repeat leaves behind.

use std::path::{Path, PathBuf};

use lake::{
    Ask, Column, Condition, Encoding, Fault, Kind, Lake, Loaded, Mask, Op, Page, Product, Raw, Recipe, Survey, Take,
    survey,
};
use serde_json::{Value, json};
use tempfile::TempDir;

const SAMPLE: &str = "\
编号,站点 名称,PM2.5(μg/m³),温度,日期,时间,有效,电话
001,成都一,4,7.5,2025-09-01,2025-09-01 08:00,true,13800001234
002,\"成都,二\",NA,-0.5,2025/9/2,2025-09-01 09:30:15,false,13900005678
003,-,81,12,,,TRUE,
";

struct Place {
    folder: TempDir,
    lake: Lake,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = [("k1".to_owned(), [7; 32])].into();
        let lake = Lake::open_with_keys(&folder.path().join("湖"), keys).unwrap();
        Self { folder, lake }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    async fn load(&self, table: &str, text: &str, batch: &str) -> Result<Loaded, Fault> {
        let path = self.file("in.csv", text);
        let found = survey(&path, &|_| {}).await.unwrap();
        self.lake.load(table, &path, &found, batch, &|_| {}).await
    }

    /// The raw table as it is, through a product that takes everything.
    async fn all(&self, raw: &Raw) -> Vec<Value> {
        let columns = self.lake.raw_columns(raw).await.unwrap();
        let take = |column: &Column| Take { column: column.name.clone(), mask: None };
        let recipe = Recipe { columns: columns.iter().map(take).collect(), filter: vec![] };
        let batch = format!("{}-{}", raw.table, raw.version);
        let built = self.lake.build("全部", raw, &recipe, &batch).await.unwrap();
        rows(&self.lake.page(&built.product, &ask(100)).await.unwrap())
    }
}

fn ask(limit: usize) -> Ask {
    Ask { limit, ..Ask::default() }
}

fn rows(page: &Page) -> Vec<Value> {
    let rows: Vec<Value> = serde_json::from_slice(&page.json).unwrap();
    assert_eq!(rows.len(), page.count);
    rows
}

fn condition(column: &str, op: Op, value: impl Into<Value>) -> Condition {
    Condition { column: column.to_owned(), op, value: value.into() }
}

#[tokio::test]
async fn a_file_keeps_its_kinds_headers_and_gaps() {
    let place = Place::new();
    let loaded = place.load("空气", SAMPLE, "b1").await.unwrap();
    assert_eq!((loaded.raw.version, loaded.rows, loaded.bytes), (0, 3, SAMPLE.len() as u64));
    let columns = place.lake.raw_columns(&loaded.raw).await.unwrap();
    let found: Vec<_> =
        columns.iter().map(|column| (column.name.as_str(), column.title.as_str(), column.kind, column.nulls)).collect();
    #[rustfmt::skip]
    assert_eq!(found, [
        ("编号", "编号", Kind::Text, 0),
        ("站点_名称", "站点 名称", Kind::Text, 1),
        ("pm2_5_μg_m3", "PM2.5(μg/m³)", Kind::Integer, 1),
        ("温度", "温度", Kind::Decimal, 0),
        ("日期", "日期", Kind::Date, 1),
        ("时间", "时间", Kind::Timestamp, 1),
        ("有效", "有效", Kind::Boolean, 0),
        ("电话", "电话", Kind::Integer, 1),
    ]);
    let rows = place.all(&loaded.raw).await;
    assert_eq!(
        rows[1],
        json!({
            "编号": "002", "站点_名称": "成都,二", "pm2_5_μg_m3": null, "温度": -0.5,
            "日期": "2025-09-02", "时间": "2025-09-01T01:30:15Z", "有效": false,
            "电话": 13_900_005_678_i64
        })
    );
    assert_eq!(rows[2]["站点_名称"], Value::Null);
    assert_eq!(rows[2]["温度"], json!(12.0));
}

#[tokio::test]
async fn a_number_column_with_a_late_text_is_text_as_a_whole() {
    let place = Place::new();
    let text = format!("a,b\n{}x,1.5\n", "1,2\n".repeat(40_000));
    let loaded = place.load("t", &text, "b1").await.unwrap();
    let kinds: Vec<_> = place.lake.raw_columns(&loaded.raw).await.unwrap().iter().map(|c| c.kind).collect();
    assert_eq!(kinds, [Kind::Text, Kind::Decimal]);
    assert_eq!(loaded.rows, 40_001);
    assert_eq!(place.all(&loaded.raw).await[0], json!({ "a": "1", "b": 2.0 }));
}

#[tokio::test]
async fn utf8_with_or_without_mark_and_gb18030_make_the_same_table() {
    let place = Place::new();
    // The same bytes that GB18030 software writes for these characters.
    let gb18030 = encoding(SAMPLE);
    let marked = [b"\xEF\xBB\xBF", SAMPLE.as_bytes()].concat();
    let files = [
        ("utf8", SAMPLE.as_bytes().to_vec(), Encoding::Utf8),
        ("marked", marked, Encoding::Utf8Bom),
        ("gb18030", gb18030, Encoding::Gb18030),
    ];
    let mut tables = Vec::new();
    for (name, bytes, encoding) in files {
        let path = place.file(name, bytes);
        let found = survey(&path, &|_| {}).await.unwrap();
        assert_eq!(found.encoding, encoding);
        let loaded = place.lake.load(name, &path, &found, "b1", &|_| {}).await.unwrap();
        let columns = place.lake.raw_columns(&loaded.raw).await.unwrap();
        tables.push((columns, place.all(&loaded.raw).await));
    }
    assert_eq!(tables[0], tables[1]);
    assert_eq!(tables[0], tables[2]);
}

fn encoding(text: &str) -> Vec<u8> {
    let (bytes, _, unmapped) = encoding_rs::GB18030.encode(text);
    assert!(!unmapped);
    bytes.into_owned()
}

#[tokio::test]
async fn a_batch_is_loaded_exactly_once() {
    let place = Place::new();
    let first = place.load("t", "a\n1\n2\n", "b1").await.unwrap();
    let second = place.load("t", "b,空\n3.5,\n", "b2").await.unwrap();
    let again = place.load("t", "a\n1\n2\n", "b1").await.unwrap();
    assert_eq!((first.raw.version, second.raw.version), (0, 1));
    assert_eq!(again, first, "also after later batches");
    let reopened = Lake::open(&place.folder.path().join("湖")).unwrap();
    let path = place.file("in.csv", "a\n1\n2\n");
    let found = survey(&path, &|_| {}).await.unwrap();
    let after = reopened.load("t", &path, &found, "b1", &|_| {}).await.unwrap();
    assert_eq!(after, first, "also after a restart");
    let other = place.load("t", "a\n9\n", "b1").await.unwrap_err();
    assert_eq!(other.to_string(), "批次“b1”已用于表“t”的另一份内容：请换一个批次号");
    // Both versions stay readable.
    assert_eq!(place.all(&first.raw).await, [json!({ "a": 1 }), json!({ "a": 2 })]);
    assert_eq!(place.all(&second.raw).await, [json!({ "b": 3.5, "空": null })]);
    let only_nulls = &place.lake.raw_columns(&second.raw).await.unwrap()[1];
    assert_eq!((only_nulls.kind, only_nulls.nulls), (Kind::Text, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_loads_of_one_batch_at_once_make_one_version() {
    let place = Place::new();
    let path = place.file("in.csv", "a\n1\n2\n");
    let found = survey(&path, &|_| {}).await.unwrap();
    let load = || place.lake.load("t", &path, &found, "b1", &|_| {});
    let (one, two, three) = futures::join!(load(), load(), load());
    let one = one.unwrap();
    assert_eq!(one.raw.version, 0);
    assert_eq!((one.clone(), one), (two.unwrap(), three.unwrap()));
}

fn versions(place: &Place, table: &str) -> usize {
    let log = place.folder.path().join("湖/raw").join(table).join("_delta_log");
    std::fs::read_dir(log).map_or(0, Iterator::count)
}

#[tokio::test]
async fn a_failed_load_leaves_the_last_good_version() {
    let place = Place::new();
    let good = place.load("t", "a,b\n1,2\n", "b1").await.unwrap();
    let path = place.file("in.csv", "a,b\n3,4\n");
    let found = survey(&path, &|_| {}).await.unwrap();
    for (text, sentence) in [
        ("a,b\n3,5\n", "文件在检查之后变了"),
        ("a,b\nx,5\n", "第 2 行第 1 列的类型不同"),
        ("a,c\n3,4\n", "表头不同"),
        ("a,b\n3\n", "像是被截断了"),
    ] {
        std::fs::write(&path, text).unwrap();
        let fault = place.lake.load("t", &path, &found, "b2", &|_| {}).await.unwrap_err();
        assert!(fault.to_string().contains(sentence), "{fault}");
        assert_eq!(versions(&place, "t"), 1);
    }
    assert_eq!(place.all(&good.raw).await, [json!({ "a": 1, "b": 2 })]);
    std::fs::write(&path, "a,b\n3,4\n").unwrap();
    let next = place.lake.load("t", &path, &found, "b2", &|_| {}).await.unwrap();
    assert_eq!(next.raw.version, 1, "and the same batch may be tried again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_dies_half_way_is_not_there_at_all() {
    let place = Place::new();
    let good = place.load("t", "a\n1\n", "b1").await.unwrap();
    let path = place.file("big.csv", format!("a\n{}", "123456789\n".repeat(1_000_000)));
    let found = survey(&path, &|_| {}).await.unwrap();
    let (halfway, reached) = tokio::sync::mpsc::unbounded_channel();
    let (lake, total) = (place.lake.clone(), found.bytes);
    let (dying, survey) = (path.clone(), found.clone());
    let load = tokio::spawn(async move {
        let seen = |progress: lake::Progress| {
            if progress.done > total / 2 {
                let _ = halfway.send(());
            }
        };
        lake.load("t", &dying, &survey, "b2", &seen).await
    });
    let mut reached = reached;
    reached.recv().await;
    load.abort();
    assert!(load.await.unwrap_err().is_cancelled());
    assert_eq!(versions(&place, "t"), 1);
    assert_eq!(place.all(&good.raw).await, [json!({ "a": 1 })]);
    let again = place.lake.load("t", &path, &found, "b2", &|_| {}).await.unwrap();
    assert_eq!((again.raw.version, again.rows), (1, 1_000_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn when_another_process_was_faster_nothing_is_mixed() {
    let place = Place::new();
    let other = Lake::open(&place.folder.path().join("湖")).unwrap();
    let (ours, theirs) = (place.file("a.csv", "a\n1\n"), place.file("b.csv", "b\n2\n3\n"));
    let (our, their) = (survey(&ours, &|_| {}).await.unwrap(), survey(&theirs, &|_| {}).await.unwrap());
    for version in [0, 2] {
        let (our_batch, their_batch) = (format!("a{version}"), format!("b{version}"));
        // The other process commits while we are still reading our file.
        let meanwhile = |_| {
            let load = other.load("t", &theirs, &their, &their_batch, &|_| {});
            let load = tokio::runtime::Handle::current().block_on(load);
            assert_eq!(load.unwrap().raw.version, version);
        };
        let meanwhile = |progress| tokio::task::block_in_place(|| meanwhile(progress));
        let fault = place.lake.load("t", &ours, &our, &our_batch, &meanwhile).await.unwrap_err();
        assert!(matches!(fault, Fault::Contended(_)), "{fault:?}");
        let raw = Raw { table: "t".into(), version };
        assert_eq!(place.all(&raw).await, [json!({ "b": 2 }), json!({ "b": 3 })]);
        let again = place.lake.load("t", &ours, &our, &our_batch, &|_| {}).await.unwrap();
        assert_eq!(again.raw.version, version + 1);
        assert_eq!(place.all(&again.raw).await, [json!({ "a": 1 })]);
    }
}

#[tokio::test]
async fn versions_before_and_after_a_checkpoint_stay_readable() {
    let place = Place::new();
    for version in 0..12 {
        let text = format!("a,b,c\n{version},文,2025-09-01\n");
        let loaded = place.load("t", &text, &format!("b{version}")).await.unwrap();
        assert_eq!(loaded.raw.version, version);
    }
    assert!(place.folder.path().join("湖/raw/t/_delta_log/_last_checkpoint").exists());
    let lake = Lake::open(&place.folder.path().join("湖")).unwrap();
    let place = Place { lake, ..place };
    for version in [0, 8, 9, 10, 11] {
        let raw = Raw { table: "t".into(), version };
        let row = json!({ "a": version, "b": "文", "c": "2025-09-01" });
        assert_eq!(place.all(&raw).await, [row]);
    }
    let again = place.load("t", "a,b,c\n7,文,2025-09-01\n", "b7").await.unwrap();
    assert_eq!(again.raw.version, 7, "a batch is remembered across a checkpoint");
}

#[tokio::test]
async fn files_without_a_commit_are_no_version() {
    let place = Place::new();
    let good = place.load("t", "a\n1\n", "b1").await.unwrap();
    let folder = place.folder.path().join("湖/raw/t");
    std::fs::write(folder.join("part-orphan.zstd.parquet"), "half a file").unwrap();
    std::fs::write(folder.join("_delta_log/00000000000000000001.json#1"), "{\"add\":").unwrap();
    let reopened = Lake::open(&place.folder.path().join("湖")).unwrap();
    assert_eq!(reopened.raw_columns(&good.raw).await.unwrap().len(), 1);
    let missing = reopened.raw_columns(&Raw { version: 1, ..good.raw }).await.unwrap_err();
    assert_eq!(missing.to_string(), "没有数据表“t”的第 1 版");
    assert_eq!(place.load("t", "a\n2\n", "b2").await.unwrap().raw.version, 1);
}

#[tokio::test]
async fn a_product_has_only_what_the_recipe_takes_masked() {
    let place = Place::new();
    let raw = place.load("空气", SAMPLE, "b1").await.unwrap().raw;
    let take = |column: &str, mask| Take { column: column.to_owned(), mask };
    let recipe = Recipe {
        columns: vec![
            take("电话", Some(Mask::KeepEnds { left: 3, right: 4 })),
            take("编号", Some(Mask::Hash { key_id: "k1".into() })),
            take("pm2_5_μg_m3", Some(Mask::Round { step: 10.0 })),
            take("温度", Some(Mask::Round { step: 0.5 })),
            take("站点_名称", Some(Mask::Null)),
            take("日期", None),
        ],
        filter: vec![condition("温度", Op::Ge, 0), condition("时间", Op::Ne, Value::Null)],
    };
    let built = place.lake.build("产品", &raw, &recipe, "p1").await.unwrap();
    assert_eq!((built.product.version, built.rows), (0, 1));
    let kinds: Vec<_> = built.columns.iter().map(|column| (column.kind, column.nulls)).collect();
    #[rustfmt::skip]
    assert_eq!(kinds, [
        (Kind::Text, 0), (Kind::Text, 0), (Kind::Integer, 0), (Kind::Decimal, 0), (Kind::Text, 1), (Kind::Date, 0),
    ]);
    assert_eq!(built.columns[4].title, "站点 名称");
    let page = place.lake.page(&built.product, &ask(10)).await.unwrap();
    // printf 001 | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf '07%.0s' {1..32})
    let digest = "b5d7481dc97a5a96f511fc8bf1e7cda368786983b99becd4db9227f5b9b33d22";
    assert_eq!(
        rows(&page),
        [json!({
            "电话": "138****1234", "编号": digest, "pm2_5_μg_m3": 0, "温度": 7.5,
            "站点_名称": null, "日期": "2025-09-01"
        })]
    );
    let again = place.lake.build("产品", &raw, &recipe, "p1").await.unwrap();
    assert_eq!(again, built);
    let other = Recipe { filter: vec![], ..recipe };
    let reused = place.lake.build("产品", &raw, &other, "p1").await.unwrap_err();
    assert_eq!(reused.to_string(), "批次“p1”已用于表“产品”的另一份内容：请换一个批次号");
    let next = place.lake.build("产品", &raw, &other, "p2").await.unwrap();
    assert_eq!((next.product.version, next.rows), (1, 3));
    assert_eq!(place.lake.page(&built.product, &ask(10)).await.unwrap(), page, "the old one stays");
}

#[tokio::test]
async fn a_product_may_be_empty() {
    let place = Place::new();
    let raw = place.load("t", "a,b\n1,x\n", "b1").await.unwrap().raw;
    let columns = vec![Take { column: "b".into(), mask: None }];
    let recipe = Recipe { columns, filter: vec![condition("a", Op::Gt, 5)] };
    let built = place.lake.build("p", &raw, &recipe, "p1").await.unwrap();
    assert_eq!(built.rows, 0);
    let page = place.lake.page(&built.product, &ask(10)).await.unwrap();
    assert_eq!((page.json.as_slice(), page.count, page.next), (b"[]".as_slice(), 0, None));
    assert_eq!(page.columns[0].name, "b");
}

#[tokio::test]
async fn pages_follow_each_other_in_the_source_s_order() {
    let place = Place::new();
    let lines: Vec<_> = (1..=25_000).map(|n| format!("{n},{}", n % 7)).collect();
    let raw = place.load("t", &format!("n,rest\n{}\n", lines.join("\n")), "b1").await.unwrap().raw;
    let columns = ["n", "rest"].map(|column| Take { column: column.into(), mask: None });
    let recipe =
        Recipe { columns: columns.into(), filter: vec![condition("n", Op::Gt, 5_000), condition("rest", Op::Ne, 0)] };
    let product = place.lake.build("p", &raw, &recipe, "p1").await.unwrap().product;
    let mut seen = Vec::new();
    let mut wanted =
        Ask { columns: vec!["n".into()], filter: vec![condition("rest", Op::Le, 2)], offset: 0, limit: 999 };
    loop {
        let page = place.lake.page(&product, &wanted).await.unwrap();
        assert!(page.count <= 999);
        assert_eq!(page.columns.len(), 1);
        seen.extend(rows(&page).iter().map(|row| row["n"].as_i64().unwrap()));
        match page.next {
            Some(next) => wanted.offset = next,
            None => break,
        }
    }
    let expected: Vec<_> = (5_001..=25_000).filter(|n| matches!(n % 7, 1 | 2)).collect();
    assert_eq!(seen, expected);
    let last = Ask { offset: u64::MAX, ..ask(10) };
    assert_eq!(place.lake.page(&product, &last).await.unwrap().count, 0);
    let most = place.lake.page(&product, &ask(usize::MAX)).await.unwrap();
    assert_eq!((most.count, most.next), (lake::PAGE_LIMIT, Some(10_000)));
    assert_eq!(place.lake.page(&product, &ask(0)).await.unwrap().count, 1);
}

#[tokio::test]
async fn conditions_compare_by_the_column_s_kind() {
    let place = Place::new();
    let raw = place.load("空气", SAMPLE, "b1").await.unwrap().raw;
    place.all(&raw).await;
    let product = Product { table: "全部".into(), version: 0 };
    let table = [
        (condition("编号", Op::Eq, "002"), vec!["002"]),
        (condition("pm2_5_μg_m3", Op::Lt, 81), vec!["001"]),
        (condition("pm2_5_μg_m3", Op::Eq, Value::Null), vec!["002"]),
        (condition("pm2_5_μg_m3", Op::Ne, 4), vec!["003"]),
        (condition("温度", Op::Le, 7.5), vec!["001", "002"]),
        (condition("温度", Op::Le, "7.5"), vec!["001", "002"]), // as a query string brings it
        (condition("pm2_5_μg_m3", Op::Eq, "NA"), vec!["002"]),
        (condition("有效", Op::Eq, "true"), vec!["001", "003"]),
        (condition("日期", Op::Gt, "2025/9/1"), vec!["002"]),
        (condition("时间", Op::Eq, "2025-09-01 08:00"), vec!["001"]),
        (condition("时间", Op::Ge, "2025-09-01T01:30:15Z"), vec!["002"]),
        (condition("有效", Op::Eq, true), vec!["001", "003"]),
    ];
    for (condition, expected) in table {
        let wanted = Ask { filter: vec![condition.clone()], ..ask(10) };
        let page = place.lake.page(&product, &wanted).await.unwrap();
        let found = rows(&page);
        let found: Vec<_> = found.iter().map(|row| row["编号"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{condition:?}");
    }
}

#[tokio::test]
async fn a_mistaken_request_is_told_which_column_and_why() {
    let place = Place::new();
    let raw = place.load("空气", SAMPLE, "b1").await.unwrap().raw;
    place.all(&raw).await;
    let product = Product { table: "全部".into(), version: 0 };
    #[rustfmt::skip]
    let asks = [
        (condition("没有", Op::Eq, 1), "没有“没有”这一列"),
        (condition("_row", Op::Eq, 1), "没有“_row”这一列"),
        (condition("温度", Op::Eq, "冷"), "“温度”是小数列，不能与 \"冷\" 比较"),
        (condition("pm2_5_μg_m3", Op::Eq, 1.5), "“pm2_5_μg_m3”是整数列，不能与 1.5 比较"),
        (condition("日期", Op::Eq, "昨天"), "“日期”是日期列，不能与 \"昨天\" 比较"),
        (condition("日期", Op::Gt, Value::Null), "“日期”与空值只能判断等于或不等于"),
    ];
    for (condition, sentence) in asks {
        let wanted = Ask { filter: vec![condition], ..ask(10) };
        assert_eq!(place.lake.page(&product, &wanted).await.unwrap_err().to_string(), sentence);
    }
    let hash = |key_id: &str| Some(Mask::Hash { key_id: key_id.into() });
    #[rustfmt::skip]
    let takes = [
        ("没有", None, "没有“没有”这一列"),
        ("日期", Some(Mask::Round { step: 1.0 }), "“日期”是日期列，不能取整"),
        ("温度", hash("k1"), "“温度”是小数列，不能加密摘要"),
        ("编号", hash("k2"), "没有编号为“k2”的脱敏密钥"),
        ("电话", Some(Mask::Round { step: 0.5 }), "“电话”的取整单位 0.5 不合法：应为正数，整数列应为正整数"),
        ("温度", Some(Mask::Round { step: -1.0 }), "“温度”的取整单位 -1 不合法：应为正数，整数列应为正整数"),
    ];
    for (column, mask, sentence) in takes {
        let columns = vec![Take { column: column.into(), mask }];
        let recipe = Recipe { columns, filter: vec![] };
        let fault = place.lake.build("p", &raw, &recipe, "p1").await.unwrap_err();
        assert_eq!(fault.to_string(), sentence);
    }
    for name in ["", "../raw", "a/b", "a.b", ".", "a b"] {
        let fault = place.load(name, "a\n1\n", "b1").await.unwrap_err();
        assert!(fault.to_string().contains("不合法"), "{name}: {fault}");
    }
    let raw_as_product = Product { table: "空气".into(), version: 0 };
    let fault = place.lake.page(&raw_as_product, &ask(1)).await.unwrap_err();
    assert_eq!(fault.to_string(), "没有数据表“空气”的第 0 版", "raw data has no pages");
}

#[tokio::test]
async fn a_survey_survives_being_written_down() {
    let place = Place::new();
    let path = place.file("in.csv", SAMPLE);
    let found = survey(&path, &|_| {}).await.unwrap();
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Survey>(&text).unwrap(), found);
    assert!(Path::new(&path).exists());
    assert_eq!((found.rows, found.lines), (3, 4));
}
