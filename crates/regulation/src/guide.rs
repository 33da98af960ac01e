//! 办事指南 — for each party, step by step: who acts, within which term, on what basis, with what prepared.
//!
//! Nothing is said here a second time: the steps are the procedures, the terms are `terms.toml`, and what has
//! to be prepared are the lists that the Measures give for it and that the acts check.

use serde::Serialize;

use crate::{
    Provision, Role, Terms, article,
    basics::{catalogue, mode::Mode},
    granting::{
        agreement, application, plan,
        selection::{self, Condition},
    },
    operation::{credential, demand, product, use_agreement},
    procedure::{Procedure, State},
    terms::Entry,
};

/// 事项 — one subject with every step of its procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Matter {
    /// 名称
    pub name: &'static str,
    /// 环节
    pub steps: Vec<Leg>,
}

/// 环节 — one step, as whoever takes it needs to know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leg {
    /// 谁办
    pub by: Role,
    /// 在什么状态
    pub from: String,
    /// 办什么
    pub act: String,
    /// 办后状态
    pub to: String,
    /// 依据
    #[serde(serialize_with = "cited")]
    pub basis: Provision,
    /// 期限
    pub term: Option<Entry>,
    /// 要准备的
    pub prepare: Vec<Item>,
}

/// 要准备的一项.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// 名称
    pub name: &'static str,
    /// 可以不写的
    pub optional: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn cited<S: serde::Serializer>(provision: &Provision, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(provision)
}

/// 会议记录要载明的.
const DECISION: [&str; 4] =
    ["“三重一大”决策的会议名称、届次和日期", "应到、实到人数", "赞成、反对、弃权票数", "纪要要点"];

