//! 批次 — each batch makes one version of a table, whole and exactly once, or none.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use deltalake::DeltaTableError;
use deltalake::kernel::engine::arrow_conversion::TryIntoKernel;
use deltalake::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake::kernel::{Action, Add, EagerSnapshot, MetadataExt, StructType, Transaction, new_metadata};
use deltalake::logstore::LogStoreRef;
use deltalake::protocol::{DeltaOperation, SaveMode};

use crate::files::numbered;
use crate::scan::Edition;
use crate::table::{Ground, Spot};
use crate::{Fault, Mistake};

/// 批次 — what makes a version: its id, and the digest of what went into it.
pub(crate) struct Batch<'a> {
    pub(crate) id: &'a str,
    pub(crate) digest: &'a str,
    /// The source file's size, kept for the answer to a repeated load.
    pub(crate) bytes: u64,
}

const BATCH: &str = "shuyun.batch";
const DIGEST: &str = "shuyun.digest";
pub(crate) const BYTES: &str = "shuyun.bytes";

/// The table as it is now, if it is there at all.
pub(crate) async fn latest(log: &LogStoreRef) -> Result<Option<EagerSnapshot>, Fault> {
    let read = Fault::storage("读取数据表");
    match log.is_delta_table_location().await {
        Ok(false) => Ok(None),
        Ok(true) => EagerSnapshot::try_new(log.as_ref(), None).await.map(Some).map_err(read),
        Err(error) => Err(read(error)),
    }
}

impl Batch<'_> {
    /// The names under which Delta remembers the table's last version and this batch's.
    fn applications(&self, spot: &Spot) -> [String; 2] {
        [format!("shuyun/{}", spot.table), format!("shuyun/{}/{}", spot.table, self.id)]
    }

    /// The version that this batch made earlier, if it did.
    pub(crate) async fn made(
        &self,
        ground: &Ground,
        spot: &Spot,
        log: &LogStoreRef,
        current: Option<&EagerSnapshot>,
    ) -> Result<Option<Arc<Edition>>, Fault> {
        let Some(current) = current else { return Ok(None) };
        let [_, application] = self.applications(spot);
        let version =
            current.transaction_version(log.as_ref(), application).await.map_err(Fault::storage("读取数据表"))?;
        let Some(version) = version else { return Ok(None) };
        let edition = ground.edition(spot, version).await?;
        if edition.settings.get(DIGEST).is_some_and(|digest| digest == self.digest) {
            return Ok(Some(edition));
        }
        let (table, batch) = (spot.table.clone(), self.id.to_owned());
        Err(Mistake::BatchReused { table, batch }.into())
    }

    /// Makes the files the table's next version, in place of all earlier ones, in one commit.
    pub(crate) async fn commit(
        &self,
        spot: &Spot,
        log: &LogStoreRef,
        current: Option<&EagerSnapshot>,
        schema: &SchemaRef,
        files: Vec<Add>,
    ) -> Result<i64, Fault> {
        let schema: StructType = numbered(schema).as_ref().try_into_kernel().map_err(Fault::storage("提交数据表"))?;
        let settings = [
            (BATCH, self.id.to_owned()),
            (DIGEST, self.digest.to_owned()),
            (BYTES, self.bytes.to_string()),
            // Every version that a product or a record names must stay readable.
            ("delta.enableExpiredLogCleanup", "false".to_owned()),
            // Versions are few and each is read often: never go back over more than ten.
            ("delta.checkpointInterval", "10".to_owned()),
        ];
        let metadata = new_metadata(&schema, [""; 0], settings).map_err(Fault::storage("提交数据表"))?;
        let mut actions = Vec::new();
        let version = match current {
            None => {
                let protocol = serde_json::json!({ "minReaderVersion": 1, "minWriterVersion": 2 });
                let protocol = serde_json::from_value(protocol).map_err(Fault::storage("提交数据表"))?;
                actions.extend([Action::Protocol(protocol), Action::Metadata(metadata)]);
                0
            }
            Some(current) => {
                let id = current.metadata().id().to_owned();
                let metadata = metadata.with_table_id(id).map_err(Fault::storage("提交数据表"))?;
                actions.push(Action::Metadata(metadata));
                let standing = current.log_data();
                actions.extend(standing.iter().map(|file| file.remove_action(true).into()));
                i64::try_from(current.version()).unwrap_or(i64::MAX).saturating_add(1)
            }
        };
        actions.extend(files.into_iter().map(Action::Add));
        let transactions = self.applications(spot).map(|name| Transaction::new(name, version));
        let properties = CommitProperties::default()
            // We replace what we have read: when somebody else was faster, we must not retry.
            .with_max_retries(0)
            .with_cleanup_expired_logs(Some(false))
            .with_application_transactions(transactions.into());
        let mode = SaveMode::Overwrite;
        let operation = DeltaOperation::Write { mode, partition_by: None, predicate: None };
        let reference = current.map(|current| current as _);
        let commit =
            CommitBuilder::from(properties).with_actions(actions).build(reference, log.clone(), operation).await;
        match commit {
            Ok(_) => Ok(version),
            Err(DeltaTableError::Transaction { .. } | DeltaTableError::VersionAlreadyExists(_)) => {
                Err(Fault::Contended(spot.table.clone()))
            }
            Err(error) => Err(Fault::storage("提交数据表")(error)),
        }
    }
}
