//! 坏文件 — every rule for files, with the sentence its sender reads.

use std::fmt::Write as _;

use lake::{Fault, Manifest, Survey, manifest_matches, survey};

async fn examine(bytes: &[u8]) -> Result<Survey, Fault> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    survey(file.path(), &|_| {}).await
}

#[tokio::test]
async fn a_bad_file_is_refused_and_told_where_why_and_what_to_do() {
    let long = 4 * 1024 * 1024 + 1;
    let mut broken_utf8 = "编号,名称\n".repeat(9).replacen('\n', "\n1,成都\n", 1).into_bytes();
    let place = broken_utf8.len() + 2;
    broken_utf8.extend(b"2,\xE6\x88,\n");
    let wide = (1..=1001).map(|n| format!("c{n}")).collect::<Vec<_>>().join(",");
    let mut fat_row = "a".to_owned();
    (1..1000).for_each(|n| write!(fat_row, ",a{n}").unwrap());
    fat_row.push('\n');
    fat_row.push_str(&vec!["x".repeat(100 * 1024); 1000].join(","));
    #[rustfmt::skip]
    let table: Vec<(&str, Vec<u8>, String)> = vec![
        ("空文件", b"".to_vec(), "文件是空的：没有表头也没有数据，请重新导出".into()),
        ("只有空行", b"\n\r\n".to_vec(), "文件是空的：没有表头也没有数据，请重新导出".into()),
        ("只有标记", b"\xEF\xBB\xBF".to_vec(), "文件是空的：没有表头也没有数据，请重新导出".into()),
        ("没有数据行", b"a,b\n".to_vec(), "没有数据行：第 1 行表头之后没有数据，请重新导出".into()),
        ("表头为空", b"a,,c\n1,2,3\n".to_vec(),
         "第 1 行第 2 列的表头是空的，或没有一个字母、数字或汉字：请为这一列写上名称".into()),
        ("表头重复", "PM10,ｐｍ１０\n1,2\n".into(),
         "第 1 行第 1 列“PM10”与第 2 列“ｐｍ１０”的表头重复（都写作 pm10）：请改名以便区分".into()),
        ("列数过多", wide.into(), "第 1 行有 1001 列，最多 1000 列：请检查分隔符，或拆成几张表".into()),
        ("列少", b"a,b,c\n1,2,3\n1,2\n1,2,3\n".to_vec(),
         "第 3 行有 2 列，表头是 3 列：请检查这一行的逗号和引号".into()),
        ("列多", b"a,b\n1,\"x\ny\"\n1,2,3\n".to_vec(),
         "第 4 行有 3 列，表头是 2 列：请检查这一行的逗号和引号".into()),
        ("末行列少", b"a,b,c\n1,2,3\n1,2".to_vec(),
         "文件在第 3 行像是被截断了：最后一行的列数不够，请重新导出或重新上传".into()),
        ("引号没有结束", b"a,b\n1,2\n3,\"x\n".to_vec(),
         "文件在第 3 行像是被截断了：引号没有结束，请重新导出或重新上传".into()),
        ("引号之后有字符", b"a,b\n1,2\n\"3\"x,4\n".to_vec(),
         "第 3 行第 1 列：引号结束之后还有字符，字段内的引号应写成两个".into()),
        ("字段过长", [b"a,b\n1,2\n3,".as_slice(), &vec![b'x'; long], b"\n"].concat(),
         "第 3 行第 2 列超过 4 MiB：可能是引号没有成对，请检查".into()),
        ("引号吞掉后文", [b"a,b\n1,2\n\"3,4\n".as_slice(), &b"5,6\n".repeat(long / 4)].concat(),
         "第 3 行第 1 列超过 4 MiB：可能是引号没有成对，请检查".into()),
        ("行过长", fat_row.into(), "第 2 行超过 32 MiB：可能是引号没有成对，请检查".into()),
        ("空字符", b"a,b\n1,2\n3,\0\n".to_vec(),
         "第 3 行（第 11 字节）含有空字符（NUL）：这不是文本文件或已损坏，请重新导出".into()),
        ("编码不明", b"a,b\n1,2\n3,\xFF\xFE\n".to_vec(),
         "第 3 行（第 11 字节）既不是 UTF-8 也不是 GB18030：请另存为 UTF-8 编码的 CSV".into()),
        ("编码损坏", broken_utf8,
         format!("第 11 行（第 {} 字节）不是有效的 UTF-8，之前的内容都是：文件可能已损坏，请重新导出", place + 1)),
    ];
    for (name, bytes, sentence) in table {
        let fault = examine(&bytes).await.unwrap_err();
        assert!(matches!(fault, Fault::Defect(_)), "{name}: {fault:?}");
        assert_eq!(fault.to_string(), sentence, "{name}");
    }
}

#[tokio::test]
async fn a_file_cut_inside_a_chinese_character_is_damaged_not_gb18030() {
    let whole = "编号,名称\n1,成都市环境监测站\n";
    let cut = &whole.as_bytes()[..whole.len() - 2];
    let fault = examine(cut).await.unwrap_err();
    assert!(fault.to_string().contains("不是有效的 UTF-8"), "{fault}");
}

#[tokio::test]
async fn what_looks_odd_but_is_fine_is_accepted() {
    let table: [(&str, &str, u64); 6] = [
        ("末行没有换行", "a,b\n1,2", 1),
        ("空行", "a,b\n\n1,2\r\n\r\n3,4\n\n", 2),
        ("引号内换行和逗号", "a,b\r\n\"x\r\n,y\",\"\"\"z\"\"\"\r\n", 1),
        ("末列为空", "a,b\n1,", 1),
        ("末列为空且有引号", "a,b\n1,\"\"", 1),
        ("引号不在开头", "a,b\n5\" pipe,2\n", 1),
    ];
    for (name, text, rows) in table {
        assert_eq!(examine(text.as_bytes()).await.expect(name).rows, rows, "{name}");
    }
}

#[tokio::test]
async fn a_manifest_must_say_what_the_file_is() {
    let found = examine(b"a,b\n1,2\n3,4\n").await.unwrap();
    let right = Manifest { file: "a.csv".into(), rows: 2, bytes: 12, sha256: found.sha256.to_uppercase() };
    manifest_matches(&found, &right).unwrap();
    let wrong = |manifest| manifest_matches(&found, &manifest).unwrap_err().to_string();
    assert_eq!(wrong(Manifest { rows: 3, ..right.clone() }), "清单记载行数 3，实际 2：请核对清单，或重新传送文件");
    assert_eq!(
        wrong(Manifest { bytes: 13, ..right.clone() }),
        "清单记载字节数 13，实际 12：请核对清单，或重新传送文件"
    );
    assert_eq!(
        wrong(Manifest { sha256: "00".into(), ..right }),
        format!("清单记载SHA-256 00，实际 {}：请核对清单，或重新传送文件", found.sha256)
    );
}
