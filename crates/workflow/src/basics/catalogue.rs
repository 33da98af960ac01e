//! 授权运营目录 — compiled and screened by the provider, verified and published by the agency (Articles 5 and 8).
//!
//! What is published stays in force while its next version goes through the same steps. How an entry is suspended
//! and how its supply ceases stands beside.

mod standing;

use std::collections::BTreeMap;

use regulation::{
    Role, article,
    basics::catalogue::{Act, Content, Fault, Opinion, PROCEDURE, Screen, State, unscreened},
};
use serde::{Deserialize, Serialize};
use store::{
    basics::catalogue::{Entry, Next, Version},
    party::Organisation,
};

pub use self::standing::{announce, call_off, end, lapse, resume, suspend};
use crate::{
    File, Recorded, Refused,
    draft::{self, Used},
    party::holder,
};

const WHAT: &str = "目录条目";

/// 编制 — what is to be offered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Compile {
    /// 内容
    pub content: Content,
    /// 所用的草稿
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Used>,
}

/// 修改、修订 — the whole content anew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Revise {
    /// 编号
    pub id: String,
    /// 内容
    pub content: Content,
    /// 所用的草稿
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Used>,
}

/// 编制 — opens a draft; what it lacks is told when it is submitted, what no record can hold at once.
pub async fn compile(mut file: File<'_>, ask: &Compile) -> Result<Recorded, Refused> {
    file.entitled("entry.compile", "编制授权运营目录")?;
    let agency = holder(&mut file, Role::ImplementingAgency).await?;
    let provider = file.acting.org.clone();
    let content = ready(&mut file, &ask.content, &provider).await?;
    let entry = Entry {
        id: file.number("ML"),
        provider,
        agency,
        content,
        state: State::Draft,
        version: 0,
        authors: vec![file.acting.person.clone()],
        opinions: Vec::new(),
        returned: None,
        next: None,
        suspension: None,
        ending: None,
    };
    if let Some(used) = &ask.draft {
        draft::send(&mut file, used, &entry.id).await?;
    }
    file.write(&entry)?;
    file.record("compile", &entry, entry.state.name(), article(8).paragraph(4), ask)
}

/// 修改、修订 — replaces the content of a draft; of what is published, begins the next version.
pub async fn revise(mut file: File<'_>, ask: &Revise) -> Result<Recorded, Refused> {
    let mut entry: Entry = file.read(WHAT, &ask.id).await?;
    let begins = !entry.stage().in_work();
    let step = file.step(&PROCEDURE, (entry.stage(), Act::Revise), &entry)?;
    let content = ready(&mut file, &ask.content, &entry.provider.clone()).await?;
    let author = file.acting.person.clone();
    if begins {
        if content == entry.content {
            return Err(Fault::Unchanged.into());
        }
        let state = State::Draft;
        entry.next =
            Some(Box::new(Next { content, state, authors: vec![author], opinions: Vec::new(), returned: None }));
    } else {
        let working = entry.working();
        *working.content = content;
        if !working.authors.contains(&author) {
            working.authors.push(author);
        }
    }
    if let Some(used) = &ask.draft {
        draft::send(&mut file, used, &entry.id).await?;
    }
    file.write(&entry)?;
    let state = told(&entry);
    file.record("revise", &entry, &state, step.basis, ask)
}

/// What was typed, as it is kept: tidied, within bounds, with the provider's own code.
async fn ready(file: &mut File<'_>, content: &Content, provider: &str) -> Result<Content, Refused> {
    let mut content = content.clone().tidied();
    Refused::if_any(&content.unkeepable())?;
    let provider: Option<Organisation> = file.find(provider).await?;
    content.provider_code = provider.map(|provider| provider.uscc.to_string()).unwrap_or_default();
    Ok(content)
}

/// How the entry stands after an act on its version: where one is being worked on beside one in force, both.
fn told(entry: &Entry) -> String {
    match &entry.next {
        Some(next) => format!("{}（第{}版{}）", entry.state, entry.version + 1, next.state),
        None => entry.state.to_string(),
    }
}

/// 提交审查 — with every flaw told at once.
pub async fn submit(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut entry: Entry = file.read(WHAT, id).await?;
    let step = file.step(&PROCEDURE, (entry.stage(), Act::Submit), &entry)?;
    Refused::if_any(&entry.draft().flaws())?;
    if entry.next.is_some() && entry.draft() == &entry.content {
        return Err(Fault::Unchanged.into());
    }
    let working = entry.working();
    *working.state = step.to;
    working.opinions.clear(); // what was said was said of other words
    *working.returned = None;
    file.write(&entry)?;
    let state = told(&entry);
    file.record("submit", &entry, &state, step.basis, &id)
}

