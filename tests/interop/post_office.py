"""A mail server and a receiver of webhooks on this machine, which keep what they got.

post_office.py FOLDER: prints the ports as JSON, then serves until its input ends. Mails are lines of FOLDER/mails.jsonl,
webhooks of FOLDER/hooks.jsonl. FOLDER/keys.json holds, by path, the secret and the public key to verify webhooks with.

Recipients that begin with `nobody` are refused for good, with `busy` for now and taken the next time. A webhook under
/ok is answered 200, under /gone 410, under /fail 500, under /later 503 the first time, under /away a redirect.
"""

import base64
import email
import email.policy
import http.server
import json
import pathlib
import socket
import sys
import threading
from email.utils import parsedate_to_datetime

from aiosmtpd.controller import Controller
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from standardwebhooks import Webhook, WebhookVerificationError

FOLDER = pathlib.Path(sys.argv[1])
LOCK = threading.Lock()
SEEN = set()


def keep(name, line):
    with LOCK, open(FOLDER / name, "a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def first(key):
    with LOCK:
        return key not in SEEN and (SEEN.add(key) or True)


class Mailbox:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("busy") and first(address):
            return "451 4.3.0 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        raw = envelope.content
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        part = lambda kind: mail.get_body((kind,)).get_content() if mail.get_body((kind,)) else None
        keep("mails.jsonl", {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "id": mail["Message-ID"],
            "subject": mail["Subject"],
            "toHeader": mail["To"],
            "date": parsedate_to_datetime(mail["Date"]).isoformat(),
            "unsubscribe": mail["List-Unsubscribe"],
            "unsubscribePost": mail["List-Unsubscribe-Post"],
            "autoSubmitted": mail["Auto-Submitted"],
            "text": part("plain"),
            "html": part("html"),
            "isAscii": raw.isascii(),
            "longest": max(len(line) for line in raw.split(b"\r\n")),
            "defects": [str(defect) for defect in mail.defects],
        })
        return "250 OK"


def verified(path, headers, body):
    try:
        keys = json.loads((FOLDER / "keys.json").read_text())[path]
    except (FileNotFoundError, KeyError):
        return None, None
    try:
        Webhook(keys["secret"]).verify(body, headers)
        shared = True
    except WebhookVerificationError as why:
        shared = str(why)
    public = VerifyKey(base64.b64decode(keys["public"].removeprefix("whpk_")))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    signed = [one.split(",", 1)[1] for one in headers["webhook-signature"].split(" ") if one.startswith("v1a,")]
    try:
        public.verify(content, base64.b64decode(signed[0]))
        own = True
    except (BadSignatureError, IndexError) as why:
        own = repr(why)
    return shared, own


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        shared, own = verified(self.path, headers, body)
        keep("hooks.jsonl", {
            "path": self.path, "id": headers.get("webhook-id"), "type": headers.get("content-type"),
            "body": json.loads(body), "v1": shared, "v1a": own,
        })
        status = 200
        for begins, answered in (("/gone", 410), ("/fail", 500), ("/away", 302)):
            status = answered if self.path.startswith(begins) else status
        if self.path.startswith("/later") and first(headers.get("webhook-id")):
            status = 503
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/ok/elsewhere")
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, *_):
        pass


class Web(http.server.ThreadingHTTPServer):
    request_queue_size = 128


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
# It looks whether it can be reached, so it has to know its port.
mails = Controller(Mailbox(), hostname="127.0.0.1", port=port)
mails.start()
web = Web(("127.0.0.1", 0), Receiver)
threading.Thread(target=web.serve_forever, daemon=True).start()
print(json.dumps({"smtp": port, "http": web.server_address[1]}), flush=True)
sys.stdin.read()
