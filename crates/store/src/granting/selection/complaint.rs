//! 遴选异议 — an applicant's objection and its answer, as they are kept.

use jiff::civil::Date;
use regulation::{
    Role,
    granting::selection::complaint::{Outcome, State},
};
use serde::{Deserialize, Serialize};

use super::Selection;
use crate::record::{Record, awaits, key};

/// 遴选异议.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// 编号
    pub id: String,
    /// 遴选
    pub selection: String,
    /// 实施机构
    pub agency: String,
    /// 提出的单位
    pub complainant: String,
    /// 事项和理由
    pub grounds: String,
    /// 提出之日
    pub lodged: Date,
    /// 状态
    pub state: State,
    /// 结论
    pub outcome: Option<Outcome>,
    /// 答复
    pub answer: String,
    /// 应在哪一天之前答复
    pub answer_by: Option<Date>,
}

impl Record for Complaint {
    const SUBJECT: &'static str = "complaint";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        key::<Selection>(&self.selection)
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::Operator, self.complainant.as_str()), (Role::ImplementingAgency, self.agency.as_str())]
    }
    fn awaits(&self) -> String {
        match self.state {
            State::Open => awaits(Role::ImplementingAgency, &self.agency),
            State::Draft | State::Answered => String::new(),
        }
    }
    fn due(&self) -> Option<Date> {
        self.answer_by.filter(|_| self.state == State::Open)
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}
