//! 改规则 — proposing, agreeing to and putting in force another set of rules; itself an act, by the rules in force.

use std::collections::BTreeMap;

use regulation::{
    Provision, Role,
    competence::{APPROVERS, Act, Flaw, PROCEDURE, State},
};
use serde::{Deserialize, Serialize};
use store::competence::{InForce, Policies};

use super::Competence;
use crate::{File, Recorded, Refused, approval, party::holder};

/// 提请.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Proposal {
    /// 编号 — of the proposal that is revised; empty for a new one.
    #[serde(default)]
    pub id: String,
    /// 各文件的内容 — the whole set, as it is to be.
    pub files: BTreeMap<String, String>,
    /// 为什么要改
    #[serde(default)]
    pub reason: String,
}

/// 提请 — a whole set that reads, fits the vocabulary, and breaks nothing that no rule may break.
pub async fn propose(mut file: File<'_>, ask: &Proposal) -> Result<Recorded, Refused> {
    file.entitled("policies.propose", "提请修改职权规则")?;
    let agency = holder(&mut file, Role::ImplementingAgency).await?;
    let files = checked(&file, ask)?;
    let policies = Policies {
        id: file.number("ZC"),
        approval: approval::propose(&file, &files),
        files,
        reason: ask.reason.trim().to_owned(),
        state: State::Proposed,
        agency,
        keeper: file.acting.org.clone(),
        since: None,
    };
    file.write(&policies)?;
    file.record("propose", &policies, policies.state.name(), Provision::PLATFORM, &policies.reason)
}

/// 修改 — replaces the content; whoever had agreed has to look again.
pub async fn revise(mut file: File<'_>, ask: &Proposal) -> Result<Recorded, Refused> {
    let mut policies: Policies = file.read("职权规则", &ask.id).await?;
    let step = file.step(&PROCEDURE, (policies.state, Act::Revise), &policies)?;
    policies.files = checked(&file, ask)?;
    policies.reason = ask.reason.trim().to_owned();
    policies.approval = approval::propose(&file, &policies.files);
    file.write(&policies)?;
    file.record("revise", &policies, policies.state.name(), step.basis, &policies.reason)
}

/// 同意 — to the content that was seen; with the last agreement it is in force, and the set before it is not.
pub async fn approve(mut file: File<'_>, id: &str, digest: &str) -> Result<Recorded, Refused> {
    let mut policies: Policies = file.read("职权规则", id).await?;
    let step = file.step(&PROCEDURE, (policies.state, Act::Approve), &policies)?;
    let given = approval::approve(&file, &mut policies.approval, digest)?;
    if given >= APPROVERS {
        // What was sound when it was proposed may no longer be: the vocabulary goes with the program.
        Competence::read(&policies.files).map_err(|flaws| refused(&flaws))?;
        let before: Option<InForce> = file.find(InForce::ID).await?;
        if let Some(before) = before
            && let Some(mut old) = file.find::<Policies>(&before.policies).await?
        {
            old.state = State::Superseded;
            file.write(&old)?;
        }
        policies.state = step.to;
        policies.since = Some(file.acting.at);
        let digest = approval::digest(&policies.files);
        file.write(&InForce { id: InForce::ID.to_owned(), policies: policies.id.clone(), digest })?;
    }
    file.write(&policies)?;
    let told = if given >= APPROVERS {
        policies.state.name().to_owned()
    } else {
        format!("{given}人已同意，须{APPROVERS}人")
    };
    file.record("approve", &policies, &told, step.basis, &policies.approval.digest)
}

/// 不同意 — one person suffices.
pub async fn reject(mut file: File<'_>, id: &str, reason: &str) -> Result<Recorded, Refused> {
    let mut policies: Policies = file.read("职权规则", id).await?;
    let step = file.step(&PROCEDURE, (policies.state, Act::Reject), &policies)?;
    if reason.trim().is_empty() {
        return Err(Flaw::Unexplained.into());
    }
    policies.state = step.to;
    file.write(&policies)?;
    file.record("reject", &policies, policies.state.name(), step.basis, &reason)
}

/// 撤回.
pub async fn withdraw(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut policies: Policies = file.read("职权规则", id).await?;
    let step = file.step(&PROCEDURE, (policies.state, Act::Withdraw), &policies)?;
    policies.state = step.to;
    file.write(&policies)?;
    file.record("withdraw", &policies, policies.state.name(), step.basis, &id)
}

/// The files of a proposal as they are kept, if they can be proposed.
fn checked(file: &File<'_>, ask: &Proposal) -> Result<BTreeMap<String, String>, Refused> {
    // A browser sends lines ended as on a typewriter; what is kept and digested is not.
    let files: BTreeMap<String, String> =
        ask.files.iter().map(|(name, text)| (name.clone(), text.replace("\r\n", "\n"))).collect();
    let read = Competence::read(&files).map_err(|flaws| refused(&flaws))?;
    if ask.reason.trim().is_empty() {
        return Err(Flaw::Unexplained.into());
    }
    if read.digest == file.competence().digest { Err(Flaw::Same.into()) } else { Ok(files) }
}

fn refused(flaws: &[Flaw]) -> Refused {
    Refused::if_any(flaws).err().unwrap_or_else(|| Flaw::Same.into())
}
