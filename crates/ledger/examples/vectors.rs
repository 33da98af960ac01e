//! 试验向量 — prints proofs over the entries leaf-0, leaf-1, … for other implementations to check.
//!
//! `cargo run -p ledger --example vectors -- 64 | python3 crates/ledger/peers/pymerkle_check.py`
//!
//! One JSON line for every tree of 1 to N leaves, every leaf in it and every tree it grew from.

use std::io::{self, BufWriter, Write as _};

use ledger::{Algorithm, Hash, proof};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let largest: u64 = std::env::args().nth(1).ok_or("用法：vectors <最大规模>")?.parse()?;
    let sha256 = Algorithm::Sha256;
    let leaves: Vec<Hash> = (0..largest).map(|i| sha256.leaf(format!("leaf-{i}").as_bytes())).collect();

    let mut out = BufWriter::new(io::stdout().lock());
    for (n, held) in (1..=largest).zip(1..) {
        let root = hex::encode(proof::root_of(sha256, &leaves[..held]));
        for index in 0..n {
            let old = index + 1;
            let inclusion = array(&proof::inclusion(sha256, &leaves, index, n)?);
            let consistency = array(&proof::consistency(sha256, &leaves, old, n)?);
            writeln!(
                out,
                r#"{{"n":{n},"root":"{root}","index":{index},"inclusion":{inclusion},"old":{old},"consistency":{consistency}}}"#
            )?;
        }
    }
    Ok(out.flush()?)
}

fn array(hashes: &[Hash]) -> String {
    let quoted: Vec<String> = hashes.iter().map(|hash| format!("\"{}\"", hex::encode(hash))).collect();
    format!("[{}]", quoted.join(","))
}
