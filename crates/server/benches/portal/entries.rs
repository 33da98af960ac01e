//! 填充 — a full catalogue: entries, grants and products made of Chinese words, the same every time.
//!
//! Each row is written by an event with its leaf, as the last act upon it would have; the acts before it
//! are left out, so that a hundred thousand rows are a hundred thousand events.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use jiff::{Timestamp, civil::date};
use regulation::{
    Level, Nature, Role, Standing, Uscc,
    basics::{
        catalogue::{Content, Cycle, Field, Origin, Personal, State},
        grading::{Degree, Grading},
        mode::{Mode, Necessity, Scenario, ScenarioKind},
        sector::Sector,
    },
    granting::{
        agreement::{self, Clause, Clauses, Period},
        scope::Scope,
    },
    operation::{
        demand::{self, Purpose},
        pricing::Price,
        product,
    },
};
use serde_json::json;
use store::{
    Entry as Act, Fault, Log, Outcome, Record, Store,
    basics::catalogue::Entry,
    granting::{Filing, agreement::Agreement},
    operation::{Column, demand::Demand, product::Product},
    party::Organisation,
    record,
};

pub const DISTRICTS: [&str; 20] = [
    "全市",
    "锦东区",
    "锦西区",
    "锦南区",
    "锦北区",
    "高新区",
    "天府新区",
    "青河县",
    "白鹭县",
    "云岭县",
    "龙潭区",
    "双桥区",
    "金沙区",
    "石马县",
    "望江区",
    "清溪县",
    "平安镇",
    "东郊新城",
    "空港新区",
    "经开区",
];
pub const OBJECTS: [&str; 48] = [
    "停车场",
    "公交线路",
    "地铁站点",
    "共享单车",
    "道路积水",
    "桥梁隧道",
    "空气质量",
    "地表水质",
    "噪声监测",
    "污染源",
    "垃圾清运",
    "公园绿地",
    "社保参保",
    "公积金缴存",
    "医保结算",
    "门诊预约",
    "疫苗接种",
    "养老机构",
    "幼儿园",
    "中小学",
    "职业院校",
    "图书馆",
    "博物馆",
    "体育场馆",
    "企业登记",
    "个体工商户",
    "行政许可",
    "行政处罚",
    "纳税信用",
    "招标公告",
    "政府采购",
    "商品房预售",
    "不动产登记",
    "房屋租赁",
    "用电量",
    "供水管网",
    "燃气安全",
    "消防设施",
    "电梯检验",
    "食品抽检",
    "药店分布",
    "农产品价格",
    "种植面积",
    "气象预警",
    "旅游客流",
    "酒店入住",
    "快递业务",
    "口岸通关",
];
pub const ASPECTS: [&str; 30] = [
    "基本信息",
    "运行状态",
    "年度统计",
    "月度汇总",
    "实时监测",
    "空间分布",
    "等级评定",
    "收费标准",
    "服务时间",
    "变更记录",
    "检查结果",
    "投诉受理",
    "容量负荷",
    "安全隐患",
    "能耗水平",
    "人员配备",
    "资金安排",
    "项目进度",
    "信用评价",
    "历史沿革",
    "应急资源",
    "维修养护",
    "资质证照",
    "需求预测",
    "质量评价",
    "使用频次",
    "开放目录",
    "地址编码",
    "联系方式",
    "经营指标",
];
pub const FORMS: [&str; 4] = ["数据", "名录", "明细", "指数"];
const BUREAUS: [&str; 30] = [
    "交通运输局",
    "生态环境局",
    "人力资源和社会保障局",
    "医疗保障局",
    "卫生健康委员会",
    "教育局",
    "文化广电旅游局",
    "体育局",
    "市场监督管理局",
    "税务局",
    "住房和城乡建设局",
    "规划和自然资源局",
    "水务局",
    "城市管理委员会",
    "公园城市建设管理局",
    "应急管理局",
    "消防救援支队",
    "农业农村局",
    "气象局",
    "商务局",
    "邮政管理局",
    "口岸与物流办公室",
    "发展和改革委员会",
    "经济和信息化局",
    "民政局",
    "司法局",
    "财政局",
    "公安局",
    "统计局",
    "行政审批局",
];
const REFRESH: [&str; 7] = ["实时", "每小时", "每日", "每周", "每月", "每季度", "每年"];

/// 伪随机 — splitmix64: the same numbers on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % (sides as u64)).unwrap_or(0)
    }

    pub fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.roll(words.len())]
    }
}

/// A number such as `ML-20250901-000Q2F`.
fn number(prefix: &str, place: usize) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let tail: String = (0..6).rev().map(|digit| char::from(DIGITS[(place >> (5 * digit)) % 32])).collect();
    format!("{prefix}-202509{:02}-{tail}", 1 + place % 28)
}

