//! 授权范围 — as a file's page tells it.

use store::basics::catalogue::Entry;
use workflow::Refused;

use crate::Door;

/// 授权范围，一个条目一行.
pub async fn scope(door: &Door, scope: &regulation::granting::scope::Scope) -> Result<String, Refused> {
    let mut lines = Vec::new();
    for (entry, fields) in &scope.0 {
        let name = match door.office.store.get::<Entry>(entry).await.map_err(Refused::Unavailable)? {
            Some((entry, _)) => entry.content.name,
            None => entry.clone(),
        };
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        lines.push(format!("{name}（{entry}）：{}", fields.join("、")));
    }
    Ok(lines.join("\n"))
}
