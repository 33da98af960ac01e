//! 门户多快 — how soon the public's pages begin to answer over a full catalogue.
//!
//! `cargo bench -p server --bench portal -- [--entries 100000] [--rounds 300] [--home 目录]`
//!
//! A new home is filled with published entries, grants and products, its doors are opened in this process,
//! and browsers ask over loopback HTTP, one alone and then four at once. Measured is the time until the
//! first byte has come. The browsers share the machine with the server. A home that is named stays, and is
//! measured again without being filled.

mod entries;

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use entries::{ASPECTS, DISTRICTS, Dice, OBJECTS};
use futures::future::join_all;
use portal::finding::{self, FACETS};
use reqwest::Client;
use search::{Ask, Index};
use server::{home::Home, indexing, serving};

/// What was asked for on the command line.
struct Asked {
    entries: usize,
    rounds: usize,
    home: Option<PathBuf>,
}

impl Asked {
    fn read() -> Option<Self> {
        let mut asked = Self { entries: 100_000, rounds: 300, home: None };
        let mut measured = false;
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--entries" => asked.entries = words.next()?.parse().ok()?,
                "--rounds" => asked.rounds = words.next()?.parse().ok()?,
                "--home" => asked.home = words.next().map(PathBuf::from),
                "--bench" => measured = true,
                _ => return None,
            }
        }
        measured.then_some(asked)
    }
}

fn main() {
    let Some(asked) = Asked::read() else {
        return println!("cargo bench -p server --bench portal -- [--entries 100000] [--rounds 300] [--home 目录]");
    };
    let program = std::env::current_exe().expect("a program stands somewhere");
    let folder = tempfile::tempdir_in(program.parent().expect("in a folder")).expect("a folder on the disk");
    let home = asked.home.clone().unwrap_or_else(|| folder.path().join("home"));
    tokio::runtime::Runtime::new().expect("a runtime").block_on(measure(&home, &asked));
}

async fn measure(path: &Path, asked: &Asked) {
    let known = Home::find(path, None);
    let fresh = known.is_err();
    let home = known.unwrap_or_else(|_| Home::create(path, None).expect("a new home"));
    let office = home.open().await.expect("an open office");
    if fresh {
        let begun = Instant::now();
        entries::entries(&office.store, asked.entries, serving::now()).await.expect("rows that are kept");
        println!(
            "填充 {} 个已发布的条目、{} 项授权、{} 个产品：{:.1?}",
            asked.entries,
            asked.entries / 50,
            asked.entries / 20,
            begun.elapsed()
        );
    }
    let before = memory();
    let folder = path.join("index");
    let _ = fs::remove_dir_all(&folder);
    let index = Index::open(&folder, FACETS).expect("an index");
    let begun = Instant::now();
    let everything = Ask { viewer: finding::everybody(), ..Ask::default() };
    let found = indexing::follow(office.store.clone(), index.clone()).find(everything.clone()).await;
    // A page waits for seconds only; the measure waits for as long as it takes.
    let mut found = found.map(|found| found.total).unwrap_or(0);
    while found == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        found = index.find(&everything).expect("a search").total;
    }
    println!(
        "建立索引：{:.1?}，{found} 件，{} MB；内存 {before} MB → {} MB",
        begun.elapsed(),
        size(&folder) >> 20,
        memory()
    );
    tokio::time::sleep(Duration::from_secs(3)).await; // merges come to rest
    println!("合并之后：{} MB，内存 {} MB\n", size(&folder) >> 20, memory());

    println!("| 检索（进程内） | p50（毫秒） | p95 | p99 |\n|---|---:|---:|---:|");
    for (name, question) in questions() {
        let mut dice = Dice(7);
        let mut each = Vec::new();
        for _ in 0..asked.rounds {
            let text = question(&mut dice);
            let counted = ["provider", "refresh", "grade", "personal", "origin"].map(str::to_owned).to_vec();
            let ask = Ask {
                text,
                kinds: vec!["entry".into()],
                viewer: finding::everybody(),
                counted,
                limit: 20,
                ..Ask::default()
            };
            let begun = Instant::now();
            index.find(&ask).expect("a search");
            each.push(begun.elapsed());
        }
        tell(name, each);
    }

    let doors =
        serving::doors_of(office.clone(), serving::wall_clock(), serving::Front { index, ..serving::Front::plain() });
    let listener = serving::bind("127.0.0.1:0".parse().expect("an address")).await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, doors).await });
    for clients in [1, 4] {
        println!("\n| 首字节，{clients} 人同时 | p50（毫秒） | p95 | p99 |\n|---|---:|---:|---:|");
        for (name, question) in questions() {
            let name_of = |path: &str| format!("{path}?q={name}");
            for path in ["/catalogue", "/search"] {
                tell(
                    &name_of(path),
                    browse(&address, clients, asked.rounds, |dice| format!("{path}?q={}", encoded(&question(dice))))
                        .await,
                );
            }
        }
        let pages: [(&str, &str); 9] = [
            ("/catalogue", "/catalogue"),
            ("/catalogue，按名称，第100页", "/catalogue?sort=name&page=100"),
            ("/catalogue，两个分面", "/catalogue?refresh=%E6%AF%8F%E6%97%A5&personal=%E6%B6%89%E5%8F%8A"),
            ("/api/v1/catalogue", "/api/v1/catalogue"),
            ("/products", "/products"),
            ("/products?q=停车场", "/products?q=%E5%81%9C%E8%BD%A6%E5%9C%BA"),
            ("/grants", "/grants"),
            ("/grants?q=停车场", "/grants?q=%E5%81%9C%E8%BD%A6%E5%9C%BA"),
            ("/", "/"),
        ];
        for (name, path) in pages {
            tell(name, browse(&address, clients, asked.rounds, |_| path.to_owned()).await);
        }
    }
    let client = client();
    println!("\n| 导出 | 用时 | 字节 |\n|---|---:|---:|");
    for path in ["/catalogue.csv", "/catalogue.xlsx", "/grants.xlsx"] {
        let begun = Instant::now();
        let body =
            client.get(format!("{address}{path}")).send().await.expect("an answer").bytes().await.expect("a file");
        println!("| {path} | {:.1?} | {} |", begun.elapsed(), body.len());
    }
    println!("\n内存 {} MB，最高 {} MB", memory(), peak());
}

