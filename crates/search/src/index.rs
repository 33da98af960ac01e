//! 索引 — opened in a folder or in memory, written in batches, asked by anybody at the same time.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex, MutexGuard},
};

use tantivy::{IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term, directory::MmapDirectory};

use crate::{
    Ask, Fault, Found, Group, Item, Sort,
    fields::{self, Fields},
    gather::{Facet, Gather},
    query,
};

/// How much memory a batch may take before it is written, in bytes, for each thread that writes.
const BATCH: usize = 32 << 20;
/// How many threads write.
const WRITERS: usize = 2;

/// 索引 — shared by everyone who holds it.
#[derive(Clone)]
pub struct Index(Arc<Inner>);

struct Inner {
    index: tantivy::Index,
    fields: Fields,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("items", &self.size()).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index in `folder`, which is this index's own: what is damaged there, or was kept in another
    /// form, is thrown away, and the index begins empty. `facets` are the names that can be counted and chosen.
    pub fn open(folder: &Path, facets: &[&str]) -> Result<Self, Fault> {
        if let Some(kept) = Self::kept(folder, facets) {
            return Ok(kept);
        }
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        let (schema, fields) = Fields::new(facets);
        Self::over(tantivy::Index::create_in_dir(folder, schema)?, fields)
    }

    /// An index in memory.
    pub fn in_ram(facets: &[&str]) -> Result<Self, Fault> {
        let (schema, fields) = Fields::new(facets);
        Self::over(tantivy::Index::create_in_ram(schema), fields)
    }

    fn kept(folder: &Path, facets: &[&str]) -> Option<Self> {
        let (schema, fields) = Fields::new(facets);
        let index = tantivy::Index::open(MmapDirectory::open(folder).ok()?).ok()?;
        let whole = index.schema() == schema && index.validate_checksum().is_ok_and(|damaged| damaged.is_empty());
        if whole { Self::over(index, fields).ok() } else { None }
    }

    fn over(index: tantivy::Index, fields: Fields) -> Result<Self, Fault> {
        Fields::teach(&index);
        let writer = index.writer_with_num_threads::<TantivyDocument>(WRITERS, BATCH * WRITERS)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self(Arc::new(Inner { index, fields, reader, writer: Mutex::new(writer) })))
    }

    /// Puts items in the place of those with the same keys. Nobody finds them before the next [`commit`](Self::commit).
    pub fn put(&self, items: &[Item]) -> Result<(), Fault> {
        let writer = self.writer()?;
        for item in items {
            writer.delete_term(self.keyed(&item.key));
            writer.add_document(self.0.fields.document(item))?;
        }
        Ok(())
    }

    /// Adds items whose keys are not there yet: after [`clear`](Self::clear), to build an index in bulk.
    pub fn add(&self, items: &[Item]) -> Result<(), Fault> {
        let writer = self.writer()?;
        for item in items {
            writer.add_document(self.0.fields.document(item))?;
        }
        Ok(())
    }

    /// Removes the items with these keys.
    pub fn remove(&self, keys: &[String]) -> Result<(), Fault> {
        let writer = self.writer()?;
        for key in keys {
            writer.delete_term(self.keyed(key));
        }
        Ok(())
    }

    /// Empties the index, at the next commit.
    pub fn clear(&self) -> Result<(), Fault> {
        self.writer()?.delete_all_documents()?;
        Ok(())
    }

    /// Makes everything since the last commit found, all at once, and keeps `mark` with it.
    pub fn commit(&self, mark: &str) -> Result<(), Fault> {
        let mut writer = self.writer()?;
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(mark);
        prepared.commit()?;
        self.0.reader.reload()?;
        Ok(())
    }

    /// 记号 — what the last commit was marked with.
    pub fn mark(&self) -> Option<String> {
        self.0.index.load_metas().ok()?.payload
    }

    /// How many items there are.
    pub fn size(&self) -> u64 {
        self.0.reader.searcher().num_docs()
    }

    /// 检索 — nothing that is typed is an error; `Err` means that the index itself cannot be read.
    pub fn find(&self, ask: &Ask) -> Result<Found, Fault> {
        let (query, relevant) = query::query(&self.0.fields, ask);
        let known = |name: &&String| self.0.fields.facets.iter().any(|(known, _)| known == *name);
        let mut facets: Vec<Facet> = Vec::new();
        for (name, chosen) in ask.chosen.iter().filter(|(name, chosen)| known(&name) && !chosen.is_empty()) {
            facets.push(Facet { name: name.clone(), chosen: chosen.clone(), counted: false });
        }
        for name in ask.counted.iter().filter(known) {
            match facets.iter_mut().find(|facet| facet.name == *name) {
                Some(facet) => facet.counted = true,
                None => facets.push(Facet { name: name.clone(), chosen: Vec::new(), counted: true }),
            }
        }
        let searcher = self.0.reader.searcher();
        let gather = Gather {
            sort: if ask.sort == Sort::Relevance && !relevant { Sort::Updated } else { ask.sort },
            keep: ask.grouped.unwrap_or_else(|| if ask.limit == 0 { 0 } else { ask.offset.saturating_add(ask.limit) }),
            grouped: ask.grouped.is_some(),
            facets,
        };
        let gathered = searcher.search(&query, &gather)?;
        let mut found = Found { total: gathered.groups.values().map(|(total, _)| total).sum(), ..Found::default() };
        for (kind, (total, kept)) in gathered.groups {
            let page = kept.into_iter().map(|(_, place)| place.0);
            if ask.grouped.is_some() {
                found.groups.push(Group { kind, total, keys: keys(&searcher, page)? });
            } else {
                found.keys = keys(&searcher, page.skip(ask.offset).take(ask.limit))?;
            }
        }
        let mut counts: Vec<(String, Vec<(String, usize)>)> = Vec::new();
        for (facet, values) in gather.facets.iter().zip(gathered.counts).filter(|(facet, _)| facet.counted) {
            let mut values: Vec<(String, usize)> = values.into_iter().collect();
            values.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            counts.push((facet.name.clone(), values));
        }
        // In the order in which they were asked for.
        found.facets =
            ask.counted.iter().filter_map(|name| counts.iter().find(|(known, _)| known == name).cloned()).collect();
        Ok(found)
    }

    fn keyed(&self, key: &str) -> Term {
        Term::from_field_text(self.0.fields.key, key)
    }

    fn writer(&self) -> Result<MutexGuard<'_, IndexWriter>, Fault> {
        self.0.writer.lock().map_err(|_| Fault::Stopped)
    }
}

/// The keys of documents, in their order.
fn keys(searcher: &Searcher, page: impl Iterator<Item = tantivy::DocAddress>) -> Result<Vec<String>, Fault> {
    let mut columns = Vec::new();
    for segment in searcher.segment_readers() {
        columns.push(segment.fast_fields().str(fields::KEY)?);
    }
    let mut keys = Vec::new();
    for place in page {
        let column =
            usize::try_from(place.segment_ord).ok().and_then(|ordinal| columns.get(ordinal)).and_then(Option::as_ref);
        let mut key = String::new();
        if let Some(column) = column
            && let Some(number) = column.ords().first(place.doc_id)
            && column.ord_to_str(number, &mut key)?
        {
            keys.push(key);
        }
    }
    Ok(keys)
}
