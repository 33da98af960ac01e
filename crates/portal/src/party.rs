//! 各方 — the pages of organisations, their people, invitations, and as what one acts.

pub mod capacities;
pub mod invitation;
pub mod organisation;
pub mod organisations;
pub mod people;

use regulation::{STANDING, Standing, StandingAct};
use store::Record;
use workflow::competence::Subject;

use crate::{Door, names, session::Visitor};

/// 可办的事 — a button with its act, and whether it asks for a reason.
pub struct Doing {
    /// 请求，如 `membership.suspend`
    pub act: String,
    /// 按钮
    pub label: String,
    /// 对象的字段名
    pub field: &'static str,
    /// 对象
    pub id: String,
    /// 须写事由
    pub reason: bool,
    /// 不可轻易撤回
    pub risk: bool,
}

/// What may be done now with an organisation, an account or a membership.
pub fn doings<R: Record>(door: &Door, visitor: &Visitor, record: &R, standing: Standing) -> Vec<Doing> {
    let (competence, subject) = (door.office.competence(), Subject::of(record));
    let steps = STANDING.open_to(standing, visitor.acting.role);
    let doing = |act: StandingAct| Doing {
        act: format!("{}.{}", R::SUBJECT, act.code()),
        label: act.name().to_owned(),
        field: "id",
        id: record.id().to_owned(),
        reason: true,
        risk: act != StandingAct::Resume,
    };
    let doings = steps.map(|step| doing(step.act));
    doings.filter(|doing| competence.rule(&visitor.acting, &doing.act, &subject).allowed).collect()
}

/// One act that needs nothing but its object, if this visitor may perform it.
pub fn doing<R: Record>(door: &Door, visitor: &Visitor, record: &R, act: &str, field: &'static str) -> Option<Doing> {
    let ruling = door.office.competence().rule(&visitor.acting, act, &Subject::of(record));
    ruling.allowed.then(|| Doing {
        act: act.to_owned(),
        label: names::act(act).to_owned(),
        field,
        id: record.id().to_owned(),
        reason: false,
        risk: true,
    })
}

/// The colour of a standing.
pub fn tone(standing: Standing) -> &'static str {
    match standing {
        Standing::InForce => "ok",
        Standing::Suspended => "warn",
        Standing::Ended => "",
    }
}
