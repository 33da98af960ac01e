//! 样例 — the components' samples: empty, one, many, refused.

use regulation::article;
use workflow::{Notice, RefusalSort, Remark};

use super::{Group, Sample};
use crate::{
    components::{
        chart::Chart,
        clock::Clock,
        crumbs::Crumbs,
        empty::Empty,
        field::{Field, Input},
        lineage::{Lineage, Node},
        list::{Cell, Column, List},
        notice::{Banner, Faults},
        progress::Progress,
        query::Query,
        summary::Summary,
        tag::{Tag, Tone},
        timeline::{Line, Next, Timeline},
        to_do::{Item, Stand, ToDo},
    },
    frame::Trouble,
};

/// 全部样例.
pub const GROUPS: &[Group] = &[
    Group {
        code: "tags",
        name: "标签",
        when: "卷宗的状态、剩余的工作日。一个词只有一种样子；颜色之外有图标和文字。",
        samples: tags,
    },
    Group {
        code: "clock", name: "剩余工作日", when: "有法定时限的卷宗。由服务器数出，写明怎么数的。", samples: clock
    },
    Group {
        code: "notices",
        name: "告知与知会",
        when: "不予办理、办成、提示、须留意。错误汇总取得焦点，逐条通到有错的一项。",
        samples: notices,
    },
    Group {
        code: "summary", name: "摘要", when: "一件事的各项内容，和提交之前的核对。", samples: summary
    },
    Group {
        code: "timeline",
        name: "办理过程",
        when: "已办的环节，各有依据和存证；后面的环节灰显。",
        samples: timeline,
    },
    Group {
        code: "to-do", name: "任务清单", when: "一件大事分成若干项：已完成几项，共几项。", samples: to_do
    },
    Group {
        code: "lists", name: "列表", when: "查找、筛选、排序、翻页、选列、导出，全部写在地址里。", samples: lists
    },
    Group {
        code: "fields", name: "填写项", when: "名目、提示、为什么要填、错在哪里。", samples: fields
    },
    Group {
        code: "empty", name: "空白", when: "没有内容的地方，说明接下来怎么办。", samples: empty
    },
    Group { code: "progress", name: "进度", when: "文件到达、清单完成。", samples: progress },
    Group { code: "crumbs", name: "面包屑", when: "首层以下的每一页。", samples: crumbs },
    Group {
        code: "lineage", name: "血缘", when: "数据从目录条目到使用的人。图与清单是同样的内容。", samples: lineage
    },
    Group {
        code: "charts", name: "图表", when: "先是数据表；有脚本时由同一张表画出。", samples: charts
    },
    Group { code: "wall", name: "大屏", when: "挂在墙上的一页：深色，不需要操作。", samples: wall },
];

fn sample(state: &'static str, component: impl std::fmt::Display) -> Sample {
    Sample { state, html: component.to_string() }
}

fn tags() -> Vec<Sample> {
    let all = [
        ("未开始或者已了结", "编制中"),
        ("正在办理", "形式审查"),
        ("正常", "履行中"),
        ("等着办", "待供给"),
        ("不予通过、暂停", "暂停提供数据"),
        ("词表里没有的词", "别的说法"),
    ];
    let days = [("充裕", Some(5)), ("将到期", Some(2)), ("今天", Some(0)), ("逾期", Some(-3)), ("没有时限", None)];
    let states = all.map(|(state, word)| sample(state, Tag::state(word)));
    states.into_iter().chain(days.map(|(state, days)| sample(state, Tag::remaining(days)))).collect()
}

fn a_clock(remaining: i64) -> Clock {
    Clock {
        title: "形式审查时限".to_owned(),
        remaining,
        due: "2025年9月8日".to_owned(),
        iso: "2025-09-08".to_owned(),
        provisional: false,
        length: Some(5),
        skipped: vec!["2025年9月6日（周六）".to_owned(), "2025年9月7日（周日）".to_owned()],
        calendar: "国务院办公厅 2025 年安排".to_owned(),
        counted: "2025年9月1日收到，期限5个工作日".to_owned(),
    }
}

