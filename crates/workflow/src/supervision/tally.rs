//! 统计台账 — what the two logs come to, folded event by event and kept by position: nobody reads them twice.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use regulation::{
    Provision, Term,
    basics::catalogue,
    granting::{self, agreement::Period},
    operation,
    procedure::State as _,
    supervision::feedback,
};
use serde::Serialize;
use serde_json::Value;
use store::{Event, Log, Outcome, Record as _, Store, granting::agreement::Agreement, record};

use super::{
    announcements::{Announcement, announced},
    statistics::Figures,
};
use crate::{Acting, acting::day};

/// How many events are read at a time.
const PAGE: u32 = 1000;
/// How many announcements and published answers are remembered, the latest first.
const REMEMBERED: usize = 300;

/// 年月.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// 年
    pub year: i16,
    /// 月
    pub month: i8,
}

impl Month {
    pub(super) fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}年{}月", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{:04}-{:02}", self.year, self.month))
    }
}

/// 流量 — times, rows, bytes, and how often it was refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// 次数
    pub times: u64,
    /// 行数
    pub rows: u64,
    /// 字节数
    pub bytes: u64,
    /// 不予放行的次数
    pub refused: u64,
}

/// 台账.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    positions: [u64; 2],
    standing: HashMap<String, (&'static str, &'static str)>,
    running: HashMap<String, (Term, Date)>,
    reviewed: HashMap<String, Date>,
    /// 各主题各状态的件数
    pub(super) states: BTreeMap<(&'static str, &'static str), u64>,
    /// 各主题每月新增
    pub(super) begun: BTreeMap<(&'static str, Month), u64>,
    /// 各期限：起算之日、办结之日、件数
    pub(super) met: BTreeMap<(Term, Date, Date), u64>,
    /// 数据需求的审核：提交之日、审核办结之日、件数
    pub(super) decided: BTreeMap<(Date, Date), u64>,
    /// 每月供给
    pub(super) supplied: BTreeMap<Month, Flow>,
    /// 每月取数
    pub(super) accessed: BTreeMap<Month, Flow>,
    /// 不予办理：依据、类别、次数
    pub(super) refusals: BTreeMap<(String, Option<crate::RefusalSort>), u64>,
    /// 审核不通过所依据的条款
    pub(super) grounds: BTreeMap<String, u64>,
    /// 公示公告，最近的在前
    pub(super) news: VecDeque<Announcement>,
    /// 已公开答复的来件，最近的在前
    pub(super) answered: VecDeque<String>,
    /// 正在供给的授权的期限
    pub(super) periods: HashMap<String, Period>,
    /// The agreements that something happened to since their periods were last read.
    touched: HashSet<String>,
    /// The figures that were last made of it, with the day and the calendar they were counted by.
    pub(super) made: Option<(Date, String, Arc<Figures>)>,
}

/// 所统计的主题 — its official state, and the term that runs in it.
fn stage(subject: &str, state: &str) -> Option<(&'static str, &'static str, Option<Term>)> {
    macro_rules! stages {
        ($($subject:literal: $state:ty;)+) => {
            match subject {
                $($subject => <$state>::named(state).map(|state| ($subject, state.name(), state.within())),)+
                _ => None,
            }
        };
    }
    stages! {
        "entry": catalogue::State;
        "application": granting::application::State;
        "plan": granting::plan::State;
        "selection": granting::selection::State;
        "candidate": granting::selection::candidate::State;
        "complaint": granting::selection::complaint::State;
        "agreement": granting::agreement::State;
        "demand": operation::demand::State;
        "product": operation::product::State;
        "use_agreement": operation::use_agreement::State;
        "credential": operation::credential::State;
        "feedback": feedback::State;
    }
}

/// Whether refusals about this subject are business, and not somebody's sign-in.
fn is_business(subject: &str) -> bool {
    let subjects = [
        "entry",
        "application",
        "plan",
        "selection",
        "candidate",
        "complaint",
        "agreement",
        "demand",
        "product",
        "use_agreement",
        "credential",
        "feedback",
    ];
    subjects.contains(&subject)
}

impl Tally {
    /// Reads what both logs have gained since it last looked; tells whether that was anything.
    pub(super) async fn catch_up(&mut self, store: &Store) -> Result<bool, store::Fault> {
        let before = self.positions;
        for (place, log) in [Log::Control, Log::Access].into_iter().enumerate() {
            loop {
                let events = store.events(log, self.positions[place], PAGE).await?;
                let Some(last) = events.last() else { break };
                self.positions[place] = last.position + 1;
                let whole = events.len() < PAGE as usize;
                for event in &events {
                    match log {
                        Log::Control => self.act(event),
                        Log::Access => self.access(event),
                    }
                }
                if whole {
                    break;
                }
            }
        }
        Ok(before != self.positions)
    }

    /// 期限 — of the agreements that something happened to, as they stand now.
    async fn read_periods(&mut self, store: &Store) -> Result<(), store::Fault> {
        let keys: Vec<String> = self.touched.iter().cloned().collect();
        for keys in keys.chunks(PAGE as usize) {
            for row in store.rows(keys).await? {
                let agreement: Agreement = row.read()?;
                if agreement.state.active() {
                    self.periods.insert(row.key, agreement.period);
                } else {
                    self.periods.remove(&row.key);
                }
            }
        }
        self.touched.clear();
        Ok(())
    }