/// 审查 — passes one or more of the four screens, each with an opinion; nobody screens what they wrote.
pub async fn screen(mut file: File<'_>, id: &str, opinions: &BTreeMap<Screen, String>) -> Result<Recorded, Refused> {
    let mut entry: Entry = file.read(WHAT, id).await?;
    let step = file.step(&PROCEDURE, (entry.stage(), Act::Screen), &entry)?;
    let said: Vec<(Screen, &str)> =
        opinions.iter().map(|(screen, says)| (*screen, says.trim())).filter(|(_, says)| !says.is_empty()).collect();
    if said.is_empty() {
        return Err(Fault::NoOpinion.into());
    }
    let (person, at) = (file.acting.person.clone(), file.acting.at);
    let given = entry.working().opinions;
    for (screen, says) in said {
        given.retain(|opinion| opinion.screen != screen);
        given.push(Opinion { screen, person: person.clone(), at, says: says.to_owned() });
    }
    given.sort_by_key(|opinion| opinion.screen);
    file.write(&entry)?;
    let state = told(&entry);
    file.record("screen", &entry, &state, step.basis, opinions)
}

/// 审查不予通过 — one screen is not passed: the version goes back to its authors.
pub async fn object(mut file: File<'_>, id: &str, screen: Screen, reason: &str) -> Result<Recorded, Refused> {
    back(&mut file, id, Act::Object, &format!("审查“{screen}”未通过：{}", reason.trim()), reason).await?.record(file)
}

/// 退回 — the agency gives it back to the provider.
pub async fn send_back(mut file: File<'_>, id: &str, reason: &str) -> Result<Recorded, Refused> {
    back(&mut file, id, Act::Return, reason.trim(), reason).await?.record(file)
}

/// What goes back, and by which act.
struct Back {
    entry: Entry,
    act: &'static str,
    basis: regulation::Provision,
    says: String,
}

impl Back {
    fn record(self, file: File<'_>) -> Result<Recorded, Refused> {
        let state = told(&self.entry);
        file.record(self.act, &self.entry, &state, self.basis, &serde_json::json!({ "told": self.says }))
    }
}

async fn back(file: &mut File<'_>, id: &str, act: Act, says: &str, reason: &str) -> Result<Back, Refused> {
    let mut entry: Entry = file.read(WHAT, id).await?;
    let step = file.step(&PROCEDURE, (entry.stage(), act), &entry)?;
    if reason.trim().is_empty() {
        return Err(Fault::Unreasoned.into());
    }
    let working = entry.working();
    *working.state = step.to;
    working.opinions.clear();
    *working.returned = Some(says.to_owned());
    file.write(&entry)?;
    let act = if act == Act::Object { "object" } else { "return" };
    Ok(Back { entry, act, basis: step.basis, says: says.to_owned() })
}

/// 报送核验 — all four screens are passed.
pub async fn forward(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut entry: Entry = file.read(WHAT, id).await?;
    let step = file.step(&PROCEDURE, (entry.stage(), Act::Forward), &entry)?;
    let lacking: Vec<Fault> = unscreened(entry.given()).into_iter().map(Fault::Unscreened).collect();
    Refused::if_any(&lacking)?;
    *entry.working().state = step.to;
    file.write(&entry)?;
    let state = told(&entry);
    file.record("forward", &entry, &state, step.basis, &id)
}

/// 发布 — what was worked on comes into force, and is kept as a version of its own. An entry that is suspended or
/// about to end stays so.
pub async fn publish(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut entry: Entry = file.read(WHAT, id).await?;
    let step = file.step(&PROCEDURE, (entry.stage(), Act::Publish), &entry)?;
    match entry.next.take() {
        Some(next) => {
            entry.content = next.content;
            entry.opinions = next.opinions;
            entry.authors = next.authors;
        }
        None => entry.state = step.to,
    }
    entry.version += 1;
    let version = Version {
        id: Version::number_of(&entry.id, entry.version),
        entry: entry.id.clone(),
        number: entry.version,
        content: entry.content.clone(),
        opinions: entry.opinions.clone(),
        published: file.today(),
    };
    file.write(&version)?;
    file.write(&entry)?;
    file.record("publish", &entry, entry.state.name(), step.basis, &id)
}
