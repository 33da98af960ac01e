//! 正在到达 — how much of each upload has come; told while it comes, forgotten when it is over.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::response::sse::Event;
use futures::{Stream, stream};
use serde_json::json;

/// How often whoever watches is told.
const EVERY: Duration = Duration::from_millis(250);
/// How often is looked for an upload that does not begin.
const PATIENCE: usize = 240;

/// 一次上传.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Arrival {
    person: String,
    received: u64,
    total: u64,
}

/// 正在到达的上传.
#[derive(Clone, Debug, Default)]
pub struct Uploads(Arc<Mutex<HashMap<String, Arrival>>>);

/// One upload, for as long as it goes on.
pub struct Counted {
    uploads: Uploads,
    upload: String,
}

impl Uploads {
    fn kept(&self) -> MutexGuard<'_, HashMap<String, Arrival>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to count; `total` is what the browser announced, 0 where it did not.
    pub fn begin(&self, upload: &str, person: &str, total: u64) -> Counted {
        let arrival = Arrival { person: person.to_owned(), received: 0, total };
        self.kept().insert(upload.to_owned(), arrival);
        Counted { uploads: self.clone(), upload: upload.to_owned() }
    }

    fn of(&self, upload: &str, person: &str) -> Option<Arrival> {
        self.kept().get(upload).filter(|arrival| arrival.person == person).cloned()
    }

    /// What has come of an upload, told again and again until it is over.
    pub fn watch(&self, upload: String, person: String) -> impl Stream<Item = Result<Event, axum::Error>> + use<> {
        struct Watch {
            last: Option<Arrival>,
            looked: usize,
            over: bool,
        }
        let (uploads, start) = (self.clone(), Watch { last: None, looked: 0, over: false });
        stream::unfold(start, move |mut watch| {
            let (uploads, upload, person) = (uploads.clone(), upload.clone(), person.clone());
            async move {
                while !watch.over {
                    tokio::time::sleep(EVERY).await;
                    watch.looked += 1;
                    let now = uploads.of(&upload, &person);
                    watch.over = now.is_none() && (watch.last.is_some() || watch.looked > PATIENCE);
                    if watch.over || now.is_some() && now != watch.last {
                        watch.last = now.or(watch.last);
                        let (received, total) =
                            watch.last.as_ref().map_or((0, 0), |arrival| (arrival.received, arrival.total));
                        let told = json!({ "received": received, "total": total, "done": watch.over });
                        return Some((Event::default().json_data(told), watch));
                    }
                }
                None
            }
        })
    }
}

impl Counted {
    /// So much has come.
    pub fn received(&self, bytes: u64) {
        if let Some(arrival) = self.uploads.kept().get_mut(&self.upload) {
            arrival.received = bytes;
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.uploads.kept().remove(&self.upload);
    }
}

#[cfg(test)]
mod tests {
    use futures::StreamExt as _;

    use super::*;

    #[tokio::test]
    async fn whoever_uploads_is_told_until_it_is_over_and_nobody_else() {
        let uploads = Uploads::default();
        let counted = uploads.begin("k", "甲", 100);
        counted.received(40);
        assert_eq!(uploads.of("k", "乙"), None);
        let mut told = Box::pin(uploads.watch("k".into(), "甲".into()));
        let said = |event: Option<Result<Event, axum::Error>>| format!("{:?}", event.unwrap().unwrap());
        assert!(said(told.next().await).contains(r#"\"received\":40"#));
        drop(counted);
        assert!(said(told.next().await).contains(r#"\"done\":true"#));
        assert!(told.next().await.is_none());
    }
}
