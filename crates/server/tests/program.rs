//! 程序 — what somebody sees who types a command: the main job, and a sentence for everything that keeps it from being done.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_shuyun");

/// Runs the program; one that serves where it should have refused is ended.
fn shuyun(arguments: &[&str]) -> Output {
    Command::new("timeout").args(["60", PROGRAM]).args(arguments).env("RUST_BACKTRACE", "0").output().unwrap()
}

/// What was said, the last line of it, and the code it ended with.
fn told(output: &Output) -> (String, Option<i32>) {
    (String::from_utf8_lossy(&output.stderr).trim_end().to_owned(), output.status.code())
}

fn once(arguments: &[&str]) -> Value {
    let output = shuyun(&[&["demo", "--once"], arguments].concat());
    assert!(output.status.success(), "{}", told(&output).0);
    let said = String::from_utf8(output.stdout).unwrap();
    serde_json::from_str(said.lines().last().unwrap()).unwrap()
}

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        fs::write(self.path(name), content).unwrap();
        self.text(name)
    }
}

#[test]
fn the_main_job_is_done_and_can_be_replayed() {
    let desk = Desk::new();
    let home = desk.text("home");
    let done = once(&["--home", &home]);
    assert_eq!(done["rows_supplied"], 500);
    assert_eq!(done["access_records"], 1);
    assert!(done["rows_delivered"].as_u64().unwrap() > 0);
    let output = shuyun(&["replay", "--home", &home]);
    assert!(output.status.success(), "{}", told(&output).0);
    let again = shuyun(&["demo", "--once", "--home", &home]);
    assert_eq!(
        told(&again),
        (
            format!("“{home}”不是空目录，只能在空目录里新建。请换一个目录，或者用 shuyun serve --home 打开已有的"),
            Some(2)
        )
    );
}

#[test]
fn a_home_that_cannot_be_opened_is_a_sentence() {
    let desk = Desk::new();
    let nowhere = desk.text("nowhere");
    let (said, code) = told(&shuyun(&["serve", "--home", &nowhere]));
    assert!(said.starts_with(&format!("“{nowhere}”不是数运的数据目录")), "{said}");
    assert_eq!(code, Some(2));

    let home = desk.text("home");
    fs::create_dir(&home).unwrap();
    let plate = desk.path("home").join("home.toml");
    let table = [
        ("format = 99", "由更新版本的程序建立（格式99，本程序只认到2），请升级程序后再打开"),
        ("format = 1", "由更早的程序建立（格式1，本程序从2起）"),
        ("format = \"一\"", "不完整：home.toml 读不懂"),
        ("format = 2", "不完整：密钥文件 signing.seed 不能读"),
    ];
    for (text, sentence) in table {
        fs::write(&plate, text).unwrap();
        for command in ["serve", "replay"] {
            let listen = if command == "serve" { &["--listen", "127.0.0.1:0"][..] } else { &[] };
            let (said, code) = told(&shuyun(&[&[command, "--home", &home], listen].concat()));
            assert!(said.contains(sentence) && said.lines().count() == 1, "{said}");
            assert_eq!(code, Some(2));
        }
    }
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let desk = Desk::new();
    let home = desk.text("home");
    once(&["--home", &home]);
    let newer = "import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as c: c.execute('INSERT INTO schema_change VALUES (99)')";
    let made = Command::new("python3").args(["-c", newer]).arg(desk.path("home").join("shuyun.db")).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("跳过：没有 python3，不能把数据库改成更新的结构版本");
        return;
    }
    let (said, code) = told(&shuyun(&["serve", "--home", &home, "--listen", "127.0.0.1:0"]));
    assert!(said.contains("请升级程序后再打开"), "{said}");
    assert_eq!(code, Some(2));
}

