//! 字段 — what the index keeps of an item: nothing to read again, only what finds, filters, counts and orders.

use tantivy::{
    Index, TantivyDocument,
    schema::{FAST, Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions},
};

use crate::{Item, cut, cut::Cut, sound, text::normal};

/// 字段.
#[derive(Clone, Debug)]
pub struct Fields {
    pub key: Field,
    pub kind: Field,
    pub title: Field,
    pub owner: Field,
    pub body: Field,
    pub number: Field,
    pub sound: Field,
    pub initials: Field,
    pub about: Field,
    pub audience: Field,
    pub updated: Field,
    pub order: Field,
    pub facets: Vec<(String, Field)>,
}

/// The names of the columns that a search reads.
pub const KEY: &str = "key";
pub const KIND: &str = "kind";
pub const UPDATED: &str = "updated";
pub const ORDER: &str = "order";

/// The column of a facet.
pub fn column(facet: &str) -> String {
    format!("facet_{facet}")
}

impl Fields {
    pub fn new(facets: &[&str]) -> (Schema, Self) {
        let mut schema = Schema::builder();
        let cut = |how: &str, record| {
            let indexing = TextFieldIndexing::default().set_tokenizer(how).set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let placed = |how| cut(how, IndexRecordOption::WithFreqsAndPositions);
        let fields = Self {
            key: schema.add_text_field(KEY, STRING | FAST),
            kind: schema.add_text_field(KIND, STRING | FAST),
            title: schema.add_text_field("title", placed("pairs")),
            owner: schema.add_text_field("owner", placed("pairs")),
            body: schema.add_text_field("body", cut("words", IndexRecordOption::WithFreqs)),
            number: schema.add_text_field("number", placed("threes")),
            sound: schema.add_text_field("sound", placed("sounds")),
            initials: schema.add_text_field("initials", placed("initials")),
            about: schema.add_text_field("about", STRING),
            audience: schema.add_text_field("audience", STRING),
            updated: schema.add_u64_field(UPDATED, FAST),
            order: schema.add_text_field(ORDER, TextOptions::default().set_fast("raw")),
            facets: facets
                .iter()
                .map(|facet| {
                    ((*facet).to_owned(), schema.add_text_field(&column(facet), TextOptions::default().set_fast("raw")))
                })
                .collect(),
        };
        (schema.build(), fields)
    }

    /// Teaches an index how each field comes apart.
    pub fn teach(index: &Index) {
        let cuts = [
            ("pairs", Cut(cut::pairs)),
            ("words", Cut(cut::words)),
            ("threes", Cut(cut::threes)),
            ("sounds", Cut(cut::sounds)),
            ("initials", Cut(cut::initials)),
        ];
        for (name, cut) in cuts {
            index.tokenizers().register(name, cut);
        }
    }

    /// What is kept of an item.
    pub fn document(&self, item: &Item) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        let (title, owner) = (normal(&item.title), normal(&item.owner));
        document.add_text(self.key, &item.key);
        document.add_text(self.kind, &item.kind);
        document.add_text(self.order, format!("{}\u{0}{}", sound::order(&title), item.key));
        for name in [&title, &owner] {
            document.add_text(self.sound, name);
            document.add_text(self.initials, name);
        }
        document.add_text(self.title, title);
        document.add_text(self.owner, owner);
        document.add_text(self.body, normal(&item.body));
        for number in &item.numbers {
            document.add_text(self.number, normal(number));
        }
        for key in &item.about {
            document.add_text(self.about, key);
        }
        for who in &item.audience {
            document.add_text(self.audience, who);
        }
        document.add_u64(self.updated, item.updated);
        for (name, value) in &item.facets {
            if let Some((_, field)) = self.facets.iter().find(|(known, _)| known == name) {
                document.add_text(*field, value);
            }
        }
        document
    }
}