fn clock() -> Vec<Sample> {
    // One to a page carries the name that the others would repeat; here each has its own.
    let numbered = |place: usize, clock: Clock| {
        let titled = Clock { title: format!("{}（样例 {}）", clock.title, place + 1), ..clock };
        titled.to_string().replace("\"clock\"", &format!("\"clock-{place}\""))
    };
    let provisional = Clock { provisional: true, length: None, skipped: Vec::new(), ..a_clock(9) };
    let all = [
        ("充裕", a_clock(4)),
        ("将到期", a_clock(1)),
        ("今天届满", a_clock(0)),
        ("已逾期", a_clock(-2)),
        ("暂定：次年安排未公布", provisional),
    ];
    all.into_iter().enumerate().map(|(place, (state, clock))| Sample { state, html: numbered(place, clock) }).collect()
}

fn refused(remarks: Vec<Remark>) -> Notice {
    Notice {
        message: "审核不通过的，应当告知理由".to_owned(),
        basis: article(23).paragraph(1).to_string(),
        article: Some(23),
        advice: "请按依据条款补正后重新办理".to_owned(),
        kind: RefusalSort::Content,
        remarks,
    }
}

fn remark(message: &str, field: &str) -> Remark {
    Remark { message: message.to_owned(), basis: article(23).paragraph(1).to_string(), field: field.to_owned() }
}

fn troubled() -> Trouble {
    let remarks = vec![
        remark("审核不通过的，应当告知理由", "reason"),
        remark("审核不通过的，应当告知相关法律法规，写明到条", "legal_basis"),
    ];
    Trouble { notice: Some(refused(remarks)), typed: vec![("legal_basis[]".to_owned(), "有关规定".to_owned())] }
}

fn notices() -> Vec<Sample> {
    let several = troubled();
    let alone = Trouble { notice: Some(refused(vec![])), typed: vec![] };
    // On a page of its own the summary takes the focus and carries the name of the page's notice; here it does neither.
    let told = |trouble: &Trouble, name: &str| {
        let told = Faults::of(trouble, "sample").map(|faults| faults.to_string()).unwrap_or_default();
        told.replace(" autofocus", "")
            .replace("\"notice\"", &format!("\"{name}\""))
            .replace("#sample-", "/gallery/fields#sample-")
    };
    vec![
        Sample { state: "不予办理：几处错误", html: told(&several, "several") },
        Sample { state: "不予办理：一句话", html: told(&alone, "alone") },
        sample(
            "办成",
            Banner::new("done", "已提交", "实施机构将在5个工作日内完成形式审查。").with("/law/23", "看看接下来怎么办"),
        ),
        sample("提示", Banner::new("note", "本页内容将向社会公开", "")),
        sample("须留意", Banner::new("heed", "期限为暂定", "2027年的放假安排尚未公布。")),
    ]
}

fn summary() -> Vec<Sample> {
    let many = Summary::default()
        .line("办理事项", "数据需求：不予通过")
        .linked("目录条目", "停车场泊位数据", "/products")
        .line("理由", "点位坐标超出场景所需。\n请改用街道一级。")
        .line("相关法律法规", "");
    vec![sample("一行", Summary::default().line("运营机构", "锦川数据运营有限公司")), sample("几行，有未填写的", many)]
}

fn line(act: &str, outcome: &str, refused: bool) -> Line {
    Line {
        act: act.to_owned(),
        at: "2025年9月1日 09:12".to_owned(),
        who: "锦川数据运营有限公司 · 周运（运营机构）".to_owned(),
        basis: article(23).paragraph(1).to_string(),
        outcome: outcome.to_owned(),
        said: String::new(),
        refused,
        position: 12,
    }
}

