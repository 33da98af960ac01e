//! 家规 — every rule of the house; each runs by `tidy` and as a test of its own.

use crate::{articles, dependencies, finding::Finding, house::House, sources};

/// 全部家规.
const RULES: [fn(&House) -> Vec<Finding>; 10] = [
    dependencies::direction,
    dependencies::single_versions,
    sources::headers,
    sources::clocks,
    sources::statements,
    sources::assumptions,
    sources::leftovers,
    sources::machines,
    sources::large_files,
    articles::coverage,
];

/// Everything that breaks a rule, in the order of the files.
pub fn findings(house: &House) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(house)).collect();
    findings.sort();
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(rule: fn(&House) -> Vec<Finding>) {
        let findings = rule(&House::open().unwrap());
        let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(told.is_empty(), "不合家规：\n{}", told.join("\n"));
    }

    #[test]
    fn crates_know_only_what_stands_below_them() {
        holds(dependencies::direction);
    }

    #[test]
    fn there_is_one_arrow_one_datafusion_and_one_object_store() {
        holds(dependencies::single_versions);
    }

    #[test]
    fn every_file_says_first_what_it_is() {
        holds(sources::headers);
    }

    #[test]
    fn only_the_program_reads_clock_dice_and_environment() {
        holds(sources::clocks);
    }

    #[test]
    fn only_the_store_speaks_sql() {
        holds(sources::statements);
    }

    #[test]
    fn nothing_is_assumed_without_a_reason() {
        holds(sources::assumptions);
    }

    #[test]
    fn nothing_is_left_open() {
        holds(sources::leftovers);
    }

    #[test]
    fn no_machine_and_no_registry_is_named() {
        holds(sources::machines);
    }

    #[test]
    fn large_files_have_said_why() {
        holds(sources::large_files);
    }

    #[test]
    fn every_article_is_code_or_says_why_not() {
        holds(articles::coverage);
    }
}