/// 全部事项 — in the order of the Measures.
pub fn matters(terms: &Terms) -> Vec<Matter> {
    let needed = |name: &'static str| Item { name, optional: false };
    let mut matters = vec![
        matter("授权运营目录条目", &catalogue::PROCEDURE, terms, |act| match act {
            catalogue::Act::Submit => {
                ["目录条目的内容和信息项", "分类分级：六个影响对象的影响程度和理由"].map(needed).into()
            }
            catalogue::Act::Screen => catalogue::Screen::ALL.iter().map(|screen| needed(screen.name())).collect(),
            catalogue::Act::Object | catalogue::Act::Return => vec![needed("理由")],
            catalogue::Act::Suspend | catalogue::Act::Resume => vec![needed("事由")],
            catalogue::Act::Announce => ["依据，写明到条", "最后一日"].map(needed).into(),
            _ => Vec::new(),
        }),
        matter("授权申请", &application::PROCEDURE, terms, |act| match act {
            application::Act::Submit => application::Part::ALL
                .iter()
                .map(|part| part.name())
                .chain(["确有需要的理由", "拟使用的公共数据资源"])
                .map(needed)
                .collect(),
            application::Act::Deny | application::Act::Return => vec![needed("理由")],
            _ => Vec::new(),
        }),
        matter("实施方案", &plan::PROCEDURE, terms, |act| match act {
            plan::Act::Submit => plan::Section::ALL
                .iter()
                .map(|section| Item { name: section.name(), optional: !section.required() })
                .collect(),
            plan::Act::Adopt => DECISION.map(needed).into(),
            plan::Act::File => vec![needed("省级数据主管部门的备案号")],
            plan::Act::Return => vec![needed("退回的理由")],
            plan::Act::Object => vec![needed("不同意见")],
            plan::Act::Consult | plan::Act::Concur => Vec::new(),
        }),
        matter("选择运营机构", &selection::PROCEDURE, terms, |act| match act {
            selection::Act::Evaluate => vec![needed("评审人的姓名、单位和利害关系声明")],
            selection::Act::Publicise => vec![needed("全体评审人对每家合格参选单位的评分")],
            selection::Act::Select => vec![needed("公示的候选人")],
            selection::Act::Reopen => vec![needed("重新评审的理由")],
            selection::Act::Fail => vec![needed("终止的理由")],
        }),
        matter("参选申请", &selection::candidate::PROCEDURE, terms, |act| match act {
            selection::candidate::Act::Revise => Condition::ALL
                .iter()
                .map(|condition| Item {
                    name: condition.name(),
                    optional: !Condition::of(&Mode::Whole).contains(condition),
                })
                .collect(),
            selection::candidate::Act::Renew => vec![needed("到期各项的新证明和有效期")],
            selection::candidate::Act::Disqualify => vec![needed("不合格的理由")],
            selection::candidate::Act::Score => vec![needed("一名评审人对公告的每项标准的评分")],
            selection::candidate::Act::Withdraw
            | selection::candidate::Act::Qualify
            | selection::candidate::Act::Inquire => Vec::new(),
        }),
        matter("遴选异议", &selection::complaint::PROCEDURE, terms, |act| match act {
            selection::complaint::Act::Lodge => vec![needed("异议的事项和理由")],
            selection::complaint::Act::Answer => ["结论", "答复的理由"].map(needed).into(),
        }),
        matter("授权运营协议", &agreement::PROCEDURE, terms, |act| match act {
            agreement::Act::Submit => agreement::Clause::ALL
                .iter()
                .map(|clause| Item { name: clause.name(), optional: *clause == agreement::Clause::Other })
                .collect(),
            agreement::Act::Adopt => DECISION.map(needed).into(),
            agreement::Act::File => vec![needed("省级数据主管部门的备案号")],
            agreement::Act::Return => vec![needed("退回的理由")],
            agreement::Act::Suspend | agreement::Act::Resume => vec![needed("事由")],
            agreement::Act::Sign => Vec::new(),
        }),
        matter("数据需求", &demand::PROCEDURE, terms, |act| match act {
            demand::Act::Submit => {
                ["授权运营协议", "目录条目和信息项", "用途类别", "应用场景", "必要性说明"].map(needed).into()
            }
            demand::Act::Refuse => ["不予通过的理由", "写明到条的法律法规"].map(needed).into(),
            demand::Act::Supply => vec![needed("已在市一体化政务大数据平台挂载的批次")],
            demand::Act::Pass => Vec::new(),
        }),
        matter("公共数据产品和服务", &product::PROCEDURE, terms, |act| match act {
            product::Act::Build => vec![needed("加工说明")],
            product::Act::ProposePrice => ["价格", "定价说明"].map(needed).into(),
            product::Act::ReturnPrice => vec![needed("退回的理由")],
            product::Act::Withdraw => vec![needed("下架的理由")],
            product::Act::ApprovePrice | product::Act::Publish => Vec::new(),
        }),
        matter("数据开发利用协议", &use_agreement::PROCEDURE, terms, |act| match act {
            use_agreement::Act::Sign => use_agreement::Clause::ALL.iter().map(|clause| needed(clause.name())).collect(),
            _ => Vec::new(),
        }),
        matter("凭据", &credential::PROCEDURE, terms, |_| Vec::new()),
    ];
    matters.retain(|matter| !matter.steps.is_empty());
    matters
}

/// 一方的事项 — those in whose procedure it takes a step, with every party's steps.
pub fn of(role: Role, terms: &Terms) -> Vec<Matter> {
    let mut matters = matters(terms);
    matters.retain(|matter| matter.steps.iter().any(|step| step.by == role));
    matters
}

/// 有环节可办的身份.
pub fn parties(terms: &Terms) -> Vec<Role> {
    let matters = matters(terms);
    let takes = |role: &Role| matters.iter().any(|matter| matter.steps.iter().any(|step| step.by == *role));
    Role::ALL.iter().copied().filter(takes).collect()
}

/// 申请 — what the Measures say of applications, which have no procedure here yet.
pub fn application() -> [Provision; 2] {
    [article(9), article(11)]
}

fn matter<S, A>(
    name: &'static str,
    procedure: &Procedure<S, A>,
    terms: &Terms,
    prepare: impl Fn(A) -> Vec<Item>,
) -> Matter
where
    S: State,
    A: Copy + PartialEq + std::fmt::Display,
{
    let leg = |step: &crate::procedure::Step<S, A>| Leg {
        by: step.by,
        from: step.from.to_string(),
        act: step.act.to_string(),
        to: step.to.to_string(),
        basis: step.basis,
        term: step.from.within().map(|term| terms.entry(term).clone()),
        prepare: prepare(step.act),
    };
    Matter { name, steps: procedure.0.iter().map(leg).collect() }
}