#[test]
fn one_program_serves_a_home_and_a_second_is_told() {
    let desk = Desk::new();
    let home = desk.text("home");
    once(&["--home", &home]);
    let serve = ["serve", "--home", &home, "--listen", "127.0.0.1:0"];
    let mut first = Command::new(PROGRAM).args(serve).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(first.stdout.take().unwrap()).lines();
    assert!(said.next().unwrap().unwrap().contains("SQLite"));
    assert_eq!(
        told(&shuyun(&serve)),
        (format!("数据目录“{home}”已由另一个 shuyun 打开。请用那一个，或者先结束它"), Some(2))
    );
    // To be asked to end is to end well; then the home is free again.
    Command::new("kill").args(["-TERM", &first.id().to_string()]).status().unwrap();
    assert_eq!(first.wait().unwrap().code(), Some(0));
    assert!(shuyun(&["replay", "--home", &home]).status.success());
}

#[test]
fn a_busy_port_is_told_before_anything_is_built() {
    let desk = Desk::new();
    let home = desk.text("home");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (said, code) = told(&shuyun(&["demo", "--home", &home, "--listen", &address]));
    assert!(said.starts_with(&format!("不能在 {address} 上监听")), "{said}");
    assert!(said.contains("请换一个地址"), "{said}");
    assert_eq!(code, Some(2));
    assert!(!Path::new(&home).exists());
}

#[test]
fn what_was_typed_wrongly_is_told_in_chinese() {
    let table: [(&[&str], &str); 5] = [
        (&["foo"], "不认识的命令“foo”"),
        (&["serve"], "缺少 --home <目录>"),
        (&["demo", "--csv"], "--csv <文件> 后面缺少内容"),
        (&["serve", "--home", "x", "--listen", "abc"], "--listen <地址:端口> 的内容“abc”不合格式"),
        (&["demo", "--快"], "不认识的选项“--快”"),
    ];
    for (typed, sentence) in table {
        assert_eq!(told(&shuyun(typed)), (format!("{sentence}。用 shuyun --help 查看用法"), Some(2)));
    }
    for typed in [&["--help"][..], &["demo", "--help"], &["serve", "-h"], &["replay", "-h"]] {
        let output = shuyun(typed);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success());
        for english in ["Usage", "Options", "Print", "Commands", "OPTIONS", "default", "help:"] {
            assert!(!said.contains(english), "{english}：{said}");
        }
    }
}

#[test]
fn an_entrance_that_nobody_should_trust_is_not_opened() {
    let desk = Desk::new();
    let home = desk.text("家");
    let secret = desk.file("密钥", b"geheim");
    once(&["--home", &home]);
    let sso = ["--sso-issuer", "http://id.example", "--sso-client", "shuyun", "--sso-secret-file", &secret];
    let table: [(&[&str], &str); 5] = [
        (&["--origin", "http://data.jinchuan.example"], "须以 https:// 开头"),
        (&["--origin", "https://192.0.2.1"], "不能是 IP 地址"),
        (&sso, "须同时用 --origin"),
        (&[&["--origin", "https://data.example"][..], &sso[..4]].concat(), "须一起写"),
        (&[&["--origin", "https://data.example"][..], &sso[..]].concat(), "签发方的地址须以 https:// 开头"),
    ];
    for (options, sentence) in table {
        let serve = ["serve", "--home", &home, "--listen", "127.0.0.1:0"];
        let (said, code) = told(&shuyun(&[&serve[..], options].concat()));
        assert!(said.contains(sentence) && code == Some(2), "{options:?}：{said}（{code:?}）");
    }
}

