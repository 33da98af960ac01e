//! 核对与写入 — what a file would make of each entry, and the acts by which it is written once that was confirmed.

use std::collections::HashMap;

use axum::body::Bytes;
use futures::{StreamExt as _, stream};
use regulation::basics::catalogue::{Change, Content, differences};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use store::{
    Record as _,
    basics::catalogue::Entry,
    list::{Filter, Order, Page as Part},
};
use workflow::{Refused, Request, basics::catalogue as act};

use super::{
    lines::{self, Fault},
    sheet::{self, Unreadable},
};
use crate::{Door, acts, answer, session::Visitor};

/// How many entries of one organisation are compared with.
const OWN: u32 = 20_000;
/// How many acts are under way at a time: as many as one commit takes.
const AT_ONCE: usize = 64;

/// 一个条目会怎样.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Fate {
    #[serde(rename = "新增")]
    New,
    #[serde(rename = "改动")]
    Changed,
    #[serde(rename = "未变")]
    Unchanged,
    #[serde(rename = "有误")]
    Faulty,
}

/// 核对过的一个条目.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    pub row: usize,
    pub id: String,
    pub name: String,
    pub fate: Fate,
    pub faults: Vec<Fault>,
    pub changes: Vec<Change>,
    /// 导入之后、提交审查之前还要补的
    pub lacking: Vec<String>,
    #[serde(skip)]
    pub content: Content,
    #[serde(skip)]
    pub seen: Option<u64>,
}

/// 核对的结果.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Checked {
    /// 文件的摘要，确认的就是这一份
    pub digest: String,
    pub lines: Vec<Line>,
    /// 表头的错误：有的，一行也不读
    pub head: Vec<Fault>,
    pub formulas: usize,
}

/// 一件要办的.
struct Asking {
    row: usize,
    request: Request,
    key: String,
    seen: Option<u64>,
}

impl Line {
    /// What has to be done for this entry, if anything.
    fn asked(&self, digest: &str) -> Option<Asking> {
        let content = self.content.clone();
        let request = match self.fate {
            Fate::New => Request::EntryCompile(act::Compile { content, draft: None }),
            Fate::Changed => Request::EntryRevise(act::Revise { id: self.id.clone(), content, draft: None }),
            Fate::Unchanged | Fate::Faulty => return None,
        };
        // The same file once more, after an entry was changed otherwise, is another request.
        let seen = self.seen.unwrap_or_default();
        let key = format!("import-{}-{}-{seen}", digest.get(..32).unwrap_or(digest), self.row);
        Some(Asking { row: self.row, request, key, seen: self.seen })
    }
}

/// 导入的结果.
#[derive(Debug, Default, Serialize)]
pub(super) struct Done {
    pub compiled: usize,
    pub revised: usize,
    pub refused: Vec<Fault>,
}

impl regulation::Violation for Unreadable {
    fn provision(&self) -> regulation::Provision {
        regulation::Provision::PLATFORM
    }
    fn advice(&self) -> String {
        "请照模板整理后重新上传".to_owned()
    }
}

impl Checked {
    pub(super) fn of(&self, fate: Fate) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.fate == fate)
    }
}