fn timeline() -> Vec<Sample> {
    let refused = line("不予通过", "审核不通过的，应当告知理由", true);
    let next = Next {
        act: "通过，或者不予通过".to_owned(), by: "由实施机构办理 · 依据：第二十三条第一款".to_owned()
    };
    let many = Timeline { lines: vec![line("提交", "形式审查", false), refused], next: vec![next] };
    vec![sample("还没有办理过", Timeline::default()), sample("已办、不予办理、后面的环节", many)]
}

fn to_do() -> Vec<Sample> {
    let item = |name: &str, stand| Item { name: name.to_owned(), basis: article(10).item(1).to_string(), stand };
    let items = vec![
        item("授权运营名称", Stand::Done),
        item("必要性和可行性论证", Stand::Missing),
        item("其他事项", Stand::Spared),
    ];
    vec![sample("三项，完成两项", ToDo { title: "实施方案的内容".to_owned(), items })]
}

const COLUMNS: &[Column] = &[
    Column::new("name", "名称"),
    Column::facet("state", "状态"),
    Column::number("rows", "行数"),
    Column::new("day", "更新"),
];

fn a_list(id: &'static str, caption: &str, rows: usize, conditions: &str) -> List {
    let row = |number: usize| {
        let rows = i64::try_from(number).unwrap_or_default() * 1000;
        vec![
            Cell::link(format!("产品 {number}"), "/products"),
            Cell::state(if number.is_multiple_of(3) { "已下架" } else { "已上架" }),
            Cell::number(format!("{rows}"), rows),
            Cell::text("2025年9月1日"),
        ]
    };
    let query = format!("/gallery/lists{conditions}").parse().map(|uri| Query::of(&uri)).unwrap_or_default();
    let empty = Empty::new("现在没有已上架的产品", "产品定价并上架之后，会出现在这里").with("/law/25", "看看怎么上架");
    List::of(id, caption, COLUMNS, (1..=rows).map(row).collect(), query, empty)
}

fn lists() -> Vec<Sample> {
    vec![
        sample("一件也没有", a_list("none", "产品", 0, "")),
        sample("一件", a_list("one", "一个产品", 1, "")),
        sample("很多，已选条件，已排序，第二页", a_list("many", "很多产品", 90, "?state=已上架&sort=-rows&page=2")),
        sample("没有符合条件的", a_list("nothing", "找不到的产品", 3, "?q=没有的")),
    ]
}

fn fields() -> Vec<Sample> {
    let trouble = troubled();
    let clean = Trouble::default();
    let reason = Input::new("reason", "理由", "area", "应当告知不通过的理由，申请单位可以看到");
    let law =
        Input::new("legal_basis[]", "相关法律法规", "text", "写明到条，如“本办法第十二条第三款”").because(article(23));
    let day = Input::new("minutes.date", "会议日期", "date", "").filled("2025-09-01");
    let batch = Input {
        options: vec![("PC-1".to_owned(), "PC-1（parking.csv，500 行）".to_owned())],
        ..Input::new("batch", "批次", "select", "先挂载文件，再从这里选择")
    };
    vec![
        sample("文字，有提示", Field::of(&reason, "clean", &clean)),
        sample("预填的日期", Field::of(&day, "clean", &clean)),
        sample("选择", Field::of(&batch, "clean", &clean)),
        sample("有错", Field::of(&reason, "sample", &trouble)),
        sample("有错，有依据，保留已填写的", Field::of(&law, "sample", &trouble)),
    ]
}

fn empty() -> Vec<Sample> {
    vec![
        sample("只说没有", Empty::new("现在没有待办事项", "")),
        sample(
            "说明怎么办",
            Empty::new("还没有凭据", "签订数据开发利用协议之后可以领取").with("/products", "看看有什么产品"),
        ),
    ]
}

