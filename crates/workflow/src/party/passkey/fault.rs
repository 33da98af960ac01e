//! 通行密钥不能用 — every reason, with what to do.

use regulation::{Kind, Provision};

use super::{MOST, NAME};

/// 通行密钥不能用.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// 没有配置
    #[error("本平台没有配置对外的地址，暂不能使用通行密钥")]
    Unconfigured,
    /// 已用过、已过期或者不是这个浏览器
    #[error("这一次验证已经用过，或者超过了5分钟")]
    Spent,
    /// 读不懂
    #[error("浏览器交来的通行密钥读不懂")]
    Garbled,
    /// 验证不符
    #[error("通行密钥没有通过验证")]
    Mismatch,
    /// 登记不成
    #[error("这个通行密钥没有登记成")]
    Unfit,
    /// 已登记
    #[error("这个通行密钥已经登记过")]
    Taken,
    /// 太多
    #[error("每人至多{MOST}个通行密钥")]
    Many,
    /// 计数倒退
    #[error("这个通行密钥的计数倒退，可能已被复制，已停用")]
    Suspect,
    /// 没有名称
    #[error("名称须有1至{NAME}个字")]
    Unnamed,
    /// 还没有
    #[error("您还没有登记通行密钥")]
    None,
    /// 别人没有
    #[error("“{0}”没有登记通行密钥")]
    NoneThere(String),
}

impl regulation::Violation for Fault {
    fn provision(&self) -> Provision {
        Provision::PLATFORM
    }

    fn advice(&self) -> String {
        match self {
            Self::Unconfigured => "请用口令登录；需要通行密钥的，请运维人员配置对外地址",
            Self::Spent => "请重新开始",
            Self::Garbled | Self::Unfit => "请换一个浏览器或者设备重试",
            Self::Mismatch => "请确认用的是登记过的设备，再试一次",
            Self::Taken => "请直接使用它，或者换一个设备登记",
            Self::Many => "请先移除不再使用的",
            Self::Suspect => "请用另一个通行密钥登录后移除它；没有别的，请联系本单位管理员",
            Self::Unnamed => "请起一个认得出的名称，如“办公室电脑”",
            Self::None => "请先登记，或者用口令验证",
            Self::NoneThere(_) => "请核对账号",
        }
        .to_owned()
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Unconfigured | Self::Spent | Self::Taken | Self::Many | Self::None | Self::NoneThere(_) => {
                Kind::State
            }
            Self::Mismatch | Self::Suspect => Kind::Role,
            Self::Garbled | Self::Unfit | Self::Unnamed => Kind::Content,
        }
    }
}
