//! 供给通道（模拟） — a simulator of the city's government data platform, the only way that data comes in.
//!
//! The real platform is outside: providers hang their files there, and it hands them over with a
//! manifest. This stands in for it with a folder, says so on its face ([`Channel::NATURE`]), and is
//! otherwise as strict as the real one has to be: a batch is complete or absent, and never changes.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use lake::{Manifest, Progress};
use regulation::operation::supply::Fault;
use serde::{Deserialize, Serialize};

use crate::Refused;

type Watch = Arc<dyn Fn(Progress) + Send + Sync>;

/// 通道.
#[derive(Clone)]
pub struct Channel {
    home: PathBuf,
    watch: Watch,
}

/// 批次 — as its provider declares it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Batch {
    /// 批次号
    pub number: String,
    /// 挂载单位
    pub org: String,
    /// 清单
    pub manifest: Manifest,
}

/// 已挂载的批次 — with the place where its file lies.
#[derive(Clone, Debug)]
pub struct Hung {
    /// 挂载单位
    pub org: String,
    /// 清单
    pub manifest: Manifest,
    /// 文件
    pub path: PathBuf,
}

impl Channel {
    /// What this channel is, wherever its name is shown.
    pub const NATURE: &'static str = "（模拟）";

    /// Opens the folder that plays the outside platform.
    pub fn open(home: &Path) -> std::io::Result<Self> {
        fs::create_dir_all(home)?;
        Ok(Self { home: home.to_owned(), watch: Arc::new(|_| ()) })
    }

    /// The same channel, telling `watch` how far a load has come.
    #[must_use]
    pub fn watched(self, watch: Watch) -> Self {
        Self { watch, ..self }
    }

    /// Whom to tell how far a load has come.
    pub fn progress(&self) -> impl Fn(Progress) + Send + Sync + use<> {
        let watch = Arc::clone(&self.watch);
        move |progress| watch(progress)
    }

    /// 挂载 — what a provider does on the outside platform. Without a manifest the platform makes it.
    pub async fn hang(
        &self,
        number: &str,
        org: &str,
        name: &str,
        from: &Path,
        manifest: Option<Manifest>,
    ) -> Result<Batch, Refused> {
        let home = self.place(number)?;
        if home.exists() {
            return Err(Taken(number.to_owned()).into());
        }
        let manifest = match manifest {
            Some(manifest) => manifest,
            None => self.describe(name, from).await?,
        };
        let batch = Batch { number: number.to_owned(), org: org.to_owned(), manifest };
        let arriving = self.home.join(format!(".{number}"));
        let (kept, source) = (batch.clone(), from.to_owned());
        let hanging = tokio::task::spawn_blocking(move || {
            fs::create_dir_all(&arriving)?;
            fs::copy(&source, arriving.join("data"))?;
            fs::File::open(arriving.join("data"))?.sync_all()?;
            fs::write(arriving.join("manifest.json"), serde_json::to_vec_pretty(&kept)?)?;
            fs::rename(&arriving, &home) // complete or absent
        });
        match hanging.await {
            Ok(Ok(())) => Ok(batch),
            Ok(Err(fault)) => Err(outside(&fault)),
            Err(fault) => Err(outside(&fault)),
        }
    }

    /// The batch of this number.
    pub fn batch(&self, number: &str) -> Result<Hung, Refused> {
        let home = self.place(number)?;
        let Ok(text) = fs::read(home.join("manifest.json")) else {
            return Err(Fault::NoBatch(number.to_owned()).into());
        };
        let batch: Batch = serde_json::from_slice(&text).map_err(|fault| outside(&fault))?;
        Ok(Hung { org: batch.org, manifest: batch.manifest, path: home.join("data") })
    }

    /// 待供给的批次 — what an organisation has hung.
    pub fn batches(&self, org: &str) -> Vec<Batch> {
        let folders = fs::read_dir(&self.home).into_iter().flatten().flatten();
        let mut batches: Vec<Batch> = folders
            .filter_map(|folder| fs::read(folder.path().join("manifest.json")).ok())
            .filter_map(|text| serde_json::from_slice(&text).ok())
            .filter(|batch: &Batch| batch.org == org)
            .collect();
        batches.sort_by(|one, other| one.number.cmp(&other.number));
        batches
    }

    /// The manifest that the outside platform would write. Whether the file is any good is found on arrival.
    async fn describe(&self, name: &str, from: &Path) -> Result<Manifest, Refused> {
        if let Ok(survey) = lake::survey(from, &|_| ()).await {
            Ok(Manifest { file: name.to_owned(), rows: survey.rows, bytes: survey.bytes, sha256: survey.sha256 })
        } else {
            let bytes = fs::read(from).map_err(|fault| outside(&fault))?;
            let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
            let rows = u64::try_from(lines.saturating_sub(1)).unwrap_or(0);
            let sha256 = crate::office::hex(&<sha2::Sha256 as sha2::Digest>::digest(&bytes));
            Ok(Manifest { file: name.to_owned(), rows, bytes: u64::try_from(bytes.len()).unwrap_or(0), sha256 })
        }
    }

    fn place(&self, number: &str) -> Result<PathBuf, Refused> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if (1..=64).contains(&number.len()) && number.bytes().all(plain) {
            Ok(self.home.join(number))
        } else {
            Err(Fault::NoBatch(number.to_owned()).into())
        }
    }
}

fn outside(fault: &dyn std::fmt::Display) -> Refused {
    Fault::Unreadable(format!("通道暂不可用（{fault}）")).into()
}

/// 批次号已用.
#[derive(Debug, thiserror::Error)]
#[error("批次“{0}”已经挂载，批次一经挂载不再改动，请换一个批次号")]
struct Taken(String);

impl regulation::Violation for Taken {
    fn provision(&self) -> regulation::Provision {
        regulation::article(22)
    }
}
