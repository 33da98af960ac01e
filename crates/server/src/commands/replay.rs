//! 重放 — `shuyun replay`: replays all events into empty tables and compares.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use crate::{Fault, home::Home};

/// What can be typed.
#[derive(Args)]
pub struct Options {
    /// 数据目录
    #[arg(long, value_name = "目录")]
    pub home: PathBuf,
    /// 数据库地址；不写则用数据目录中的 SQLite
    #[arg(long, value_name = "地址")]
    pub database: Option<String>,
}

/// Replays; non-zero when anything differs.
pub async fn run(options: Options) -> Result<ExitCode, Fault> {
    let office = Home::find(&options.home, options.database.as_deref())?.open().await?;
    let report = office.store.replay().await?;
    println!(
        "重放办理日志 {} 条、存取日志 {} 条，比较 {} 行、{} 项列目",
        report.control_events, report.access_events, report.rows, report.listed
    );
    for difference in &report.differences {
        println!("不一致：{difference}");
    }
    if report.agrees() {
        println!("一致：行、承诺和两棵树的树根都与重放的结果相同");
        Ok(ExitCode::SUCCESS)
    } else {
        println!("共 {} 处不一致", report.differences.len());
        Ok(ExitCode::FAILURE)
    }
}
