//! 取数 — the gate checks the whole chain, the access is recorded, then the rows leave (Articles 19 and 25).
//!
//! The page is read and its digest taken first, the record names exactly those bytes, and only a
//! durable record lets them go. Inside the recording transaction the versions of every row of the
//! chain are compared with those the grant was compiled from; had one changed, nothing is recorded,
//! the grant is forgotten and the chain is walked anew.

use std::sync::Arc;

use delivery::{Chain, Denied, Grant, Token};
use jiff::Timestamp;
use lake::{Ask, Column};
use regulation::{Provision, Role, article};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{
    Entry, Fault, Log, Outcome,
    basics::catalogue::Entry as Offered,
    granting::{agreement::Agreement, plan::Plan},
    operation::{credential::Credential, demand::Demand, product::Product, use_agreement::UseAgreement},
    record::{Record, key},
};

use crate::{Notice, Office, Refused, acting::day, office::hex};

const BASIS: Provision = article(25).paragraph(1);

/// How often the chain is walked anew because it changed while rows were read.
const ATTEMPTS: usize = 4;

/// 已放行 — rows whose access is durably recorded.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// 各列
    pub columns: Vec<Column>,
    /// JSON 数组
    pub json: Vec<u8>,
    /// 行数
    pub count: usize,
    /// 下一页
    pub next: Option<u64>,
    /// 产品数据版本
    pub version: i64,
    /// 存取日志位置
    pub position: u64,
}

/// 取数 — `header` is the `Authorization` header as it came.
pub async fn rows(
    office: &Office,
    header: Option<&str>,
    product: &str,
    ask: &Ask,
    at: Timestamp,
) -> Result<Delivered, Refused> {
    let Some(token) = header.and_then(Token::parse) else {
        return Err(refuse(office, "-", product, Denied::NoCredential, at).await);
    };
    for _ in 0..ATTEMPTS {
        let grant = match admit(office, &token, product, at).await? {
            Ok(grant) => grant,
            Err(denied) => return Err(refuse(office, token.credential, product, denied, at).await),
        };
        let table = lake::Product { table: grant.table.clone(), version: grant.version };
        let page = office.lake.page(&table, ask).await.map_err(asked_wrongly)?;
        let digest: [u8; 32] = Sha256::digest(&page.json).into();
        let detail = json!({
            "product": product, "version": grant.version, "use_agreement": grant.use_agreement,
            "ask": ask, "rows": page.count, "bytes": page.json.len(), "sha256": hex(&digest),
        });
        let entry =
            entry(office, (&grant.credential, &grant.entity), product, at, (Outcome::Done, BASIS.to_string(), detail));
        match office.store.commit(Log::Access, Entry { reads: grant.rows.clone(), ..entry }).await {
            Ok(committed) => {
                return Ok(Delivered {
                    columns: page.columns,
                    json: page.json,
                    count: page.count,
                    next: page.next,
                    version: grant.version,
                    position: committed.position,
                });
            }
            Err(Fault::Stale) => office.gate.forget(&grant.rows.iter().map(|(key, _)| key.as_str())),
            Err(fault) => return Err(Refused::unavailable(fault)),
        }
    }
    Err(Refused::unavailable(Fault::Stale))
}

/// The grant behind a token: from the gate, or compiled from the chain as it stands.
async fn admit(
    office: &Office,
    token: &Token<'_>,
    product: &str,
    at: Timestamp,
) -> Result<Result<Arc<Grant>, Denied>, Refused> {
    let grant = match office.gate.find(token.credential) {
        Some(grant) => grant,
        None => match chain(office, token.credential).await?.map(|chain| chain.compile(token.secret)) {
            Some(Ok(grant)) => office.gate.keep(grant),
            Some(Err(denied)) => return Ok(Err(denied)),
            None => return Ok(Err(Denied::Unknown)),
        },
    };
    Ok(grant.admit(token.secret, product, day(at)).map(|()| grant))
}

/// Reads every link of a credential's chain; a chain with a missing link is no chain.
async fn chain(office: &Office, credential: &str) -> Result<Option<Chain>, Refused> {
    let mut rows = Vec::new();
    macro_rules! link {
        ($record:ty, $id:expr) => {
            match link::<$record>(office, $id, &mut rows).await? {
                Some(record) => record,
                None => return Ok(None),
            }
        };
    }
    let credential = link!(Credential, credential);
    let use_agreement = link!(UseAgreement, &credential.use_agreement);
    let product = link!(Product, &use_agreement.product);
    let demand = link!(Demand, &product.demand);
    let offered = link!(Offered, &demand.entry);
    let agreement = link!(Agreement, &demand.agreement);
    let plan = link!(Plan, &agreement.plan);
    Ok(Some(Chain {
        credential: credential.id,
        secret_sha256: credential.secret_sha256,
        credential_state: credential.state,
        credential_until: credential.until,
        entity: credential.entity,
        use_agreement: use_agreement.id,
        use_agreement_state: use_agreement.state,
        use_period: use_agreement.period,
        product: product.id,
        product_state: product.state,
        table: product.table.map(|table| (table.table, table.version)),
        demand_state: demand.state,
        entry_state: offered.state,
        entry_until: offered.ending.map(|ending| ending.last_day),
        agreement_state: agreement.state,
        agreement_period: agreement.period,
        plan_state: plan.state,
        rows,
    }))
}

async fn link<R: Record>(office: &Office, id: &str, rows: &mut Vec<(String, i64)>) -> Result<Option<R>, Refused> {
    let found = office.store.get::<R>(id).await.map_err(Refused::unavailable)?;
    Ok(found.map(|(record, version)| {
        rows.push((key::<R>(id), version));
        record
    }))
}

/// 不予提供也记录 — a refusal at the gate is an access record of its own.
async fn refuse(office: &Office, credential: &str, product: &str, denied: Denied, at: Timestamp) -> Refused {
    let notice = Notice::of(&denied);
    let detail = serde_json::to_value(&notice).unwrap_or(Value::Null);
    let entry = entry(office, (credential, "-"), product, at, (Outcome::Refused, notice.basis.clone(), detail));
    match office.store.commit(Log::Access, entry).await {
        Ok(_) if denied.unidentified() => Refused::Unidentified(notice),
        Ok(_) => Refused::Against(notice),
        Err(fault) => Refused::unavailable(fault),
    }
}

fn entry(
    office: &Office,
    (credential, entity): (&str, &str),
    product: &str,
    at: Timestamp,
    (outcome, basis, detail): (Outcome, String, Value),
) -> Entry {
    let command: [u8; 16] = office.random();
    Entry {
        at,
        actor: credential.to_owned(),
        org: entity.to_owned(),
        role: Role::BusinessEntity.name().to_owned(),
        act: "access.rows".to_owned(),
        subject: key::<Product>(product),
        basis,
        policies: office.competence().digest.clone(),
        outcome,
        command: hex(&command),
        digest: [0; 32],
        salt: office.random(),
        detail,
        reply: Value::Null,
        reads: Vec::new(),
        writes: Vec::new(),
    }
}

/// A question that the product cannot answer: unknown column, wrong type.
fn asked_wrongly(fault: lake::Fault) -> Refused {
    match fault {
        lake::Fault::Mistake(mistake) => Refused::Question(mistake.to_string()),
        fault => Refused::Lake(fault),
    }
}
