//! 数运 — the program: reads what was typed and leads it to its command.

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use server::{
    commands::{demo, found, replay, serve, simulate},
    typed,
};

/// 数运：城市公共数据资源授权运营平台
#[derive(Parser)]
#[command(
    name = "shuyun",
    version,
    about = "数运：城市公共数据资源授权运营平台",
    long_about = "数运：城市公共数据资源授权运营平台。\n每一次授权、审核、供给和取数都有依据、有记录、可以核验。",
    after_help = "例：\n  shuyun demo                              在临时目录建一座示例城市，走完一件数据需求，然后打开门户\n  shuyun demo --csv 数据.csv --once         以这个文件作为供给的数据，走完即止\n  shuyun found --home 数据目录 …            建一个空的平台，从邀请三员开始
  shuyun serve --home 数据目录              打开已有的数据目录\n  shuyun replay --home 数据目录             重放全部事件，与现有数据逐行比较",
    disable_help_subcommand = true,
    subcommand_help_heading = "命令",
    subcommand_value_name = "命令"
)]
struct Typed {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 在空目录建一座示例城市，把一件数据需求从目录办到取数，然后打开门户
    Demo(demo::Options),
    /// 在空目录建一个空的平台，给出三员的邀请
    Found(found::Options),
    /// 打开已有的数据目录，提供门户和接口
    Serve(serve::Options),
    /// 重放全部事件到空表，与现有数据比较；有差异时退出码为1
    Replay(replay::Options),
    /// 模拟平台之外的系统，只供演示和试验：失信名单的查询服务
    Simulate(simulate::Options),
}

fn main() -> ExitCode {
    let typed = match typed::read(Typed::command(), std::env::args_os()) {
        Ok(matches) => Typed::from_arg_matches(&matches),
        Err((told, 0)) => {
            print!("{told}");
            return ExitCode::SUCCESS;
        }
        Err((told, code)) => {
            eprintln!("{}", told.trim_end());
            return ExitCode::from(code);
        }
    };
    let typed = match typed {
        Ok(typed) => typed,
        Err(why) => why.exit(),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(why) => {
            eprintln!("不能启动：{why}");
            return ExitCode::from(2);
        }
    };
    let ran = runtime.block_on(async {
        match typed.command {
            Command::Demo(options) => demo::run(options).await,
            Command::Found(options) => found::run(options).await,
            Command::Serve(options) => serve::run(options).await,
            Command::Replay(options) => replay::run(options).await,
            Command::Simulate(options) => simulate::run(options).await,
        }
    });
    // Whoever still reads a file in the background must not keep the program from ending.
    runtime.shutdown_background();
    match ran {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::from(2)
        }
    }
}
