//! 职权表 — role by act, as the rules in force say; and what no set of rules may say.

use regulation::Role;

use super::{Competence, Subject, own, somebody};

/// The subjects of the platform's business: no keeper and no supervisor acts on them.
const BUSINESS: [&str; 12] = [
    "feedback",
    "entry",
    "application",
    "plan",
    "selection",
    "candidate",
    "complaint",
    "agreement",
    "demand",
    "product",
    "use_agreement",
    "credential",
];

/// What decides on what somebody else submitted.
const DECIDING: [&str; 7] = [
    "application.agree",
    "entry.screen",
    "entry.publish",
    "agreement.adopt",
    "product.approve_price",
    "policies.approve",
    "calendar.approve",
];

/// What the clock may do on business files: say aloud that a term has passed or a proof has expired, count anew, and
/// note that what was announced for a day has come.
const COUNTING: [&str; 4] = ["escalate", "recount", "lapse", "warn"];

/// What the public may do: write in.
const WRITING: &str = "feedback.submit";

/// Without these nobody could ever come in, or change a rule again.
const LIFELINES: [&str; 5] =
    ["policies.propose", "policies.approve", "invitation.issue", "session.begin", "session.end"];

/// 职权表 — a row per act, a cell per role: whether that role may perform it on a file of its own.
pub fn matrix(competence: &Competence, name: &dyn Fn(&str) -> String) -> String {
    let head: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
    let rule = "---|".repeat(head.len() + 2);
    let mut table = format!("| 行为 | 名称 | {} |\n|{rule}\n", head.join(" | "));
    let line = |act: String| {
        let cells = Role::ALL.iter().map(|role| if may(competence, *role, &act) { "✔" } else { "✘" });
        format!("| `{act}` | {} | {} |\n", name(&act), cells.collect::<Vec<_>>().join(" | "))
    };
    table.extend(competence.acts().into_iter().map(line));
    table
}

/// Whether a role may perform an act on a file of its own.
pub fn may(competence: &Competence, role: Role, act: &str) -> bool {
    competence.rule(&somebody(role), act, &own(role, act)).allowed
}

/// 破坏分立 — what a set of rules would allow that none may; and what it would make impossible.
pub(super) fn breaches(competence: &Competence) -> Vec<String> {
    let mut breaches = Vec::new();
    let onlookers = [Role::Auditor, Role::Clock, Role::Founder, Role::Public];
    for act in competence.acts() {
        let (subject, verb) = act.split_once('.').unwrap_or_default();
        if BUSINESS.contains(&subject) {
            let own = |role: &Role| match role {
                Role::Clock => COUNTING.contains(&verb),
                Role::Public => act == WRITING,
                _ => false,
            };
            let able = Role::KEEPERS.into_iter().chain(onlookers).filter(|role| !own(role));
            let able = able.filter(|role| may(competence, *role, &act));
            breaches.extend(able.map(|role| format!("{role}可以办理业务“{act}”")));
        }
        if DECIDING.contains(&act.as_str()) {
            let submitted = |role: Role| Subject { submitters: vec![somebody(role).person], ..own(role, &act) };
            let able =
                Role::ALL.iter().filter(|role| competence.rule(&somebody(**role), &act, &submitted(**role)).allowed);
            breaches.extend(able.map(|role| format!("{role}可以审议自己提交的事项（“{act}”）")));
        }
    }
    let able = |act: &str| -> Vec<Role> {
        let people = Role::ALL.iter().copied().filter(|role| !role.is_the_program());
        people.filter(|role| may(competence, *role, act)).collect()
    };
    let dead = LIFELINES.iter().filter(|act| able(act).is_empty());
    breaches.extend(dead.map(|act| format!("没有人可以办理“{act}”，平台就进不了人、改不了规则")));
    if able("policies.propose").into_iter().any(|role| may(competence, role, "policies.approve")) {
        breaches.push("提请规则的身份也可以同意规则".to_owned());
    }
    breaches
}
