//! 职权 — who may do which act on which file: Cedar policies that a lawyer can read, asked for every act.
//!
//! Two questions stand before each act. Whether the step may happen now is the procedure in
//! `regulation`; whether this person may take it is asked here. [`File::record`](crate::File) asks for
//! every act without exception, so nothing is committed that no rule permits. A rule carries its name,
//! its basis and one sentence; the answer names the rules that decided.

mod change;
mod matrix;
mod reading;
mod why;

pub use change::{Proposal, approve, propose, reject, revise, withdraw};
pub use matrix::{matrix, may};
pub use why::{Moment, Why, why};

use std::{collections::BTreeMap, sync::Arc};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicyId, PolicySet, Request,
    RestrictedExpression, Schema,
};
use regulation::Role;
use serde::Serialize;
use store::{Record, record};

use crate::{Acting, refused::Overreach};

/// 一套职权规则 — parsed, checked against the vocabulary, and found not to break what no rule may break.
#[derive(Clone)]
pub struct Competence {
    /// 摘要 — names this set in every record.
    pub digest: String,
    /// 各文件的原文
    pub files: BTreeMap<String, String>,
    rules: Vec<Rule>,
    policies: PolicySet,
    schema: Arc<Schema>,
}

/// 规则 — one policy, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// 名称
    pub id: String,
    /// 依据
    pub basis: String,
    /// 一句话
    pub says: String,
    /// 禁止，而不是允许
    pub forbids: bool,
    /// 所在文件
    pub file: String,
    /// 原文
    pub text: String,
}

/// 对象 — what a rule may know of a file.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// 主键
    pub key: String,
    /// 各方
    pub parties: Vec<String>,
    /// 提交人
    pub submitters: Vec<String>,
    /// 所关的人
    pub concerns: Vec<String>,
}

/// 决定 — and the rules that decided it: the prohibitions where there is one, else the permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ruling {
    /// 可以办
    pub allowed: bool,
    /// 决定它的规则
    pub rules: Vec<Rule>,
}

impl Subject {
    /// What a rule may know of this record.
    pub fn of<R: Record>(record: &R) -> Self {
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        Self {
            key: record::key::<R>(record.id()),
            parties: record.parties().into_iter().map(|(role, org)| record::awaits(role, org)).collect(),
            submitters: owned(record.submitters()),
            concerns: owned(record.concerns()),
        }
    }

    /// A file that is only about to be, and that will name whoever begins it.
    pub fn begun_by(acting: &Acting, subject: &str) -> Self {
        let parties = vec![record::awaits(acting.role, &acting.org)];
        Self { key: format!("{subject}/-"), parties, ..Self::default() }
    }
}

impl Competence {
    /// 判断 — whether this person may perform `act` on this file. An act that no rule knows is not permitted.
    pub fn rule(&self, acting: &Acting, act: &str, subject: &Subject) -> Ruling {
        let asked = self.ask(acting, act, subject);
        let Some((request, entities)) = asked else { return Ruling { allowed: false, rules: Vec::new() } };
        let response = Authorizer::new().is_authorized(&request, &self.policies, &entities);
        let decided: Vec<String> = response.diagnostics().reason().map(ToString::to_string).collect();
        let rules = self.rules.iter().filter(|rule| decided.contains(&rule.id)).cloned().collect();
        // A rule that could not be evaluated neither permits nor is overlooked: nothing is done by it.
        let sound = response.diagnostics().errors().next().is_none();
        Ruling { allowed: response.decision() == Decision::Allow && sound, rules }
    }

    /// 核对 — permits the act, or says why not and who may.
    pub(crate) fn check(&self, acting: &Acting, act: &str, name: &str, subject: &Subject) -> Result<(), Overreach> {
        let ruling = self.rule(acting, act, subject);
        if ruling.allowed {
            return Ok(());
        }
        if let Some(rule) = ruling.rules.first() {
            return Err(Overreach::Forbidden { says: rule.says.clone(), basis: rule.basis.clone() });
        }
        let theirs = Subject::begun_by(acting, subject.key.split('/').next().unwrap_or_default());
        if self.rule(acting, act, &theirs).allowed {
            return Err(Overreach::Foreign);
        }
        let (able, basis) = self.able(act);
        Err(Overreach::Unentitled { role: acting.role, to: name.to_owned(), able, basis })
    }