    pub(super) fn position(&self) -> u64 {
        self.positions[0]
    }

    fn access(&mut self, event: &Event) {
        let flow = self.accessed.entry(Month::of(day(event.at))).or_default();
        if event.outcome == Outcome::Refused {
            flow.refused += 1;
        } else {
            flow.add(&event.detail);
        }
    }

    fn act(&mut self, event: &Event) {
        let Some((subject, id)) = event.subject.split_once('/') else { return };
        if event.outcome == Outcome::Refused {
            if is_business(subject) {
                let sort = event.detail.get("kind").and_then(|kind| serde_json::from_value(kind.clone()).ok());
                *self.refusals.entry((event.basis.clone(), sort)).or_default() += 1;
            }
            return;
        }
        let state = event.detail.get("state").and_then(Value::as_str).unwrap_or_default();
        let on = day(event.at);
        if let Some((subject, state, term)) = stage(subject, state) {
            self.moved(event, (subject, state), term, on);
            if subject == Agreement::SUBJECT {
                self.touched.insert(record::key::<Agreement>(id));
            }
            if let Some(what) = announced(&event.act, state) {
                self.announce(Announcement { at: event.at, subject, id: id.to_owned(), what });
            }
        }
        let said = event.detail.get("said");
        match event.act.as_str() {
            "demand.supply" => self.supplied.entry(Month::of(on)).or_default().add(said.unwrap_or(&Value::Null)),
            "demand.refuse" => self.grounds_of(said),
            "feedback.publish" => {
                self.answered.push_front(id.to_owned());
                self.answered.truncate(REMEMBERED);
            }
            _ => {}
        }
        self.review(event, state, on);
    }

    /// A file stands somewhere else now: it is counted there, and a term that ran has been met.
    fn moved(&mut self, event: &Event, stands: (&'static str, &'static str), term: Option<Term>, on: Date) {
        match self.standing.insert(event.subject.clone(), stands) {
            Some(before) if before == stands => return,
            Some(before) => {
                if let Some(count) = self.states.get_mut(&before) {
                    *count = count.saturating_sub(1);
                }
            }
            None => *self.begun.entry((stands.0, Month::of(on))).or_default() += 1,
        }
        *self.states.entry(stands).or_default() += 1;
        let ran = self.running.get(&event.subject).copied();
        if ran.map(|(ran, _)| ran) == term {
            return; // it runs on, beside whatever happened
        }
        if let Some((ran, from)) = ran {
            *self.met.entry((ran, from, on)).or_default() += 1;
        }
        match term {
            Some(term) => self.running.insert(event.subject.clone(), (term, on)),
            None => self.running.remove(&event.subject),
        };
    }

    /// 审核 — from the submission of a demand until both reviews are over.
    fn review(&mut self, event: &Event, state: &str, on: Date) {
        use operation::demand::State;
        match (event.act.as_str(), State::named(state)) {
            ("demand.submit", _) => {
                self.reviewed.insert(event.subject.clone(), on);
            }
            ("demand.pass" | "demand.refuse", Some(State::AwaitingSupply | State::Refused)) => {
                if let Some(from) = self.reviewed.remove(&event.subject) {
                    *self.decided.entry((from, on)).or_default() += 1;
                }
            }
            _ => {}
        }
    }

    /// 审核不通过的依据 — articles of the Measures by name, everything else together: what is free text stays in its file.
    fn grounds_of(&mut self, said: Option<&Value>) {
        let laws = said.and_then(|said| said.get("legal_basis")).and_then(Value::as_array);
        for law in laws.into_iter().flatten().filter_map(Value::as_str) {
            let law = law.trim().trim_start_matches("本办法");
            let named = Provision::read(law).filter(|provision| provision.measures_article().is_some());
            let named = named.map_or_else(|| "其他法律法规".to_owned(), |provision| provision.to_string());
            *self.grounds.entry(named).or_default() += 1;
        }
    }

    fn announce(&mut self, announcement: Announcement) {
        self.news.push_front(announcement);
        self.news.truncate(REMEMBERED);
    }
}

impl Flow {
    fn add(&mut self, detail: &Value) {
        let count = |name: &str| detail.get(name).and_then(Value::as_u64).unwrap_or(0);
        self.times += 1;
        self.rows = self.rows.saturating_add(count("rows"));
        self.bytes = self.bytes.saturating_add(count("bytes"));
    }
}

impl crate::Office {
    /// 统计数字 — of everything that has happened until now.
    pub async fn figures(&self, at: Timestamp) -> Result<Arc<Figures>, crate::Refused> {
        let (today, calendar) = (Acting::clock(at).today(), self.calendar());
        let mut tally = self.tally.lock().await;
        let gained = tally.catch_up(&self.store).await.map_err(crate::Refused::unavailable)?;
        if let Some((day, version, figures)) = &tally.made
            && !gained
            && (*day, version.as_str()) == (today, calendar.version())
        {
            return Ok(Arc::clone(figures));
        }
        tally.read_periods(&self.store).await.map_err(crate::Refused::unavailable)?;
        let figures = Arc::new(Figures::of(&tally, &calendar, today));
        tally.made = Some((today, calendar.version().to_owned(), Arc::clone(&figures)));
        Ok(figures)
    }
}
