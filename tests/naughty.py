"""Strings that have broken other programs; ours takes each, or refuses it with a sentence, through every door.

A list of our own, after the kinds of the Big List of Naughty Strings: what databases, terminals, letters, pages,
templates, spreadsheets and file names choke on.
"""

NAUGHTY: dict[str, str] = {
    "NUL": "antes\0después",
    "controls": "\x01\x07\x08\x1b[2J\x1b[31mrojo\x7f\x9b31m",
    "lone surrogate": "medio \ud83d emoji \udfff",
    "not characters": "\ufffe\uffff\U0001ffff",
    "right to left": "\u202egnp.exe\u202c \u2066oculto\u2069 \u061cالعربية עברית",
    "line separators": "uno\u2028dos\u2029tres\x85cuatro\x0bcinco\x0cseis",
    "nothing to see": "\u200b\u200c\u200d\ufeff\u00ad\u3164",
    "blank": " \t\u00a0\u3000 ",
    "zalgo": "".join(letter + "\u0300\u0301\u0302\u0336\u0489" * 12 for letter in "Ponte en contacto"),
    "one letter, many marks": "a" + "\u0301" * 5_000,
    "emoji": "👨‍👩‍👧‍👦 🇵🇪 👍🏽 \U0001f9d1\u200d\U0001f680 ❤️",
    "wide": "全角文字 ｆｕｌｌ ﷽ ﬀ Ω≈ç√ ǅ ẞ İ ı",
    "very long line": "palabra" * 150_000,
    "many lines": "\n" * 20_000 + "fin",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>\"'><b>",
    "closed by it": "</textarea></title></style></script><!--<![CDATA[ ]]>-->",
    "Markdown": "[clic](javascript:alert(1)) ![x](https://mal.example/p.png) <https://mal.example> `a` **b**",
    "entities": "&lt;script&gt; &#0; &#x202e; &amp;amp; %00 %3Cscript%3E",
    "template": "{{ 7 * 7 }} {% raw %} ${7*7} #{7*7} <%= 7*7 %> {0} {name} {0.__class__.__mro__} %s %(x)s %n",
    "SQL": "'; DROP TABLE complaints; -- \" OR 1=1 /* \\'; SELECT pg_sleep(10)-- $$ $1 %_",
    "shell": "$(touch /tmp/nunca) `touch /tmp/nunca` ; | && > /dev/null ../../../../etc/passwd",
    "header": "Asunto\r\nBcc: victima@mal.example\r\n\r\nCuerpo\r\n.\r\nMAIL FROM:<x@mal.example>",
    "dot": ".\r\n..\r\n.punto",
    "spreadsheet": "=HYPERLINK(\"https://mal.example\";\"clic\") +1+1 -2+3 @SUM(A1) \t=1",
    "search": "\"abierta (paréntesis & | ! <-> :* NOT -x a:b \\ * ~ ' OR",
    "numbers": "NaN Infinity -0 1e309 0x7f 99999999999999999999 ١٢٣ １２３",
    "words that mean something": "null None undefined true nil NaN constructor __proto__ hasOwnProperty",
    "our own": "[Q-0000-00000] https://desk.example/c/Q-0000-00000~0.x complaints #1",
    "bytes that are no text": "\xff\xfe\xc0\xaf Ã± â€œ",
    "JSON": '{"a": [1, {"b": "\\ud800"}], "c": }',
}  # fmt: skip
"""By what each of them is. Some cannot be said in UTF-8; the door they come to says how they are put."""

RUNS = ("<script>alert(1)", "<img src=x", "<svg/onload", 'href="javascript:', "\0", "\x1b", "</textarea></title>")
"""What no page, answer or letter of ours may have in it as it was sent."""


def sendable(text: str) -> str:
    """The same as a program can put it into UTF-8: half a pair as the mark for what cannot be read."""
    return text.encode("utf-8", "replace").decode("utf-8")
