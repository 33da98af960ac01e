//! 归集 — one pass over what matches: the best of it, how many there are, and how they fall into facets.
//!
//! A facet is counted as if nothing of its own were chosen, so that its other values can be added. A
//! document that fails one chosen facet still counts for that one, and for no other.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, HashMap},
};

use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{Column, StrColumn},
};

use crate::{Sort, fields};

/// 归集法.
pub struct Gather {
    pub sort: Sort,
    /// How many of each group are kept.
    pub keep: usize,
    /// Whether kinds are groups.
    pub grouped: bool,
    pub facets: Vec<Facet>,
}

/// One facet: what is chosen of it, and whether it is counted.
#[derive(Clone, Default)]
pub struct Facet {
    pub name: String,
    pub chosen: Vec<String>,
    pub counted: bool,
}

/// 次序 — the larger comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Number(u64),
    Name(Reverse<String>),
}

/// 一组 — how many there are of it, and the best of them.
pub type Group = (usize, Vec<(Rank, Reverse<DocAddress>)>);

/// The best of a group within a segment, the worst of them on top.
type Best = BinaryHeap<Reverse<(u64, Reverse<DocId>)>>;

/// What was gathered, group by group; without groups there is one, without a name.
#[derive(Default)]
pub struct Gathered {
    pub groups: BTreeMap<String, Group>,
    pub counts: Vec<HashMap<String, usize>>,
}

