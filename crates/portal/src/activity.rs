//! 办理动态 — what my organisation's people did and what was refused, the latest first.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::{Value, json};
use store::{
    Event, Outcome,
    list::{Deeds, Did, Page as Part},
    party::Person,
};
use workflow::Refused;

use crate::{
    Door, answer,
    export::{self, About, Cell},
    frame::{self, Frame},
    list::{Asked, Pager, READ},
    names, session,
    session::Visitor,
    tasks::parts,
};

/// Where it stands.
const PATH: &str = "/activity";

/// 一件.
struct Deed {
    at: String,
    who: String,
    act: String,
    object: String,
    path: Option<String>,
    outcome: String,
    refused: bool,
    basis: String,
    position: u64,
}

/// 可选的一项.
struct Choice {
    code: String,
    name: String,
    chosen: bool,
}

/// 表的口径.
const MEANING: &str = "本单位人员办理的和未能办理的行为，最近的在前，最多一万件";

#[derive(Template)]
#[template(path = "activity.html")]
struct Page {
    frame: Frame,
    deeds: Vec<Deed>,
    people: Vec<Choice>,
    acts: Vec<Choice>,
    asked: Asked,
    filtered: bool,
    pager: Pager,
    csv: String,
    xlsx: String,
    json: String,
}

/// What is asked, and how much there is.
struct Journal {
    org: String,
    did: Did,
    counts: Vec<Deeds>,
    known: HashMap<String, String>,
}

impl Journal {
    async fn of(door: &Door, visitor: &Visitor, asked: &Asked) -> Result<Self, Refused> {
        // Whoever else's organisation an address names: what is told is what one's own people did.
        let org = visitor.acting.org.clone();
        let did = Did { actor: asked.person.clone(), act: asked.act.clone(), refused: asked.outcome == "refused" };
        let counts = door.office.store.activity_counts(&org).await.map_err(Refused::Unavailable)?;
        Ok(Self { org, did, counts, known: HashMap::new() })
    }

    fn all(&self) -> u64 {
        let takes = |deeds: &&Deeds| {
            (self.did.actor.is_empty() || self.did.actor == deeds.actor)
                && (self.did.act.is_empty() || self.did.act == deeds.act)
                && (!self.did.refused || deeds.refused)
        };
        self.counts.iter().filter(takes).map(|deeds| deeds.events).sum()
    }

    async fn deeds(&mut self, door: &Door, part: Part) -> Result<Vec<Deed>, Refused> {
        let events = door.office.store.activity(&self.org, &self.did, part).await.map_err(Refused::Unavailable)?;
        let mut deeds = Vec::with_capacity(events.len());
        for event in events {
            let who = self.name(door, &event.actor).await?;
            deeds.push(deed(&event, who));
        }
        Ok(deeds)
    }

    /// A person's name; the account itself where nobody is registered under it.
    async fn name(&mut self, door: &Door, person: &str) -> Result<String, Refused> {
        if let Some(name) = self.known.get(person) {
            return Ok(name.clone());
        }
        let found = door.office.store.get::<Person>(person).await.map_err(Refused::Unavailable)?;
        let name = found.map_or_else(|| person.to_owned(), |(person, _)| person.name);
        self.known.insert(person.to_owned(), name.clone());
        Ok(name)
    }

    async fn people(&mut self, door: &Door) -> Result<Vec<Choice>, Refused> {
        let mut actors: Vec<String> = self.counts.iter().map(|deeds| deeds.actor.clone()).collect();
        actors.sort_unstable();
        actors.dedup();
        let mut people = Vec::with_capacity(actors.len());
        for code in actors {
            let (name, chosen) = (self.name(door, &code).await?, self.did.actor == code);
            people.push(Choice { code, name, chosen });
        }
        Ok(people)
    }

    fn acts(&self) -> Vec<Choice> {
        let mut acts: Vec<&str> = self.counts.iter().map(|deeds| &*deeds.act).collect();
        acts.sort_unstable();
        acts.dedup();
        let choice = |act: &str| Choice { code: act.to_owned(), name: called(act), chosen: self.did.act == act };
        acts.into_iter().map(choice).collect()
    }
}