fn progress() -> Vec<Sample> {
    let some = |id, done, told: &str| Progress {
        id,
        name: "文件到达".to_owned(),
        done,
        of: 100,
        told: told.to_owned(),
        hidden: false,
    };
    vec![
        sample("没有开始", some("begun", Some(0), "正在等待文件")),
        sample("进行中", some("under-way", Some(62), "已到达 60%")),
        sample("不知道还有多久", some("unknown", None, "正在逐行核对")),
        sample("完成", some("done", Some(100), "已全部到达")),
    ]
}

fn crumbs() -> Vec<Sample> {
    // One to a page is a landmark of its own; here each is told apart.
    let named = |crumbs: Crumbs, name: &str| crumbs.to_string().replace("面包屑", name);
    let deep =
        Crumbs::to("血缘").through("/products", "产品和服务").through("", "产品").through("/law", "CP-20250901-7K3M9Q");
    vec![
        Sample {
            state: "一层",
            html: named(Crumbs::to("我的会话").through("/products", "产品和服务"), "一层的面包屑"),
        },
        Sample { state: "几层", html: named(deep, "几层的面包屑") },
    ]
}

fn node(column: usize, title: &str, note: &str, below: Vec<Node>) -> Node {
    let path = "/products".to_owned();
    Node { column, title: title.to_owned(), note: note.to_owned(), path, below, ..Node::default() }
}

fn lineage() -> Vec<Sample> {
    let uses = vec![
        node(4, "蓉创智析科技有限公司", "履行中", vec![]),
        Node { path: String::new(), ..node(4, "（不由您查阅）", "", vec![]) },
    ];
    let product = Node { here: true, ..node(3, "停车场空余泊位小时数据接口", "已上架", uses) };
    let demand = node(1, "停车诱导服务", "已供给", vec![node(2, "parking.csv", "500 行", vec![]), product]);
    vec![
        sample("还没有", Lineage::of(vec![])),
        sample("一条链", Lineage::of(vec![node(0, "停车场泊位数据", "ML-20250901-000001", vec![demand])])),
    ]
}

fn charts() -> Vec<Sample> {
    let chart = |id, kind, title: &str, rows| Chart {
        id,
        kind,
        title: title.to_owned(),
        unit: "工作日",
        note: "自收到次日起算，至作出决定之日，取中位数。".to_owned(),
        head: vec!["季度".to_owned(), "形式审查".to_owned(), "提供单位审核".to_owned()],
        rows,
    };
    let row = |name: &str, values: [Option<i64>; 2]| (name.to_owned(), values.to_vec());
    let rows = vec![
        row("第一季度", [Some(3), Some(4)]),
        row("第二季度", [Some(2), Some(4)]),
        row("第三季度", [Some(2), None]),
    ];
    vec![
        sample("还没有数据", chart("c0", "bar", "数据需求办理时长（待统计）", vec![])),
        sample("柱", chart("c1", "bar", "数据需求办理时长", rows.clone())),
        sample("线", chart("c2", "line", "数据需求办理时长的变化", rows)),
    ]
}

fn wall() -> Vec<Sample> {
    let figure = |name: &str, number: &str, unit: &str, tone: Tone| {
        let tag = Tag::new("与上月相比持平", tone);
        format!("<div class=\"card\"><h2>{name}</h2><p class=\"figure\">{number} <small>{unit}</small></p>{tag}</div>")
    };
    let six = [
        figure("授权运营协议", "3", "项在履行", Tone::Ok),
        figure("已发布的目录条目", "1,284", "条", Tone::Info),
        figure("按期办结", "98", "%", Tone::Ok),
        figure("已上架的产品", "46", "个", Tone::Info),
        figure("逾期事项", "2", "件", Tone::Danger),
        figure("今日取数", "18,203", "次", Tone::Neutral),
    ];
    vec![Sample { state: "六个模块", html: format!("<div class=\"six\">{}</div>", six.concat()) }]
}
