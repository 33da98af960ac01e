//! 故障 — what can keep an index from working; never something that somebody typed.

/// 检索故障.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// 索引不能读写
    #[error("检索索引不能读写：{0}")]
    Index(#[from] tantivy::TantivyError),
    /// 文件不能读写
    #[error("检索索引的文件不能读写：{0}")]
    File(#[from] std::io::Error),
    /// 写入者已停
    #[error("检索索引的写入已经停止")]
    Stopped,
}
