//! 职权的检验 — the rules that come with the program, against the procedures of the Measures and against what no rule may say.

use std::collections::BTreeMap;

use jiff::Timestamp;
use regulation::{
    Procedure, Provision, Role, STANDING, Standing, StandingAct,
    basics::catalogue,
    competence,
    granting::{agreement, application, plan, selection},
    operation::{credential, demand, product, use_agreement},
    procedure::State,
};
use workflow::{
    Acting,
    competence::{Competence, Subject, may},
};

/// Runs `check` with the name of every procedure there is.
macro_rules! every_procedure {
    ($check:expr) => {{
        let check = $check;
        check("entry", steps(&catalogue::PROCEDURE, catalogue::Act::code));
        check("application", steps(&application::PROCEDURE, application::Act::code));
        check("plan", steps(&plan::PROCEDURE, plan::Act::code));
        check("selection", steps(&selection::PROCEDURE, selection::Act::code));
        check("candidate", steps(&selection::candidate::PROCEDURE, selection::candidate::Act::code));
        check("complaint", steps(&selection::complaint::PROCEDURE, selection::complaint::Act::code));
        check("agreement", steps(&agreement::PROCEDURE, agreement::Act::code));
        check("demand", steps(&demand::PROCEDURE, demand::Act::code));
        check("product", steps(&product::PROCEDURE, product::Act::code));
        check("use_agreement", steps(&use_agreement::PROCEDURE, use_agreement::Act::code));
        check("credential", steps(&credential::PROCEDURE, credential::Act::code));
        check("policies", steps(&competence::PROCEDURE, competence::Act::code));
    }};
}

fn steps<S: State, A: Copy>(procedure: &Procedure<S, A>, code: impl Fn(A) -> String) -> Vec<(String, Role)> {
    procedure.0.iter().map(|step| (code(step.act), step.by)).collect()
}

#[test]
fn whom_a_procedure_names_the_rules_permit_and_nobody_else() {
    let rules = Competence::built_in();
    every_procedure!(|subject: &str, steps: Vec<(String, Role)>| {
        for (act, _) in &steps {
            for role in Role::ALL {
                let named = steps.contains(&(act.clone(), *role));
                assert_eq!(may(&rules, *role, &format!("{subject}.{act}")), named, "{role}：{subject}.{act}");
            }
        }
    });
}

#[test]
fn every_rule_cites_what_can_be_looked_up() {
    for rule in Competence::built_in().rules() {
        let provision = Provision::read(&rule.basis).unwrap_or_else(|| panic!("{}：{}", rule.id, rule.basis));
        assert_eq!(provision.to_string(), rule.basis, "{}", rule.id);
        assert!(rule.says.chars().count() >= 6, "{}", rule.id);
    }
}

/// Acting as this role of `org`.
fn acting(person: &str, org: &str, role: Role) -> Acting {
    Acting { person: person.into(), org: org.into(), role, post: "经办".into(), at: Timestamp::UNIX_EPOCH }
}

fn file(parties: &[&str], submitters: &[&str], concerns: &[&str]) -> Subject {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Subject {
        key: "agreement/XY-1".into(),
        parties: owned(parties),
        submitters: owned(submitters),
        concerns: owned(concerns),
    }
}

#[test]
fn only_the_party_itself_and_never_the_submitter() {
    let rules = Competence::built_in();
    let (ours, theirs) = ("实施机构@bureau", "实施机构@other");
    let table = [
        ("agreement.adopt", file(&[ours], &["li"], &[]), true),
        ("agreement.adopt", file(&[ours], &["wang"], &[]), false),
        ("agreement.adopt", file(&[theirs], &["li"], &[]), false),
        ("agreement.submit", file(&[ours], &["wang"], &[]), true),
        ("session.end", file(&[], &[], &["wang"]), true),
        ("session.end", file(&[], &[], &["li"]), false),
        ("membership.resume", file(&["单位管理员@bureau"], &[], &["wang"]), false),
        ("没有这一行为", file(&[ours], &[], &[]), false),
        ("", file(&[ours], &[], &[]), false),
    ];
    for (act, subject, allowed) in table {
        let ruling = rules.rule(&acting("wang", "bureau", Role::ImplementingAgency), act, &subject);
        assert_eq!(ruling.allowed, allowed, "{act} {subject:?}");
    }
}

#[test]
fn what_somebody_has_read_is_their_own_and_the_post_is_the_clocks() {
    let rules = Competence::built_in();
    let ours = &["实施机构@bureau", "监督审计@bureau", "单位管理员@bureau"];
    let table = [
        (Role::ImplementingAgency, "reading.advance", file(&[], &[], &["wang"]), true),
        (Role::ImplementingAgency, "address.set", file(&[], &[], &["li"]), false),
        (Role::Auditor, "address.set", file(&[], &[], &["wang"]), true),
        (Role::ImplementingAgency, "endpoint.rotate", file(ours, &[], &[]), true),
        (Role::OrganisationAdministrator, "dispatch.replay", file(ours, &[], &[]), true),
        (Role::ImplementingAgency, "endpoint.disable", file(&["实施机构@other"], &[], &[]), false),
        (Role::Auditor, "endpoint.add", file(ours, &[], &[]), false),
        (Role::ImplementingAgency, "outbox.take", file(ours, &[], &[]), false),
        (Role::Clock, "dispatch.attempt", file(&[], &[], &[]), true),
        (Role::Clock, "endpoint.enable", file(&["平台时限服务@bureau"], &[], &[]), false),
    ];
    for (role, act, subject, allowed) in table {
        let ruling = rules.rule(&acting("wang", "bureau", role), act, &subject);
        assert_eq!(ruling.allowed, allowed, "{role} {act} {subject:?}");
    }
}

#[test]
fn names_of_people_and_files_are_data_and_never_rules() {
    let rules = Competence::built_in();
    for person in
        ["\" ) ; permit(principal, action, resource);", "李\0四", "", "Role::\"实施机构\"", &"长".repeat(10_000)]
    {
        let ruling =
            rules.rule(&acting(person, person, Role::Operator), "agreement.adopt", &file(&[], &[person], &[person]));
        assert!(!ruling.allowed, "{person}");
    }
}

#[test]
fn standing_changes_only_as_the_table_says() {
    for from in Standing::ALL {
        for act in StandingAct::ALL {
            let open = STANDING.step(*from, *act, Role::SystemAdministrator).is_ok();
            let expected = matches!(
                (from, act),
                (Standing::InForce, StandingAct::Suspend | StandingAct::End)
                    | (Standing::Suspended, StandingAct::Resume | StandingAct::End)
            );
            assert_eq!(open, expected, "{from}{act}");
        }
    }
}

#[test]
fn taking_a_rule_away_takes_the_act_away_and_gives_nothing() {
    let whole = Competence::built_in();
    for file in whole.files.keys() {
        let fewer: BTreeMap<_, _> =
            whole.files.iter().filter(|(name, _)| *name != file).map(|(n, t)| (n.clone(), t.clone())).collect();
        if let Ok(fewer) = Competence::read(&fewer) {
            // What forbids may go too, so only the files that permit are compared.
            if whole.rules().iter().any(|rule| rule.forbids && rule.file == format!("{file}.cedar")) {
                continue;
            }
            for act in whole.acts() {
                for role in Role::ALL {
                    assert!(!may(&fewer, *role, &act) || may(&whole, *role, &act), "{file}：{role} {act}");
                }
            }
        }
    }
}
