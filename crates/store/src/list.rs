//! 列表 — pages of what somebody has to do, may open, or did, with counts: nothing reads more than its page.

use crate::{Event, Fault, Row, Store, engine::Bind, entry::fits, statements::lists as sql};

/// The first day that sorts after no day at all, and after every day.
const DAYS: (&str, &str) = ("0", "~");
/// How many files a word finds at most.
pub const FOUND: i64 = 100_000;

/// 次序.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// 最急的在前；无时限的在最后
    #[default]
    Urgent,
    /// 最宽裕的在前；无时限的在最前
    Relaxed,
    /// 最近提出的在前
    Newest,
    /// 最早提出的在前
    Oldest,
}

/// 筛选 — an empty part asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// 主题
    pub subject: String,
    /// 状态
    pub state: String,
    /// 届满之日自（含）
    pub from: String,
    /// 届满之日至（不含）
    pub until: String,
    /// 编号或者名称中的字
    pub word: String,
    /// 在办的
    pub underway: bool,
}

/// 页 — how many are passed over, and how many are shown.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// 略过
    pub skip: u64,
    /// 显示
    pub show: u32,
}

/// 计数 — so many rows alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// 主题
    pub subject: String,
    /// 状态
    pub state: String,
    /// 届满之日；卷宗列表不分
    pub due: String,
    /// 在办
    pub underway: bool,
    /// 件数
    pub rows: u64,
}

/// 一方的时限 — how much waits for a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Burden {
    /// 待谁办理
    pub party: String,
    /// 逾期
    pub overdue: u64,
    /// 将要届满
    pub soon: u64,
    /// 全部待办
    pub waiting: u64,
}

/// 办理的筛选 — an empty part asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Did {
    /// 人员
    pub actor: String,
    /// 行为
    pub act: String,
    /// 不予办理的
    pub refused: bool,
}

/// 办理的计数.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deeds {
    /// 人员
    pub actor: String,
    /// 行为
    pub act: String,
    /// 不予办理
    pub refused: bool,
    /// 件数
    pub events: u64,
}

/// Where a walk through everything under a term has come to: the day, since when, and the key.
pub type Place = (String, i64, String);

impl Filter {
    fn keepable(&self) -> bool {
        [&self.subject, &self.state, &self.from, &self.until, &self.word].into_iter().all(|text| fits(text))
    }

    /// The word as a pattern; empty where there is none.
    fn pattern(&self) -> String {
        let word = self.word.trim().to_ascii_lowercase();
        if word.is_empty() {
            return word;
        }
        let literal = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{literal}%")
    }

    /// 无时限的 — only what has no term.
    #[must_use]
    pub fn termless(self) -> Self {
        Self { from: String::new(), until: DAYS.0.to_owned(), ..self }
    }

    fn days(&self) -> (&str, &str) {
        match (&*self.from, &*self.until) {
            (from, "") => (from, DAYS.1),
            ("", until) if until != DAYS.0 => (DAYS.0, until),
            days => days,
        }
    }
}

impl Page {
    fn skip(self) -> Bind<'static> {
        Bind::Number(i64::try_from(self.skip).unwrap_or(i64::MAX))
    }

    fn show(self) -> Bind<'static> {
        Bind::Number(i64::from(self.show))
    }
}

impl Store {
    /// 待办 — what waits for `party`, page by page.
    pub async fn awaiting(&self, party: &str, filter: &Filter, order: Order, page: Page) -> Result<Vec<Row>, Fault> {
        if !fits(party) || !filter.keepable() {
            return Ok(Vec::new());
        }
        if order == Order::Urgent && filter.from.is_empty() && filter.until.is_empty() {
            return self.terms_first(party, filter, page).await;
        }
        self.awaited(party, filter, order, filter.days(), page).await
    }

