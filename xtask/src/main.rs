//! 看家 — the house's own tool: `tidy` tells what breaks its rules, `generate` writes what is derived.

mod articles;
mod dependencies;
mod finding;
mod generate;
mod house;
mod sample;
mod sources;
mod tidy;

use std::{io, process::ExitCode};

use house::House;

const USAGE: &str = "用法：cargo run -p xtask -- <命令>

  tidy      按家规检查全部源码，逐条说明；有一条不合就以 1 退出
  generate  由代码写出 docs/generated/（条文对照、程序图、期限表）
  sample    重新写出 sample-city/parking.csv";

fn main() -> ExitCode {
    let done = match std::env::args().nth(1).as_deref() {
        Some("tidy") => House::open().map(|house| tell(&tidy::findings(&house))),
        Some("generate") => House::open().and_then(|house| write(&house, generate::pages(&house))),
        Some("sample") => House::open().and_then(|house| write(&house, vec![sample::page()])),
        _ => {
            eprintln!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    };
    done.unwrap_or_else(|why| {
        eprintln!("读写文件未成功：{why}");
        ExitCode::from(2)
    })
}

fn tell(findings: &[finding::Finding]) -> ExitCode {
    for finding in findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        println!("合乎家规。");
        return ExitCode::SUCCESS;
    }
    println!("共 {} 处不合家规。", findings.len());
    ExitCode::FAILURE
}

fn write(house: &House, pages: Vec<generate::Page>) -> io::Result<ExitCode> {
    for page in pages {
        let changed = house.put(&page.path, &page.text)?;
        println!("{} {}", if changed { "已更新" } else { "无变化" }, page.path);
    }
    Ok(ExitCode::SUCCESS)
}
