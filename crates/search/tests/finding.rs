//! 检索 — what is found by which words, for whom, in which order; and that nothing typed ever breaks it.

use search::{Ask, Found, Index, Item, Sort, marks};

const FACETS: [&str; 2] = ["provider", "grade"];

fn item(key: &str, title: &str, owner: &str, body: &str) -> Item {
    Item {
        key: key.into(),
        kind: key.split('/').next().unwrap().into(),
        title: title.into(),
        owner: owner.into(),
        body: body.into(),
        numbers: vec![key.split('/').nth(1).unwrap().into()],
        facets: vec![("provider".into(), owner.into())],
        audience: vec!["公众".into()],
        ..Item::default()
    }
}

fn city() -> Index {
    let index = Index::in_ram(&FACETS).unwrap();
    let mut items = vec![
        item(
            "entry/ML-20250901-7K3M9Q",
            "停车场空余泊位小时数据",
            "锦川市交通运输局",
            "全市公共停车场整点的空余泊位数，由停车诱导系统汇集。",
        ),
        item(
            "entry/ML-20250902-AAAA11",
            "空气质量小时值",
            "锦川市生态环境局",
            "国控、省控站点 PM2.5 等六项污染物的小时均值。",
        ),
        item("entry/ML-20250903-BBBB22", "农村商业银行网点", "锦川市地方金融管理局", "网点名称和地址。"),
        item("product/CP-20250904-CCCC33", "停车指数接口", "锦川数据运营有限公司", "按行政区查询停车难易程度。"),
        item("demand/XQ-20250905-DDDD44", "夜间经济街区停车引导", "锦川数据运营有限公司", "不公开的需求"),
    ];
    for (place, item) in (0..).zip(&mut items) {
        item.updated = place;
        item.facets.push(("grade".into(), if place % 2 == 0 { "一般数据" } else { "重要数据" }.into()));
    }
    items[3].about = vec!["entry/ML-20250901-7K3M9Q".into()];
    items[4].audience = vec!["单位:operation-company".into(), "身份:监督审计".into()];
    index.put(&items).unwrap();
    index.commit("5").unwrap();
    index
}

fn ask(text: &str) -> Ask {
    Ask { text: text.into(), viewer: vec!["公众".into()], limit: 10, ..Ask::default() }
}

/// The last parts of the keys that were found, sorted.
fn told(index: &Index, ask: &Ask) -> String {
    let mut keys: Vec<String> = index.find(ask).unwrap().keys;
    keys.sort();
    keys.iter().map(|key| key.rsplit('-').next().unwrap()).collect::<Vec<_>>().join(" ")
}

#[test]
fn words_pinyin_initials_and_numbers_find_what_is_meant() {
    let index = city();
    let table = [
        ("停车", "7K3M9Q CCCC33"),
        ("停车场", "7K3M9Q"),
        ("泊位 停车场", "7K3M9Q"),
        ("停车场泊位", "7K3M9Q"),
        ("余泊位小", "7K3M9Q"),
        ("tingche", "7K3M9Q CCCC33"),
        ("TingChe", "7K3M9Q CCCC33"),
        ("tingchechang", "7K3M9Q"),
        ("tcc", "7K3M9Q"),
        ("ｔｃｃ", "7K3M9Q"),
        ("tcc 泊位", "7K3M9Q"),
        ("yinhang", "BBBB22"),
        ("nongshang", ""),
        ("交通运输局", "7K3M9Q"),
        ("jtysj", "7K3M9Q"),
        ("诱导", "7K3M9Q"),
        ("pm2.5", "AAAA11"),
        ("ＰＭ2.5 空气", "AAAA11"),
        ("7k3m9q", "7K3M9Q"),
        ("ML-20250901", "7K3M9Q"),
        ("K3M9", "7K3M9Q"),
        ("ML-2025090", "7K3M9Q AAAA11 BBBB22"),
        ("20250999", ""),
        ("停车 空气", ""),
        ("夜间经济", ""),
        ("停车场的空余泊位", "7K3M9Q"),
    ];
    for (typed, found) in table {
        assert_eq!(told(&index, &ask(typed)), found, "{typed}");
    }
}

