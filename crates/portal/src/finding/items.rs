//! 检索对象 — what of each row can be found, and by whom.
//!
//! What everybody may find holds only what everybody may read: a word of a clause that is not disclosed
//! must not be guessed by searching for it.

use std::collections::HashMap;

use regulation::{Role, article, granting::agreement::Clause, operation::pricing};
use search::Item;
use store::{
    Fault, Record, Row, Store,
    basics::catalogue::Entry,
    granting::{agreement::Agreement, plan::Plan, selection::Selection},
    operation::{demand::Demand, product::Product, supply::Supply, use_agreement::UseAgreement},
    party::Organisation,
    record::key,
};

use super::PUBLIC;
use crate::public;

/// The form of what is kept: an index of another form is built anew.
pub const FORM: u32 = 2;

/// 分面 — what can be counted and chosen.
pub const FACETS: &[&str] =
    &["provider", "sector", "refresh", "grade", "personal", "origin", "operator", "purpose", "charge", "mode", "state"];

/// 主题 — whose rows can be found.
pub const SUBJECTS: [&str; 8] =
    ["entry", "plan", "selection", "agreement", "demand", "supply", "product", "use_agreement"];

/// How many entries of a scope are found by their names.
const SCOPE: usize = 50;

/// 名称簿 — the names of organisations, each read once.
#[derive(Debug)]
pub struct Names {
    store: Store,
    known: HashMap<String, String>,
}

impl Names {
    /// A book that is still empty.
    pub fn of(store: Store) -> Self {
        Self { store, known: HashMap::new() }
    }

    /// The name of an organisation; its number where it is not registered.
    pub async fn org(&mut self, id: &str) -> Result<String, Fault> {
        if let Some(name) = self.known.get(id) {
            return Ok(name.clone());
        }
        let Some((organisation, _)) = self.store.get::<Organisation>(id).await? else { return Ok(id.to_owned()) };
        self.known.insert(id.to_owned(), organisation.name.clone());
        Ok(organisation.name)
    }

    /// Takes note of an organisation's row; tells whether one that was known goes by another name now.
    pub fn renamed(&mut self, row: &Row) -> Result<bool, Fault> {
        let organisation: Organisation = row.read()?;
        let name = organisation.name.clone();
        let known = self.known.insert(organisation.id, organisation.name);
        Ok(known.is_some_and(|known| known != name))
    }

    async fn entry(&self, id: &str) -> Result<String, Fault> {
        Ok(self.store.get::<Entry>(id).await?.map_or_else(|| id.to_owned(), |(entry, _)| entry.content.name))
    }
}

/// 本单位.
pub fn of_organisation(org: &str) -> String {
    format!("单位:{org}")
}

/// 本身份.
pub fn of_role(role: Role) -> String {
    format!("身份:{role}")
}

/// Those whose file it is, and those who read every file.
fn parties<R: Record>(record: &R) -> Vec<String> {
    let mut audience = vec![of_role(Role::ImplementingAgency), of_role(Role::Auditor)];
    audience.extend(record.parties().iter().map(|(_, org)| of_organisation(org)));
    audience
}

/// 检索对象 of a row; nothing of subjects that are not searched for.
pub async fn item(row: &Row, names: &mut Names) -> Result<Option<Item>, Fault> {
    let mut item = match row.subject() {
        "entry" => entry(row.read()?, names).await?,
        "agreement" => agreement(row.read()?, names).await?,
        "product" => product(row.read()?, names).await?,
        "demand" => demand(row.read()?, names).await?,
        "supply" => supply(row.read()?, names).await?,
        "plan" => plan(row.read()?, names).await?,
        "selection" => selection(&row.read()?, names).await?,
        "use_agreement" => use_agreement(&row.read()?, names).await?,
        _ => return Ok(None),
    };
    item.key.clone_from(&row.key);
    row.subject().clone_into(&mut item.kind);
    item.numbers.push(row.id().to_owned());
    item.updated = u64::try_from(row.position).unwrap_or(0);
    Ok(Some(item))
}

