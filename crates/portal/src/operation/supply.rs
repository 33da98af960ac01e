//! 供给 — what its page says.

use regulation::article;
use store::operation::{demand::Demand, supply::Supply};
use workflow::Refused;

use crate::{
    Door,
    case::{Facts, above, org},
    frame::count,
};

pub async fn facts(door: &Door, supply: &Supply) -> Result<Facts, Refused> {
    let column = |column: &store::operation::Column| format!("{}（{}，{}）", column.title, column.name, column.kind);
    Ok(Facts {
        title: format!("供给 {}", supply.id),
        state: "已入库".into(),
        lines: vec![
            ("提供单位", org(door, &supply.provider).await?),
            ("批次", supply.batch.clone()),
            ("通道", supply.channel.clone()),
            ("文件", supply.file.clone()),
            ("行数", count(supply.rows)),
            ("字节数", count(supply.bytes)),
            ("SHA-256", supply.sha256.clone()),
            ("入库版本", format!("{} 第 {} 版", supply.raw.table, supply.raw.version)),
            ("各列", supply.columns.iter().map(column).collect::<Vec<_>>().join("\n")),
        ],
        notice: None,
        due: None,
        clock: "",
        basis: article(22),
        actions: Vec::new(),
        parent: above::<Demand>(&supply.demand),
    })
}
