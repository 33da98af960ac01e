//! 存储故障 — why something could not be kept, in a sentence for whoever runs the platform.

/// What may go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// 数据库暂不可用
    #[error("{}", unavailable(.0))]
    Unavailable(#[from] sqlx::Error),
    /// 写入已停止
    #[error("存储已停止写入，请重新启动服务；已确认的记录不受影响")]
    Stopped,
    /// 所依据的内容已被他人改动
    #[error("所依据的内容刚刚被他人办理，请按最新状态重新办理")]
    Stale,
    /// 同一编号、不同内容
    #[error("同一请求编号（Idempotency-Key）已用于内容不同的另一次办理，请换一个编号")]
    KeyReused,
    /// 不能保存
    #[error("{0}过长（超过{MAX}字节），或者含有不能保存的字符", MAX = crate::entry::LONGEST)]
    Unfit(&'static str),
    /// 版本过新
    #[error("数据目录由更新版本的程序建立（结构版本{found}，本程序只认到{known}），请升级程序后再打开")]
    Newer {
        /// 数据目录的结构版本
        found: i64,
        /// 本程序的结构版本
        known: i64,
    },
    /// 数据库地址不认识
    #[error("不认识的数据库地址“{0}”，应以 sqlite: 或者 postgres:// 开头")]
    Address(String),
    /// 设置不牢靠
    #[error("数据库没有按要求落盘（{0}），拒绝启动")]
    NotDurable(String),
    /// 内容损坏
    #[error("存储的内容读不懂（{what}）：{why}")]
    Corrupt {
        /// 哪一处
        what: String,
        /// 为什么
        why: String,
    },
}

impl Fault {
    /// 空间不足 — the disk is full; nothing was half-written.
    pub fn out_of_space(&self) -> bool {
        matches!(self, Self::Unavailable(why) if full(why))
    }

    /// An address as it may be shown: without the password.
    pub(crate) fn address(url: &str) -> Self {
        let hidden = url.split_once("://").zip(url.rsplit_once('@'));
        Self::Address(hidden.map_or(url.to_owned(), |((scheme, _), (_, host))| format!("{scheme}://…@{host}")))
    }

    #[expect(clippy::needless_pass_by_value, reason = "an error is handed over whole, as `map_err` has it")]
    pub(crate) fn corrupt(what: impl Into<String>, why: impl ToString) -> Self {
        Self::Corrupt { what: what.into(), why: why.to_string() }
    }
}

fn full(why: &sqlx::Error) -> bool {
    matches!(why, sqlx::Error::Database(told) if matches!(told.code().as_deref(), Some("13" | "53100")))
}

fn unavailable(why: &sqlx::Error) -> String {
    if full(why) {
        "磁盘空间不足，本次没有写入任何内容，已确认的记录不受影响。请清理空间后重试".to_owned()
    } else {
        format!("数据库暂时不可用，请稍后重试：{why}")
    }
}
