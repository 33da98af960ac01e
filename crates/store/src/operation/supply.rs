//! 供给 — a supply as it is kept: which batch came through the channel, and what was found on arrival.

use serde::{Deserialize, Serialize};

use super::{Column, TableVersion, demand::Demand};
use crate::record::{Record, key};

/// 供给.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supply {
    /// 编号
    pub id: String,
    /// 批次
    pub batch: String,
    /// 数据需求
    pub demand: String,
    /// 目录条目
    pub entry: String,
    /// 提供单位
    pub provider: String,
    /// 通道
    pub channel: String,
    /// 文件名
    pub file: String,
    /// 行数
    pub rows: u64,
    /// 字节数
    pub bytes: u64,
    /// 摘要
    pub sha256: String,
    /// 入库的原始数据
    pub raw: TableVersion,
    /// 各列
    pub columns: Vec<Column>,
}

impl Record for Supply {
    const SUBJECT: &'static str = "supply";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        key::<Demand>(&self.demand)
    }
}
