//! 办理机关 — the place where acts are performed: one way in, and recording is the only way to commit.

use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use ledger::note::SigningKey;
use regulation::Calendar;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{
    Entry, Fault, Log, Outcome, Record as _, Store,
    competence::{InForce, Policies},
};
use tokio::sync::Semaphore;

use crate::{
    Acting, Channel, File, Notice, Posting, Recorded, Refused, Request,
    calendar::Held,
    competence::Competence,
    party::{attempts::Queues, ceremony::Ceremonies, password::AT_ONCE, session::Seen},
    refused::Overtaken,
    supervision::{Counted, Tally},
};

/// 随机源 — handed in by the program, so that tests repeat.
pub type Entropy = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// How often an act is performed anew because something it relied on has changed.
const ATTEMPTS: usize = 32;

/// 办理机关 — shared by every door.
#[derive(Clone)]
pub struct Office {
    /// 存储
    pub store: Store,
    /// 数据湖
    pub lake: lake::Lake,
    /// 闸门
    pub gate: Arc<delivery::Gate>,
    /// 供给通道
    pub channel: Channel,
    /// 现行日历
    pub(crate) calendar: Arc<ArcSwap<Held>>,
    /// 树根签名密钥
    pub signer: Arc<SigningKey>,
    /// 现行职权规则
    standing: Arc<ArcSwap<Standing>>,
    /// 告知怎样送出去
    pub posting: Posting,
    /// 口令摘要的名额
    pub(crate) hashing: Arc<Semaphore>,
    /// 登录的排队
    pub(crate) queues: Queues,
    /// 会话的最近活动
    pub(crate) seen: Seen,
    /// 失信名单的查询服务
    blacklists: Arc<ArcSwapOption<inquiry::Client>>,
    /// 正在进行的验证
    pub(crate) ceremonies: Ceremonies,
    /// 通行密钥所绑定的地址
    pub(crate) site: Option<Arc<webauthn_rs::Webauthn>>,
    /// 统计
    pub(crate) tally: Arc<tokio::sync::Mutex<Tally>>,
    /// 各方的时限，数过的
    pub(crate) burdens: Arc<tokio::sync::Mutex<Option<Counted>>>,
    entropy: Entropy,
}

/// 现行 — the rules in force, and the version of the row that says which they are.
pub(crate) struct Standing {
    pub version: i64,
    pub competence: Arc<Competence>,
}

/// 设置 — what an office is opened with.
pub struct Setting {
    /// 存储
    pub store: Store,
    /// 数据湖
    pub lake: lake::Lake,
    /// 供给通道
    pub channel: Channel,
    /// 程序带着的工作日历
    pub calendar: Calendar,
    /// 树根签名密钥
    pub signer: SigningKey,
    /// 告知怎样送出去
    pub posting: Posting,
    /// 随机源
    pub entropy: Entropy,
}

/// 已办理 — what whoever asked is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// 编号
    pub id: String,
    /// 主题
    pub subject: String,
    /// 办理后状态
    pub state: String,
    /// 依据
    #[serde(default)]
    pub basis: String,
    /// 期限届满之日
    pub due: Option<String>,
    /// 在办理日志中的位置
    #[serde(default)]
    pub position: u64,
    /// 重复的请求：没有再办一次
    #[serde(default)]
    pub repeated: bool,
    /// 只给一次的密钥
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// What is kept as the answer to a request, so that a repeated one is answered alike.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    Done(Value),
    Refused(Notice),
}

/// What goes on every entry besides the act itself.
pub(crate) struct Seal<'a> {
    acting: &'a Acting,
    command: String,
    digest: [u8; 32],
    salt: [u8; 32],
}

impl Office {
    /// Opens the office, with the rules and the calendar that are in force in its store.
    pub async fn open(setting: Setting) -> Result<Self, Refused> {
        let office = Self::furnished(setting);
        office.refresh().await?;
        office.refresh_calendar().await?;
        Ok(office)
    }

