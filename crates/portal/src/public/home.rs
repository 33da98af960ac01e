//! 首页 — where the public begins: search, four numbers, who they are, what has happened lately.

use askama::Template;
use axum::{extract::State, http::HeaderMap};
use regulation::{Role, basics::catalogue, operation::product};
use workflow::{Refused, supervision::statistics::RECENT_DAYS};

use super::announcements::{Told, latest};
use crate::{
    Door, answer,
    frame::{Frame, count, date},
    session,
};

/// How many happenings the first page shows.
const LATEST: usize = 6;

/// 我是…… — who may come, in the order in which the Measures name them, and what they come for.
#[rustfmt::skip] // It is a table; let it look like one.
const ENTRANCES: &[(Role, &str, &str)] = &[
    (Role::DataProvider,        "公共数据提供单位", "编制授权运营目录，审核数据需求，供给数据"),
    (Role::MunicipalDepartment, "市级部门",         "确有需要的，申请分领域或者依场景授权"),
    (Role::DistrictGovernment,  "区县政府",         "确有需要的，申请依场景授权"),
    (Role::Operator,            "运营机构",         "签订协议，提出需求，开发产品和服务"),
    (Role::BusinessEntity,      "企业等经营主体",   "找产品，签订开发利用协议，取得凭据"),
];

#[derive(Template)]
#[template(path = "public/home.html")]
struct Page {
    frame: Frame,
    numbers: Vec<Number>,
    entrances: &'static [(Role, &'static str, &'static str)],
    latest: Vec<Told>,
}

/// 一个数 — what it is, how it is counted, and the list behind it.
struct Number {
    name: &'static str,
    value: String,
    unit: &'static str,
    counted: String,
    path: &'static str,
}

/// 首页.
pub async fn show(State(door): State<Door>, headers: HeaderMap) -> answer::Page {
    let visitor = session::visitor(&door, &headers).await?;
    let page = Page {
        frame: Frame::new("首页", "home", visitor.as_ref()),
        numbers: numbers(&door).await?,
        entrances: ENTRANCES,
        latest: latest(&door, 0, LATEST).await?,
    };
    Ok(answer::page(&page))
}

async fn numbers(door: &Door) -> Result<Vec<Number>, Refused> {
    let figures = door.office.figures(door.now()).await?;
    let number = |name, value, unit, counted: &str, path| Number { name, value, unit, counted: counted.into(), path };
    let standing = |subject, state| count(figures.standing(subject, state));
    let recent = match figures.recent {
        Some(recent) => (recent.average(), format!("近{RECENT_DAYS}日审核办结的{}件，自提交次日起算", recent.done)),
        None => ("—".to_owned(), format!("近{RECENT_DAYS}日没有审核办结的需求")),
    };
    Ok(vec![
        number(
            "授权运营目录条目",
            standing("entry", catalogue::State::Published.name()),
            "条",
            "已核验发布的",
            "/catalogue",
        ),
        number(
            "在期授权",
            count(figures.in_period),
            "项",
            &format!("截至{}，协议在期限内并且没有暂停", date(figures.on)),
            "/grants",
        ),
        number(
            "已上架产品",
            standing("product", product::State::Published.name()),
            "个",
            "正在提供的产品和服务",
            "/products",
        ),
        number("数据需求平均审核", recent.0, "个工作日", &recent.1, "/statistics#terms"),
    ])
}
