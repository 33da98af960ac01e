//! 产品 — a recipe makes the next version of a product table out of a raw one.

use std::collections::HashSet;
use std::sync::Arc;

use datafusion::common::DataFusionError;
use datafusion::dataframe::DataFrame;
use datafusion::logical_expr::ident;
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::batch::{Batch, latest};
use crate::files::{ROW, writer};
use crate::load::stem;
use crate::scan::Edition;
use crate::sheet::schema_of;
use crate::table::{Place, Spot};
use crate::{Column, Condition, Fault, Lake, Mask, Mistake, Product, Raw};

/// 配方 — which columns, how masked, and which rows; structured, never SQL text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// The columns in their new order.
    pub columns: Vec<Take>,
    /// Conditions on the raw values; all must hold.
    #[serde(default)]
    pub filter: Vec<Condition>,
}

/// 取列 — one column of a recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Take {
    /// The column's code name.
    pub column: String,
    /// How it is masked, if it is.
    #[serde(default)]
    pub mask: Option<Mask>,
}

/// 加工结果 — the product version that a recipe made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Built {
    /// The product table and its new version.
    pub product: Product,
    /// Its rows.
    pub rows: u64,
    /// Its columns.
    pub columns: Vec<Column>,
}

impl Lake {
    /// Builds the product table's next version: the conditions choose rows by their raw values,
    /// then the masks change what is taken. The same batch again gets the first result.
    ///
    /// # Errors
    /// When the raw table, a column, a value, a mask or a key is not as the recipe has it, or when
    /// the product cannot be stored. Nothing of the batch is visible then.
    pub async fn build(&self, product_table: &str, from: &Raw, recipe: &Recipe, batch: &str) -> Result<Built, Fault> {
        let source = Spot::new(Place::Raw, &from.table)?;
        let spot = Spot::new(Place::Products, product_table)?;
        let ground = &self.inner;
        let raw = ground.edition(&source, from.version).await?;
        let columns = self.columns_of(recipe, &raw)?;
        let digest = digest(from, recipe)?;
        let batch = Batch { id: batch, digest: &digest, bytes: 0 };
        let _turn = ground.turn(&spot).await;
        let log = ground.log(&spot)?;
        let current = latest(&log).await?;
        if let Some(edition) = batch.made(ground, &spot, &log, current.as_ref()).await? {
            return Ok(built(product_table, &edition));
        }
        let schema = schema_of(&columns);
        let stem = stem(&[batch.id, batch.digest]);
        let (sink, writing) = writer(ground.store.clone(), ground.root(&spot)?, stem, &schema);
        let rows = self.frame(recipe, &raw)?;
        let pour = async move {
            let mut rows = rows.execute_stream().await?;
            while let Some(batch) = rows.try_next().await? {
                if sink.send(Some(batch)).await.is_err() {
                    return Ok(()); // The writer has failed and says why itself.
                }
            }
            let _ = sink.send(None).await;
            Ok::<_, DataFusionError>(())
        };
        let (poured, written) = futures::join!(pour, writing);
        poured.map_err(Fault::storage("加工产品"))?;
        let version = batch.commit(&spot, &log, current.as_ref(), &schema, written?).await?;
        Ok(built(product_table, &*ground.edition(&spot, version).await?))
    }

    /// The product's columns, once every one of them is known to be possible.
    fn columns_of(&self, recipe: &Recipe, raw: &Edition) -> Result<Vec<Column>, Mistake> {
        if recipe.columns.is_empty() {
            return Err(Mistake::NoColumns);
        }
        let mut taken = HashSet::new();
        let mut columns = Vec::new();
        for Take { column, mask } in &recipe.columns {
            let from = raw.column(column)?;
            if !taken.insert(column) {
                return Err(Mistake::TwiceTaken(column.clone()));
            }
            let kind = mask.as_ref().map_or(Ok(from.kind), |mask| mask.kind_of(from))?;
            if let Some(mask) = mask {
                mask.expression(from, &self.keys)?;
            }
            columns.push(Column { kind, nulls: 0, ..from.clone() });
        }
        Ok(columns)
    }

