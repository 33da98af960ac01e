//! 公共数据产品和服务 — built from what was supplied, priced, published (Articles 21, 24 and 25).

use lake::{Raw, Recipe};
use regulation::{
    article,
    operation::{
        demand,
        pricing::Price,
        product::{Act, Fault, PROCEDURE, State},
    },
};
use serde::{Deserialize, Serialize};
use store::{
    basics::catalogue::Entry,
    operation::{TableVersion, demand::Demand, product::Product, supply::Supply},
};

use super::supply::column;
use crate::{File, Recorded, Refused};

/// 加工.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Build {
    /// 数据需求
    pub demand: String,
    /// 名称
    pub name: String,
    /// 简介
    pub summary: String,
    /// 加工说明
    pub recipe: Recipe,
}

/// 加工 — a query over what was supplied: only demanded fields, personal ones masked.
pub async fn build(mut file: File<'_>, ask: &Build) -> Result<Recorded, Refused> {
    file.entitled("product.build", "加工产品")?;
    let demand: Demand = file.read("数据需求", &ask.demand).await?;
    let number = file.number("CP");
    let mut product = Product {
        id: number.clone(),
        name: ask.name.trim().to_owned(),
        summary: ask.summary.trim().to_owned(),
        demand: demand.id.clone(),
        agreement: demand.agreement.clone(),
        operator: demand.operator.clone(),
        agency: demand.agency.clone(),
        purpose: demand.purpose,
        recipe: serde_json::to_value(&ask.recipe).unwrap_or_default(),
        table: None,
        rows: 0,
        columns: Vec::new(),
        price: None,
        priced_by: None,
        state: State::Planned,
    };
    let step = file.step(&PROCEDURE, (product.state, Act::Build), &product)?;
    let raw = supplied(&file, &demand).await?;
    let entry: Entry = file.read("目录条目", &demand.entry).await?;
    check_recipe(&ask.recipe, &demand, &entry)?;
    let table = super::supply::table(&number);
    let built = file.office.lake.build(&table, &raw, &ask.recipe, &number).await.map_err(|fault| match fault {
        lake::Fault::Storage(..) | lake::Fault::Full(_) => Refused::Lake(fault),
        fault => Fault::Recipe(fault.to_string()).into(),
    })?;
    product.table = Some(TableVersion { table: built.product.table, version: built.product.version });
    product.rows = built.rows;
    product.columns = built.columns.iter().map(column).collect();
    product.state = step.to;
    file.write(&product)?;
    file.record("build", &product, product.state.name(), step.basis, ask)
}

/// The raw data of the demand's last supply.
async fn supplied(file: &File<'_>, demand: &Demand) -> Result<Raw, Refused> {
    if demand.state != demand::State::Supplied {
        return Err(Fault::NotSupplied(demand.id.clone()).into());
    }
    let key = store::record::key::<Demand>(&demand.id);
    let supplies = file.office.store.children::<Supply>(&key).await.map_err(Refused::unavailable)?;
    let last = supplies.into_iter().max_by_key(|supply| supply.raw.version);
    let raw = last.ok_or_else(|| Fault::NotSupplied(demand.id.clone()))?.raw;
    Ok(Raw { table: raw.table, version: raw.version })
}

/// 字段只减不增；个人信息须脱敏 — over every column that the recipe takes or filters by.
fn check_recipe(recipe: &Recipe, demand: &Demand, entry: &Entry) -> Result<(), Fault> {
    if recipe.columns.is_empty() {
        return Err(Fault::Empty);
    }
    let personal = |code: &str| entry.content.fields.iter().any(|field| field.personal.any() && field.code == code);
    let taken = recipe.columns.iter().map(|take| take.column.as_str());
    let asked = recipe.filter.iter().map(|condition| condition.column.as_str());
    if let Some(beyond) = taken.chain(asked).find(|code| !demand.fields.contains(*code)) {
        return Err(Fault::BeyondDemand(beyond.to_owned()));
    }
    match recipe.columns.iter().find(|take| take.mask.is_none() && personal(&take.column)) {
        Some(take) => Err(Fault::Unmasked(take.column.clone())),
        None => Ok(()),
    }
}

/// 报价 — free for governance and welfare, explained for the rest.
pub async fn propose_price(mut file: File<'_>, id: &str, price: &Price) -> Result<Recorded, Refused> {
    let mut product: Product = file.read("产品", id).await?;
    let step = file.step(&PROCEDURE, (product.state, Act::ProposePrice), &product)?;
    price.check(product.purpose)?;
    product.price = Some(price.clone());
    product.priced_by = Some(file.acting.person.clone());
    product.state = step.to;
    file.write(&product)?;
    file.record("propose_price", &product, product.state.name(), step.basis, price)
}

/// 核定价格、退回报价、上架、下架 — the steps that need nothing but the table's leave.
pub async fn advance(mut file: File<'_>, id: &str, act: Act, reason: &str) -> Result<Recorded, Refused> {
    let mut product: Product = file.read("产品", id).await?;
    let step = file.step(&PROCEDURE, (product.state, act), &product)?;
    product.state = step.to;
    file.write(&product)?;
    let name = match act {
        Act::ApprovePrice => "approve_price",
        Act::ReturnPrice => "return_price",
        Act::Publish => "publish",
        Act::Withdraw => "withdraw",
        Act::Build | Act::ProposePrice => return Err(Fault::Recipe(article(25).to_string()).into()),
    };
    file.record(name, &product, product.state.name(), step.basis, &reason)
}