#[test]
fn the_name_comes_before_what_is_said_and_the_phrase_before_the_words() {
    let index = Index::in_ram(&FACETS).unwrap();
    let items = [
        item("a/1", "公共设施", "甲局", "包括停车场、泊位"),
        item("a/2", "泊位与停车场", "甲局", ""),
        item("a/3", "停车场泊位", "甲局", ""),
    ];
    index.put(&items).unwrap();
    index.commit("").unwrap();
    assert_eq!(index.find(&ask("停车场泊位")).unwrap().keys, ["a/3", "a/2", "a/1"]);
}

#[test]
fn nobody_finds_what_they_are_not_meant_to_find() {
    let index = city();
    for (viewer, found) in [
        (vec!["公众"], "7K3M9Q CCCC33"),
        (vec!["公众", "单位:operation-company"], "DDDD44 7K3M9Q CCCC33"),
        (vec!["身份:监督审计"], "DDDD44"),
        (vec!["单位:别的单位", "身份:经营主体"], ""),
        (vec![], ""),
        (vec![""], ""),
    ] {
        let viewer: Vec<String> = viewer.into_iter().map(str::to_owned).collect();
        assert_eq!(told(&index, &Ask { viewer: viewer.clone(), ..ask("停车") }), found, "{viewer:?}");
    }
}

#[test]
fn facets_are_counted_as_if_nothing_of_their_own_were_chosen() {
    let index = city();
    let counted = |chosen: &[(&str, &str)]| {
        let chosen = chosen.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect();
        let counted = vec!["grade".to_owned(), "provider".to_owned(), "没有这个".to_owned()];
        let Found { total, facets, .. } =
            index.find(&Ask { kinds: vec!["entry".into()], chosen, counted, ..ask("") }).unwrap();
        let value = |(value, count): &(String, usize)| format!("{value}{count}");
        let facet =
            |(_, values): &(String, Vec<(String, usize)>)| values.iter().map(value).collect::<Vec<_>>().join(" ");
        format!("{total}：{}", facets.iter().map(facet).collect::<Vec<_>>().join("；"))
    };
    let table: [(&[(&str, &str)], &str); 5] = [
        (&[], "3：一般数据2 重要数据1；锦川市交通运输局1 锦川市地方金融管理局1 锦川市生态环境局1"),
        (&[("grade", "一般数据")], "2：一般数据2 重要数据1；锦川市交通运输局1 锦川市地方金融管理局1"),
        (
            &[("grade", "一般数据"), ("provider", "锦川市交通运输局")],
            "1：一般数据1；锦川市交通运输局1 锦川市地方金融管理局1",
        ),
        (&[("grade", "没有这个值")], "0：一般数据2 重要数据1；"),
        (
            &[("没有这个分面", "一般数据")],
            "3：一般数据2 重要数据1；锦川市交通运输局1 锦川市地方金融管理局1 锦川市生态环境局1",
        ),
    ];
    for (chosen, told) in table {
        assert_eq!(counted(chosen), told, "{chosen:?}");
    }
}

