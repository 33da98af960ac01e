//! 条文对照 — which articles are not code, and why.

/// 未编码条款 — the table of provisions without code, as it is written for people.
pub const UNCODED: &str = include_str!("../uncoded.md");

/// The numbers of the articles that `uncoded.md` lists, each with its reason.
pub fn uncoded() -> impl Iterator<Item = (u16, &'static str)> {
    UNCODED.lines().filter_map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let number = cells.next()?.parse().ok()?;
        Some((number, cells.next()?))
    })
}

/// 未编码的部分 — every row of `uncoded.md`: the article, which part of it (empty: the whole), and why.
pub fn unwritten() -> impl Iterator<Item = (u16, &'static str, &'static str)> {
    UNCODED.lines().filter_map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let (place, reason) = (cells.next()?, cells.next()?);
        let (number, part) = place.split_once(' ').unwrap_or((place, ""));
        Some((number.parse().ok()?, part, reason))
    })
}
