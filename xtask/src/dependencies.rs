//! 依赖 — which crate may know which: read from every `Cargo.toml`, and from the lockfile.

use toml::{Table, Value};

use crate::{finding::Finding, house::House};

/// 依赖方向 — each crate of ours and those it may stand on. Development dependencies are free.
///
/// `server → {portal, post} → workflow → {store, lake, delivery, inquiry} → {regulation, ledger}`; `search` stands
/// alone, and `portal` writes its papers with `documents → {store, regulation}`.
const FLOORS: [(&str, &[&str]); 12] = [
    ("regulation", &[]),
    ("ledger", &[]),
    ("search", &[]),
    ("store", &["regulation", "ledger"]),
    ("lake", &["regulation"]),
    ("delivery", &["regulation"]),
    ("documents", &["store", "regulation"]),
    ("inquiry", &["regulation"]),
    ("workflow", &["store", "lake", "delivery", "inquiry", "regulation", "ledger"]),
    ("post", &["workflow", "store", "regulation"]),
    ("portal", &["workflow", "documents", "search", "store", "lake", "delivery", "regulation", "ledger"]),
    (
        "server",
        &["portal", "post", "workflow", "inquiry", "search", "store", "lake", "delivery", "regulation", "ledger"],
    ),
];

/// 专用依赖 — what only some crates may know, and what that keeps true.
const RESERVED: [(&str, &[&str], &str); 11] = [
    ("cedar-policy", &["workflow"], "只有 workflow 判断职权"),
    ("webauthn-rs", &["workflow"], "只有 workflow 核对通行密钥"),
    ("tantivy", &["search"], "只有 search 懂索引"),
    ("docx-rs", &["documents"], "只有 documents 写 Word 文件"),
    ("lettre", &["post"], "只有 post 向外送信"),
    ("sqlx", &["store"], "只有 store 说 SQL"),
    ("datafusion", &["lake"], "只有 lake 接触数据本身"),
    ("deltalake", &["lake"], "只有 lake 接触数据本身"),
    ("parquet", &["lake"], "只有 lake 接触数据本身"),
    ("object_store", &["lake"], "只有 lake 接触数据本身"),
    ("axum", &["portal", "server"], "只有门和程序说 HTTP"),
];

/// One of each: two versions have two sets of types, and nothing fits together any more.
const SINGLE: [&str; 3] = ["arrow", "datafusion", "object_store"];

/// 依赖方向、专用依赖.
pub fn direction(house: &House) -> Vec<Finding> {
    let manifests = house.texts.iter().filter_map(|text| {
        let name = text.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
        Some((name, text))
    });
    manifests.flat_map(|(name, text)| of_manifest(name, &text.path, &text.body)).collect()
}

fn of_manifest(name: &str, path: &str, body: &str) -> Vec<Finding> {
    let Some((_, below)) = FLOORS.iter().find(|(known, _)| *known == name) else {
        let told = format!("“{name}”不在依赖表里，新的 crate 须先在 xtask/src/dependencies.rs 写明它站在谁上面");
        return vec![Finding::new(path, 1, "依赖方向", told)];
    };
    let manifest: Table = match body.parse() {
        Ok(manifest) => manifest,
        Err(why) => return vec![Finding::new(path, 1, "依赖方向", format!("读不懂：{why}"))],
    };
    let line = |key: &str| {
        let declares = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(['.', ' ', '=']));
        body.lines().position(declares).map_or(1, |place| place + 1)
    };
    let mut findings = Vec::new();
    for (key, package) in dependencies(&manifest) {
        if FLOORS.iter().any(|(ours, _)| *ours == package) && !below.contains(&package.as_str()) {
            let may = if below.is_empty() {
                "它不依赖任何自家的 crate".to_owned()
            } else {
                format!("在自家的 crate 中，它只可依赖 {}", below.join("、"))
            };
            findings.push(Finding::new(path, line(&key), "依赖方向", format!("{name} 不得依赖 {package}：{may}")));
        }
        for (reserved, allowed, why) in RESERVED {
            if reserved == package && !allowed.contains(&name) {
                findings.push(Finding::new(path, line(&key), "专用依赖", format!("{name} 不得依赖 {package}：{why}")));
            }
        }
    }
    findings
}

/// The key and the package of every dependency, also of those for one platform or for the build.
fn dependencies(manifest: &Table) -> Vec<(String, String)> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let platforms = targets.into_iter().flat_map(Table::values).filter_map(Value::as_table);
    let tables = std::iter::once(manifest).chain(platforms);
    let kinds = tables.flat_map(|table| [table.get("dependencies"), table.get("build-dependencies")]);
    let listed = kinds.flatten().filter_map(Value::as_table).flatten();
    let named = |(key, value): (&String, &Value)| {
        let package = value.get("package").and_then(Value::as_str).unwrap_or(key);
        (key.clone(), package.to_owned())
    };
    listed.map(named).collect()
}

/// 一个版本 — one `arrow`, one `datafusion`, one `object_store`.
pub fn single_versions(house: &House) -> Vec<Finding> {
    of_lockfile(&house.text("Cargo.lock").unwrap_or_default())
}

fn of_lockfile(lockfile: &str) -> Vec<Finding> {
    let lines = || (1..).zip(lockfile.lines());
    SINGLE
        .iter()
        .filter_map(|package| {
            let entry = format!("name = \"{package}\"");
            let places: Vec<usize> = lines().filter(|(_, line)| *line == entry).map(|(number, _)| number).collect();
            let line = places.last().copied().unwrap_or(1);
            let told = format!("{package} 应恰有一个版本，现有 {} 个：请统一各处的版本", places.len());
            (places.len() != 1).then(|| Finding::new("Cargo.lock", line, "一个版本", told))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_upwards_or_on_anothers_engine_is_told_with_its_line() {
        let body = "[package]\nname = \"lake\"\n[dependencies]\nregulation.workspace = true\n\
                    store.workspace = true\nsql = { package = \"sqlx\", version = \"1\" }\n\
                    [target.'cfg(unix)'.dependencies]\naxum = \"1\"\n[dev-dependencies]\nworkflow.workspace = true\n";
        let findings = of_manifest("lake", "crates/lake/Cargo.toml", body);
        let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "crates/lake/Cargo.toml:6: 专用依赖：lake 不得依赖 sqlx：只有 store 说 SQL",
                "crates/lake/Cargo.toml:5: 依赖方向：lake 不得依赖 store：在自家的 crate 中，它只可依赖 regulation",
                "crates/lake/Cargo.toml:8: 专用依赖：lake 不得依赖 axum：只有门和程序说 HTTP",
            ]
        );
        assert_eq!(of_manifest("util", "crates/util/Cargo.toml", "").len(), 1);
    }

    #[test]
    fn a_second_arrow_and_a_missing_engine_are_told() {
        let lockfile = "name = \"arrow\"\nname = \"arrow\"\nname = \"datafusion\"\n";
        let told: Vec<String> = of_lockfile(lockfile).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "Cargo.lock:2: 一个版本：arrow 应恰有一个版本，现有 2 个：请统一各处的版本",
                "Cargo.lock:1: 一个版本：object_store 应恰有一个版本，现有 0 个：请统一各处的版本",
            ]
        );
    }
}
