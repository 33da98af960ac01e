//! 第四章 运营实施 — what is kept from the demand to the credential.

use serde::{Deserialize, Serialize};

pub mod credential;
pub mod demand;
pub mod product;
pub mod supply;
pub mod use_agreement;

/// 数据表的一个版本 — a table in the lake at a version; it never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableVersion {
    /// 表
    pub table: String,
    /// 版本
    pub version: i64,
}

/// 一列 — name, original title, and type, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// 代码
    pub name: String,
    /// 名称
    pub title: String,
    /// 类型
    pub kind: String,
}
