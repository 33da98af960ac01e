//! 统计 — each indicator with how it is counted, as a table first: drawn where there is a script, downloaded as CSV or JSON.

use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Response},
};
use regulation::{Provision, supervision::disclosure};
use serde::Serialize;
use serde_json::json;
use workflow::{
    RefusalSort, Refused,
    supervision::statistics::{Figures, Flow, Month, Timeliness},
};

use crate::{
    Door, answer,
    export::{self, About, Cell},
    frame::{Frame, count, date},
    names, session,
};

/// How many months a table goes back.
const MONTHS: usize = 24;

/// The subjects that are counted by state and by month, in the order of the Measures.
const SUBJECTS: [&str; 8] =
    ["entry", "plan", "selection", "agreement", "demand", "product", "use_agreement", "feedback"];

/// 指标 — a table whose first column names its rows; what is not known is left empty.
#[derive(Clone, Debug, Serialize)]
pub struct Indicator {
    /// 地址里的名称
    pub code: &'static str,
    /// 名称
    pub title: &'static str,
    /// 口径
    pub definition: String,
    /// bar 柱、line 线
    pub kind: &'static str,
    /// 单位
    pub unit: &'static str,
    /// 各列名称，第一列是各行的名目
    pub head: Vec<String>,
    /// 各行：名目与各列的数
    pub rows: Vec<(String, Vec<Option<i64>>)>,
}

#[derive(Template)]
#[template(path = "public/statistics.html")]
struct Page {
    frame: Frame,
    on: String,
    position: String,
    calendar: String,
    basis: Provision,
    indicators: Vec<Indicator>,
}

impl Page {
    /// 52,584, whatever its sign.
    #[expect(
        clippy::unused_self,
        clippy::trivially_copy_pass_by_ref,
        reason = "the template asks its page, by reference"
    )]
    fn told(&self, value: &i64) -> String {
        let sign = if *value < 0 { "-" } else { "" };
        format!("{sign}{}", count(value.unsigned_abs()))
    }
}

/// 统计.
pub async fn show(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build(&door, &headers).await, &headers, &uri)
}

async fn build(door: &Door, headers: &HeaderMap) -> answer::Page {
    let visitor = session::visitor(door, headers).await?;
    let figures = door.office.figures(door.now()).await?;
    Ok(answer::page(&Page {
        frame: Frame::new("统计", "statistics", visitor.as_ref()),
        on: date(figures.on),
        position: count(figures.position),
        calendar: figures.calendar.clone(),
        basis: disclosure::BASIS,
        indicators: indicators(&figures),
    }))
}

/// 统计（程序）.
pub async fn json(State(door): State<Door>, headers: HeaderMap, uri: Uri) -> Response {
    let figures = door.office.figures(door.now()).await;
    let told = |figures: &Figures| {
        Json(json!({
            "on": figures.on, "log_position": figures.position, "calendar": figures.calendar,
            "legal_basis": disclosure::BASIS, "indicators": indicators(figures),
        }))
        .into_response()
    };
    answer::faced(figures.map(|figures| told(&figures)).map_err(Into::into), &headers, &uri)
}

/// 下载一项指标 — `terms.csv`, `terms.xlsx`, `terms.json`.
pub async fn download(State(door): State<Door>, Path(file): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    let figures = match door.office.figures(door.now()).await {
        Ok(figures) => figures,
        Err(refused) => return answer::told(&refused, &headers, &uri),
    };
    let (code, format) = file.rsplit_once('.').unwrap_or((&file, ""));
    let found = indicators(&figures).into_iter().find(|indicator| indicator.code == code);
    match (found, format) {
        (Some(indicator), "json") => Json(indicator).into_response(),
        (Some(indicator), "csv" | "xlsx") => {
            let about = About {
                file: indicator.code,
                name: indicator.title.into(),
                meaning: indicator.definition.into(),
                query: String::new(),
                total: indicator.rows.len(),
                at: door.now(),
            };
            let head: Vec<&str> = indicator.head.iter().map(String::as_str).collect();
            let line = |(name, values): (String, Vec<Option<i64>>)| {
                std::iter::once(name.into()).chain(values.into_iter().map(Cell::from)).collect()
            };
            let lines = indicator.rows.into_iter().map(line).collect();
            export::table(about, &head, lines, (&headers, &uri)).await
        }
        _ => answer::told(&Refused::Missing { what: "统计指标", id: file.clone() }, &headers, &uri),
    }
}

/// 全部指标.
pub fn indicators(figures: &Figures) -> Vec<Indicator> {
    let mut all = vec![terms(figures), begun(figures)];
    all.extend(SUBJECTS.iter().map(|subject| states(figures, subject)));
    all.extend([supplied(figures), accessed(figures), refusals(figures), grounds(figures)]);
    all
}

fn head(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "a cell may be empty")]
fn whole(number: u64) -> Option<i64> {
    Some(i64::try_from(number).unwrap_or(i64::MAX))
}

/// 办理时效.
fn terms(figures: &Figures) -> Indicator {
    let row = |one: &Timeliness| {
        let cells = [whole(one.done), Some(one.length.into()), Some(one.median), Some(one.longest), Some(one.rate())];
        (one.name.clone(), cells.to_vec())
    };
    Indicator {
        code: "terms",
        title: "各期限的办理时效",
        definition: "自期限起算之日的次日至办结之日，按现行工作日历计工作日；中位数是一半以上的件数在这么多个工作日内办结；\
                     按期率是届满之日（含）以前办结的件数占办结件数的百分比，期限以起算之日的规定为准。在办的不计，逾期的办结之后计入。"
            .into(),
        kind: "bar",
        unit: "",
        head: head(&["期限", "办结（件）", "期限（工作日）", "中位数（工作日）", "最长（工作日）", "按期率（%）"]),
        rows: figures.terms.iter().map(row).collect(),
    }
}