#[test]
fn lists_are_ordered_and_come_in_pages() {
    let index = city();
    let page = |sort, offset, limit| {
        let Found { total, keys, .. } = index.find(&Ask { sort, offset, limit, ..ask("") }).unwrap();
        assert_eq!(total, 4);
        keys.iter().map(|key| key.rsplit('-').next().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    let table = [
        (Sort::Updated, 0, 10, "CCCC33 BBBB22 AAAA11 7K3M9Q"),
        (Sort::Relevance, 0, 10, "CCCC33 BBBB22 AAAA11 7K3M9Q"),
        (Sort::Name, 0, 10, "AAAA11 BBBB22 7K3M9Q CCCC33"),
        (Sort::Name, 1, 2, "BBBB22 7K3M9Q"),
        (Sort::Name, 3, 2, "CCCC33"),
        (Sort::Name, 4, 2, ""),
        (Sort::Name, usize::MAX, usize::MAX, ""),
        (Sort::Name, 0, 0, ""),
    ];
    for (sort, offset, limit, keys) in table {
        assert_eq!(page(sort, offset, limit), keys, "{sort:?} {offset} {limit}");
    }
}

#[test]
fn what_is_found_falls_into_groups_by_kind() {
    let index = city();
    let found = index.find(&Ask { grouped: Some(1), ..ask("shuju") }).unwrap();
    let told: Vec<String> =
        found.groups.iter().map(|group| format!("{} {} {}", group.kind, group.total, group.keys.len())).collect();
    assert_eq!(
        (found.total, told),
        (2, vec!["entry 1 1".to_owned(), "product 1 1".to_owned()]),
        "公司名称里也有“数据”"
    );
    let about = Ask { about: Some("entry/ML-20250901-7K3M9Q".into()), ..ask("") };
    assert_eq!(told_keys(&index, &about), ["product/CP-20250904-CCCC33"]);
}

fn told_keys(index: &Index, ask: &Ask) -> Vec<String> {
    index.find(ask).unwrap().keys
}

#[test]
fn an_item_is_replaced_and_removed_and_only_a_commit_shows_it() {
    let index = city();
    let again = Item {
        updated: 9, ..item("product/CP-20250904-CCCC33", "出行指数接口", "锦川数据运营有限公司", "")
    };
    index.put(&[again]).unwrap();
    assert_eq!(told(&index, &ask("停车指数")), "CCCC33");
    index.commit("6").unwrap();
    assert_eq!((told(&index, &ask("停车指数")), told(&index, &ask("出行指数"))), (String::new(), "CCCC33".to_owned()));
    assert_eq!((index.size(), index.mark().as_deref()), (5, Some("6")));
    index.remove(&["product/CP-20250904-CCCC33".to_owned(), "没有/这个".to_owned()]).unwrap();
    index.commit("7").unwrap();
    assert_eq!((told(&index, &ask("出行指数")), index.size()), (String::new(), 4));
    index.clear().unwrap();
    index.add(&[item("entry/1", "从头再来", "甲局", "")]).unwrap();
    assert_eq!(index.size(), 4, "重建完成之前，原来的都在");
    index.commit("8").unwrap();
    assert_eq!((index.size(), told_keys(&index, &ask("congtou"))), (1, vec!["entry/1".to_owned()]));
}

#[test]
fn a_folder_is_opened_again_and_what_is_damaged_begins_empty() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let index = Index::open(&path, &FACETS).unwrap();
    assert_eq!((index.size(), index.mark()), (0, None));
    index.put(&[item("entry/1", "停车场", "甲局", "")]).unwrap();
    index.commit("41").unwrap();
    drop(index);
    let index = Index::open(&path, &FACETS).unwrap();
    assert_eq!((told_keys(&index, &ask("tcc")).len(), index.mark().as_deref()), (1, Some("41")));
    drop(index);
    let index = Index::open(&path, &["别的分面"]).unwrap();
    assert_eq!((index.size(), index.mark()), (0, None), "分面变了就重建");
    index.put(&[item("entry/1", "停车场", "甲局", "")]).unwrap();
    index.commit("42").unwrap();
    drop(index);
    let damaged = std::fs::read_dir(&path)
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|path| path.extension().is_some_and(|kind| kind == "idx"));
    std::fs::write(damaged.unwrap(), b"not an index").unwrap();
    let index = Index::open(&path, &["别的分面"]).unwrap();
    assert_eq!((index.size(), index.mark()), (0, None), "坏了就重建");
}

#[test]
fn nothing_that_is_typed_breaks_a_search() {
    let index = city();
    let long = "停车场".repeat(4000);
    let letters = "tcc".repeat(4000);
    let weird = [
        "\"",
        "'",
        "*",
        "停*",
        "title:停车",
        "停车 AND NOT 场",
        "(((",
        "[a TO b]",
        "~",
        "\\",
        "+-&&||!(){}[]^\"~*?:\\/",
        "\0",
        "\u{7}\u{1b}[31m",
        "<script>",
        "%",
        "' OR 1=1 --",
        "🚗",
        "\u{202e}停车",
        "é",
        "Ａ",
        "\u{fffd}",
        "ﬀ",
        "İ",
        "-",
        "--",
        "a-",
        ".-/_",
        "a.b.c/d-e_f",
        "1",
        "12",
        "的",
        "的 和",
        &long,
        &letters,
        "𠮷野家",
        "\u{301}\u{301}",
    ];
    for text in weird {
        let found = index.find(&ask(text)).unwrap();
        assert!(found.total <= 4, "{text:?}");
        marks(text, "停车场<script>\u{0}𠮷İ é🚗");
    }
    for nothing in ["*", "\"\"", "!!!", "……", "🚗"] {
        assert_eq!(index.find(&ask(nothing)).unwrap().total, 0, "{nothing}：没有字，就什么也不找");
    }
    assert_eq!(index.find(&ask(" \t ")).unwrap().total, 4, "空白就是没有填");
}
