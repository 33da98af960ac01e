//! 为什么不能 — the two questions asked aloud: may this happen now, and may this person do it.

use regulation::{
    Procedure, basics::catalogue, calendar::proposal, competence as policies, granting, operation, procedure,
    supervision::feedback,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use store::{
    Record,
    basics::{calendar, catalogue::Entry},
    competence::Policies,
    granting::{
        agreement::Agreement,
        application::Application,
        plan::Plan,
        selection::{Selection, candidate::Candidate, complaint::Complaint},
    },
    operation::{credential::Credential, demand::Demand, product::Product, use_agreement::UseAgreement},
    supervision::feedback::Feedback,
};

use super::{Ruling, Subject};
use crate::{Acting, Office, Refused, refused::Overreach};

/// 能不能办，为什么.
#[derive(Clone, Debug, Serialize)]
pub struct Why {
    /// 时机
    pub moment: Moment,
    /// 职权
    pub ruling: Ruling,
    /// 职权上不能办的原因，一句话
    pub against: Option<String>,
    /// 谁能办
    pub able: Vec<String>,
}

/// 时机 — what the procedure says.
#[derive(Clone, Debug, Serialize)]
pub struct Moment {
    /// 现在的状态
    pub state: String,
    /// 可以办
    pub open: bool,
    /// 一句话
    pub told: String,
    /// 依据
    pub basis: String,
}

/// Asks both questions of one act on one file; `name` is what the act is called.
pub async fn why(office: &Office, acting: &Acting, (act, name): (&str, &str), id: &str) -> Result<Why, Refused> {
    let (subject, verb) = act.split_once('.').unwrap_or_default();
    macro_rules! asked {
        ($record:ty, $what:literal, $procedure:expr) => {{
            let found = office.store.get::<$record>(id).await.map_err(Refused::unavailable)?;
            let Some((record, _)) = found else { return Err(Refused::Missing { what: $what, id: id.to_owned() }) };
            (Subject::of(&record), moment(&$procedure, &record, verb, acting))
        }};
    }
    let (subject, moment) = match subject {
        calendar::Proposal::SUBJECT => asked!(calendar::Proposal, "提请的放假安排", proposal::PROCEDURE),
        Application::SUBJECT => asked!(Application, "授权申请", granting::application::PROCEDURE),
        Entry::SUBJECT => {
            let found = office.store.get::<Entry>(id).await.map_err(Refused::unavailable)?;
            let Some((mut entry, _)) = found else {
                return Err(Refused::Missing { what: "目录条目", id: id.to_owned() });
            };
            // The version that is being worked on answers for the acts upon it.
            if catalogue::Act::coded(verb).is_some_and(|act| act.on_version() || act == catalogue::Act::Revise) {
                entry.state = entry.stage();
            }
            (Subject::of(&entry), moment(&catalogue::PROCEDURE, &entry, verb, acting))
        }
        Plan::SUBJECT => asked!(Plan, "实施方案", granting::plan::PROCEDURE),
        Selection::SUBJECT => asked!(Selection, "遴选", granting::selection::PROCEDURE),
        Candidate::SUBJECT => asked!(Candidate, "参选申请", granting::selection::candidate::PROCEDURE),
        Complaint::SUBJECT => asked!(Complaint, "遴选异议", granting::selection::complaint::PROCEDURE),
        Agreement::SUBJECT => asked!(Agreement, "授权运营协议", granting::agreement::PROCEDURE),
        Demand::SUBJECT => asked!(Demand, "数据需求", operation::demand::PROCEDURE),
        Product::SUBJECT => asked!(Product, "产品", operation::product::PROCEDURE),
        UseAgreement::SUBJECT => asked!(UseAgreement, "数据开发利用协议", operation::use_agreement::PROCEDURE),
        Credential::SUBJECT => asked!(Credential, "凭据", operation::credential::PROCEDURE),
        Feedback::SUBJECT => asked!(Feedback, "来件", feedback::PROCEDURE),
        Policies::SUBJECT => asked!(Policies, "职权规则", policies::PROCEDURE),
        _ => return Err(Refused::Missing { what: "行为", id: act.to_owned() }),
    };
    let moment = moment.ok_or_else(|| Refused::Missing { what: "行为", id: act.to_owned() })?;
    let competence = office.competence();
    let against = competence.check(acting, act, name, &subject).err().map(|overreach: Overreach| overreach.to_string());
    Ok(Why {
        moment,
        ruling: competence.rule(acting, act, &subject),
        against,
        able: competence.able(act).0.into_iter().map(|role| role.name().to_owned()).collect(),
    })
}

/// What the procedure says of this act in the state that the record is in; nothing where it has no such act.
fn moment<S, A, R>(procedure: &Procedure<S, A>, record: &R, verb: &str, acting: &Acting) -> Option<Moment>
where
    S: procedure::State + DeserializeOwned,
    A: Copy + PartialEq + std::fmt::Display + DeserializeOwned,
    R: Record,
{
    let act: A = serde_json::from_value(verb.into()).ok()?;
    let state = serde_json::to_value(record).ok()?.get("state").cloned().unwrap_or(Value::Null);
    let state: S = serde_json::from_value(state).ok()?;
    Some(match procedure.step(state, act, acting.role) {
        Ok(step) => Moment {
            state: state.to_string(),
            open: true,
            told: format!("办理后的状态是“{}”", step.to),
            basis: step.basis.to_string(),
        },
        Err(irregular) => Moment {
            state: state.to_string(),
            open: false,
            told: format!("{irregular}；{}", regulation::Violation::advice(&irregular)),
            basis: regulation::Violation::provision(&irregular).to_string(),
        },
    })
}