fn facets<const N: usize>(facets: [(&str, String); N]) -> Vec<(String, String)> {
    facets.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

async fn entry(entry: Entry, names: &mut Names) -> Result<Item, Fault> {
    let provider = names.org(&entry.provider).await?;
    let mut audience = parties(&entry);
    audience.push(of_role(Role::Operator)); // demands are made from the catalogue
    if entry.state.disclosed() {
        audience.push(PUBLIC.to_owned());
    }
    let content = entry.content;
    let mut body = vec![content.summary.clone(), content.source_duty.clone()];
    body.extend(content.fields.iter().map(|field| format!("{} {}", field.name, field.code)));
    Ok(Item {
        facets: facets([
            ("provider", provider.clone()),
            ("sector", content.sector_name().to_owned()),
            ("refresh", content.refresh_name().to_owned()),
            ("grade", content.grade_name().to_owned()),
            ("personal", public::catalogue::personal(&content).to_owned()),
            ("origin", public::catalogue::origin(&content).to_owned()),
            ("state", entry.state.to_string()),
        ]),
        title: content.name,
        owner: provider,
        body: body.join("\n"),
        audience,
        ..Item::default()
    })
}

async fn agreement(agreement: Agreement, names: &mut Names) -> Result<Item, Fault> {
    let operator = names.org(&agreement.operator).await?;
    let mut audience = parties(&agreement);
    if public::grants::disclosed(&agreement) {
        audience.push(PUBLIC.to_owned());
    }
    let mut body = vec![agreement.clauses.0.get(&Clause::Products).cloned().unwrap_or_default()];
    for entry in agreement.scope.0.keys().take(SCOPE) {
        body.push(names.entry(entry).await?);
    }
    Ok(Item {
        numbers: agreement.filing.iter().map(|filing| filing.number.clone()).collect(),
        facets: facets([
            ("operator", operator.clone()),
            ("mode", agreement.mode.name().to_owned()),
            ("state", agreement.state.to_string()),
        ]),
        about: agreement.scope.0.keys().map(|entry| key::<Entry>(entry)).collect(),
        title: agreement.title,
        owner: operator,
        body: body.join("\n"),
        audience,
        ..Item::default()
    })
}

async fn product(product: Product, names: &mut Names) -> Result<Item, Fault> {
    let operator = names.org(&product.operator).await?;
    let mut audience = parties(&product);
    if public::products::offered(&product) {
        audience.push(PUBLIC.to_owned());
    }
    let mut about = vec![key::<Demand>(&product.demand), key::<Agreement>(&product.agreement)];
    let demand = names.store.get::<Demand>(&product.demand).await?;
    about.extend(demand.map(|(demand, _)| key::<Entry>(&demand.entry)));
    let columns = product.columns.iter().map(|column| format!("{} {}", column.title, column.name));
    let body: Vec<String> = std::iter::once(product.summary.clone()).chain(columns).collect();
    let charge = if pricing::free(product.purpose)
        || product.price.as_ref().is_none_or(|price| price.fen_per_thousand_rows == 0)
    {
        "免费"
    } else {
        "收费"
    };
    Ok(Item {
        facets: facets([
            ("operator", operator.clone()),
            ("purpose", product.purpose.to_string()),
            ("charge", charge.to_owned()),
            ("state", product.state.to_string()),
        ]),
        about,
        title: product.name,
        owner: operator,
        body: body.join("\n"),
        audience,
        ..Item::default()
    })
}

async fn demand(demand: Demand, names: &mut Names) -> Result<Item, Fault> {
    let operator = names.org(&demand.operator).await?;
    let body = [demand.necessity.clone(), names.entry(&demand.entry).await?, names.org(&demand.provider).await?];
    Ok(Item {
        audience: parties(&demand),
        facets: facets([("operator", operator.clone()), ("state", demand.state.to_string())]),
        about: vec![key::<Entry>(&demand.entry), key::<Agreement>(&demand.agreement)],
        title: demand.scenario,
        owner: operator,
        body: body.join("\n"),
        ..Item::default()
    })
}

async fn supply(supply: Supply, names: &mut Names) -> Result<Item, Fault> {
    let provider = names.org(&supply.provider).await?;
    let demand = names.store.get::<Demand>(&supply.demand).await?;
    Ok(Item {
        audience: demand.map(|(demand, _)| parties(&demand)).unwrap_or_default(),
        numbers: vec![supply.batch.clone()],
        about: vec![key::<Demand>(&supply.demand), key::<Entry>(&supply.entry)],
        title: names.entry(&supply.entry).await?,
        owner: provider,
        body: supply.file,
        ..Item::default()
    })
}

async fn plan(plan: Plan, names: &mut Names) -> Result<Item, Fault> {
    use regulation::granting::plan::Section;
    let said = |section: &Section| plan.content.sections.0.get(section).cloned().unwrap_or_default();
    Ok(Item {
        audience: parties(&plan),
        numbers: plan.filing.iter().map(|filing| filing.number.clone()).collect(),
        facets: facets([("mode", plan.mode.name().to_owned()), ("state", plan.state.to_string())]),
        about: plan.content.scope.0.keys().map(|entry| key::<Entry>(entry)).collect(),
        title: said(&Section::Name),
        owner: names.org(&plan.agency).await?,
        body: said(&Section::Products),
        ..Item::default()
    })
}

async fn selection(selection: &Selection, names: &mut Names) -> Result<Item, Fault> {
    let operator = match &selection.operator {
        Some(operator) => names.org(operator).await?,
        None => String::new(),
    };
    let mut audience = parties(selection);
    audience.push(PUBLIC.to_owned()); // announced to everybody
    Ok(Item {
        audience,
        facets: facets([("state", selection.state.to_string())]),
        about: vec![key::<Plan>(&selection.plan)],
        title: crate::list::short(selection.notice.split(['。', '\n']).next().unwrap_or_default()),
        owner: names.org(&selection.agency).await?,
        body: format!("{operator}\n{}", selection.notice),
        ..Item::default()
    })
}

async fn use_agreement(agreement: &UseAgreement, names: &mut Names) -> Result<Item, Fault> {
    let product = names.store.get::<Product>(&agreement.product).await?;
    Ok(Item {
        audience: parties(agreement),
        facets: facets([("state", agreement.state.to_string())]),
        about: vec![key::<Product>(&agreement.product)],
        title: product.map(|(product, _)| product.name).unwrap_or_default(),
        owner: names.org(&agreement.entity).await?,
        body: names.org(&agreement.operator).await?,
        ..Item::default()
    })
}

/// 条文 — the gists of the Measures, which stand in no row.
pub fn articles() -> Vec<Item> {
    let told = |number: u16| {
        let provision = article(number);
        Some(Item {
            key: format!("law/{number}"),
            kind: "law".into(),
            title: provision.to_string(),
            body: provision.gist()?.to_owned(),
            audience: vec![PUBLIC.to_owned()],
            ..Item::default()
        })
    };
    (1..=37).filter_map(told).collect()
}
