//! 差错 — what can be wrong with a file, with a request, or with the store itself.

use crate::Kind;

/// 差错 — everything the lake can refuse or fail at.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The file is at fault.
    #[error(transparent)]
    Defect(#[from] Defect),
    /// The request is at fault.
    #[error(transparent)]
    Mistake(#[from] Mistake),
    /// 另有写入 — somebody else wrote the table in the meantime; nothing of ours was kept.
    #[error("数据表“{0}”刚被另一项任务写入，本次没有写入任何数据，请重试")]
    Contended(String),
    /// 读写失败 — the detail is in the source, for the log; it never reaches a page.
    #[error("数据湖{0}失败，已有数据不受影响，请重试；仍然失败时请联系运维人员")]
    Storage(&'static str, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// 空间不足
    #[error("磁盘空间不足，数据湖{0}没有完成，已有数据不受影响。请清理空间后重试")]
    Full(&'static str),
}

impl Fault {
    /// Wraps an engine's or the file system's error behind a plain sentence.
    pub(crate) fn storage<E>(what: &'static str) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        move |error| {
            let error = error.into();
            if full(error.as_ref()) { Self::Full(what) } else { Self::Storage(what, error) }
        }
    }
}

/// Whether the disk being full is what lies at the bottom of an error.
fn full(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut error = Some(error);
    while let Some(cause) = error {
        let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        if matches!(kind, Some(std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)) {
            return true;
        }
        error = cause.source();
    }
    false
}

/// 文件缺陷 — what is wrong with the file, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// 空文件
    #[error("文件是空的：没有表头也没有数据，请重新导出")]
    Empty,
    /// 没有数据行
    #[error("没有数据行：第 {line} 行表头之后没有数据，请重新导出")]
    NoRows {
        /// The header's line.
        line: u64,
    },
    /// 表头为空
    #[error("第 {line} 行第 {column} 列的表头是空的，或没有一个字母、数字或汉字：请为这一列写上名称")]
    BlankHeader {
        /// Where.
        line: u64,
        /// The column, counted from one.
        column: usize,
    },
    /// 表头重复
    #[error(
        "第 {line} 行第 {first} 列“{first_title}”与第 {second} 列“{second_title}”的表头重复（都写作 {name}）：请改名以便区分"
    )]
    TwinHeader {
        /// Where.
        line: u64,
        /// The earlier column.
        first: usize,
        /// Its header.
        first_title: String,
        /// The later column.
        second: usize,
        /// Its header.
        second_title: String,
        /// The code name they share.
        name: String,
    },
    /// 列数过多
    #[error("第 {line} 行有 {found} 列，最多 {most} 列：请检查分隔符，或拆成几张表")]
    TooWide {
        /// Where.
        line: u64,
        /// The columns found.
        found: usize,
        /// The most allowed.
        most: usize,
    },
    /// 列数不符
    #[error("第 {line} 行有 {found} 列，表头是 {expected} 列：请检查这一行的逗号和引号")]
    Ragged {
        /// Where.
        line: u64,
        /// The header's columns.
        expected: usize,
        /// The row's columns.
        found: usize,
    },
    /// 文件截断
    #[error("文件在第 {line} 行像是被截断了：{why}，请重新导出或重新上传")]
    Cut {
        /// Where.
        line: u64,
        /// What is missing.
        why: &'static str,
    },
    /// 引号之后有字符
    #[error("第 {line} 行第 {column} 列：引号结束之后还有字符，字段内的引号应写成两个")]
    StrayQuote {
        /// Where.
        line: u64,
        /// The column, counted from one.
        column: usize,
    },
    /// 字段过长
    #[error("第 {line} 行第 {column} 列超过 {most} MiB：可能是引号没有成对，请检查")]
    LongField {
        /// Where.
        line: u64,
        /// The column, counted from one.
        column: usize,
        /// The limit.
        most: usize,
    },
    /// 行过长
    #[error("第 {line} 行超过 {most} MiB：可能是引号没有成对，请检查")]
    LongRow {
        /// Where.
        line: u64,
        /// The limit.
        most: usize,
    },
    /// 空字符
    #[error("第 {line} 行（第 {byte} 字节）含有空字符（NUL）：这不是文本文件或已损坏，请重新导出")]
    Nul {
        /// Where.
        line: u64,
        /// The byte, counted from one.
        byte: u64,
    },
    /// 编码不明
    #[error("第 {line} 行（第 {byte} 字节）既不是 UTF-8 也不是 GB18030：请另存为 UTF-8 编码的 CSV")]
    Encoding {
        /// Where.
        line: u64,
        /// The byte, counted from one.
        byte: u64,
    },
    /// 编码损坏
    #[error("第 {line} 行（第 {byte} 字节）不是有效的 {encoding}，之前的内容都是：文件可能已损坏，请重新导出")]
    Garbled {
        /// Where.
        line: u64,
        /// The byte, counted from one.
        byte: u64,
        /// What the rest is.
        encoding: &'static str,
    },
    /// 文件变动
    #[error("文件在检查之后变了（检查时 {surveyed}，装载时 {loaded}）：没有装入任何数据，请重新检查")]
    Changed {
        /// The digest at the survey.
        surveyed: String,
        /// The digest now, or what differs.
        loaded: String,
    },
    /// 清单不符
    #[error("清单记载{what} {claimed}，实际 {actual}：请核对清单，或重新传送文件")]
    Manifest {
        /// What differs: 行数, 字节数 or SHA-256.
        what: &'static str,
        /// What the manifest says.
        claimed: String,
        /// What the file has.
        actual: String,
    },
}

/// 请求有误 — what is wrong with a table name, a recipe, a filter or a batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// 表名不合法
    #[error("表名“{0}”不合法：只能用字母、数字、汉字、下划线和连字符，最长 64 个字")]
    TableName(String),
    /// 没有这张表
    #[error("没有数据表“{table}”的第 {version} 版")]
    NoTable {
        /// The table.
        table: String,
        /// Its version.
        version: i64,
    },
    /// 没有这一列
    #[error("没有“{0}”这一列")]
    NoColumn(String),
    /// 没有选列
    #[error("没有选择任何列")]
    NoColumns,
    /// 列重复
    #[error("“{0}”这一列选了两次")]
    TwiceTaken(String),
    /// 条件值不符
    #[error("“{column}”是{}列，不能与 {value} 比较", .kind.name())]
    WrongValue {
        /// The column.
        column: String,
        /// Its kind.
        kind: Kind,
        /// The value as it was given.
        value: String,
    },
    /// 空值只能判断等于
    #[error("“{column}”与空值只能判断等于或不等于")]
    OrderedNull {
        /// The column.
        column: String,
    },
    /// 脱敏方式不适用
    #[error("“{column}”是{}列，不能{mask}", .kind.name())]
    WrongMask {
        /// The column.
        column: String,
        /// Its kind.
        kind: Kind,
        /// What the mask does.
        mask: &'static str,
    },
    /// 取整单位不合法
    #[error("“{column}”的取整单位 {step} 不合法：应为正数，整数列应为正整数")]
    WrongStep {
        /// The column.
        column: String,
        /// The step as it was given.
        step: String,
    },
    /// 没有这把密钥
    #[error("没有编号为“{0}”的脱敏密钥")]
    NoKey(String),
    /// 批次内容不同
    #[error("批次“{batch}”已用于表“{table}”的另一份内容：请换一个批次号")]
    BatchReused {
        /// The table.
        table: String,
        /// The batch.
        batch: String,
    },
}
