//! 送达 — carries notices out of the house, by e-mail and by webhook: the only part that calls others.
