//! 单位 — one organisation: who acts for it and as what, who is invited, and what its administrator may do.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use regulation::Role;
use store::party::{Invitation, Membership, Organisation, Person};
use workflow::{
    Refused,
    competence::{self, Subject},
    party,
};

use super::{Doing, doing, doings};
use crate::{
    Door, answer, case,
    frame::{self, Frame, Trouble},
    session::{self, Visitor},
};

/// 一名在册人员.
struct Member {
    held: Membership,
    name: String,
    since: String,
    doings: Vec<Doing>,
    successors: Vec<(String, String)>,
}

/// 一份待接受的邀请.
struct Waiting {
    invitation: Invitation,
    until: String,
    doings: Vec<Doing>,
}

#[derive(Template)]
#[template(path = "party/organisation.html")]
struct Page {
    frame: Frame,
    organisation: Organisation,
    doings: Vec<Doing>,
    members: Vec<Member>,
    waiting: Vec<Waiting>,
    roles: Vec<Role>,
    trouble: Trouble,
    key: String,
}

/// 单位页.
pub async fn show(State(door): State<Door>, Path(id): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    again(&door, &id, &headers, &uri, Trouble::default()).await
}

/// The page of an organisation, perhaps with what was refused.
pub async fn again(door: &Door, id: &str, headers: &HeaderMap, uri: &Uri, trouble: Trouble) -> Response {
    answer::faced(page(door, id, headers, trouble).await, headers, uri)
}

pub(super) async fn page(door: &Door, id: &str, headers: &HeaderMap, trouble: Trouble) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看单位需要先登录").into());
    };
    let organisation: Organisation = case::read(door, "单位", id).await?;
    if !(visitor.acting.org == organisation.id || super::people::keeps(&visitor)) {
        return Err(Refused::Missing { what: "单位", id: id.to_owned() }.into());
    }
    let (held, waiting) = party::invitation::members(&door.office, id, door.now()).await?;
    let mut members = Vec::with_capacity(held.len());
    for one in &held {
        members.push(member(door, &visitor, one, &held).await?);
    }
    let waiting = waiting.into_iter().map(|invitation| Waiting {
        until: frame::time(invitation.until),
        doings: doing(door, &visitor, &invitation, "invitation.revoke", "id").into_iter().collect(),
        invitation,
    });
    let page = Page {
        frame: Frame::new(organisation.name.clone(), "organisations", Some(&visitor)),
        doings: doings(door, &visitor, &organisation, organisation.standing),
        members,
        waiting: waiting.collect(),
        roles: invited(door, &visitor, &organisation),
        organisation,
        trouble,
        key: case::key(door),
    };
    Ok(answer::page(&page))
}

/// One person of the organisation, with what may be done about their membership.
async fn member(door: &Door, visitor: &Visitor, held: &Membership, all: &[Membership]) -> Result<Member, Refused> {
    let person: Person = case::read(door, "人员", &held.person).await?;
    let mut doings = doings(door, visitor, held, held.standing);
    if held.standing == regulation::Standing::InForce {
        doings.extend(doing(door, visitor, held, "invitation.renew", "membership"));
    }
    let hands_over = held.standing != regulation::Standing::Ended
        && door.office.competence().rule(&visitor.acting, "membership.hand_over", &Subject::of(held)).allowed;
    let fits =
        |one: &&Membership| one.id != held.id && one.role == held.role && one.standing == regulation::Standing::InForce;
    let mut successors = Vec::new();
    for one in all.iter().filter(|one| hands_over && fits(one)) {
        let name = case::read::<Person>(door, "人员", &one.person).await?.name;
        successors.push((one.id.clone(), format!("{name}（{}）", one.post)));
    }
    Ok(Member { name: person.name, since: frame::time(held.since), doings, successors, held: held.clone() })
}

/// The roles into which this visitor may invite people of this organisation.
fn invited(door: &Door, visitor: &Visitor, organisation: &Organisation) -> Vec<Role> {
    let subject = competence::Subject { parties: party_of(organisation), ..Subject::default() };
    let subject = Subject { key: "invitation/-".to_owned(), ..subject };
    if !door.office.competence().rule(&visitor.acting, "invitation.issue", &subject).allowed {
        return Vec::new();
    }
    let own = organisation.roles.iter().copied().chain([Role::OrganisationAdministrator]);
    own.filter(|role| visitor.acting.role.invites(*role)).collect()
}

fn party_of(organisation: &Organisation) -> Vec<String> {
    vec![store::record::awaits(Role::OrganisationAdministrator, &organisation.id)]
}