    /// Days come in their order, and what has no term after all of them.
    async fn terms_first(&self, party: &str, filter: &Filter, page: Page) -> Result<Vec<Row>, Fault> {
        let mut rows = self.awaited(party, filter, Order::Urgent, DAYS, page).await?;
        let missing = page.show.saturating_sub(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        if missing > 0 {
            let counts = self.awaiting_counts(party, &filter.word).await?;
            let with_term = |count: &&Count| !count.due.is_empty() && filter.takes(count);
            let before: u64 = counts.iter().filter(with_term).map(|count| count.rows).sum();
            let rest = Page { skip: page.skip.saturating_sub(before), show: missing };
            rows.extend(self.awaited(party, filter, Order::Urgent, ("", DAYS.0), rest).await?);
        }
        Ok(rows)
    }

    async fn awaited(
        &self,
        party: &str,
        filter: &Filter,
        order: Order,
        (from, until): (&str, &str),
        page: Page,
    ) -> Result<Vec<Row>, Fault> {
        let statement = match order {
            Order::Urgent => sql::AWAITING_FIRST,
            Order::Relaxed => sql::AWAITING_LAST,
            Order::Newest => sql::AWAITING_NEW,
            Order::Oldest => sql::AWAITING_OLD,
        };
        let (Filter { subject, state, .. }, word) = (filter, filter.pattern());
        let texts = [party, subject, state, from, until, &word].map(Bind::Text);
        self.engine.rows(statement, &[&texts[..], &[page.show(), page.skip()]].concat()).await
    }

    /// 待办的计数 — by day, kind and state.
    pub async fn awaiting_counts(&self, party: &str, word: &str) -> Result<Vec<Count>, Fault> {
        if !fits(party) || !fits(word) {
            return Ok(Vec::new());
        }
        let pattern = Filter { word: word.to_owned(), ..Filter::default() }.pattern();
        let counts = if pattern.is_empty() {
            self.engine.counts(sql::AWAITING_COUNTS, &[Bind::Text(party)], 3, 1).await?
        } else {
            self.engine.counts(sql::AWAITING_COUNTS_OF, &[Bind::Text(party), Bind::Text(&pattern)], 3, 1).await?
        };
        let count = |(texts, numbers): (Vec<String>, Vec<i64>)| {
            let [subject, state, due] = texts.try_into().unwrap_or_default();
            Count { subject, state, due, underway: true, rows: number(&numbers, 0) }
        };
        Ok(counts.into_iter().map(count).collect())
    }

    /// 有时限的 — what the whole city has under a term, for those who watch over terms.
    pub async fn timed(&self, party: &str, filter: &Filter, order: Order, page: Page) -> Result<Vec<Row>, Fault> {
        if !fits(party) || !filter.keepable() {
            return Ok(Vec::new());
        }
        let statement = if order == Order::Relaxed { sql::TIMED_LAST } else { sql::TIMED_FIRST };
        let (from, until) = filter.days();
        let texts = [from, until, party, &filter.subject].map(Bind::Text);
        self.engine.rows(statement, &[&texts[..], &[page.show(), page.skip()]].concat()).await
    }

    /// How many there are of these.
    pub async fn timed_count(&self, party: &str, filter: &Filter) -> Result<u64, Fault> {
        if !fits(party) || !filter.keepable() {
            return Ok(0);
        }
        let (from, until) = filter.days();
        let texts = [from, until, party, &filter.subject].map(Bind::Text);
        let counts = self.engine.counts(sql::TIMED_COUNT, &texts, 0, 1).await?;
        Ok(counts.first().map_or(0, |(_, numbers)| number(numbers, 0)))
    }

    /// 逾期 — what was due before `day`, after `place`: for whoever walks through all of it while it changes.
    pub async fn overdue_after(&self, day: &str, place: &Place, limit: u32) -> Result<Vec<Row>, Fault> {
        let (due, since, key) = (Bind::Text(&place.0), Bind::Number(place.1), Bind::Text(&place.2));
        let binds = [Bind::Text(day), due, since, key, Bind::Number(i64::from(limit))];
        self.engine.rows(sql::TIMED_AFTER, &binds).await
    }

    /// 各方的时限 — for whom how much is overdue before `today`, and due before `soon`.
    pub async fn burdens(&self, today: &str, soon: &str) -> Result<Vec<Burden>, Fault> {
        let counts = self.engine.counts(sql::TIMED_BY_PARTY, &[Bind::Text(today), Bind::Text(soon)], 1, 3).await?;
        let burden = |(mut texts, numbers): (Vec<String>, Vec<i64>)| Burden {
            party: texts.pop().unwrap_or_default(),
            overdue: number(&numbers, 0),
            soon: number(&numbers, 1),
            waiting: number(&numbers, 2),
        };
        Ok(counts.into_iter().map(burden).collect())
    }

    /// 卷宗 — the files of one kind that an organisation takes part in, whatever the filter's word; of [`EVERYBODY`](crate::listing::EVERYBODY), all.
    pub async fn files(&self, org: &str, filter: &Filter, order: Order, page: Page) -> Result<Vec<Row>, Fault> {
        if !fits(org) || !filter.keepable() {
            return Ok(Vec::new());
        }
        let mut binds = [org, &filter.subject, &filter.state].map(Bind::Text).to_vec();
        binds.push(Bind::Number(i64::from(filter.underway)));
        let statement = match order {
            Order::Urgent | Order::Relaxed => sql::PARTY_URGENT,
            Order::Newest => sql::PARTY_NEW,
            Order::Oldest => sql::PARTY_OLD,
        };
        binds.extend([page.show(), page.skip()]);
        self.engine.rows(statement, &binds).await
    }

    /// 查到的卷宗 — the keys of the files of one kind that carry the filter's word, the latest begun first, at most
    /// [`FOUND`].
    pub async fn files_found(&self, org: &str, filter: &Filter) -> Result<Vec<String>, Fault> {
        if !fits(org) || !filter.keepable() {
            return Ok(Vec::new());
        }
        let word = filter.pattern();
        let texts = [org, &filter.subject, &filter.state].map(Bind::Text);
        let rest = [Bind::Number(i64::from(filter.underway)), Bind::Text(&word), Bind::Number(FOUND)];
        let found = self.engine.counts(sql::PARTY_OF, &[&texts[..], &rest].concat(), 1, 0).await?;
        Ok(found.into_iter().filter_map(|(mut key, _)| key.pop()).collect())
    }

    /// 卷宗的计数 — by kind and state.
    pub async fn files_counts(&self, org: &str) -> Result<Vec<Count>, Fault> {
        if !fits(org) {
            return Ok(Vec::new());
        }
        let counts = self.engine.counts(sql::PARTY_COUNTS, &[Bind::Text(org)], 2, 2).await?;
        let count = |(texts, numbers): (Vec<String>, Vec<i64>)| {
            let [subject, state] = texts.try_into().unwrap_or_default();
            let underway = number(&numbers, 0) == 1;
            Count { subject, state, due: String::new(), underway, rows: number(&numbers, 1) }
        };
        Ok(counts.into_iter().map(count).collect())
    }

    /// 下位卷宗 — what stands on `parent`, a page of it and how much there is; of `org` alone unless it is empty.
    pub async fn standing(&self, parent: &str, subject: &str, org: &str, page: Page) -> Result<(Vec<Row>, u64), Fault> {
        if ![parent, subject, org].into_iter().all(fits) {
            return Ok((Vec::new(), 0));
        }
        let texts = [parent, subject, org].map(Bind::Text);
        let counts = self.engine.counts(sql::CHILDREN_COUNT, &texts, 0, 1).await?;
        let all = counts.first().map_or(0, |(_, numbers)| number(numbers, 0));
        if all == 0 {
            return Ok((Vec::new(), 0));
        }
        let rows = self.engine.rows(sql::CHILDREN_PAGE, &[&texts[..], &[page.show(), page.skip()]].concat()).await?;
        Ok((rows, all))
    }

    /// 办理动态 — what an organisation's people did and what was refused, the latest first. Signing in and out
    /// is everybody's own and stands in no such list.
    pub async fn activity(&self, org: &str, did: &Did, page: Page) -> Result<Vec<Event>, Fault> {
        if ![org, &did.actor, &did.act].into_iter().all(fits) {
            return Ok(Vec::new());
        }
        let texts = [org, &did.actor, &did.act].map(Bind::Text);
        let numbers = [Bind::Number(i64::from(did.refused)), page.show(), page.skip()];
        self.engine.events_of(sql::ACTIVITY, &[&texts[..], &numbers].concat()).await
    }

    /// 办理动态的计数 — by person, act and outcome.
    pub async fn activity_counts(&self, org: &str) -> Result<Vec<Deeds>, Fault> {
        if !fits(org) {
            return Ok(Vec::new());
        }
        let counts = self.engine.counts(sql::ACTIVITY_COUNTS, &[Bind::Text(org)], 2, 2).await?;
        let deeds = |(texts, numbers): (Vec<String>, Vec<i64>)| {
            let [actor, act] = texts.try_into().unwrap_or_default();
            Deeds { actor, act, refused: number(&numbers, 0) == 1, events: number(&numbers, 1) }
        };
        Ok(counts.into_iter().map(deeds).collect())
    }
}

impl Filter {
    /// Whether what was counted is asked for.
    pub fn takes(&self, count: &Count) -> bool {
        let (from, until) = self.days();
        (self.subject.is_empty() || self.subject == count.subject)
            && (self.state.is_empty() || self.state == count.state)
            && (!self.underway || count.underway)
            && *count.due >= *from
            && *count.due < *until
    }
}

fn number(numbers: &[i64], place: usize) -> u64 {
    numbers.get(place).and_then(|number| u64::try_from(*number).ok()).unwrap_or(0)
}
