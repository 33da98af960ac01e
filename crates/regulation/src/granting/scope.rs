//! 授权范围 — which fields of which entries; it only shrinks from plan to agreement to demand (Articles 12 and 21).
#![doc = include_str!("../../text/measures/12.md")]

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Provision, Violation, article};

/// 范围 — catalogue entries and, of each, the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(pub BTreeMap<String, BTreeSet<String>>);

/// 超出范围.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Beyond {
    /// 空范围
    #[error("{0}没有列出任何数据资源")]
    Nothing(&'static str),
    /// 资源不在范围内
    #[error("数据资源“{entry}”不在{wider}的范围内")]
    Entry {
        /// 目录条目
        entry: String,
        /// 上位文件
        wider: &'static str,
    },
    /// 字段不在范围内
    #[error("数据资源“{entry}”的信息项“{field}”不在{wider}的范围内")]
    Field {
        /// 目录条目
        entry: String,
        /// 信息项
        field: String,
        /// 上位文件
        wider: &'static str,
    },
}

impl Scope {
    /// 不得超出上位文件的范围 — every entry and field must be in what stands above.
    ///
    /// # Errors
    /// The first thing that lies beyond `wider`, which is called `name` in the message.
    pub fn check_within(&self, wider: &Self, name: &'static str) -> Result<(), Beyond> {
        for (entry, fields) in &self.0 {
            let Some(allowed) = wider.0.get(entry) else {
                return Err(Beyond::Entry { entry: entry.clone(), wider: name });
            };
            if let Some(field) = fields.difference(allowed).next() {
                return Err(Beyond::Field { entry: entry.clone(), field: field.clone(), wider: name });
            }
        }
        Ok(())
    }

    /// 不得为空.
    ///
    /// # Errors
    /// [`Beyond::Nothing`] when no field is named.
    pub fn check_filled(&self, name: &'static str) -> Result<(), Beyond> {
        if self.0.values().any(|fields| !fields.is_empty()) { Ok(()) } else { Err(Beyond::Nothing(name)) }
    }
}

impl Violation for Beyond {
    fn provision(&self) -> Provision {
        match self {
            Self::Nothing(_) => article(10).item(5),
            Self::Entry { .. } | Self::Field { .. } => article(21),
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::Nothing(_) => "请至少列出一项数据资源和它的信息项".to_owned(),
            _ => "请删去超出的部分；确需使用的，先按原流程变更授权范围".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scope() -> impl Strategy<Value = Scope> {
        let fields = proptest::collection::btree_set("[a-d]", 0..4);
        proptest::collection::btree_map("[A-C]", fields, 0..3).prop_map(Scope)
    }

    proptest! {
        #[test]
        fn scopes_only_shrink_along_a_chain(a in scope(), b in scope(), c in scope()) {
            let (ab, bc) = (a.check_within(&b, "乙"), b.check_within(&c, "丙"));
            if ab.is_ok() && bc.is_ok() {
                prop_assert!(a.check_within(&c, "丙").is_ok());
            }
            prop_assert!(a.check_within(&a, "甲").is_ok());
        }
    }
}
