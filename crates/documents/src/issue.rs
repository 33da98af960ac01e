//! 出文表 — which paper comes from which act, from which state on, in which form, by which provision.

use regulation::{Provision, article, granting::agreement, operation::demand};
use store::{Event, Fault};

use crate::{
    basics::catalogue,
    granting::{agreement as agreements, plan, selection},
    operation::demand as demands,
    paper::{Form, Kind, Paper},
    source::Source,
};

/// 出文 — one act that a paper comes from.
pub struct Issue {
    /// 文种
    pub kind: Kind,
    /// 行为，如 `plan.adopt`；点号之前是主题
    pub act: &'static str,
    /// 办理之后的状态；空的为任何状态
    pub after: &'static str,
    /// 稿次
    pub form: Form,
    /// 依据
    pub basis: Provision,
    /// 写法
    pub(crate) write: fn(&Source<'_>) -> Result<Paper, Fault>,
}

const fn issue(
    kind: Kind,
    (act, after): (&'static str, &'static str),
    form: Form,
    basis: Provision,
    write: fn(&Source<'_>) -> Result<Paper, Fault>,
) -> Issue {
    Issue { kind, act, after, form, basis, write }
}

const FILING: Provision = article(16);
const RECTIFICATION: Provision = article(34).paragraph(1);
const REVIEW: Provision = article(23).paragraph(1);
const DISCLOSURE: Provision = article(32).paragraph(1);

/// 出文表 — a later act that issues the same kind makes a later version of it.
#[rustfmt::skip] // It is a table; let it look like one.
pub static ISSUES: &[Issue] = {
    use {Form::*, Kind::*};
    const SIGNED: &str = agreement::State::InForce.name();
    const PASSED_ON: &str = demand::State::ProviderReview.name();
    const GRANTED: &str = demand::State::AwaitingSupply.name();
    &[
        issue(EntryPublication, ("entry.publish",      ""),        Final,           article(8).paragraph(1), catalogue::publication),
        issue(Plan,             ("plan.draft",         ""),        Draft,           article(10),             plan::plan),
        issue(Plan,             ("plan.submit",        ""),        ForDeliberation, article(10),             plan::plan),
        issue(Plan,             ("plan.return",        ""),        Draft,           article(10),             plan::plan),
        issue(Plan,             ("plan.adopt",         ""),        Final,           article(10),             plan::plan),
        issue(PlanRequest,      ("plan.submit",        ""),        Final,           article(13),             plan::request),
        issue(PlanDecision,     ("plan.adopt",         ""),        Final,           article(13),             plan::decision),
        issue(PlanFiling,       ("plan.adopt",         ""),        Draft,           article(13),             plan::filing),
        issue(PlanFiling,       ("plan.file",          ""),        Final,           article(13),             plan::filing),
        issue(SelectionNotice,  ("selection.announce", ""),        Final,           article(14),             selection::notice),
        issue(SelectionResult,  ("selection.select",   ""),        Final,           article(14),             selection::selected),
        issue(SelectionResult,  ("selection.fail",     ""),        Final,           article(14),             selection::abandoned),
        issue(Agreement,        ("agreement.draft",    ""),        Draft,           article(17),             agreements::agreement),
        issue(Agreement,        ("agreement.submit",   ""),        ForDeliberation, article(17),             agreements::agreement),
        issue(Agreement,        ("agreement.return",   ""),        Draft,           article(17),             agreements::agreement),
        issue(Agreement,        ("agreement.adopt",    ""),        ForSigning,      article(17),             agreements::agreement),
        issue(Agreement,        ("agreement.sign",     SIGNED),    Final,           article(17),             agreements::agreement),
        issue(AgreementFiling,  ("agreement.sign",     SIGNED),    Draft,           FILING,                  agreements::filing),
        issue(AgreementFiling,  ("agreement.file",     ""),        Final,           FILING,                  agreements::filing),
        issue(Certificate,      ("agreement.sign",     SIGNED),    Final,           DISCLOSURE,              agreements::certificate),
        issue(Certificate,      ("agreement.file",     ""),        Final,           DISCLOSURE,              agreements::certificate),
        issue(Certificate,      ("agreement.suspend",  ""),        Final,           DISCLOSURE,              agreements::certificate),
        issue(Certificate,      ("agreement.resume",   ""),        Final,           DISCLOSURE,              agreements::certificate),
        issue(DemandAcceptance, ("demand.submit",      ""),        Final,           REVIEW,                  demands::acceptance),
        issue(DemandPassing,    ("demand.pass",        PASSED_ON), Final,           REVIEW,                  demands::passed_on),
        issue(DemandPassing,    ("demand.pass",        GRANTED),   Final,           REVIEW,                  demands::granted),
        issue(DemandRefusal,    ("demand.refuse",      ""),        Final,           REVIEW,                  demands::refusal),
        issue(Suspension,       ("agreement.suspend",  ""),        Final,           RECTIFICATION,           agreements::suspension),
        issue(Resumption,       ("agreement.resume",   ""),        Final,           RECTIFICATION,           agreements::resumption),
    ]
};

impl Issue {
    /// 主题
    pub fn subject(&self) -> &'static str {
        self.act.split_once('.').map_or(self.act, |(subject, _)| subject)
    }
}

/// 所出之文 — every paper that came from these events, in their order.
pub fn issued(history: &[Event]) -> Vec<(&'static Issue, &Event)> {
    let of = |event| ISSUES.iter().filter(move |issue| issue.by(event)).map(move |issue| (issue, event));
    history.iter().flat_map(of).collect()
}

/// The subject that papers of this kind belong to.
pub fn subject(kind: Kind) -> Option<&'static str> {
    ISSUES.iter().find(|issue| issue.kind == kind).map(Issue::subject)
}