/// 数据需求 · 通过.
fn called(act: &str) -> String {
    let subject = act.split_once('.').map_or("", |(subject, _)| subject);
    let name = names::known_name(subject);
    if name.is_empty() { names::act(act).to_owned() } else { format!("{name} · {}", names::act(act)) }
}

fn deed(event: &Event, who: String) -> Deed {
    let refused = event.outcome == Outcome::Refused;
    let said = |name: &str| event.detail.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (subject, id) = event.subject.split_once('/').unwrap_or_default();
    let opens = names::opens(subject) && !["", "-"].contains(&id);
    Deed {
        at: frame::time(event.at),
        who,
        act: called(&event.act),
        object: if id == "-" { String::new() } else { id.to_owned() },
        path: opens.then(|| names::path(subject, id)),
        outcome: if refused { said("message") } else { said("state") },
        refused,
        basis: event.basis.clone(),
        position: event.position,
    }
}

/// 办理动态.
pub async fn show(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build(&door, &asked, &headers).await, &headers, &uri)
}

async fn build(door: &Door, asked: &Asked, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let mut journal = Journal::of(door, &visitor, asked).await?;
    let pager = Pager::of(asked, PATH, journal.all());
    let page = Page {
        frame: Frame::new("办理动态", "activity", Some(&visitor)),
        deeds: journal.deeds(door, pager.shown()).await?,
        people: journal.people(door).await?,
        acts: journal.acts(),
        filtered: [&asked.person, &asked.act, &asked.outcome].iter().any(|part| !part.is_empty()),
        csv: asked.at("/activity.csv"),
        xlsx: asked.at("/activity.xlsx"),
        json: asked.at("/api/v1/activity"),
        asked: asked.clone(),
        pager,
    };
    Ok(answer::page(&page))
}

/// 办理动态（程序）.
pub async fn json(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    answer::faced(build_json(&door, &asked, &headers).await, &headers, &uri)
}

async fn build_json(door: &Door, asked: &Asked, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看办理动态需要先登录").into());
    };
    let mut journal = Journal::of(door, &visitor, asked).await?;
    let (page, size) = (asked.page(), asked.size());
    let part = Part { skip: (page - 1).saturating_mul(u64::from(size)), show: size };
    let one = |deed: &Deed| {
        json!({
            "at": deed.at, "who": deed.who, "act": deed.act, "object": deed.object, "outcome": deed.outcome,
            "refused": deed.refused, "legal_basis": deed.basis, "position": deed.position,
        })
    };
    let deeds: Vec<_> = journal.deeds(door, part).await?.iter().map(one).collect();
    Ok(Json(json!({ "activity": deeds, "total": journal.all(), "page": page, "size": size })).into_response())
}

/// 办理动态（表格）.
pub async fn table(State(door): State<Door>, Query(asked): Query<Asked>, headers: HeaderMap, uri: Uri) -> Response {
    const HEAD: &[&str] = &["时间", "人员", "行为", "对象", "结果", "依据", "办理日志位置"];
    let deeds = async {
        let Some(visitor) = session::visitor(&door, &headers).await? else {
            return Err(session::unknown("导出办理动态需要先登录"));
        };
        let mut journal = Journal::of(&door, &visitor, &asked).await?;
        let mut deeds = Vec::new();
        for part in parts() {
            let read = journal.deeds(&door, part).await?;
            let full = read.len() == READ as usize;
            deeds.extend(read);
            if !full {
                break;
            }
        }
        Ok(deeds)
    };
    match deeds.await {
        Ok(deeds) => {
            let line = |deed: Deed| {
                let outcome = if deed.refused { format!("不予办理：{}", deed.outcome) } else { deed.outcome };
                let [at, who, act, object] = [deed.at, deed.who, deed.act, deed.object].map(Cell::from);
                vec![at, who, act, object, outcome.into(), deed.basis.into(), deed.position.into()]
            };
            let about = About {
                file: "activity",
                name: "办理动态".into(),
                meaning: MEANING.into(),
                query: asked.told(),
                total: deeds.len(),
                at: door.now(),
            };
            export::table(about, HEAD, deeds.into_iter().map(line).collect(), (&headers, &uri)).await
        }
        Err(refused) => answer::told(&refused, &headers, &uri),
    }
}