    /// The rows of the product in the order of their source.
    fn frame(&self, recipe: &Recipe, raw: &Arc<Edition>) -> Result<DataFrame, Fault> {
        let table = raw.clone() as _;
        let mut frame = self.inner.engine.read_table(table).map_err(Fault::storage("加工产品"))?;
        for condition in &recipe.filter {
            let holds = condition.expression(raw)?;
            frame = frame.filter(holds).map_err(Fault::storage("加工产品"))?;
        }
        let mut chosen = Vec::new();
        for Take { column, mask } in &recipe.columns {
            let value = match mask {
                Some(mask) => mask.expression(raw.column(column)?, &self.keys)?.alias(column),
                None => ident(column),
            };
            chosen.push(value);
        }
        let in_order = frame.sort(vec![ident(ROW).sort(true, false)]);
        in_order.and_then(|frame| frame.select(chosen)).map_err(Fault::storage("加工产品"))
    }
}

fn built(table: &str, edition: &Edition) -> Built {
    Built {
        product: Product { table: table.to_owned(), version: edition.version },
        rows: edition.rows,
        columns: edition.columns.clone(),
    }
}

/// What a build is made from: the raw version and the recipe.
fn digest(from: &Raw, recipe: &Recipe) -> Result<String, Fault> {
    let text = serde_json::to_vec(&(from, recipe)).map_err(Fault::storage("加工产品"))?;
    Ok(hex::encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ask, Op, survey};
    use datafusion::physical_plan::displayable;

    #[tokio::test]
    async fn rows_stream_in_order_out_of_several_files_and_no_plan_shows_a_key() {
        let home = tempfile::tempdir().unwrap();
        let key = *b"0123456789abcdef0123456789abcdef";
        let lake = Lake::open_with_keys(home.path(), [("k1".to_owned(), key)].into()).unwrap();
        let mixed = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let lines: Vec<_> = (1..=120_000).map(|n| format!("{n},{}", mixed(n))).collect();
        let path = lake.staging().join("in.csv");
        std::fs::write(&path, format!("n,id\n{}\n", lines.join("\n"))).unwrap();
        let found = survey(&path, &|_| {}).await.unwrap();
        let raw = lake.load("t", &path, &found, "b1", &|_| {}).await.unwrap().raw;
        let masks = [("n", None), ("id", Some(Mask::Hash { key_id: "k1".into() }))];
        let columns = masks.map(|(column, mask)| Take { column: column.into(), mask });
        let filter = vec![Condition { column: "n".into(), op: Op::Gt, value: 10.into() }];
        let recipe = Recipe { columns: columns.into(), filter };

        let spot = Spot::new(Place::Raw, "t").unwrap();
        let edition = lake.inner.edition(&spot, 0).await.unwrap();
        let frame = lake.frame(&recipe, &edition).unwrap();
        let logical = frame.logical_plan().display_indent_schema().to_string();
        let physical = frame.create_physical_plan().await.unwrap();
        let physical = displayable(physical.as_ref()).indent(true).to_string();
        assert!(physical.matches(".parquet").count() > 2, "several files: {physical}");
        assert!(!physical.contains("Sort"), "no sorting: {physical}");
        for plan in [&logical, &physical, &format!("{edition:?}{:?}", lake.keys)] {
            assert!(!plan.contains("0123456789abcdef") && !plan.contains("48, 49, 50"), "{plan}");
        }

        let built = lake.build("p", &raw, &recipe, "p1").await.unwrap();
        assert_eq!(built.rows, 119_990);
        let mut wanted = Ask { columns: vec!["n".into()], limit: 9_999, ..Ask::default() };
        let mut expected = 11..=120_000;
        loop {
            let page = lake.page(&built.product, &wanted).await.unwrap();
            let rows: Vec<serde_json::Value> = serde_json::from_slice(&page.json).unwrap();
            assert!(rows.iter().all(|row| row["n"] == expected.next().unwrap()));
            let Some(next) = page.next else { break };
            wanted.offset = next;
        }
        assert_eq!(expected.next(), None);
    }
}
