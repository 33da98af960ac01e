//! 检索 — the questions that pages put to the index, and whom each of them speaks for.
//!
//! The index only finds. What is shown is read from the rows, and each row is asked again whether whoever
//! looks may see it: an index that lags behind by a moment shows nobody what is no longer theirs.

use std::time::Duration;

use search::{Ask, Found, Index};
use store::Fault;
use tokio::sync::watch;
use workflow::Refused;

use crate::session::Visitor;

mod items;
mod words;

pub use items::{FACETS, FORM, Names, SUBJECTS, articles, item};
pub use words::{Words, excerpt, highlight};

/// 公众 — the audience of what everybody may find.
pub const PUBLIC: &str = "公众";

/// How long a page waits for an index that is being built for the first time.
const PATIENCE: Duration = Duration::from_secs(5);

/// 检索 — an index that somebody keeps up, and how far they have come.
#[derive(Clone, Debug)]
pub struct Finder {
    index: Index,
    seen: watch::Receiver<Option<u64>>,
}

impl Finder {
    /// An index, and where whoever keeps it up tells the position that it has reached.
    pub fn new(index: Index) -> (Self, watch::Sender<Option<u64>>) {
        let (tell, seen) = watch::channel(None);
        (Self { index, seen }, tell)
    }

    /// 检索 — away from the threads that answer requests: a broad question takes milliseconds of work.
    pub async fn find(&self, ask: Ask) -> Result<Found, Refused> {
        let mut seen = self.seen.clone();
        let built = tokio::time::timeout(PATIENCE, seen.wait_for(Option::is_some)).await;
        if !matches!(built, Ok(Ok(_))) {
            return Err(broken("正在建立"));
        }
        drop(built);
        let index = self.index.clone();
        let found = tokio::task::spawn_blocking(move || index.find(&ask)).await;
        found.map_err(broken)?.map_err(broken)
    }
}

fn broken(why: impl ToString) -> Refused {
    Refused::Unavailable(Fault::Corrupt { what: "检索索引".into(), why: why.to_string() })
}

/// 公众所见.
pub fn everybody() -> Vec<String> {
    vec![PUBLIC.to_owned()]
}

/// 谁在找 — everybody's, and what their organisation or role lets somebody find besides.
pub fn viewer(visitor: Option<&Visitor>) -> Vec<String> {
    let mut viewer = everybody();
    if let Some(visitor) = visitor {
        viewer.push(items::of_organisation(&visitor.acting.org));
        viewer.push(items::of_role(visitor.acting.role));
    }
    viewer
}
