//! 卷宗 — what an act has open: what it read, what it means to change. Dropped, it leaves no trace.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use regulation::{
    Calendar, Due, Procedure, Provision, Terms,
    procedure::{State, Step},
};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Fault, Record, Write, competence::InForce, record};

use crate::{
    Acting, Office, Refused,
    calendar::Held,
    competence::{Competence, Subject},
    notice::{self, Move, Stood},
    office::{Seal, Standing},
};

/// 卷宗.
pub struct File<'a> {
    /// 机关
    pub office: &'a Office,
    /// 行为人
    pub acting: &'a Acting,
    /// 职权规则 — in force when the file was opened; the commit fails as stale where another is by then.
    standing: Arc<Standing>,
    /// 现行日历 — likewise, for acts that count with it.
    held: Arc<Held>,
    reads: BTreeMap<String, i64>,
    writes: BTreeMap<String, Write>,
    stood: BTreeMap<String, Stood>,
    moves: BTreeMap<String, Move>,
}

/// 已记录 — the only thing that lets an act be committed; only [`File::record`] makes one.
pub struct Recorded {
    pub(crate) act: String,
    pub(crate) subject: String,
    pub(crate) basis: String,
    pub(crate) policies: String,
    pub(crate) detail: Value,
    pub(crate) reply: Value,
    pub(crate) reads: Vec<(String, i64)>,
    pub(crate) writes: Vec<Write>,
    pub(crate) secret: Option<String>,
}

impl<'a> File<'a> {
    pub(crate) fn open(office: &'a Office, acting: &'a Acting) -> Self {
        let standing = office.standing();
        let reads = [(record::key::<InForce>(InForce::ID), standing.version)].into();
        Self {
            office,
            acting,
            standing,
            held: office.held(),
            reads,
            writes: BTreeMap::new(),
            stood: BTreeMap::new(),
            moves: BTreeMap::new(),
        }
    }

    /// Reads a record that must be there.
    pub async fn read<R: Record>(&mut self, what: &'static str, id: &str) -> Result<R, Refused> {
        self.find(id).await?.ok_or_else(|| Refused::Missing { what, id: id.to_owned() })
    }

    /// Reads a record that may be there.
    pub async fn find<R: Record>(&mut self, id: &str) -> Result<Option<R>, Refused> {
        let found = self.office.store.get::<R>(id).await.map_err(Refused::unavailable)?;
        let version = found.as_ref().map_or(0, |(_, version)| *version);
        // The first reading counts: what has changed between two of them makes the commit stale.
        self.reads.entry(record::key::<R>(id)).or_insert(version);
        if let Some((record, _)) = &found {
            self.stood.entry(record::key::<R>(id)).or_insert_with(|| Stood::of(record));
        }
        Ok(found.map(|(record, _)| record))
    }

    /// Writes a record: a new one, or one that was read from this file.
    pub fn write<R: Record>(&mut self, record: &R) -> Result<(), Refused> {
        let version = self.reads.get(&record::key::<R>(record.id())).copied().unwrap_or(0);
        let write = record::write(record, version).map_err(Refused::unavailable)?;
        self.moves.insert(write.key.clone(), Move::of(record, self.stood.get(&write.key)));
        self.writes.insert(write.key.clone(), write);
        Ok(())
    }

    /// 环节 — the step this act takes, if the law knows it now for this role and this person may take it.
    pub fn step<S, A, R>(
        &self,
        procedure: &Procedure<S, A>,
        (state, act): (S, A),
        record: &R,
    ) -> Result<&'static Step<S, A>, Refused>
    where
        S: State,
        A: Copy + PartialEq + std::fmt::Display + Serialize,
        R: Record,
    {
        let step = procedure.step(state, act, self.acting.role)?;
        let code = serde_json::to_value(act).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default();
        let subject = Subject::of(record);
        self.competence().check(self.acting, &format!("{}.{code}", R::SUBJECT), &act.to_string(), &subject)?;
        Ok(step)
    }

    /// 身份 — for acts that begin something, before there is a record to stand in. `to` says it in words.
    pub fn entitled(&self, act: &str, to: &str) -> Result<(), Refused> {
        let subject = Subject::begun_by(self.acting, act.split('.').next().unwrap_or_default());
        Ok(self.competence().check(self.acting, act, to, &subject)?)
    }

    /// 职权规则 — those that this act is decided by.
    pub fn competence(&self) -> &Competence {
        &self.standing.competence
    }

    /// 期限 — until when a case may stand in `state`, counted from today.
    pub fn due<S: State>(&mut self, state: S) -> Option<Due> {
        let term = state.within()?;
        Some(self.calendar().due(self.today(), self.terms().length(term)))
    }

    /// 现行日历 — whoever counts with it relies on it: should another edition come into force meanwhile, the commit
    /// fails as stale and the act is performed anew.
    pub fn calendar(&mut self) -> Arc<Calendar> {
        let key = record::key::<store::basics::calendar::InForce>(store::basics::calendar::InForce::ID);
        self.reads.entry(key).or_insert(self.held.version);
        self.held.calendar.clone()
    }

    /// 现行期限 — the terms in force today.
    pub fn terms(&self) -> Terms {
        Terms::in_force_on(self.today())
    }

    /// 今天.
    pub fn today(&self) -> Date {
        self.acting.today()
    }

    /// 编号 — a new number such as `XQ-20250901-7K3M9Q`; should it exist already, the commit fails as stale and the act is performed anew.
    pub fn number(&self, prefix: &str) -> String {
        const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let random: [u8; 6] = self.office.random();
        let tail: String = random.iter().map(|byte| char::from(DIGITS[usize::from(byte % 32)])).collect();
        format!("{prefix}-{}-{tail}", self.today().strftime("%Y%m%d"))
    }

    /// 记录 — closes the file: the only way to what [`Office::perform`] commits.
    pub fn record<R: Record>(
        mut self,
        act: &str,
        subject: &R,
        state: &str,
        basis: Provision,
        detail: &impl Serialize,
    ) -> Result<Recorded, Refused> {
        let act = format!("{}.{act}", R::SUBJECT);
        self.competence().check(self.acting, &act, &act, &Subject::of(subject))?;
        let moves = std::mem::take(&mut self.moves);
        for notice in notice::owed(&self, &act, basis, moves) {
            self.write(&notice)?; // in the same transaction: no act is done without it
        }
        let write = self.writes.get(&record::key::<R>(subject.id()));
        let due = write.map(|write| write.due.clone()).filter(|due| !due.is_empty());
        let reply = json!({ "id": subject.id(), "subject": R::SUBJECT, "state": state, "basis": basis.to_string(), "due": due });
        let detail = serde_json::to_value(detail)
            .map_err(|why| Refused::unavailable(Fault::Corrupt { what: act.clone(), why: why.to_string() }))?;
        Ok(Recorded {
            act,
            subject: record::key::<R>(subject.id()),
            basis: basis.to_string(),
            policies: self.standing.competence.digest.clone(),
            detail: json!({ "said": detail, "state": state }),
            reply,
            reads: self.reads.into_iter().collect(),
            writes: self.writes.into_values().collect(),
            secret: None,
        })
    }
}

impl Recorded {
    /// Goes with the answer, once, and is kept nowhere.
    #[must_use]
    pub fn with_secret(self, secret: String) -> Self {
        Self { secret: Some(secret), ..self }
    }

    pub(crate) fn entry(&self, seal: Seal) -> store::Entry {
        seal.entry(store::Outcome::Done, self)
    }
}