#[test]
fn a_platform_is_founded_with_three_keepers_who_are_three_people() {
    let desk = Desk::new();
    let home = desk.text("home");
    let uscc = "91350100M000100Y43";
    let found = |system: &str, uscc: &str| {
        let people = ["--system", system, "--security", "an:安若石", "--audit", "shen：沈观"];
        shuyun(&[&["found", "--home", &home, "--name", "信息中心", "--uscc", uscc], &people[..]].concat())
    };
    let table = [
        (found("an:安", uscc), "须是三个人"),
        (found("guan", uscc), "应写成“账号:姓名”"),
        (found("guan:管", "91350100M000100Y44"), "校验位应为“3”"),
    ];
    for (output, sentence) in table {
        let (said, code) = told(&output);
        assert!(said.contains(sentence) && said.lines().count() == 1, "{said}");
        assert_eq!(code, Some(2));
        assert!(!Path::new(&home).exists(), "没有建成的不留下一半");
    }
    let output = found("guan:管理平", uscc);
    let said = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{}", told(&output).0);
    assert_eq!(said.matches("：/invitations/").count(), 3, "{said}");
    let (said, _) = told(&found("guan:管理平", uscc));
    assert!(said.contains("不是空目录"), "{said}");
    assert!(shuyun(&["replay", "--home", &home]).status.success());
}

#[test]
fn a_file_is_taken_rightly_or_refused_with_its_place() {
    let desk = Desk::new();
    let gb18030 = encoding_rs::GB18030.encode("站点,读数\n东门,1\n西门,2\n").0.into_owned();
    let accepted: [(&str, Vec<u8>, u64); 4] = [
        ("gb18030.csv", gb18030, 2),
        ("bom.csv", "\u{feff}站点,读数\n东门,1\n".into(), 1),
        ("late_text.csv", "站点,读数\n东门,1\n西门,无\n".into(), 2),
        ("na.csv", "站点,读数\n东门,NA\n西门,2.5\n".into(), 2),
    ];
    for (name, content, rows) in accepted {
        let done = once(&["--csv", &desk.file(name, &content)]);
        assert_eq!(done["rows_supplied"], rows, "{name}");
    }
    let long = format!("站点,读数\n东门,\"{}\"\n", "长".repeat(2 << 20));
    let refused: [(&str, Vec<u8>, &str); 6] = [
        ("empty.csv", Vec::new(), "文件是空的"),
        ("header_only.csv", "站点,读数\n".into(), "没有数据行"),
        ("ragged.csv", "站点,读数\n东门,1\n西门\n".into(), "第 3 行"),
        ("duplicate.csv", "站点,站点\n东门,1\n".into(), "站点"),
        ("long.csv", long.into(), "第 2 行第 2 列"),
        ("truncated.csv", "站点,读数\n东门,\"1\n".into(), "第 2 行"),
    ];
    for (name, content, sentence) in refused {
        let (said, code) = told(&shuyun(&["demo", "--once", "--csv", &desk.file(name, &content)]));
        assert!(said.contains(sentence) && said.lines().count() == 1, "{name}：{said}");
        assert_eq!(code, Some(2), "{name}");
    }
    let (said, _) = told(&shuyun(&["demo", "--once", "--csv", &desk.text("没有.csv")]));
    assert_eq!(said, format!("不能读“{}”：没有这个文件", desk.text("没有.csv")));
}

/// A disk of a few megabytes, seen by this one command only; it is made larger, and the home is whole.
#[test]
fn a_full_disk_is_a_sentence_and_loses_nothing_that_was_acknowledged() {
    let desk = Desk::new();
    let small = desk.text("disk");
    fs::create_dir(&small).unwrap();
    let script = r#"
        mount -t tmpfs -o size=2600k none "$2" || exit 77
        "$1" demo --once --home "$2/home"; full=$?
        mount -o remount,size=64m "$2" && rm -f "$2/home/filler"
        "$1" replay --home "$2/home" || exit 3
        exit $full"#;
    let run = Command::new("unshare").args(["-rm", "sh", "-c", script, "sh", PROGRAM, &small]).output();
    let Some(output) = run.ok().filter(|output| !matches!(output.status.code(), Some(77 | 1) | None)) else {
        eprintln!("跳过：本机不允许建小磁盘（unshare、tmpfs），没有试磁盘写满");
        return;
    };
    let (said, code) = told(&output);
    assert!(said.contains("磁盘空间不足") && said.lines().count() == 1, "{said}");
    assert_eq!(code, Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("→"), "没有办成一步就满了，试不出什么");
}
