//! 装载一份文件 — surveys and loads a file, and says how long it took and how much memory.
//!
//! `cargo run --release -p lake --example load -- FILE.csv`
//! `cargo run --release -p lake --example load -- --generate 1000000000`

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use lake::{Ask, Condition, Lake, Op, Recipe, Take, survey};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let home = std::env::temp_dir().join(format!("lake-example-{}", std::process::id()));
    let lake = Lake::open(&home)?;
    let path = match &arguments[..] {
        [flag, bytes] if flag == "--generate" => generate(&lake.staging(), bytes.parse()?)?,
        [path] => PathBuf::from(path),
        _ => return Err("用法：load FILE.csv 或 load --generate BYTES".into()),
    };
    let result = run(&lake, &path).await;
    std::fs::remove_dir_all(&home)?;
    result
}

async fn run(lake: &Lake, path: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let found = survey(path, &|_| {}).await?;
    report("检查", start, found.rows, found.bytes);
    for column in &found.columns {
        println!("  {} {} {}，空值 {}", column.name, column.title, column.kind.name(), column.nulls);
    }
    let start = Instant::now();
    let loaded = lake.load("raw", path, &found, "b1", &|_| {}).await?;
    report("装载", start, loaded.rows, loaded.bytes);
    let start = Instant::now();
    let take = |name: &String| Take { column: name.clone(), mask: None };
    let columns = found.columns.iter().map(|column| take(&column.name)).collect();
    let recipe = Recipe { columns, filter: vec![] };
    let built = lake.build("product", &loaded.raw, &recipe, "p1").await?;
    report("加工", start, built.rows, loaded.bytes);
    let column = &found.columns[0].name;
    let filter = vec![Condition { column: column.clone(), op: Op::Ne, value: ().into() }];
    for offset in [0, 1, built.rows / 2, built.rows - 1] {
        let ask = Ask { offset, limit: 100, filter: filter.clone(), ..Ask::default() };
        let start = Instant::now();
        let page = lake.page(&built.product, &ask).await?;
        println!("一页 {} 行，自 {offset}：{:?}", page.count, start.elapsed());
    }
    let ask = Ask { limit: 2, ..Ask::default() };
    println!("{}", String::from_utf8(lake.page(&built.product, &ask).await?.json)?);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn report(stage: &str, start: Instant, rows: u64, bytes: u64) {
    let seconds = start.elapsed().as_secs_f64();
    let (speed, megabytes) = (rows as f64 / seconds, bytes as f64 / 1e6 / seconds);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("?").trim();
    println!(
        "{stage}：{rows} 行 {bytes} 字节，{seconds:.2} 秒，{speed:.0} 行/秒，{megabytes:.0} MB/秒，内存峰值 {peak}"
    );
}

/// Writes rows like an air station's until the file has the size.
fn generate(folder: &Path, bytes: u64) -> Result<PathBuf, Box<dyn Error>> {
    let path = folder.join("generated.csv");
    let mut file = BufWriter::new(File::create(&path)?);
    let mut written = 0;
    writeln!(file, "编号,站点,日期,时间,PM2.5,温度,湿度,有效,备注")?;
    for row in 1_u64.. {
        let mixed = row.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        let (year, month, day) = (2010 + row / 8760 % 15, mixed % 12 + 1, mixed % 28 + 1);
        let (hour, minute) = (row % 24, mixed % 60);
        let dust = if mixed.is_multiple_of(20) { "NA".to_owned() } else { (mixed % 500).to_string() };
        let line = format!(
            "{row},成都第{}站,{year}-{month:02}-{day:02},{year}-{month:02}-{day:02} {hour:02}:{minute:02},{dust},{}.{},{},{},\"第{}批，{}\"\n",
            mixed % 40,
            mixed % 40,
            mixed % 10,
            mixed % 101,
            mixed % 3 == 0,
            mixed % 1000,
            mixed % 65536
        );
        file.write_all(line.as_bytes())?;
        written += line.len() as u64;
        if written >= bytes {
            break;
        }
    }
    file.flush()?;
    println!("写出 {written} 字节");
    Ok(path)
}
