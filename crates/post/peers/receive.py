"""收件 — somebody else's mail server and somebody else's webhook library take what the program sends.

Usage: receive.py PROGRAM HOME. Starts the program, asks for letters and webhooks, passes a demand, and checks both.
"""
import http.cookiejar
import http.server
import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from standardwebhooks.webhooks import Webhook

program, home = sys.argv[1:3]
letters, hooks = [], []


def free():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Mailbox:
    async def handle_DATA(self, server, session, envelope):
        letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 kept"


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        hooks.append((dict((name.lower(), value) for name, value in self.headers.items()), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


mail = Controller(Mailbox(), hostname="127.0.0.1", port=free())
mail.start()
mail_port = mail.port
receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
threading.Thread(target=receiver.serve_forever, daemon=True).start()

portal_port = free()
origin = f"http://localhost:{portal_port}"
serving = subprocess.Popen(
    [program, "demo", "--home", home, "--listen", f"127.0.0.1:{portal_port}", "--webhooks-allow-loopback",
     "--smtp", f"smtp://127.0.0.1:{mail_port}", "--mail-from", "锦川数运 <notice@jinchuan.example>",
     "--origin", origin],
    stdout=subprocess.PIPE, text=True)
address = password = None
for line in serving.stdout:
    if line.startswith("门户："):
        address = line.strip().removeprefix("门户：").rstrip("/")
    if found := re.match("演示账号（口令都是 (.*)）：", line):
        password = found[1]
    if line.startswith("按 Ctrl+C"):
        break


def browser(login):
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({}))
    claim = urllib.parse.urlencode({"login": login, "password": password}).encode()
    opener.open(f"{address}/sign-in", claim).read()

    def ask(path, act=None):
        body = None if act is None else json.dumps(act).encode()
        request = urllib.request.Request(address + path, body, {"Content-Type": "application/json", "Accept": "application/json"})
        return json.load(opener.open(request))

    return ask


try:
    provider, agency = browser("jiaotong"), browser("shiban")
    secret = provider("/acts", {"act": "endpoint.add", "url": f"http://127.0.0.1:{receiver.server_port}/hook"})["secret"]
    provider("/acts", {"act": "address.set", "mail": "jiaotong@bureau.example", "reasons": ["yours"]})
    waiting = [task for task in agency("/api/v1/tasks")["tasks"] if task["state"] == "形式审查"]
    case = waiting[0]["id"]
    agency("/acts", {"act": "demand.pass", "id": case})
    for _ in range(300):
        if letters and hooks:
            break
        time.sleep(0.1)
    headers, body = hooks[0]
    told = Webhook(secret).verify(body, headers)
    assert told is not None or json.loads(body)
    told = json.loads(body)
    assert (told["type"], told["data"]["case"], told["data"]["state"]) == ("demand.pass", case, "提供单位审核"), told
    try:
        Webhook(secret).verify(body.replace(b"demand", b"damend"), headers)
        raise SystemExit("改过的内容也通过了核对")
    except Exception as why:
        assert "signature" in str(why).lower(), why
    to, letter = letters[0]
    assert to == ["jiaotong@bureau.example"], to
    assert letter["subject"] == f"【待您办理】数据需求 {case}：提供单位审核", letter["subject"]
    assert letter["auto-submitted"] == "auto-generated"
    plain = letter.get_body(("plain",)).get_content()
    page = letter.get_body(("html",)).get_content()
    link = f"{origin}/operation/demands/{case}"
    assert link in plain and f'href="{link}"' in page, plain
    assert len(hooks) == len(letters) == 1, (hooks, letters)
    print(f"相符：{case} 的信和 Webhook 各一件，签名正确，改过的不通过")
finally:
    serving.terminate()
    serving.wait()
    mail.stop()
