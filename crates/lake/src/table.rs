//! 表 — Delta tables: each batch makes one version, whole and exactly once, or none.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::datatypes::SchemaRef;
use datafusion::prelude::{SessionConfig, SessionContext};
use deltalake::DeltaTableError;
use deltalake::kernel::engine::arrow_conversion::TryIntoKernel;
use deltalake::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake::kernel::{
    Action, Add, EagerSnapshot, MetadataExt, StructType, Transaction, new_metadata,
};
use deltalake::logstore::{LogStoreRef, StorageConfig, logstore_with};
use deltalake::protocol::{DeltaOperation, SaveMode};
use serde::{Deserialize, Serialize};
use tokio::sync::OwnedMutexGuard;
use url::Url;

use crate::durable::{Durable, make_folder};
use crate::files::numbered;
use crate::scan::Edition;
use crate::{Fault, Mistake};

/// 原始表 — an entry's raw table at a version. It has no pages, so it has no way to a market door.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Raw {
    /// The table's name.
    pub table: String,
    /// Its version.
    pub version: i64,
}

/// 产品表 — a product's table at a version.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Product {
    /// The table's name.
    pub table: String,
    /// Its version.
    pub version: i64,
}

/// Which of the two places a table is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    Raw,
    Products,
}

impl Place {
    fn folder(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Products => "products",
        }
    }
}

/// 表址 — a table's place and name, the name known to be legal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Spot {
    pub(crate) place: Place,
    pub(crate) table: String,
}

impl Spot {
    pub(crate) fn new(place: Place, table: &str) -> Result<Self, Mistake> {
        let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
        let legal = (1..=64).contains(&table.chars().count()) && table.chars().all(plain);
        if legal {
            Ok(Self { place, table: table.to_owned() })
        } else {
            Err(Mistake::TableName(table.to_owned()))
        }
    }
}

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

/// Editions are immutable; so many of the last used ones stay at hand.
const AT_HAND: usize = 64;

/// 场地 — the folders, the store, the engine, and whose turn it is to write.
pub(crate) struct Ground {
    home: PathBuf,
    pub(crate) store: Arc<Durable>,
    pub(crate) engine: SessionContext,
    turns: Mutex<HashMap<Spot, Arc<tokio::sync::Mutex<()>>>>,
    editions: Mutex<VecDeque<(Spot, Arc<Edition>)>>,
}

impl Ground {
    pub(crate) fn open(home: &Path) -> Result<Self, Fault> {
        let ready = || {
            make_folder(home)?;
            let home = home.canonicalize()?;
            for folder in ["raw", "products", "staging"] {
                make_folder(&home.join(folder))?;
            }
            Ok::<_, std::io::Error>(home)
        };
        let home = ready().map_err(Fault::storage("打开"))?;
        // One partition keeps the rows in their order without sorting; requests run side by side.
        let mut config = SessionConfig::new().with_target_partitions(1);
        config.options_mut().execution.parquet.pushdown_filters = true;
        config.options_mut().execution.parquet.reorder_filters = true;
        Ok(Self {
            home,
            store: Arc::default(),
            engine: SessionContext::new_with_config(config),
            turns: Mutex::default(),
            editions: Mutex::default(),
        })
    }

    pub(crate) fn staging(&self) -> PathBuf {
        self.home.join("staging")
    }

    fn folder(&self, spot: &Spot) -> PathBuf {
        self.home.join(spot.place.folder()).join(&spot.table)
    }

    /// The table's folder within the store.
    pub(crate) fn root(&self, spot: &Spot) -> Result<object_store::path::Path, Fault> {
        let folder = self.folder(spot);
        object_store::path::Path::from_absolute_path(folder).map_err(Fault::storage("打开数据表"))
    }

    /// Waits until no other batch is written to the table from this process.
    pub(crate) async fn turn(&self, spot: &Spot) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            turns.entry(spot.clone()).or_default().clone()
        };
        turn.lock_owned().await
    }

    pub(crate) fn log(&self, spot: &Spot) -> Result<LogStoreRef, Fault> {
        let url = Url::from_directory_path(self.folder(spot))
            .map_err(|()| Fault::storage("打开数据表")("the home folder is not absolute"))?;
        logstore_with(self.store.clone(), &url, StorageConfig::default())
            .map_err(Fault::storage("打开数据表"))
    }

    /// The table at a version, from its log or from memory.
    pub(crate) async fn edition(&self, spot: &Spot, version: i64) -> Result<Arc<Edition>, Fault> {
        let known = |editions: &VecDeque<(Spot, Arc<Edition>)>| {
            editions.iter().position(|(at, edition)| at == spot && edition.version == version)
        };
        {
            let mut editions = self.editions.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(found) = known(&editions).and_then(|place| editions.remove(place)) {
                let edition = found.1.clone();
                editions.push_back(found);
                return Ok(edition);
            }
        }
        let missing = || Mistake::NoTable { table: spot.table.clone(), version };
        let wanted = u64::try_from(version).map_err(|_| missing())?;
        let log = self.log(spot)?;
        let entry = log.read_commit_entry(wanted).await.map_err(Fault::storage("读取数据表"))?;
        entry.ok_or_else(missing)?;
        let snapshot = EagerSnapshot::try_new(log.as_ref(), Some(wanted))
            .await
            .map_err(Fault::storage("读取数据表"))?;
        let edition = Arc::new(Edition::new(version, &self.root(spot)?, &snapshot)?);
        let mut editions = self.editions.lock().unwrap_or_else(PoisonError::into_inner);
        if known(&editions).is_none() {
            editions.push_back((spot.clone(), edition.clone()));
        }
        while editions.len() > AT_HAND {
            editions.pop_front();
        }
        Ok(edition)
    }
}

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
        let version = current
            .transaction_version(log.as_ref(), application)
            .await
            .map_err(Fault::storage("读取数据表"))?;
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
        let schema: StructType =
            numbered(schema).as_ref().try_into_kernel().map_err(Fault::storage("提交数据表"))?;
        let settings = [
            (BATCH, self.id.to_owned()),
            (DIGEST, self.digest.to_owned()),
            (BYTES, self.bytes.to_string()),
            // Every version that a product or a record names must stay readable.
            ("delta.enableExpiredLogCleanup", "false".to_owned()),
            // Versions are few and each is read often: never go back over more than ten.
            ("delta.checkpointInterval", "10".to_owned()),
        ];
        let metadata =
            new_metadata(&schema, [""; 0], settings).map_err(Fault::storage("提交数据表"))?;
        let mut actions = Vec::new();
        let version = match current {
            None => {
                let protocol = serde_json::json!({ "minReaderVersion": 1, "minWriterVersion": 2 });
                let protocol =
                    serde_json::from_value(protocol).map_err(Fault::storage("提交数据表"))?;
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
        let commit = CommitBuilder::from(properties)
            .with_actions(actions)
            .build(reference, log.clone(), operation)
            .await;
        match commit {
            Ok(_) => Ok(version),
            Err(DeltaTableError::Transaction { .. } | DeltaTableError::VersionAlreadyExists(_)) => {
                Err(Fault::Contended(spot.table.clone()))
            }
            Err(error) => Err(Fault::storage("提交数据表")(error)),
        }
    }
}