/// 每月新增.
fn begun(figures: &Figures) -> Indicator {
    let months: std::collections::BTreeSet<_> = figures.begun.keys().map(|(_, month)| *month).collect();
    let latest = months.into_iter().rev().take(MONTHS);
    let row = |month| {
        let cells = SUBJECTS.iter().map(|subject| whole(figures.begun.get(&(subject, month)).copied().unwrap_or(0)));
        (month.to_string(), cells.collect())
    };
    let mut rows: Vec<_> = latest.map(row).collect();
    rows.reverse();
    Indicator {
        code: "begun",
        title: "每月新增",
        definition: format!("各类事项在当月第一次记入办理日志的件数，含后来退回、终止的；最近{MONTHS}个月。"),
        kind: "line",
        unit: "件",
        head: std::iter::once("月份").chain(SUBJECTS.map(names::subject)).map(str::to_owned).collect(),
        rows,
    }
}

/// 各状态的件数.
fn states(figures: &Figures, subject: &'static str) -> Indicator {
    let here = figures.states.iter().filter(|((of, _), rows)| *of == subject && **rows > 0);
    let (code, title) = match subject {
        "entry" => ("entries", "授权运营目录条目"),
        "plan" => ("plans", "实施方案"),
        "selection" => ("selections", "选择运营机构"),
        "agreement" => ("grants", "授权运营协议"),
        "demand" => ("demands", "数据需求"),
        "product" => ("products", "公共数据产品和服务"),
        "use_agreement" => ("use-agreements", "数据开发利用协议"),
        _ => ("feedback", "社会监督来件"),
    };
    Indicator {
        code,
        title,
        definition: "现在各状态的件数；一件只在一个状态里。".into(),
        kind: "bar",
        unit: "件",
        head: head(&["状态", "件数"]),
        rows: here.map(|((_, state), rows)| ((*state).to_owned(), vec![whole(*rows)])).collect(),
    }
}

/// 供给.
fn supplied(figures: &Figures) -> Indicator {
    let row = |(month, flow): (&Month, &Flow)| {
        (month.to_string(), vec![whole(flow.times), whole(flow.rows), whole(flow.bytes)])
    };
    Indicator {
        code: "supplied",
        title: "每月供给",
        definition: "公共数据提供单位经市一体化政务大数据平台供给的批次数、行数和字节数，含更新。".into(),
        kind: "line",
        unit: "",
        head: head(&["月份", "批次", "行数", "字节数"]),
        rows: latest(figures.supplied.iter().map(row)),
    }
}

/// 取数.
fn accessed(figures: &Figures) -> Indicator {
    let row = |(month, flow): (&Month, &Flow)| {
        (month.to_string(), vec![whole(flow.times), whole(flow.rows), whole(flow.refused)])
    };
    Indicator {
        code: "accessed",
        title: "每月取数",
        definition: "存取日志中当月放行的取数次数和行数，以及不予放行的次数；只计次数，不含由谁取、取了什么。".into(),
        kind: "line",
        unit: "",
        head: head(&["月份", "放行（次）", "行数", "不予放行（次）"]),
        rows: latest(figures.accessed.iter().map(row)),
    }
}

/// 不予办理.
fn refusals(figures: &Figures) -> Indicator {
    let bases: std::collections::BTreeSet<&str> = figures.refusals.keys().map(|(basis, _)| basis.as_str()).collect();
    let row = |basis: &str| {
        let sort = |sort| figures.refusals.get(&(basis.to_owned(), sort)).copied().unwrap_or(0);
        let cells = [RefusalSort::Role, RefusalSort::State, RefusalSort::Content].map(|one| whole(sort(Some(one))));
        (basis.to_owned(), cells.to_vec())
    };
    Indicator {
        code: "refusals",
        title: "平台不予办理",
        definition: "平台当场不予办理的次数，按所引依据和原因分；登录、单位、人员和规则的事项不计。".into(),
        kind: "bar",
        unit: "次",
        head: head(&["依据", "办理人不对", "时机不对", "内容不合规定"]),
        rows: bases.into_iter().map(row).collect(),
    }
}

/// 审核不通过的依据.
fn grounds(figures: &Figures) -> Indicator {
    Indicator {
        code: "grounds",
        title: "数据需求不予通过的依据",
        definition: "实施机构、公共数据提供单位审核数据需求不予通过时所引的条款（第二十三条第一款），一件引几条计几次；本办法以外的合为一行。".into(),
        kind: "bar",
        unit: "次",
        head: head(&["条款", "次数"]),
        rows: figures.grounds.iter().map(|(law, times)| (law.clone(), vec![whole(*times)])).collect(),
    }
}

/// The latest months, the oldest of them first.
fn latest(rows: impl DoubleEndedIterator<Item = (String, Vec<Option<i64>>)>) -> Vec<(String, Vec<Option<i64>>)> {
    let mut rows: Vec<_> = rows.rev().take(MONTHS).collect();
    rows.reverse();
    rows
}
