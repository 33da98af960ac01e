//! 草稿 — saved and discarded by whoever typed it, for any form; sending the form uses the draft up.

use regulation::{
    Period, Provision,
    draft::{Fault, LARGEST, MOST, State},
};
use serde::{Deserialize, Serialize};
use store::{draft::Draft, party::Person, record};

use crate::{Acting, File, Office, Recorded, Refused};

/// 保存 — a form, or one page of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Save {
    /// 草稿；第一次保存的为空
    #[serde(default)]
    pub id: String,
    /// 表单
    pub form: String,
    /// 这一页所含的填写项 — their earlier values go, even where nothing came in their place; none means all.
    #[serde(default)]
    pub carries: Vec<String>,
    /// 填写的内容
    #[serde(default)]
    pub fields: Vec<(String, String)>,
}

/// 所用的草稿 — what a form was sent from, as its page showed it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Used {
    /// 草稿
    pub id: String,
    /// 保存过几次
    pub saves: u32,
}

/// 保存草稿.
pub async fn save(mut file: File<'_>, ask: &Save) -> Result<Recorded, Refused> {
    let mut draft = if ask.id.is_empty() { fresh(&file, &ask.form).await? } else { own(&mut file, &ask.id).await? };
    draft.state.check_kept(draft.became.as_deref().unwrap_or_default())?;
    draft.fields.retain(|(name, _)| !ask.carries.is_empty() && !ask.carries.contains(name));
    draft.fields.extend(ask.fields.iter().filter(|(_, value)| !value.trim().is_empty()).cloned());
    let size = draft.fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > LARGEST {
        return Err(Fault::Large(size, LARGEST).into());
    }
    draft.saves += 1;
    draft.updated = file.acting.at;
    draft.until = file.terms().end_of(Period::DraftLifetime, file.today());
    file.write(&draft)?;
    file.record("save", &draft, draft.state.name(), Provision::PLATFORM, &(&draft.form, draft.saves))
}

/// 删除草稿.
pub async fn discard(mut file: File<'_>, id: &str) -> Result<Recorded, Refused> {
    let mut draft = own(&mut file, id).await?;
    draft.state.check_kept(draft.became.as_deref().unwrap_or_default())?;
    draft.state = State::Discarded;
    draft.fields.clear();
    file.write(&draft)?;
    file.record("discard", &draft, draft.state.name(), Provision::PLATFORM, &draft.form)
}

/// 用掉草稿 — in the act that sends the form: a draft is sent once, and as it was last saved.
pub(crate) async fn send(file: &mut File<'_>, used: &Used, became: &str) -> Result<(), Refused> {
    let mut draft = own(file, &used.id).await?;
    draft.state.check_kept(draft.became.as_deref().unwrap_or_default())?;
    if draft.saves != used.saves {
        return Err(Fault::Changed.into());
    }
    draft.state = State::Sent;
    draft.became = Some(became.to_owned());
    draft.fields.clear(); // what was sent stands in the case
    file.write(&draft)
}

async fn fresh(file: &File<'_>, form: &str) -> Result<Draft, Refused> {
    if !file.competence().acts().iter().any(|act| act == form) {
        return Err(Fault::Formless(form.to_owned()).into());
    }
    if mine(file.office, file.acting).await?.len() >= MOST {
        return Err(Fault::Many(MOST).into());
    }
    Ok(Draft {
        id: file.number("CG"),
        person: file.acting.person.clone(),
        org: file.acting.org.clone(),
        form: form.to_owned(),
        fields: Vec::new(),
        saves: 0,
        state: State::Kept,
        became: None,
        updated: file.acting.at,
        until: file.today(),
    })
}

async fn own(file: &mut File<'_>, id: &str) -> Result<Draft, Refused> {
    let draft: Draft = file.read("草稿", id).await?;
    if seen_by(&draft, file.acting) { Ok(draft) } else { Err(Refused::Missing { what: "草稿", id: id.to_owned() }) }
}

/// Whether this is theirs, typed for the organisation they act for now, and not expired.
fn seen_by(draft: &Draft, acting: &Acting) -> bool {
    draft.person == acting.person && draft.org == acting.org && acting.today() <= draft.until
}

/// 一份草稿 — of one's own; to others it is not there. One that was sent or discarded says so by its state.
pub async fn open(office: &Office, acting: &Acting, id: &str) -> Result<Draft, Refused> {
    let found = office.store.get::<Draft>(id).await.map_err(Refused::unavailable)?;
    let found = found.map(|(draft, _)| draft).filter(|draft| seen_by(draft, acting));
    found.ok_or_else(|| Refused::Missing { what: "草稿", id: id.to_owned() })
}

/// 我的草稿 — those that can still be sent, the latest first.
pub async fn mine(office: &Office, acting: &Acting) -> Result<Vec<Draft>, Refused> {
    let person = record::key::<Person>(&acting.person);
    let mut drafts: Vec<Draft> = office.store.children(&person).await.map_err(Refused::unavailable)?;
    drafts.retain(|draft| draft.state == State::Kept && seen_by(draft, acting));
    drafts.sort_by_key(|draft| std::cmp::Reverse(draft.updated));
    Ok(drafts)
}
