//! 血缘页 — where a file's data comes from and where it goes: entry, demand, supply, product, use agreements.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use store::{
    Record,
    basics::catalogue::Entry,
    operation::{demand::Demand, product::Product, supply::Supply, use_agreement::UseAgreement},
    record,
};
use workflow::Refused;

use crate::{
    Door, answer, case,
    components::{
        crumbs::Crumbs,
        lineage::{Lineage, Node},
    },
    frame::{Frame, count},
    names, session,
    session::Visitor,
};

/// The subjects that have a lineage.
pub const COVERED: &[&str] = &["entry", "demand", "supply", "product", "use_agreement"];

/// How many demands are looked through for those of an entry.
const LIMIT: u32 = 1000;

#[derive(Template)]
#[template(path = "lineage.html")]
struct Page {
    frame: Frame,
    crumbs: Crumbs,
    lineage: Lineage,
}

/// Where the lineage of a file is drawn.
pub fn path(subject: &str, id: &str) -> String {
    format!("/files/{subject}/{id}/lineage")
}

/// 血缘页.
pub async fn show(
    State(door): State<Door>,
    Path((subject, id)): Path<(String, String)>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    answer::faced(build(&door, &subject, &id, &headers).await, &headers, &uri)
}

async fn build(door: &Door, subject: &str, id: &str, headers: &HeaderMap) -> answer::Page {
    let Some(visitor) = session::visitor(door, headers).await? else {
        return Err(session::unknown("查看血缘需要先登录").into());
    };
    let title = case::title(door, subject, id, &visitor).await?; // whoever may not see the file sees no lineage of it
    let demands = demands(door, subject, id).await?;
    let drawn = Drawn { door, visitor: &visitor, here: format!("{subject}/{id}") };
    let mut roots: Vec<Node> = Vec::new();
    if subject == "entry" {
        roots.push(drawn.entry(id).await?);
    }
    for demand in demands {
        let place = if let Some(place) = roots.iter().position(|root| root.note == demand.entry) {
            place
        } else {
            roots.push(drawn.entry(&demand.entry).await?);
            roots.len() - 1
        };
        let node = drawn.demand(demand).await?;
        roots[place].below.push(node);
    }
    let crumbs = Crumbs::to("血缘")
        .through("/tasks", "我的待办")
        .through("/files", names::subject(subject))
        .through(names::path(subject, id), id);
    let frame = Frame::new(format!("{title}：血缘"), "files", Some(&visitor));
    Ok(answer::page(&Page { frame, crumbs, lineage: Lineage::of(roots) }))
}

/// The demands through which a file is connected.
async fn demands(door: &Door, subject: &str, id: &str) -> Result<Vec<Demand>, Refused> {
    let one = match subject {
        "entry" => {
            let all = door.office.store.list::<Demand>("", LIMIT).await.map_err(Refused::Unavailable)?;
            return Ok(all.into_iter().filter(|demand| demand.entry == id).collect());
        }
        "demand" => id.to_owned(),
        "supply" => case::read::<Supply>(door, "供给", id).await?.demand,
        "product" => case::read::<Product>(door, "产品", id).await?.demand,
        "use_agreement" => {
            let agreement: UseAgreement = case::read(door, "数据开发利用协议", id).await?;
            case::read::<Product>(door, "产品", &agreement.product).await?.demand
        }
        _ => return Err(Refused::Missing { what: "血缘", id: format!("{subject}/{id}") }),
    };
    Ok(vec![case::read(door, "数据需求", &one).await?])
}

/// For whom it is drawn, and from which file they came.
struct Drawn<'a> {
    door: &'a Door,
    visitor: &'a Visitor,
    here: String,
}

impl Drawn<'_> {
    /// A node; to those who may not open its file it is there without its name.
    fn node<R: Record>(&self, column: usize, record: &R, (title, note): (String, String), open: bool) -> Node {
        let shown = |text: String| if open { text } else { String::new() };
        Node {
            column,
            title: if open { title } else { "（不由您查阅）".to_owned() },
            note: shown(note),
            path: shown(names::path(R::SUBJECT, record.id())),
            here: record::key::<R>(record.id()) == self.here,
            ..Node::default()
        }
    }

    async fn below<R: Record>(&self, key: &str) -> Result<Vec<R>, Refused> {
        self.door.office.store.children(key).await.map_err(Refused::Unavailable)
    }

    async fn entry(&self, id: &str) -> Result<Node, Refused> {
        let entry: Entry = case::read(self.door, "目录条目", id).await?;
        let open = case::may_see(&entry, self.visitor);
        let mut node = self.node(0, &entry, (entry.content.name.clone(), String::new()), open);
        id.clone_into(&mut node.note); // a number that the catalogue has published
        Ok(node)
    }

    async fn demand(&self, demand: Demand) -> Result<Node, Refused> {
        let open = case::may_see(&demand, self.visitor);
        let mut node = self.node(1, &demand, (demand.scenario.clone(), demand.state.to_string()), open);
        let key = record::key::<Demand>(&demand.id);
        for supply in self.below::<Supply>(&key).await? {
            let told = (supply.file.clone(), format!("{} 行", count(supply.rows)));
            node.below.push(self.node(2, &supply, told, open));
        }
        for product in self.below::<Product>(&key).await? {
            node.below.push(self.product(product).await?);
        }
        Ok(node)
    }

    async fn product(&self, product: Product) -> Result<Node, Refused> {
        let open = case::may_see(&product, self.visitor);
        let mut node = self.node(3, &product, (product.name.clone(), product.state.to_string()), open);
        for agreement in self.below::<UseAgreement>(&record::key::<Product>(&product.id)).await? {
            let open = case::may_see(&agreement, self.visitor);
            let entity = if open { case::org(self.door, &agreement.entity).await? } else { String::new() };
            node.below.push(self.node(4, &agreement, (entity, agreement.state.to_string()), open));
        }
        Ok(node)
    }
}
