//! 授权运营目录 — an entry as it is kept.

use regulation::{
    Role,
    basics::catalogue::{Content, State},
};
use serde::{Deserialize, Serialize};

use crate::record::{Record, awaits};

/// 目录条目.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// 编号
    pub id: String,
    /// 提供单位
    pub provider: String,
    /// 实施机构
    pub agency: String,
    /// 内容
    pub content: Content,
    /// 状态
    pub state: State,
}

impl Record for Entry {
    const SUBJECT: &'static str = "entry";
    fn id(&self) -> &str {
        &self.id
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::DataProvider, self.provider.as_str()), (Role::ImplementingAgency, self.agency.as_str())]
    }
    fn awaits(&self) -> String {
        match self.state {
            State::Draft => awaits(Role::DataProvider, &self.provider),
            State::Verification => awaits(Role::ImplementingAgency, &self.agency),
            State::Published => String::new(),
        }
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}