    /// 谁能办 — the roles that may perform an act on a file of their own, and the basis of the first rule that says so.
    pub fn able(&self, act: &str) -> (Vec<Role>, String) {
        let mut basis = String::new();
        let able = Role::ALL.iter().copied().filter(|role| {
            let ruling = self.rule(&somebody(*role), act, &own(*role, act));
            if let Some(rule) = ruling.rules.first().filter(|_| ruling.allowed && basis.is_empty()) {
                basis.clone_from(&rule.basis);
            }
            ruling.allowed
        });
        (able.collect(), basis)
    }

    /// 全部规则, in the order of the files.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// 全部行为 — every act that rules may speak of.
    pub fn acts(&self) -> Vec<String> {
        let mut acts: Vec<String> = self.schema.actions().map(|act| act.id().unescaped().to_owned()).collect();
        acts.sort_unstable();
        acts
    }

    fn ask(&self, acting: &Acting, act: &str, subject: &Subject) -> Option<(Request, Entities)> {
        let person = uid("Person", &acting.person)?;
        let (action, file) = (uid("Action", act)?, uid("File", &subject.key)?);
        let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
        let texts = |texts: &[String]| RestrictedExpression::new_set(texts.iter().map(|one| text(one)));
        let people = |people: &[String]| {
            let people = people.iter().filter_map(|one| uid("Person", one));
            RestrictedExpression::new_set(people.map(RestrictedExpression::new_entity_uid))
        };
        let capacity = record::awaits(acting.role, &acting.org);
        let who = [("capacity".to_owned(), text(&capacity)), ("post".to_owned(), text(&acting.post))];
        let about = [
            ("subject".to_owned(), text(subject.key.split('/').next().unwrap_or_default())),
            ("parties".to_owned(), texts(&subject.parties)),
            ("submitters".to_owned(), people(&subject.submitters)),
            ("concerns".to_owned(), people(&subject.concerns)),
        ];
        let role = uid("Role", acting.role.name())?;
        let principal = Entity::new(person.clone(), who.into(), [role].into()).ok()?;
        let resource = Entity::new(file.clone(), about.into(), [].into()).ok()?;
        let entities = Entities::from_entities([principal, resource], Some(&self.schema)).ok()?;
        let request = Request::new(person, action, file, Context::empty(), Some(&self.schema)).ok()?;
        Some((request, entities))
    }
}

/// Somebody of that role, for questions about roles.
pub(crate) fn somebody(role: Role) -> Acting {
    Acting {
        person: "somebody".into(),
        org: "somewhere".into(),
        role,
        post: "负责人".into(),
        at: jiff::Timestamp::UNIX_EPOCH,
    }
}

/// A file of their own: it names them, and concerns them where an act is everybody's own affair.
pub(crate) fn own(role: Role, act: &str) -> Subject {
    let acting = somebody(role);
    let mut subject = Subject::begun_by(&acting, act.split('.').next().unwrap_or_default());
    if OWN_AFFAIRS.contains(&act) {
        subject.concerns.push(acting.person);
    }
    subject
}

/// 自己的事 — acts that everybody performs for themselves.
const OWN_AFFAIRS: &[&str] = &[
    "session.begin",
    "session.prove",
    "session.switch",
    "session.end",
    "person.password",
    "invitation.accept",
    "draft.save",
    "draft.discard",
    "reading.advance",
    "address.set",
];

fn uid(kind: &str, id: &str) -> Option<EntityUid> {
    let kind: EntityTypeName = kind.parse().ok()?;
    Some(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

fn named(id: &str) -> PolicyId {
    PolicyId::new(id)
}