/// 核对 — reads the file and compares it with the organisation's entries; writes nothing.
pub(super) async fn check(door: &Door, visitor: &Visitor, bytes: Bytes) -> Result<Checked, Refused> {
    let digest = hex::encode(Sha256::digest(&bytes));
    let reading = tokio::task::spawn_blocking(move || {
        let sheet = sheet::read(&bytes)?;
        Ok::<_, Unreadable>((lines::read(&sheet), sheet.formulas))
    });
    let stopped = |_| Refused::Unavailable(store::Fault::Stopped);
    let (read, formulas) = reading.await.map_err(stopped)?.map_err(Refused::from)?;
    let (read, head) = match read {
        Ok(read) => (read, Vec::new()),
        Err(head) => (Vec::new(), head),
    };
    let own = own(door, &visitor.acting.org).await?;
    let mut by_name: HashMap<&str, Vec<&(Entry, u64)>> = HashMap::new();
    for entry in own.values() {
        by_name.entry(&entry.0.draft().name).or_default().push(entry);
    }
    let (mut met, mut named): (HashMap<String, usize>, HashMap<String, usize>) = Default::default();
    let mut lines = Vec::with_capacity(read.len());
    for mut line in read {
        let mut fault = |column: &str, says: String| {
            line.faults.push(Fault { row: line.row, column: column.to_owned(), says });
        };
        let found = if line.id.is_empty() {
            match by_name.get(line.content.name.as_str()).map(Vec::as_slice) {
                None | Some([]) => None,
                Some([one]) => Some(*one),
                Some(many) => {
                    fault("条目编号", format!("本单位有{}个条目叫这个名称，请写明编号", many.len()));
                    None
                }
            }
        } else {
            let found = own.get(&line.id);
            if found.is_none() {
                fault("条目编号", format!("本单位没有条目“{}”；新增的不填编号", line.id));
            }
            found
        };
        if let Some((entry, _)) = found {
            if let Some(before) = met.insert(entry.id.clone(), line.row) {
                fault("条目编号", format!("与第{before}行是同一个条目"));
            }
        } else if let Some(before) = named.insert(line.content.name.clone(), line.row).filter(|_| line.id.is_empty()) {
            fault("信息资源名称", format!("与第{before}行同名；不是同一个条目的，请用不同的名称"));
        }
        let mut changes = Vec::new();
        if let Some((entry, _)) = found {
            line.content.provider_code.clone_from(&entry.draft().provider_code);
            changes = differences(entry.draft(), &line.content);
            if !changes.is_empty() && !revisable(entry) {
                fault("", format!("条目现在是“{}”，不能修订", entry.stage()));
            }
        }
        let fate = match found {
            _ if !line.faults.is_empty() => Fate::Faulty,
            None => Fate::New,
            Some(_) if changes.is_empty() => Fate::Unchanged,
            Some(_) => Fate::Changed,
        };
        lines.push(Line {
            row: line.row,
            id: found.map(|(entry, _)| entry.id.clone()).unwrap_or(line.id.clone()),
            name: line.content.name.clone(),
            fate,
            changes,
            lacking: if fate == Fate::Unchanged { Vec::new() } else { line.lacking() },
            faults: line.faults,
            content: line.content,
            seen: found.map(|(_, position)| *position),
        });
    }
    Ok(Checked { digest, lines, head, formulas })
}

fn revisable(entry: &Entry) -> bool {
    use regulation::{
        Role,
        basics::catalogue::{Act, PROCEDURE},
    };
    PROCEDURE.step(entry.stage(), Act::Revise, Role::DataProvider).is_ok()
}

/// The entries of an organisation, each with the position of what was done to it last.
pub(super) async fn own(door: &Door, org: &str) -> Result<HashMap<String, (Entry, u64)>, Refused> {
    let filter = Filter { subject: Entry::SUBJECT.to_owned(), ..Filter::default() };
    let part = Part { skip: 0, show: OWN };
    let rows = door.office.store.files(org, &filter, Order::Newest, part).await.map_err(Refused::Unavailable)?;
    let mut own = HashMap::with_capacity(rows.len());
    for row in rows {
        let entry: Entry = row.read().map_err(Refused::Unavailable)?;
        if entry.provider == org {
            own.insert(entry.id.clone(), (entry, u64::try_from(row.position).unwrap_or_default()));
        }
    }
    Ok(own)
}

/// 写入 — every new and changed entry by an act of its own, many at a time; the same file confirmed twice is one import.
pub(super) async fn carry_out(door: &Door, visitor: &Visitor, checked: &Checked) -> Done {
    let asked: Vec<Asking> = checked.lines.iter().filter_map(|line| line.asked(&checked.digest)).collect();
    let acts = stream::iter(asked).map(|asking| async move {
        // What has been done to an entry since it was compared is not overwritten.
        let outcome = acts::carry_out(door, visitor, &asking.request, Some(&asking.key), asking.seen).await;
        (asking, outcome)
    });
    let mut acts = std::pin::pin!(acts.buffer_unordered(AT_ONCE));
    let mut done = Done::default();
    while let Some((asked, outcome)) = acts.next().await {
        match outcome {
            Ok(_) if matches!(asked.request, Request::EntryCompile(_)) => done.compiled += 1,
            Ok(_) => done.revised += 1,
            Err(refused) => {
                let says = answer::notice(&refused).message;
                done.refused.push(Fault { row: asked.row, column: String::new(), says });
            }
        }
    }
    done.refused.sort_by_key(|fault| fault.row);
    done
}
