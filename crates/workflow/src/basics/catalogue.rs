//! 授权运营目录 — compiled by the provider, verified and published by the agency (Articles 5 and 8).

use regulation::{
    Role, article,
    basics::catalogue::{Act, Content, PROCEDURE, State},
};
use serde::{Deserialize, Serialize};
use store::basics::catalogue::Entry;

use crate::{File, Recorded, Refused, party::holder};

/// 编制 — what is to be offered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Compile {
    /// 内容
    pub content: Content,
}

/// 修改 — the whole content anew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Revise {
    /// 编号
    pub id: String,
    /// 内容
    pub content: Content,
}

/// 编制 — opens a draft; flaws are told when it is submitted.
pub async fn compile(mut file: File<'_>, ask: &Compile) -> Result<Recorded, Refused> {
    file.entitled("entry.compile", "编制授权运营目录")?;
    let agency = holder(&mut file, Role::ImplementingAgency).await?;
    let entry = Entry {
        id: file.number("ML"),
        provider: file.acting.org.clone(),
        agency,
        content: ask.content.clone(),
        state: State::Draft,
    };
    file.write(&entry)?;
    file.record("compile", &entry, entry.state.name(), article(8).paragraph(4), ask)
}

/// 修改 — replaces the content of a draft.
pub async fn revise(mut file: File<'_>, ask: &Revise) -> Result<Recorded, Refused> {
    let mut entry: Entry = file.read("目录条目", &ask.id).await?;
    let step = file.step(&PROCEDURE, (entry.state, Act::Submit), &entry)?; // who may submit may revise
    entry.content = ask.content.clone();
    file.write(&entry)?;
    file.record("revise", &entry, entry.state.name(), step.basis, ask)
}

/// 提交核验 — with every flaw told at once.
pub async fn submit(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut entry: Entry = file.read("目录条目", id).await?;
    let step = file.step(&PROCEDURE, (entry.state, Act::Submit), &entry)?;
    Refused::if_any(&entry.content.flaws())?;
    entry.state = step.to;
    file.write(&entry)?;
    file.record("submit", &entry, entry.state.name(), step.basis, &id)
}

/// 发布.
pub async fn publish(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut entry: Entry = file.read("目录条目", id).await?;
    let step = file.step(&PROCEDURE, (entry.state, Act::Publish), &entry)?;
    entry.state = step.to;
    file.write(&entry)?;
    file.record("publish", &entry, entry.state.name(), step.basis, &id)
}

/// 退回.
pub async fn send_back(mut file: File<'_>, id: &str, reason: &str) -> Result<Recorded, Refused> {
    let mut entry: Entry = file.read("目录条目", id).await?;
    let step = file.step(&PROCEDURE, (entry.state, Act::Return), &entry)?;
    entry.state = step.to;
    file.write(&entry)?;
    file.record("return", &entry, entry.state.name(), step.basis, &reason)
}
