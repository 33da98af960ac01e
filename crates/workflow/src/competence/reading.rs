//! 读规则 — from files to a set that can be asked; every flaw is told at once, with its file and line.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock},
};

use cedar_policy::{Effect, ParseError, ParseErrors, Policy, PolicySet, Schema, ValidationMode, Validator};
use regulation::{Provision, competence::Flaw};

use super::{Competence, Rule, matrix, named};
use crate::approval;

/// How large a set may be, in bytes: it is read by people.
const LARGEST: usize = 200_000;

const SCHEMA: &str = include_str!("../../policies/schema.cedarschema");

/// The files that come with the program.
const BUILT_IN: [(&str, &str); 8] = [
    ("basics", include_str!("../../policies/basics.cedar")),
    ("granting", include_str!("../../policies/granting.cedar")),
    ("notice", include_str!("../../policies/notice.cedar")),
    ("operation", include_str!("../../policies/operation.cedar")),
    ("party", include_str!("../../policies/party.cedar")),
    ("policies", include_str!("../../policies/policies.cedar")),
    ("supervision", include_str!("../../policies/supervision.cedar")),
    ("separation", include_str!("../../policies/separation.cedar")),
];

/// 词表 — what rules may speak of.
#[expect(clippy::expect_used, reason = "it is part of the program, and a test reads it")]
fn schema() -> Arc<Schema> {
    static READ: LazyLock<Arc<Schema>> = LazyLock::new(|| {
        let read = Schema::from_cedarschema_str(SCHEMA);
        Arc::new(read.expect("the vocabulary is part of the program, and a test reads it").0)
    });
    READ.clone()
}

impl Competence {
    /// 内置规则.
    #[expect(clippy::expect_used, reason = "they are part of the program, and a test reads them")]
    pub fn built_in() -> Self {
        static READ: LazyLock<Competence> = LazyLock::new(|| {
            let files = BUILT_IN.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
            Competence::read(&files).expect("the rules are part of the program, and a test reads them")
        });
        READ.clone()
    }

    /// 词表的原文.
    pub fn vocabulary() -> &'static str {
        SCHEMA
    }

    /// Reads a set of files.
    ///
    /// # Errors
    /// Every [`Flaw`] there is.
    pub fn read(files: &BTreeMap<String, String>) -> Result<Self, Vec<Flaw>> {
        let size = files.values().map(String::len).sum();
        if size > LARGEST {
            return Err(vec![Flaw::Huge(size, LARGEST)]);
        }
        let (mut flaws, mut rules, mut policies) = (Vec::new(), Vec::new(), PolicySet::new());
        let mut known = BTreeSet::new();
        for (file, text) in files {
            match read_file(&format!("{file}.cedar"), text) {
                Err(mut found) => flaws.append(&mut found),
                Ok(read) => {
                    for (rule, policy) in read {
                        if !known.insert(rule.id.clone()) {
                            flaws.push(Flaw::Twice(rule.id));
                        } else if Provision::read(&rule.basis).is_none() {
                            flaws.push(Flaw::Baseless { rule: rule.id, basis: rule.basis });
                        } else if policies.add(policy.new_id(named(&rule.id))).is_ok() {
                            rules.push(rule);
                        }
                    }
                }
            }
        }
        let schema = schema();
        let checked = Validator::new(Schema::clone(&schema)).validate(&policies, ValidationMode::Strict);
        flaws.extend(checked.validation_errors().map(|error| {
            let rule = error.policy_id().to_string();
            Flaw::Unknown { why: error.to_string().replace(&format!("for policy `{rule}`, "), ""), rule }
        }));
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let read = Self { digest: approval::digest(files), files: files.clone(), rules, policies, schema };
        let breaches: Vec<Flaw> = matrix::breaches(&read).into_iter().map(Flaw::Breach).collect();
        if breaches.is_empty() { Ok(read) } else { Err(breaches) }
    }
}

/// The rules of one file, in their order.
fn read_file(file: &str, text: &str) -> Result<Vec<(Rule, Policy)>, Vec<Flaw>> {
    let set: PolicySet = text.parse().map_err(|errors: ParseErrors| {
        let told = |error: &ParseError| Flaw::Unreadable {
            file: file.to_owned(),
            line: line_of(error, text),
            why: error.to_string(),
        };
        errors.iter().map(told).collect::<Vec<_>>()
    })?;
    // Policies are numbered in their order: policy0, policy1, …
    let place = |policy: &Policy| policy.id().to_string().trim_start_matches("policy").parse().unwrap_or(usize::MAX);
    let mut policies: Vec<Policy> = set.policies().cloned().collect();
    policies.sort_by_key(place);
    let lines = openings(text);
    let (mut flaws, mut rules) = (Vec::new(), Vec::new());
    for policy in policies {
        let line = lines.get(place(&policy)).copied().unwrap_or(1);
        let mut said = |name: &str, what: &'static str| {
            let said = policy.annotation(name).map(str::trim).filter(|said| !said.is_empty());
            if said.is_none() {
                flaws.push(Flaw::Unsaid { file: file.to_owned(), line, what });
            }
            said.unwrap_or_default().to_owned()
        };
        let rule = Rule {
            id: said("id", "名称（@id）"),
            basis: said("basis", "依据（@basis）"),
            says: said("rule", "说明（@rule）"),
            forbids: policy.effect() == Effect::Forbid,
            file: file.to_owned(),
            text: policy.to_string(),
        };
        rules.push((rule, policy));
    }
    if flaws.is_empty() { Ok(rules) } else { Err(flaws) }
}

/// On which line cedar stumbled.
fn line_of(error: &ParseError, text: &str) -> usize {
    let label = miette::Diagnostic::labels(error).and_then(|mut labels| labels.next());
    let offset = label.map_or(0, |label| label.offset());
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// The lines on which rules begin to speak.
fn openings(text: &str) -> Vec<usize> {
    let opens = |line: &str| ["permit", "forbid"].iter().any(|word| line.trim_start().starts_with(word));
    text.lines().enumerate().filter(|(_, line)| opens(line)).map(|(place, _)| place + 1).collect()
}
