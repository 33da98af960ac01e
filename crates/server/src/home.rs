//! 数据目录 — everything a platform keeps, in one folder: database, lake, channel, keys.
//!
//! ```text
//! home.toml     format and creation date; makes the folder a home
//! shuyun.db     SQLite (unless another database is configured)
//! lake/         Delta tables
//! channel/      the simulated government data platform
//! index/        what can be found; built from the database, and can be thrown away
//! lock          held by the one program that serves this home
//! site.toml     who runs the site and where to ask, at the foot of every page (optional)
//! keys/         the seed that signs roots, the keys that mask; readable by the owner only
//! ```

use std::{
    collections::HashMap,
    fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use ledger::SigningKey;
use portal::Site;
use regulation::Calendar;
use serde::{Deserialize, Serialize};
use store::Store;
use workflow::{Channel, Entropy, Office, Setting};

use crate::Fault;

/// The format of a home that this program makes and reads. Since 2, people act by their memberships.
const FORMAT: u32 = 2;
/// The name under which roots are signed.
const ORIGIN: &str = "shuyun.jinchuan.example";
/// The masking key that a new home has.
pub const MASKING_KEY: &str = "jinchuan-1";

#[derive(Serialize, Deserialize)]
struct Plate {
    format: u32,
    #[serde(default)]
    database: Option<String>,
}

/// 数据目录.
#[derive(Clone, Debug)]
pub struct Home {
    path: PathBuf,
    database: Option<String>,
}

impl Home {
    /// Makes a home in an empty (or not yet existing) folder.
    pub fn create(path: &Path, database: Option<&str>) -> Result<Self, Fault> {
        fs::create_dir_all(path)?;
        if fs::read_dir(path)?.next().is_some() {
            return Err(Fault::NotEmpty(path.to_owned()));
        }
        let keys = path.join("keys");
        fs::create_dir(&keys)?;
        keep_secret(&keys.join("signing.seed"), &random::<32>())?;
        keep_secret(&keys.join("posting.seed"), &random::<32>())?;
        keep_secret(&keys.join(format!("{MASKING_KEY}.mask")), &random::<32>())?;
        let plate = Plate { format: FORMAT, database: database.map(str::to_owned) };
        let damaged = |why: toml::ser::Error| Fault::Damaged { home: path.to_owned(), why: why.to_string() };
        // Written last: a folder becomes a home all at once.
        let text = toml::to_string(&plate).map_err(damaged)?;
        fs::write(path.join("home.toml.new"), text)?;
        fs::rename(path.join("home.toml.new"), path.join("home.toml"))?;
        Ok(Self { path: path.to_owned(), database: plate.database })
    }

    /// Finds an existing home.
    pub fn find(path: &Path, database: Option<&str>) -> Result<Self, Fault> {
        let Ok(text) = fs::read_to_string(path.join("home.toml")) else {
            return Err(Fault::UnknownHome(path.to_owned()));
        };
        let damaged = |why: toml::de::Error| Fault::Damaged {
            home: path.to_owned(),
            why: format!("home.toml 读不懂（{}）", why.message()),
        };
        let plate: Plate = toml::from_str(&text).map_err(damaged)?;
        if plate.format > FORMAT {
            return Err(Fault::NewerHome { home: path.to_owned(), found: plate.format, known: FORMAT });
        }
        if plate.format < FORMAT {
            return Err(Fault::OlderHome { home: path.to_owned(), found: plate.format, known: FORMAT });
        }
        Ok(Self { path: path.to_owned(), database: database.map(str::to_owned).or(plate.database) })
    }

    /// Opens the office that works in this home.
    pub async fn open(&self) -> Result<Office, Fault> {
        let database = match &self.database {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", self.path.join("shuyun.db").display()),
        };
        let keys = self.path.join("keys");
        let seed = self.secret(&keys.join("signing.seed"))?;
        let signer = SigningKey::from_seed(ORIGIN, &seed).map_err(|why| self.damaged(why.to_string()))?;
        let setting = Setting {
            store: Store::open(&database).await?,
            lake: lake::Lake::open_with_keys(&self.path.join("lake"), self.masking_keys(&keys)?)?,
            channel: Channel::open(&self.path.join("channel"))?,
            calendar: Calendar::built_in(),
            signer,
            posting: workflow::Posting::new(self.posting_key(&keys)?),
            entropy: entropy(),
        };
        Office::open(setting).await.map_err(Fault::from)
    }

    /// Keeps this home for this program, for as long as what is returned lives: the database may be
    /// shared and the gate asks it every time, but the lake and the channel are written by one program.
    ///
    /// # Errors
    /// Another program serves this home.
    pub fn keep(&self) -> Result<fs::File, Fault> {
        let lock = fs::OpenOptions::new().create(true).truncate(false).write(true).open(self.path.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(fs::TryLockError::WouldBlock) => Err(Fault::InUse(self.path.clone())),
            Err(fs::TryLockError::Error(why)) => Err(why.into()),
        }
    }

    /// 网站标识 — what stands at the foot of every page, if `site.toml` says it.
    pub fn site(&self) -> Result<Site, Fault> {
        match fs::read_to_string(self.path.join("site.toml")) {
            Ok(text) => {
                toml::from_str(&text).map_err(|why| self.damaged(format!("site.toml 读不懂（{}）", why.message())))
            }
            Err(why) if why.kind() == ErrorKind::NotFound => Ok(Site::default()),
            Err(why) => Err(self.damaged(format!("site.toml 不能读（{why}）"))),
        }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The key from which the keys that sign webhooks are derived; a home that is older than it gets one.
    fn posting_key(&self, keys: &Path) -> Result<[u8; 32], Fault> {
        let path = keys.join("posting.seed");
        if !path.exists() {
            match keep_secret(&path, &random::<32>()) {
                Err(Fault::Disk(why)) if why.kind() == std::io::ErrorKind::AlreadyExists => {} // another was quicker
                kept => kept?,
            }
        }
        self.secret(&path)
    }

    fn masking_keys(&self, keys: &Path) -> Result<HashMap<String, [u8; 32]>, Fault> {
        let mut found = HashMap::new();
        for file in fs::read_dir(keys)? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "mask")
                && let Some(name) = path.file_stem().and_then(|name| name.to_str())
            {
                found.insert(name.to_owned(), self.secret(&path)?);
            }
        }
        Ok(found)
    }

    fn secret(&self, path: &Path) -> Result<[u8; 32], Fault> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).map_err(|why| self.damaged(format!("密钥文件 {name} 不能读（{why}）")))?;
        let mut secret = [0; 32];
        hex::decode_to_slice(text.trim(), &mut secret)
            .map_err(|_| self.damaged(format!("密钥文件 {name} 的内容不对")))?;
        Ok(secret)
    }

    fn damaged(&self, why: String) -> Fault {
        Fault::Damaged { home: self.path.clone(), why }
    }
}

/// Random bytes of the system, for this program's own use.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    (entropy())(&mut bytes);
    bytes
}

/// 随机源 — the system's.
///
/// # Panics
/// The returned source does when the system has none: without randomness nothing here may go on.
#[expect(clippy::expect_used, reason = "without randomness nothing here may go on")]
pub fn entropy() -> Entropy {
    Arc::new(|bytes: &mut [u8]| {
        getrandom::fill(bytes).expect("a system without a random source cannot run this program");
    })
}

/// Writes a secret so that only its owner can read it.
fn keep_secret(path: &Path, secret: &[u8]) -> Result<(), Fault> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    writeln!(file, "{}", hex::encode(secret))?;
    file.sync_all()?;
    Ok(())
}
