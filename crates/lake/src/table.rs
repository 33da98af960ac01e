//! 表 — where the tables are, who reads them at which version, and whose turn it is to write.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::prelude::{SessionConfig, SessionContext};
use deltalake::kernel::EagerSnapshot;
use deltalake::logstore::{LogStoreRef, StorageConfig, logstore_with};
use serde::{Deserialize, Serialize};
use tokio::sync::OwnedMutexGuard;
use url::Url;

use crate::durable::{Durable, make_folder};
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
        if legal { Ok(Self { place, table: table.to_owned() }) } else { Err(Mistake::TableName(table.to_owned())) }
    }
}

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
        logstore_with(self.store.clone(), &url, StorageConfig::default()).map_err(Fault::storage("打开数据表"))
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
        let snapshot =
            EagerSnapshot::try_new(log.as_ref(), Some(wanted)).await.map_err(Fault::storage("读取数据表"))?;
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
