//! 位置 — where a verifier stands on its walk from a leaf to the root (RFC 9162 §2.1.3.2, `fn` and `sn`).

/// A node, by its number on its level, and the last node of that level.
pub(crate) struct Place {
    node: u64,
    last: u64,
}

/// On which side of us the sibling is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// The proof has too many hashes for the tree, or too few.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Strayed;

impl Place {
    pub(crate) fn new(node: u64, last: u64) -> Self {
        Self { node, last }
    }

    /// One sibling further up; strays when already at the root.
    pub(crate) fn climb(&mut self) -> Result<Side, Strayed> {
        if self.last == 0 {
            return Err(Strayed);
        }
        let side = if self.node & 1 == 1 || self.node == self.last { Side::Left } else { Side::Right };
        if self.node == self.last {
            // The last node of an odd level has no sibling there; it moves up as it is.
            self.rise(self.node.trailing_zeros());
        }
        self.rise(1);
        Ok(side)
    }

    /// Up to the root of the largest perfect subtree that ends with this node.
    pub(crate) fn complete(&mut self) {
        self.rise(self.node.trailing_ones());
    }

    /// The walk must end at the root.
    pub(crate) fn arrived(&self) -> Result<(), Strayed> {
        if self.last == 0 { Ok(()) } else { Err(Strayed) }
    }

    fn rise(&mut self, levels: u32) {
        // Rust cannot shift by all 64 bits; what would remain is the root.
        self.node = self.node.checked_shr(levels).unwrap_or(0);
        self.last = self.last.checked_shr(levels).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_thirteen_leaves_passes_two_siblings_on_its_left() {
        let mut place = Place::new(12, 12);
        assert_eq!(place.climb(), Ok(Side::Left)); // leaves 8–11
        assert_eq!(place.climb(), Ok(Side::Left)); // leaves 0–7
        assert_eq!((place.arrived(), place.climb()), (Ok(()), Err(Strayed)));
    }

    #[test]
    fn the_largest_numbers_are_shifted_without_panic() {
        let mut place = Place::new(u64::MAX, u64::MAX);
        place.complete();
        assert_eq!(place.arrived(), Ok(()));
        let mut place = Place::new(0, u64::MAX);
        for _ in 0..64 {
            assert_eq!((place.arrived(), place.climb()), (Err(Strayed), Ok(Side::Right)));
        }
        assert_eq!(place.arrived(), Ok(()));
    }
}
