//! 程序 — a procedure as a table: one row per step the Measures allow.

use std::fmt::Display;

use crate::{Kind, Provision, Role, Term, Terms, Violation};

/// 程序 — every lawful step of one subject; what is not in the table cannot happen.
#[derive(Debug)]
pub struct Procedure<S: 'static, A: 'static>(pub &'static [Step<S, A>]);

/// 环节 — one lawful step: in `from`, `by` may perform `act`, which leads to `to`.
#[derive(Clone, Copy, Debug)]
pub struct Step<S, A> {
    /// 当前状态.
    pub from: S,
    /// 行为.
    pub act: A,
    /// 行为人.
    pub by: Role,
    /// 办理后状态.
    pub to: S,
    /// 依据 — where the Measures say so.
    pub basis: Provision,
}

/// 状态 — where a case stands, and how long it may stand there.
pub trait State: Copy + PartialEq + Display + 'static {
    /// 期限 — the term that runs while the case is in this state.
    fn within(self) -> Option<Term> {
        None
    }
}

/// 违反程序 — a step the table does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{by}不得在“{state}”时{act}")]
pub struct Irregular {
    state: String,
    act: String,
    by: Role,
    due: Vec<Role>,
    basis: Provision,
}

impl Violation for Irregular {
    fn provision(&self) -> Provision {
        self.basis
    }

    fn advice(&self) -> String {
        let names: Vec<&str> = self.due.iter().map(|role| role.name()).collect();
        if names.is_empty() {
            format!("“{}”时没有“{}”这一环节，请查看办理过程中当前可办的环节", self.state, self.act)
        } else {
            format!("这一环节由{}办理", names.join("、"))
        }
    }

    fn kind(&self) -> Kind {
        if self.due.is_empty() { Kind::State } else { Kind::Role }
    }
}

/// One row of a [`Procedure`].
pub const fn step<S, A>(from: S, act: A, by: Role, to: S, basis: Provision) -> Step<S, A> {
    Step { from, act, by, to, basis }
}

impl<S: State, A: Copy + PartialEq + Display> Procedure<S, A> {
    /// The step `by` takes when performing `act` in `from`.
    ///
    /// # Errors
    /// [`Irregular`] when the Measures know no such step.
    pub fn step(&self, from: S, act: A, by: Role) -> Result<&'static Step<S, A>, Irregular> {
        let here = || self.0.iter().filter(move |step| step.from == from && step.act == act);
        here().find(|step| step.by == by).ok_or_else(|| {
            let due: Vec<Role> = here().map(|step| step.by).collect();
            let same_act = self.0.iter().find(|step| step.act == act);
            let basis = here().next().or(same_act).map_or(Provision::PLATFORM, |step| step.basis);
            Irregular { state: from.to_string(), act: act.to_string(), by, due, basis }
        })
    }

    /// What `by` may do now: the buttons of a page.
    pub fn open_to(&self, from: S, by: Role) -> impl Iterator<Item = &'static Step<S, A>> {
        self.0.iter().filter(move |step| step.from == from && step.by == by)
    }

    /// Who may do anything now: whose task a case is.
    pub fn awaits(&self, from: S) -> Vec<Role> {
        let mut roles: Vec<Role> = self.0.iter().filter(|step| step.from == from).map(|step| step.by).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// 流程图 — the state diagram, for the manual.
    pub fn mermaid(&self, terms: &Terms) -> String {
        let line =
            |Step { from, act, by, to, basis }: &Step<S, A>| format!("    {from} --> {to}: {by}{act}（{basis}）\n");
        // A term runs while a case stands in a state, whatever ends it: it belongs to the state, not to a step.
        let mut timed: Vec<(S, Term)> = Vec::new();
        for step in self.0 {
            if let Some(term) = step.from.within()
                && !timed.iter().any(|(state, _)| *state == step.from)
            {
                timed.push((step.from, term));
            }
        }
        let note = |(state, term): (S, Term)| {
            format!("    note right of {state}: {}，{}个工作日\n", terms.entry(term).name, terms.length(term).0)
        };
        let steps = self.0.iter().map(line);
        std::iter::once("stateDiagram-v2\n".to_owned()).chain(steps).chain(timed.into_iter().map(note)).collect()
    }
}