/// So many published entries, with grants and products of some of them.
pub async fn entries(store: &Store, n: usize, at: Timestamp) -> Result<(), Fault> {
    let (grants, products) = (n / 50, n / 20);
    for (place, bureau) in BUREAUS.iter().enumerate() {
        keep(
            store,
            &organisation(&format!("bureau-{place:02}"), &format!("锦川市{bureau}"), place, Role::DataProvider),
            "register",
            at,
        )
        .await?;
    }
    for place in 0..8 {
        let name =
            format!("锦川{}数据运营有限公司", ["城市", "交通", "健康", "金融", "文旅", "能源", "农业", "空间"][place]);
        keep(store, &organisation(&format!("operator-{place}"), &name, 40 + place, Role::Operator), "register", at)
            .await?;
    }
    together((0..n).map(|place| async move { keep(store, &entry(place), "publish", at).await })).await?;
    together((0..grants).map(|place| async move { keep(store, &agreement(place, n), "file", at).await })).await?;
    together((0..products).map(|place| async move {
        keep(store, &demand(place, n, grants), "supply", at).await?;
        keep(store, &product(place, grants), "publish", at).await
    }))
    .await
}

async fn together(acts: impl Iterator<Item = impl Future<Output = Result<(), Fault>>>) -> Result<(), Fault> {
    let mut acts = std::pin::pin!(stream::iter(acts).buffer_unordered(64));
    while let Some(kept) = acts.next().await {
        kept?;
    }
    Ok(())
}

async fn keep<R: Record>(store: &Store, record: &R, act: &str, at: Timestamp) -> Result<(), Fault> {
    let key = record::key::<R>(record.id());
    let act = Act {
        at,
        actor: "filler".to_owned(),
        org: "data-bureau".to_owned(),
        role: Role::ImplementingAgency.name().to_owned(),
        act: format!("{}.{act}", R::SUBJECT),
        policies: String::new(),
        subject: key.clone(),
        basis: "平台规则".to_owned(),
        outcome: Outcome::Done,
        command: format!("fill/{key}"),
        digest: [0; 32],
        salt: [7; 32],
        detail: json!({ "said": "填充", "state": "" }),
        reply: json!({ "done": { "id": record.id(), "subject": R::SUBJECT, "state": "" } }),
        reads: Vec::new(),
        writes: vec![record::write(record, 0)?],
    };
    store.commit(Log::Control, act).await.map(|_| ())
}

fn organisation(id: &str, name: &str, place: usize, role: Role) -> Organisation {
    Organisation {
        id: id.to_owned(),
        name: name.to_owned(),
        uscc: Uscc::complete(&format!("115101990051{place:05}")).expect("seventeen characters"),
        nature: if role == Role::Operator { Nature::LegalPerson } else { Nature::StateOrgan },
        level: Level::Municipal,
        region: String::new(),
        roles: vec![role],
        standing: Standing::InForce,
    }
}

/// Every name only once: the words are taken apart from the number of the entry, not thrown.
pub fn name(place: usize) -> String {
    let scattered = place.wrapping_mul(52_963) % (20 * 48 * 30 * 4); // no factor in common: no name comes twice
    let (district, rest) = (scattered % 20, scattered / 20);
    let (object, rest) = (rest % 48, rest / 48);
    let (aspect, form) = (rest % 30, rest / 30);
    format!("{}{}{}{}", DISTRICTS[district], OBJECTS[object], ASPECTS[aspect], FORMS[form])
}

fn entry(place: usize) -> Entry {
    let mut dice = Dice(place as u64);
    let name = name(place);
    let fields = (0..4 + dice.roll(9)).map(|field| Field {
        code: format!("c{field:02}"),
        name: format!("{}{}", dice.pick(&OBJECTS), dice.pick(&ASPECTS)),
        personal: if dice.roll(12) == 0 { Personal::General } else { Personal::None },
        ..Field::default()
    });
    let fields = fields.collect();
    let summary = format!(
        "{name}，由{}汇集，包括{}、{}和{}；用于{}的{}，按{}核对。",
        dice.pick(&BUREAUS),
        dice.pick(&ASPECTS),
        dice.pick(&ASPECTS),
        dice.pick(&ASPECTS),
        dice.pick(&DISTRICTS),
        dice.pick(&OBJECTS),
        dice.pick(&REFRESH)
    );
    Entry {
        id: number("ML", place),
        provider: format!("bureau-{:02}", dice.roll(BUREAUS.len())),
        agency: "data-bureau".to_owned(),
        content: Content {
            summary,
            source_duty: format!("{}的{}职责", dice.pick(&OBJECTS), dice.pick(&ASPECTS)),
            refresh: Cycle::named(dice.pick(&REFRESH)),
            sector: Some(Sector::ALL[dice.roll(Sector::ALL.len())]),
            grading: Grading::alike(if dice.roll(8) == 0 { Degree::General } else { Degree::None }, "按行业指引判断"),
            origin: if dice.roll(5) == 0 {
                Origin::Shared {
                    from: "省大数据中心".to_owned(), consent: format!("川数函〔2025〕{}号", place % 900)
                }
            } else {
                Origin::Own
            },
            fields,
            name,
            ..Content::default()
        },
        state: State::Published,
        version: 1,
        authors: Vec::new(),
        opinions: Vec::new(),
        returned: None,
        next: None,
        suspension: None,
        ending: None,
    }
}

