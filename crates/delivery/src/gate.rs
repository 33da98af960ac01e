//! 闸门 — the grants in force, read without a lock, forgotten as soon as a row of their chain changes.

use std::{collections::HashMap, sync::Arc};

use arc_swap::ArcSwap;

use crate::Grant;

/// 闸门.
#[derive(Debug, Default)]
pub struct Gate {
    grants: ArcSwap<HashMap<String, Arc<Grant>>>,
}

impl Gate {
    /// The grant of a credential, if it has been compiled since its chain last changed.
    pub fn find(&self, credential: &str) -> Option<Arc<Grant>> {
        self.grants.load().get(credential).cloned()
    }

    /// Keeps a freshly compiled grant.
    pub fn keep(&self, grant: Grant) -> Arc<Grant> {
        let grant = Arc::new(grant);
        self.grants.rcu(|grants| {
            let mut grants = HashMap::clone(grants);
            grants.insert(grant.credential.clone(), Arc::clone(&grant));
            grants
        });
        grant
    }

    /// Forgets every grant that stands on one of these rows.
    pub fn forget<'a>(&self, changed: &(impl Iterator<Item = &'a str> + Clone)) {
        let stands_on = |grant: &Grant| changed.clone().any(|key| grant.rows.iter().any(|(row, _)| row == key));
        if self.grants.load().values().any(|grant| stands_on(grant)) {
            self.grants.rcu(|grants| {
                let mut grants = HashMap::clone(grants);
                grants.retain(|_, grant| !stands_on(grant));
                grants
            });
        }
    }
}
