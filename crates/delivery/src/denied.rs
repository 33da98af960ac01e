//! 不予提供 — why the gate stays shut, with the provision that shuts it.

use jiff::civil::Date;
use regulation::{Kind, Provision, Violation, article};

/// 不予提供.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// 没有出示凭据
    #[error("没有出示凭据，或者凭据格式不对")]
    NoCredential,
    /// 凭据不实 — one answer for unknown and for wrong, so that nothing can be guessed.
    #[error("凭据无效")]
    Unknown,
    /// 已吊销
    #[error("凭据已吊销")]
    Revoked,
    /// 已过期
    #[error("凭据已于{0}到期")]
    Expired(Date),
    /// 产品不对
    #[error("凭据不是为产品“{0}”领取的")]
    OtherProduct(String),
    /// 开发利用协议
    #[error("数据开发利用协议不在履行中")]
    UseAgreement,
    /// 产品
    #[error("产品已不在架")]
    Product,
    /// 供给
    #[error("所依据的数据需求没有完成供给")]
    Supply,
    /// 目录条目暂停
    #[error("所依据的目录条目已暂停使用")]
    EntrySuspended,
    /// 目录条目终止
    #[error("所依据的目录条目已终止数据保障")]
    EntryEnded,
    /// 授权暂停
    #[error("授权运营协议已暂停提供数据")]
    Suspended,
    /// 授权不在履行中
    #[error("授权运营协议不在履行中")]
    Agreement,
    /// 期限之外
    #[error("授权运营期限为{0}至{1}，今天不在期限内")]
    OutsideTerm(Date, Date),
    /// 方案未生效
    #[error("授权运营实施方案没有生效")]
    Plan,
}

impl Violation for Denied {
    fn provision(&self) -> Provision {
        match self {
            Self::NoCredential | Self::Unknown | Self::Revoked | Self::Expired(_) => article(19).paragraph(1),
            Self::OtherProduct(_) | Self::UseAgreement => article(25).paragraph(1),
            Self::Product => article(8).paragraph(5),
            Self::Supply => article(23).paragraph(1),
            Self::EntrySuspended => article(8).paragraph(1),
            Self::EntryEnded => article(26).paragraph(2),
            Self::Suspended => article(34).paragraph(1),
            Self::Agreement => article(16),
            Self::OutsideTerm(..) => article(17).item(2),
            Self::Plan => article(13),
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::NoCredential => "请在请求头写 Authorization: Bearer 凭据",
            Self::Unknown | Self::Revoked | Self::Expired(_) => "请在“凭据”页重新领取",
            Self::OtherProduct(_) => "请使用为该产品领取的凭据",
            Self::UseAgreement => "请与运营机构签订数据开发利用协议后再调用",
            Self::Suspended => "整改完成、恢复提供数据后可继续调用，请向运营机构了解",
            Self::EntrySuspended => "条目恢复使用后可继续调用，请向运营机构了解",
            Self::EntryEnded => "这一资源不再提供数据，请向运营机构了解后续安排",
            Self::Product | Self::Supply | Self::Agreement | Self::OutsideTerm(..) | Self::Plan => {
                "请向运营机构了解情况"
            }
        }
        .to_owned()
    }

    fn kind(&self) -> Kind {
        match self {
            Self::NoCredential | Self::Unknown => Kind::Content,
            _ => Kind::Role,
        }
    }
}

impl Denied {
    /// 身份不明 — nobody known stands at the gate (as opposed to somebody who may not pass).
    pub const fn unidentified(&self) -> bool {
        matches!(self, Self::NoCredential | Self::Unknown)
    }
}