    fn furnished(setting: Setting) -> Self {
        let Setting { store, lake, channel, calendar, signer, posting, entropy } = setting;
        Self {
            store,
            lake,
            channel,
            posting,
            entropy,
            gate: Arc::default(),
            standing: Arc::new(ArcSwap::from_pointee(Standing {
                version: 0,
                competence: Arc::new(Competence::built_in()),
            })),
            hashing: Arc::new(Semaphore::new(AT_ONCE)),
            queues: Queues::default(),
            seen: Seen::default(),
            blacklists: Arc::default(),
            ceremonies: Ceremonies::default(),
            site: None,
            tally: Arc::default(),
            burdens: Arc::default(),
            calendar: Arc::new(ArcSwap::from_pointee(Held { version: 0, calendar: Arc::new(calendar) })),
            signer: Arc::new(signer),
        }
    }

    /// 办理 — performs one request. Whoever sends the same number (`key`) again gets the same answer.
    pub async fn perform(&self, acting: &Acting, request: &Request, key: Option<&str>) -> Result<Done, Refused> {
        self.perform_as_seen(acting, request, key, None).await
    }

    /// 按所见办理 — performs one request only if nothing has been done to its file since the position that
    /// whoever asks had `seen`. A repeated request is answered as before: the file has changed by itself.
    pub async fn perform_as_seen(
        &self,
        acting: &Acting,
        request: &Request,
        key: Option<&str>,
        seen: Option<u64>,
    ) -> Result<Done, Refused> {
        let command = match key {
            Some(key) => format!("{}/{key}", acting.person),
            None => format!("{}/+{}", acting.person, hex(&self.random::<16>())),
        };
        let digest = Sha256::digest(serde_json::to_vec(request).unwrap_or_default()).into();
        for _ in 0..ATTEMPTS {
            let seal = Seal { acting, command: command.clone(), digest, salt: self.random() };
            let carried = match self.done_since(request, seen).await? {
                Some(overtaken) => Err(overtaken.into()),
                None => request.carry_out(File::open(self, acting)).await,
            };
            let (entry, secret) = match carried {
                Ok(recorded) => (recorded.entry(seal), recorded.secret),
                Err(Refused::Against(notice)) => (refusal(request, &notice, &self.standing().competence, seal)?, None),
                Err(other) => return Err(other),
            };
            let changed: Vec<String> = entry.writes.iter().map(|write| write.key.clone()).collect();
            match self.store.commit(Log::Control, entry).await {
                Ok(committed) => {
                    if changed.iter().any(|key| key.starts_with(InForce::SUBJECT)) {
                        self.refresh().await?;
                        self.refresh_calendar().await?;
                    }
                    self.gate.forget(&changed.iter().map(String::as_str));
                    return answer(committed, secret);
                }
                Err(Fault::Stale) => {
                    self.refresh().await?;
                    self.refresh_calendar().await?;
                }
                Err(fault) => return Err(Refused::unavailable(fault)),
            }
        }
        Err(Refused::unavailable(Fault::Stale))
    }

    /// 试办 — whether a request would be performed now: everything is read and decided, and nothing is kept.
    pub async fn rehearse(&self, acting: &Acting, request: &Request, seen: Option<u64>) -> Result<(), Refused> {
        match self.done_since(request, seen).await? {
            Some(overtaken) => Err(overtaken.into()),
            None => request.carry_out(File::open(self, acting)).await.map(|_| ()),
        }
    }

    /// 失信名单向哪里查询 — nowhere, until it is said.
    pub fn inquire_at(&self, service: Option<inquiry::Client>) {
        self.blacklists.store(service.map(Arc::new));
    }

    /// 失信名单的查询服务.
    pub fn blacklists(&self) -> Option<Arc<inquiry::Client>> {
        self.blacklists.load_full()
    }

    /// 现行职权规则.
    pub fn competence(&self) -> Arc<Competence> {
        self.standing().competence.clone()
    }

    pub(crate) fn standing(&self) -> Arc<Standing> {
        self.standing.load_full()
    }

    /// Looks again which rules are in force; another server may have put others there.
    async fn refresh(&self) -> Result<(), Refused> {
        let found = self.store.get::<InForce>(InForce::ID).await.map_err(Refused::unavailable)?;
        let Some((pointer, version)) = found.filter(|(_, version)| *version != self.standing().version) else {
            return Ok(());
        };
        let corrupt = |why: String| Refused::unavailable(Fault::Corrupt { what: "职权规则".into(), why });
        let policies = self.store.get::<Policies>(&pointer.policies).await.map_err(Refused::unavailable)?;
        let Some((policies, _)) = policies else { return Err(corrupt(format!("没有{}", pointer.policies))) };
        let competence = Competence::read(&policies.files)
            .map_err(|flaws| corrupt(flaws.first().map(ToString::to_string).unwrap_or_default()))?;
        self.standing.store(Arc::new(Standing { version, competence: Arc::new(competence) }));
        Ok(())
    }

