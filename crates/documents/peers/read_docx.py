"""公文的 Word 文件由 PyPI 的 python-docx 读回来，与正文文本逐件比较。用法：read_docx.py 门户地址 口令"""

import hashlib
import io
import json
import sys
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import docx
from docx.oxml.ns import qn
from docx.shared import Mm

BASE, PASSWORD = sys.argv[1:3]
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))


def get(path):
    with browser.open(BASE + urllib.parse.quote(path, safe="/?=&%")) as answer:
        return answer.read()


def near(length, millimetres):
    return abs(length - Mm(millimetres)) < Mm(0.2)


def compare(paper):
    content = get(paper["text"])
    digest = hashlib.sha256(content).hexdigest()
    told = json.loads(get(paper["json"]))
    assert told["sha256"] == digest, (paper["name"], "正文文本的摘要")
    word = docx.Document(io.BytesIO(get(paper["docx"])))

    # 版面：A4，天头37毫米，订口28毫米
    page = word.sections[0]
    assert near(page.page_width, 210) and near(page.page_height, 297), paper["name"]
    assert near(page.top_margin, 37) and near(page.left_margin, 28) and near(page.right_margin, 26), paper["name"]

    # 样式：标题有层次，中文字体以 eastAsia 写明，表格的第一行每页重复
    fonts = {style.element.rPr.rFonts.get(qn("w:eastAsia")) for style in word.styles if style.element.rPr is not None and style.element.rPr.rFonts is not None}
    assert {"仿宋", "黑体", "楷体", "方正小标宋简体"} <= fonts, fonts
    for table in word.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None, paper["name"]

    # 页脚：页码的域和摘要；不是正式的，页眉写明稿次
    footer = page.footer
    assert "PAGE" in footer._element.xml and digest in "".join(line.text for line in footer.paragraphs), paper["name"]
    mark = "".join(line.text for line in page.header.paragraphs)
    assert mark == ("" if told["form"] == "final" else paper["form"]), (paper["name"], mark)

    # 内容：正文文本的每一件，都依次在 Word 文件里
    names = {"Heading 1": "一级", "Heading 2": "二级", "标题": "标题", "发文机关": "发文"}
    found, expected = [], []
    for part in word.iter_inner_content():
        if isinstance(part, docx.table.Table):
            head, *rows = [[cell.text for cell in row.cells] for row in part.rows]
            found.append(("表头", head))
            found += [("表行", row) for row in rows]
        elif names.get(part.style.name):
            found.append((names[part.style.name], [part.text]))
    for line in content.decode().splitlines():
        name, *cells = line.split("\t")
        if name in ("表头", "表行", *names.values()):
            expected.append((name, cells))
    assert sorted(found) == sorted(expected), (paper["name"], found, expected)
    assert [one for one in found if one[0] != "发文" and one[0] != "标题"] == [one for one in expected if one[0] != "发文" and one[0] != "标题"], paper["name"]
    whole = "".join(line.text for line in word.paragraphs)
    for line in content.decode().splitlines():
        name, *cells = line.split("\t")
        if name in ("段落", "列项", "落款", "日期"):
            assert all(cell in whole for cell in cells), (paper["name"], cells)
    assert word.core_properties.title == told["title"], word.core_properties.title


browser.open(BASE + "/sign-in", urllib.parse.urlencode({"login": "shiban", "password": PASSWORD}).encode())
read = set()
for subject in ("entry", "plan", "selection", "agreement", "demand"):
    for file in json.loads(get(f"/api/v1/files?size=100&subject={subject}"))["files"]:
        for paper in json.loads(get(f"/api/v1/files/{subject}/{file['id']}/papers"))["papers"]:
            compare(paper)
            read.add(paper["name"])
assert len(read) >= 10, read
print(f"python-docx 读回 {len(read)} 种公文，与正文文本相符：{'、'.join(sorted(read))}")