type Question = fn(&mut Dice) -> String;

/// The ways in which people ask.
fn questions() -> [(&'static str, Question); 6] {
    [
        ("一个词", |dice| dice.pick(&OBJECTS).to_owned()),
        ("两个词", |dice| format!("{} {}", dice.pick(&ASPECTS), dice.pick(&OBJECTS))),
        ("常见的词", |_| "数据".to_owned()),
        ("全拼", |dice| {
            ["tingchechang", "kongqizhiliang", "qiyedengji", "shebao", "gongjiao"][dice.roll(5)].to_owned()
        }),
        ("首字母", |dice| ["tcc", "kqzl", "qydj", "sbcb", "gjxl"][dice.roll(5)].to_owned()),
        ("编号或者名称", |dice| {
            if dice.roll(2) == 0 {
                format!("ML-202509{:02}", 1 + dice.roll(28))
            } else {
                format!("{}{}", dice.pick(&DISTRICTS), dice.pick(&OBJECTS))
            }
        }),
    ]
}

fn client() -> Client {
    Client::builder().no_proxy().build().expect("a client")
}

/// So many browsers ask, each for its share of the rounds.
async fn browse(address: &str, clients: usize, rounds: usize, path: impl Fn(&mut Dice) -> String) -> Vec<Duration> {
    let mut dice = Dice(11);
    let shares: Vec<Vec<String>> =
        (0..clients).map(|_| (0..rounds.div_ceil(clients)).map(|_| path(&mut dice)).collect()).collect();
    let browsers = shares.into_iter().map(|paths| {
        let (client, address) = (client(), address.to_owned());
        tokio::spawn(async move {
            let mut each = Vec::new();
            for path in paths {
                let begun = Instant::now();
                let mut answer = client.get(format!("{address}{path}")).send().await.expect("an answer");
                assert!(answer.status().is_success(), "{path}: {}", answer.status());
                answer.chunk().await.expect("a first byte");
                each.push(begun.elapsed());
                while answer.chunk().await.expect("the rest").is_some() {}
            }
            each
        })
    });
    join_all(browsers.collect::<Vec<_>>())
        .await
        .into_iter()
        .flat_map(|each| each.expect("a browser that comes back"))
        .collect()
}

fn tell(name: &str, each: Vec<Duration>) {
    let mut each: Vec<f64> = each.iter().map(|took| took.as_secs_f64() * 1000.0).collect();
    each.sort_by(f64::total_cmp);
    let at = |percent: usize| each.get(each.len() * percent / 100).copied().unwrap_or(f64::NAN);
    println!("| {name} | {:.1} | {:.1} | {:.1} |", at(50), at(95), at(99));
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn size(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|about| about.len()).sum()
}

/// What this process holds of memory, in MB.
fn memory() -> u64 {
    status("VmRSS:")
}

fn peak() -> u64 {
    status("VmHWM:")
}

fn status(line: &str) -> u64 {
    let told = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = told.lines().find_map(|told| told.strip_prefix(line));
    found.and_then(|told| told.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) >> 10
}
