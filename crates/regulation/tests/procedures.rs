//! 程序的检验 — every table hangs together: no state without a way in, no step without its provision.

use std::fmt::Debug;

use regulation::{
    Procedure, Provision, Role, article,
    basics::catalogue,
    granting::{
        agreement, application, plan,
        selection::{self, candidate, complaint},
    },
    operation::{credential, demand, product, use_agreement},
    procedure::State,
    supervision::feedback,
};

/// Runs `check` on every procedure there is, with its states and acts in the order of the text.
macro_rules! every_procedure {
    ($check:ident) => {
        every_procedure!($check: catalogue application plan selection candidate complaint agreement demand product use_agreement credential feedback)
    };
    ($check:ident: $($subject:ident)*) => {
        $($check($subject::State::ALL, $subject::Act::ALL, &$subject::PROCEDURE);)*
    };
}

#[test]
fn every_state_but_the_first_is_reached_and_every_act_is_used() {
    fn check<S: State + Debug, A: Copy + PartialEq + Debug>(states: &[S], acts: &[A], procedure: &Procedure<S, A>) {
        for state in &states[1..] {
            assert!(procedure.0.iter().any(|step| step.to == *state), "{state:?} 没有来路");
        }
        for act in acts {
            assert!(procedure.0.iter().any(|step| step.act == *act), "{act:?} 从不发生");
        }
    }
    every_procedure!(check);
}

#[test]
fn one_party_doing_one_thing_in_one_state_leads_to_one_place() {
    fn check<S: State + Debug, A: Copy + PartialEq + Debug>(_: &[S], _: &[A], procedure: &Procedure<S, A>) {
        for (place, step) in procedure.0.iter().enumerate() {
            let twice = procedure.0[..place]
                .iter()
                .any(|other| (other.from, other.act, other.by) == (step.from, step.act, step.by));
            assert!(!twice, "{step:?} 写了两遍");
        }
    }
    every_procedure!(check);
}

#[test]
fn where_a_term_runs_somebody_can_end_it() {
    fn check<S: State + Debug, A: Copy + PartialEq + Debug>(states: &[S], _: &[A], procedure: &Procedure<S, A>) {
        for state in states.iter().filter(|state| state.within().is_some()) {
            assert!(procedure.0.iter().any(|step| step.from == *state), "{state:?} 有期限而没有人能办");
        }
    }
    every_procedure!(check);
}

#[test]
fn administrator_auditor_and_clock_take_no_step() {
    fn check<S: State + Debug, A: Copy + PartialEq + Debug>(_: &[S], _: &[A], procedure: &Procedure<S, A>) {
        let bystanders = [
            Role::Auditor,
            Role::SystemAdministrator,
            Role::SecurityAdministrator,
            Role::AuditAdministrator,
            Role::Clock,
            Role::Founder,
        ];
        let taken = procedure.0.iter().find(|step| bystanders.contains(&step.by));
        assert!(taken.is_none(), "{taken:?}");
    }
    every_procedure!(check);
}

#[test]
fn every_step_cites_a_paragraph_that_the_article_has() {
    fn check<S: State + Debug, A: Copy + PartialEq + Debug>(_: &[S], _: &[A], procedure: &Procedure<S, A>) {
        for step in procedure.0 {
            assert!(exists(step.basis), "{step:?}：没有{}", step.basis);
        }
    }
    every_procedure!(check);
    for clause in agreement::Clause::ALL {
        assert!(exists(clause.provision()), "{clause}");
    }
    for section in plan::Section::ALL {
        assert!(exists(section.provision()), "{section}");
    }
    for condition in selection::Condition::ALL {
        assert!(exists(condition.provision()), "{condition}");
    }
    assert!(!exists(article(23).paragraph(9)) && !exists(article(17).item(14)));
}

/// Whether the gist has the paragraph and the item; an article of one paragraph names none.
fn exists(provision: Provision) -> bool {
    let Some(gist) = provision.gist() else { return false };
    let citation = provision.to_string();
    let (_, parts) = citation.split_once('条').unwrap_or_default();
    let (within, item) = match parts.split_once('款') {
        Some((paragraph, item)) => match gist.split_once(&format!("{paragraph}款：")) {
            Some((_, from)) => (from.split("款：").next().unwrap_or_default(), item),
            None => return false,
        },
        None => (gist, parts),
    };
    within.contains(&item.replace('第', "（").replace('项', "）"))
}
