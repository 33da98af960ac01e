//! 供给 — data comes only through the government data platform, with its manifest (Articles 8, 22 and 29).
#![doc = include_str!("../../text/measures/22.md")]

use crate::{Kind, Provision, Violation, article};

/// 通道 — the one way in that Article 22 names.
pub const CHANNEL: &str = "市一体化政务大数据平台";

/// 供给有误 — why a file was not taken in. The table keeps its last good version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 文件有误
    #[error("供给的文件不能入库：{0}")]
    Unreadable(String),
    /// 通道没有这一批次
    #[error("{CHANNEL}没有批次“{0}”，请先在该平台挂载文件和清单")]
    NoBatch(String),
    /// 批次属于别的单位
    #[error("批次“{0}”不是由本单位挂载的")]
    ForeignBatch(String),
    /// 已经供给过
    #[error("批次“{0}”已经供给过本需求")]
    Again(String),
    /// 缺少信息项
    #[error("文件缺少需求中的信息项“{0}”")]
    MissingField(String),
}

impl Violation for Fault {
    fn provision(&self) -> Provision {
        match self {
            Self::Unreadable(_) | Self::MissingField(_) | Self::Again(_) => article(22),
            Self::NoBatch(_) => article(23).paragraph(1),
            Self::ForeignBatch(_) => article(29),
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::Again(_) => "数据有更新的，请挂载新的批次后再供给".to_owned(),
            _ => "请修正文件或者清单，重新挂载后再供给；已入库的上一版本不受影响".to_owned(),
        }
    }

    fn field(&self) -> &'static str {
        "batch"
    }

    fn kind(&self) -> Kind {
        if matches!(self, Self::Again(_)) { Kind::State } else { Kind::Content }
    }
}
