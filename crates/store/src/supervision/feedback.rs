//! 社会监督来件 — what the public wrote and what it was answered, as it is kept.

use jiff::civil::Date;
use regulation::{
    Due, Role,
    supervision::feedback::{Kind, Published, State},
};
use serde::{Deserialize, Serialize};

use crate::record::{Record, awaits};

/// 来件.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// 编号
    pub id: String,
    /// 实施机构
    pub agency: String,
    /// 类别
    pub kind: Kind,
    /// 针对什么，如 `agreement/XY-…`；没有针对的为空
    pub about: String,
    /// 标题
    pub title: String,
    /// 内容
    pub text: String,
    /// 联系方式；匿名的为空
    pub contact: String,
    /// 同意公开（略去个人信息）
    pub open: bool,
    /// 查询码的摘要 — the code itself is shown once and kept nowhere.
    pub code_sha256: String,
    /// 状态
    pub state: State,
    /// 收到之日
    pub received: Date,
    /// 答复，或者不予受理的理由
    pub answer: String,
    /// 公开的文字
    pub published: Option<Published>,
    /// 期限
    pub due: Option<Due>,
    /// 督办 — the days on which a missed term was escalated.
    pub escalated: Vec<Date>,
}

impl Record for Feedback {
    const SUBJECT: &'static str = "feedback";
    fn id(&self) -> &str {
        &self.id
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::Public, "public"), (Role::ImplementingAgency, self.agency.as_str())]
    }
    fn awaits(&self) -> String {
        match self.state {
            State::Received | State::Accepted => awaits(Role::ImplementingAgency, &self.agency),
            State::Draft | State::Answered | State::Published | State::Declined => String::new(),
        }
    }
    fn due(&self) -> Option<Date> {
        self.due.as_ref().map(|due| due.date)
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}

/// 一小时内的来件 — how many came in the current hour: one row, so that every server counts the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// 哪一小时，自 1970 年起的小时数
    pub hour: i64,
    /// 已收几件
    pub received: u32,
}

impl Intake {
    /// The one row.
    pub const ID: &'static str = "now";
}

impl Record for Intake {
    const SUBJECT: &'static str = "intake";
    fn id(&self) -> &'static str {
        Self::ID
    }
}
