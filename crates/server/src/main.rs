//! shuyun
fn main() {}
