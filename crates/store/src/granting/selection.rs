//! 选择运营机构 — a selection as it is kept; its applications and objections stand on it.

use jiff::civil::Date;
use regulation::{
    Role,
    granting::selection::{
        Condition, Method, State,
        evaluation::{Criterion, Evaluator},
    },
};
use serde::{Deserialize, Serialize};

use super::plan::Plan;
use crate::record::{Record, awaits, key};

pub mod candidate;
pub mod complaint;

/// 遴选.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// 编号
    pub id: String,
    /// 实施方案
    pub plan: String,
    /// 实施机构
    pub agency: String,
    /// 方式
    pub method: Method,
    /// 公告
    pub notice: String,
    /// 申请办法
    #[serde(default)]
    pub how: String,
    /// 要求提交的材料
    #[serde(default)]
    pub asked: String,
    /// 申请截止日；申请到这一天结束为止
    #[serde(default)]
    pub deadline: Option<Date>,
    /// 评审标准
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    /// 受邀单位：名称、编号或者统一社会信用代码
    #[serde(default)]
    pub invitees: Vec<String>,
    /// 状态
    pub state: State,
    /// 参选申请
    #[serde(default)]
    pub candidates: Vec<String>,
    /// 评审人
    #[serde(default)]
    pub evaluators: Vec<Evaluator>,
    /// 公示的候选人，依得分排列
    #[serde(default)]
    pub ranked: Vec<Ranked>,
    /// 公示至
    #[serde(default)]
    pub publicity_until: Option<Date>,
    /// 没有答复的异议
    #[serde(default)]
    pub open_complaints: Vec<String>,
    /// 成立而没有处理的异议
    #[serde(default)]
    pub upheld: Vec<String>,
    /// 选定的运营机构
    pub operator: Option<String>,
    /// 中选的参选申请
    #[serde(default)]
    pub chosen: Option<String>,
    /// 终止、重新评审、越过第一名的理由
    #[serde(default)]
    pub reason: String,
    /// 选定之日
    #[serde(default)]
    pub selected_on: Option<Date>,
    /// 协议应在哪一天之前签订
    #[serde(default)]
    pub contract_by: Option<Date>,
    /// 选定时已证明的条件
    pub conditions: Vec<Condition>,
    /// 已告知到期的证明：条件和到期之日
    #[serde(default)]
    pub expired: Vec<(Condition, Date)>,
}

/// 公示的一名候选人.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// 参选申请
    pub candidate: String,
    /// 单位名称
    pub name: String,
    /// 得分，百分之一分
    pub score: u32,
}

impl Record for Selection {
    const SUBJECT: &'static str = "selection";
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> String {
        key::<Plan>(&self.plan)
    }
    fn parties(&self) -> Vec<(Role, &str)> {
        let mut parties = vec![(Role::ImplementingAgency, self.agency.as_str())];
        parties.extend(self.operator.as_deref().map(|operator| (Role::Operator, operator)));
        parties
    }
    fn awaits(&self) -> String {
        if self.state.over() { String::new() } else { awaits(Role::ImplementingAgency, &self.agency) }
    }
    fn state(&self) -> &'static str {
        self.state.name()
    }
}
