//! 工作日历 — arrangements that are proposed, the editions of the calendar, and which of them is in force.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use regulation::{
    Role,
    calendar::{Arrangement, Import, proposal::State},
};
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    record::{Record, awaits},
};

/// 提请的放假安排 — one year's, as it was handed in and as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// 编号
    pub id: String,
    /// 实施机构
    pub agency: String,
    /// 录入的原样
    pub import: Import,
    /// 读出的放假安排
    pub arrangement: Arrangement,
    /// 读懂了但不计入的话
    pub aside: Vec<String>,
    /// 比照的版次 — the edition that it was compared with; it is approved against no other.
    pub against: u32,
    /// 状态
    pub state: State,
    /// 会签
    pub approval: Approval,
    /// 生效后的版次
    pub edition: Option<u32>,
}

impl Record for Proposal {
    const SUBJECT: &'static str = "calendar";
    fn id(&self) -> &str {
        &self.id
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        vec![(Role::ImplementingAgency, &self.agency)]
    }
    fn submitted_by(&self) -> Option<&str> {
        Some(&self.approval.proposer)
    }
    fn awaits(&self) -> String {
        if self.state == State::Proposed { awaits(Role::ImplementingAgency, &self.agency) } else { String::new() }
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}

/// 版 — every year's arrangement as this edition has it, whole: a date can be counted again with the
/// edition that it names, whatever a later program brings along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// 编号，如 `0002`
    pub id: String,
    /// 第几版
    pub number: u32,
    /// 版本的名称
    pub version: String,
    /// 各年的放假安排
    pub arrangements: BTreeMap<i16, Arrangement>,
    /// 改动的年份；内置的一版没有
    pub year: Option<i16>,
    /// 由哪件提请而来；内置的一版没有
    pub proposal: String,
    /// 生效时间
    pub since: Option<Timestamp>,
    /// 在途期限重算完毕的时间 — nothing until then.
    pub settled: Option<Timestamp>,
}

impl Edition {
    /// The number of an edition's record.
    pub fn number(edition: u32) -> String {
        format!("{edition:04}")
    }
}

impl Record for Edition {
    const SUBJECT: &'static str = "calendar_edition";
    fn id(&self) -> &str {
        &self.id
    }
}

/// 现行 — which edition is in force; as long as there is none, the calendar that comes with the program is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// 总是 [`InForce::ID`]
    pub id: String,
    /// 第几版
    pub edition: u32,
}

impl InForce {
    /// There is one such record.
    pub const ID: &'static str = "calendar";
}

impl Record for InForce {
    const SUBJECT: &'static str = "in_force";
    fn id(&self) -> &str {
        &self.id
    }
}

/// 重算 — what an edition did to the term of one open case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recount {
    /// 编号：版次和卷宗
    pub id: String,
    /// 第几版
    pub edition: u32,
    /// 卷宗
    pub case: String,
    /// 原来的届满日
    pub from: Date,
    /// 重算的届满日；没有的，须人工核对
    pub to: Option<Date>,
    /// 重算之日
    pub on: Date,
    /// 一句话
    pub told: String,
}

impl Recount {
    /// The number of the record for a case.
    pub fn number(edition: u32, case: &str) -> String {
        format!("{}.{}", Edition::number(edition), case.replace('/', "."))
    }

    /// 已经过去 — the new date lies before the day on which it was counted.
    pub fn is_past(&self) -> bool {
        self.to.is_some_and(|to| to < self.on)
    }
}

impl Record for Recount {
    const SUBJECT: &'static str = "recount";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        crate::record::key::<Edition>(&Edition::number(self.edition))
    }
}
