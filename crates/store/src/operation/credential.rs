//! 凭据 — a credential as it is kept: never the secret, only its digest.

use regulation::{Role, operation::credential::State};
use serde::{Deserialize, Serialize};

use super::use_agreement::UseAgreement;
use crate::record::{Record, key};

/// 凭据.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// 编号 — the part of the token before the dot; it is no secret.
    pub id: String,
    /// 数据开发利用协议
    pub use_agreement: String,
    /// 经营主体
    pub entity: String,
    /// 运营机构
    pub operator: String,
    /// 产品
    pub product: String,
    /// 密钥摘要（SHA-256）
    pub secret_sha256: String,
    /// 到期（含当日）
    pub until: jiff::civil::Date,
    /// 状态
    pub state: State,
}

impl Record for Credential {
    const SUBJECT: &'static str = "credential";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        key::<UseAgreement>(&self.use_agreement)
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::BusinessEntity, self.entity.as_str()), (Role::Operator, self.operator.as_str())]
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}