    /// What has been done to the request's file since `seen`.
    async fn done_since(&self, request: &Request, seen: Option<u64>) -> Result<Option<Overtaken>, Refused> {
        let Some(seen) = seen else { return Ok(None) };
        let history = self.store.history(&request.subject()).await.map_err(Refused::unavailable)?;
        let since: Vec<_> =
            history.iter().filter(|event| event.position > seen && event.outcome == Outcome::Done).collect();
        Ok(since.last().map(|last| Overtaken {
            acts: since.len(),
            state: last.detail.get("state").and_then(Value::as_str).unwrap_or_default().to_owned(),
        }))
    }

    /// Commits what was recorded outside [`Self::perform`]: signing in and out, which nobody's competence decides.
    pub(crate) async fn commit(&self, acting: &Acting, recorded: Recorded) -> Result<Done, Refused> {
        let command = format!("{}/+{}", acting.person, hex(&self.random::<16>()));
        let seal = Seal { acting, command, digest: [0; 32], salt: self.random() };
        let committed = self.store.commit(Log::Control, recorded.entry(seal)).await;
        answer(committed.map_err(Refused::unavailable)?, recorded.secret)
    }

    /// Fresh random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.entropy)(&mut bytes);
        bytes
    }
}

impl Seal<'_> {
    pub(crate) fn entry(self, outcome: Outcome, recorded: &Recorded) -> Entry {
        let acting = self.acting;
        Entry {
            at: acting.at,
            actor: acting.person.clone(),
            org: acting.org.clone(),
            role: acting.role.name().to_owned(),
            act: recorded.act.clone(),
            subject: recorded.subject.clone(),
            basis: recorded.basis.clone(),
            policies: recorded.policies.clone(),
            outcome,
            command: self.command,
            digest: self.digest,
            salt: self.salt,
            detail: recorded.detail.clone(),
            reply: serde_json::json!({ "done": recorded.reply }),
            reads: recorded.reads.clone(),
            writes: recorded.writes.clone(),
        }
    }
}

/// 不予办理也记录 — the refusal is an event too, with its basis.
fn refusal(request: &Request, notice: &Notice, competence: &Competence, seal: Seal<'_>) -> Result<Entry, Refused> {
    let corrupt = |why: serde_json::Error| Fault::Corrupt { what: "答复".into(), why: why.to_string() };
    let acting = seal.acting;
    Ok(Entry {
        at: acting.at,
        actor: acting.person.clone(),
        org: acting.org.clone(),
        role: acting.role.name().to_owned(),
        act: request.name(),
        subject: request.subject(),
        basis: notice.basis.clone(),
        policies: competence.digest.clone(),
        outcome: Outcome::Refused,
        command: seal.command,
        digest: seal.digest,
        salt: seal.salt,
        detail: serde_json::to_value(notice).map_err(|why| Refused::unavailable(corrupt(why)))?,
        reply: serde_json::to_value(Reply::Refused(notice.clone()))
            .map_err(|why| Refused::unavailable(corrupt(why)))?,
        reads: Vec::new(),
        writes: Vec::new(),
    })
}

fn answer(committed: store::Committed, secret: Option<String>) -> Result<Done, Refused> {
    let corrupt =
        |why: serde_json::Error| Refused::unavailable(Fault::Corrupt { what: "答复".into(), why: why.to_string() });
    match serde_json::from_value(committed.reply).map_err(corrupt)? {
        Reply::Refused(notice) => Err(Refused::Against(notice)),
        Reply::Done(reply) => {
            let mut done: Done = serde_json::from_value(reply).map_err(corrupt)?;
            done.position = committed.position;
            done.repeated = committed.repeated;
            done.secret = if committed.repeated { None } else { secret };
            Ok(done)
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    ::hex::encode(bytes)
}