fn agreement(place: usize, n: usize) -> Agreement {
    let mut dice = Dice(1 << 40 | place as u64);
    let necessity = || Necessity::new("专业性强，须由熟悉行业的机构运营").expect("grounds");
    let scope: BTreeMap<String, BTreeSet<String>> =
        (0..2 + dice.roll(9)).map(|_| (number("ML", dice.roll(n)), ["c00", "c01"].map(str::to_owned).into())).collect();
    let object = dice.pick(&OBJECTS);
    let clauses = [(Clause::Products, format!("{object}查询接口、{object}{}报告", dice.pick(&ASPECTS)))];
    Agreement {
        id: number("XY", place),
        title: format!("{}{object}公共数据授权运营协议（第{place}号）", dice.pick(&DISTRICTS)),
        selection: number("LX", place),
        plan: number("FA", place),
        agency: "data-bureau".to_owned(),
        operator: format!("operator-{}", dice.roll(8)),
        mode: match dice.roll(3) {
            0 => Mode::Whole,
            1 => Mode::Sector { sector: Sector::Transport, necessity: necessity() },
            _ => Mode::Scenario {
                scenario: Scenario { kind: ScenarioKind::Traffic, name: format!("{object}便民服务") },
                necessity: necessity(),
            },
        },
        scope: Scope(scope),
        clauses: Clauses(clauses.into()),
        period: Period { from: date(2025, 9, 1), until: date(2030, 8, 31) },
        state: [
            agreement::State::Filed,
            agreement::State::Filed,
            agreement::State::InForce,
            agreement::State::Suspended,
        ][dice.roll(4)],
        submitted_by: None,
        minutes: None,
        filing: Some(Filing { number: format!("川数备协议（模拟）{place:05}号"), date: date(2025, 9, 10) }),
        due: None,
        escalated: Vec::new(),
    }
}

fn demand(place: usize, n: usize, grants: usize) -> Demand {
    let mut dice = Dice(1 << 41 | place as u64);
    Demand {
        id: number("XQ", place),
        agreement: number("XY", dice.roll(grants.max(1))),
        operator: format!("operator-{}", dice.roll(8)),
        agency: "data-bureau".to_owned(),
        entry: number("ML", dice.roll(n)),
        provider: format!("bureau-{:02}", dice.roll(BUREAUS.len())),
        fields: ["c00", "c01"].map(str::to_owned).into(),
        purpose: Purpose::Industry,
        scenario: format!("{}{}服务", dice.pick(&DISTRICTS), dice.pick(&OBJECTS)),
        necessity: "自行采集无法覆盖全市，须以公共数据核验。".to_owned(),
        reasons: BTreeMap::new(),
        follows: None,
        followed: Vec::new(),
        state: demand::State::Supplied,
        refusal: None,
        due: None,
        escalated: Vec::new(),
    }
}

fn product(place: usize, grants: usize) -> Product {
    let mut dice = Dice(1 << 42 | place as u64);
    let object = dice.pick(&OBJECTS);
    let column = |number: usize, title: &str| Column {
        name: format!("c{number:02}"),
        title: title.to_owned(),
        kind: "文本".to_owned(),
    };
    Product {
        id: number("CP", place),
        name: format!("{}{object}{}接口", dice.pick(&DISTRICTS), dice.pick(&ASPECTS)),
        summary: format!("按条件查询{object}的{}和{}。", dice.pick(&ASPECTS), dice.pick(&ASPECTS)),
        demand: number("XQ", place),
        agreement: number("XY", dice.roll(grants.max(1))),
        operator: format!("operator-{}", dice.roll(8)),
        agency: "data-bureau".to_owned(),
        purpose: Purpose::ALL[dice.roll(Purpose::ALL.len())],
        recipe: json!({}),
        table: None,
        rows: dice.roll(5_000_000) as u64,
        columns: vec![column(0, dice.pick(&ASPECTS)), column(1, dice.pick(&ASPECTS))],
        price: Some(Price {
            fen_per_thousand_rows: dice.roll(3) as u64 * 50, basis: "准许成本加合理收益".to_owned()
        }),
        priced_by: None,
        state: product::State::Published,
    }
}