impl Collector for Gather {
    type Fruit = Gathered;
    type Child = Segment;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Segment> {
        let columns = segment.fast_fields();
        let facets = self.facets.iter().map(|facet| {
            let column = columns.str(&fields::column(&facet.name))?;
            let known =
                |value: &String| column.as_ref().and_then(|column| column.dictionary().term_ord(value).ok().flatten());
            let chosen = facet.chosen.iter().filter_map(known).collect();
            let counts = if facet.counted { column.as_ref().map_or(0, |column| column.num_terms()) } else { 0 };
            Ok(Counter { chosen, narrows: !facet.chosen.is_empty(), counts: vec![0; counts], column })
        });
        let rank = match self.sort {
            Sort::Relevance => By::Score,
            Sort::Updated => By::Time(columns.u64(fields::UPDATED)?),
            Sort::Name => By::Name(columns.str(fields::ORDER)?),
        };
        Ok(Segment {
            ordinal,
            keep: self.keep,
            facets: facets.collect::<tantivy::Result<_>>()?,
            rank,
            kinds: if self.grouped { columns.str(fields::KIND)? } else { None },
            groups: HashMap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<Gathered>) -> tantivy::Result<Gathered> {
        let mut all = Gathered { groups: BTreeMap::new(), counts: vec![HashMap::new(); self.facets.len()] };
        for fruit in fruits {
            for (name, (total, kept)) in fruit.groups {
                let group = all.groups.entry(name).or_default();
                group.0 += total;
                group.1.extend(kept);
            }
            for (counts, more) in all.counts.iter_mut().zip(fruit.counts) {
                for (value, count) in more {
                    *counts.entry(value).or_default() += count;
                }
            }
        }
        for (_, kept) in all.groups.values_mut() {
            kept.sort_by(|one, other| other.cmp(one)); // what comes from one segment stands in order: a merge of runs
            kept.truncate(self.keep);
        }
        Ok(all)
    }
}

/// 一段 — what is gathered from one segment of the index.
pub struct Segment {
    ordinal: SegmentOrdinal,
    keep: usize,
    facets: Vec<Counter>,
    rank: By,
    kinds: Option<StrColumn>,
    groups: HashMap<u64, (usize, Best)>,
}

struct Counter {
    column: Option<StrColumn>,
    chosen: Vec<u64>,
    narrows: bool,
    counts: Vec<usize>,
}

enum By {
    Score,
    Time(Column<u64>),
    Name(Option<StrColumn>),
}

impl By {
    /// Within one segment every order is one of numbers.
    fn of(&self, document: DocId, score: Score) -> u64 {
        match self {
            Self::Score => u64::from(score.max(0.0).to_bits()),
            Self::Time(column) => column.first(document).unwrap_or(0),
            Self::Name(column) => {
                column.as_ref().and_then(|column| column.ords().first(document)).map_or(0, |place| u64::MAX - place)
            }
        }
    }
}

impl Segment {
    /// The names of what was kept, by their places: read in one walk, for each block of them is packed.
    fn names(&self) -> HashMap<u64, String> {
        let By::Name(Some(column)) = &self.rank else { return HashMap::new() };
        let kept = self.groups.values().flat_map(|(_, kept)| kept);
        let mut places: Vec<u64> = kept.map(|Reverse((number, _))| u64::MAX - number).collect();
        places.sort_unstable();
        places.dedup();
        let (mut names, mut next) = (HashMap::with_capacity(places.len()), places.iter());
        let walked = column.dictionary().sorted_ords_to_term_cb(&places, |name| {
            if let Some(place) = next.next() {
                names.insert(*place, String::from_utf8_lossy(name).into_owned());
            }
        });
        // A name that cannot be read leaves its thing at the end, as everywhere here.
        drop(walked);
        names
    }
}

impl SegmentCollector for Segment {
    type Fruit = Gathered;

    fn collect(&mut self, document: DocId, score: Score) {
        let mut missed = None;
        for (place, facet) in self.facets.iter().enumerate().filter(|(_, facet)| facet.narrows) {
            let meets = facet
                .column
                .as_ref()
                .is_some_and(|column| column.term_ords(document).any(|value| facet.chosen.contains(&value)));
            if !meets {
                if missed.is_some() {
                    return;
                }
                missed = Some(place);
            }
        }
        for (place, facet) in self.facets.iter_mut().enumerate() {
            if !facet.counts.is_empty() && missed.is_none_or(|missed| missed == place) {
                for value in facet.column.iter().flat_map(|column| column.term_ords(document)) {
                    if let Some(count) = usize::try_from(value).ok().and_then(|value| facet.counts.get_mut(value)) {
                        *count += 1;
                    }
                }
            }
        }
        if missed.is_some() {
            return;
        }
        let kind = self.kinds.as_ref().and_then(|column| column.ords().first(document)).unwrap_or(0);
        let (total, kept) = self.groups.entry(kind).or_default();
        *total += 1;
        if self.keep == 0 {
            return;
        }
        let ranked = Reverse((self.rank.of(document, score), Reverse(document)));
        if kept.len() < self.keep {
            kept.push(ranked);
        } else if kept.peek().is_some_and(|least| ranked < *least) {
            kept.pop();
            kept.push(ranked);
        }
    }

    fn harvest(self) -> Gathered {
        let told = |column: &Option<StrColumn>, place: u64| {
            let mut text = String::new();
            let known = column.as_ref().is_some_and(|column| column.ord_to_str(place, &mut text).unwrap_or(false));
            if known { text } else { String::new() }
        };
        let ordinal = self.ordinal;
        let mut names = self.names();
        let mut rank = |number: u64| match &self.rank {
            By::Name(_) => Rank::Name(Reverse(names.remove(&(u64::MAX - number)).unwrap_or_default())),
            By::Score | By::Time(_) => Rank::Number(number),
        };
        let group = |(kind, (total, kept)): (u64, (usize, Best))| {
            let place = |Reverse((number, Reverse(document))): Reverse<(u64, Reverse<DocId>)>| {
                (rank(number), Reverse(DocAddress::new(ordinal, document)))
            };
            (told(&self.kinds, kind), (total, kept.into_sorted_vec().into_iter().map(place).collect()))
        };
        let counts = |facet: &Counter| {
            let counted = (0u64..).zip(&facet.counts).filter(|(_, count)| **count > 0);
            counted.map(|(value, count)| (told(&facet.column, value), *count)).collect()
        };
        Gathered {
            groups: self.groups.into_iter().map(group).collect(),
            counts: self.facets.iter().map(counts).collect(),
        }
    }
}
