"""G, N, P, U, V and D: every part that holds words is read, in order, and what cannot be read is said to be unread."""

import base64
import binascii
import struct

import pytest
from asn1crypto import cms, core
from compressed_rtf import compress

from complaints.mail.kinds import Kind
from tests.mail_made import ANSWERS, html, mail, multi, of_parts, part, reading, text_of

FOOTER = part("Mensaje analizado por el antivirus de la red municipal.")
WORDS = "Me cobraron dos veces la matrícula. Pido que me devuelvan 350 soles."
PAGE = html(f"<p>{WORDS}</p>")
PLAIN = part(WORDS)
PDF = part(base64.b64encode(b"%PDF-1.4\n"), 'application/pdf; name="a.pdf"', Content_Transfer_Encoding="base64")
PHOTO = part(base64.b64encode(b"\xff\xd8\xff"), "image/jpeg", Content_Transfer_Encoding="base64", Content_ID="<1>")
STUBS = [
    "Este mensaje está en formato HTML. Use un programa que muestre HTML.",
    "Su cliente de correo no admite HTML.",
    "Para ver este mensaje utilice un visor compatible con HTML",
    "This message is in HTML format. Please use an HTML-capable mail program.",
    "Your email client cannot read this email. To view it online, please enable HTML.",
    "HTML",
    "Enviado desde mi iPhone",
    " ",
    "[cid:image001.png@01D]",
]


@pytest.mark.parametrize("stub", STUBS)
def test_a_plain_stub_gives_way_to_the_html(stub: str) -> None:
    assert reading(of_parts("alternative", part(stub), PAGE)).text == WORDS


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (of_parts("mixed", PAGE, FOOTER), (WORDS, "antivirus")),
        (of_parts("mixed", FOOTER, PAGE), ("antivirus", WORDS)),
        (of_parts("mixed", PAGE, PDF, part("Enviado desde mi iPhone")), (WORDS,)),
        (of_parts("mixed", part("Antes."), PDF, part("Después.")), ("Antes.", "Después.")),
        (of_parts("mixed", html("<p>Antes.</p>"), PHOTO, html("<p>Después.</p>")), ("Antes.", "Después.")),
        (
            of_parts("related", html("<p>Antes.<img src=cid:1></p>"), PHOTO, html("<p>Después.</p>")),
            ("Antes.", "Después."),
        ),
        (of_parts("mixed", multi("alternative", PLAIN, PAGE, border="i"), FOOTER), (WORDS, "antivirus")),
        (of_parts("mixed", multi("alternative", part("HTML"), PAGE, border="i"), FOOTER), (WORDS, "antivirus")),
        (of_parts("alternative", PAGE, FOOTER), (WORDS,)),
        (of_parts("alternative", part("Hola."), multi("related", PAGE, PHOTO, border="i")), (WORDS,)),
        (
            of_parts(
                "alternative", part(""), multi("mixed", html("<p>Uno.</p>"), PDF, html("<p>Dos.</p>"), border="i")
            ),
            ("Uno.", "Dos."),
        ),
        (of_parts("related", multi("alternative", PLAIN, PAGE, border="i"), PHOTO), (WORDS,)),
        (of_parts("signed", PLAIN, part("-", "application/pgp-signature")), (WORDS,)),
        (
            of_parts("signed", multi("mixed", PAGE, FOOTER, border="i"), part("-", "application/pkcs7-signature")),
            (WORDS, "antivirus"),
        ),
        (of_parts("unknown", part("Uno."), part("Dos.")), ("Uno.", "Dos.")),
        (of_parts("parallel", part("Uno."), html("Dos.")), ("Uno.", "Dos.")),
        (of_parts("digest", part("Uno.")), ("Uno.",)),
    ],
)
def test_every_part_is_read_in_its_order(raw: bytes, said: tuple[str, ...]) -> None:
    text = reading(raw).text
    places = [text.index(words) for words in said]
    assert places == sorted(places)
    assert text.count(WORDS) <= 1, "the same twice only once"


def test_both_versions_in_a_mixed_are_said_once() -> None:
    assert reading(of_parts("mixed", PLAIN, PAGE)).text == WORDS


PRE = "Nombre: Elena Vargas\nDNI: 45871236\n\nEl profesor no vino.\nPido la devolución."


@pytest.mark.parametrize(
    "page",
    [
        f"<pre>{PRE}</pre>",
        f"<PRE class=x>\n{PRE}</PRE>",
        f"<textarea>{PRE}</textarea>",
        f"<textarea rows=9 cols=40>{PRE}</textarea><p></p>",
        f"<xmp>{PRE}</xmp>",
        f"<listing>{PRE}</listing>",
        f'<div style="white-space: pre-wrap">{PRE}</div>',
        f"<div style='white-space:pre'>{PRE}</div>",
        f'<p style="color:red;white-space:pre-line;">{PRE}</p>',
        f'<span style="WHITE-SPACE: break-spaces">{PRE}</span>',
        f'<div style="white-space:pre-wrap"><span>{PRE}</span></div>',
        f'<div style="white-space:pre-wrap"><div><b></b></div>{PRE}</div>',
        f"<div><pre><b>{PRE}</b></pre></div>",
        f"<style>.nota{{white-space:pre-wrap}}</style><div class=nota>{PRE}</div>",
        f"<style>div.a, p.nota {{ color: red; white-space: pre; }}</style><p class='x nota'>{PRE}</p>",
        f"<style>blockquote {{white-space: pre-line}}</style><blockquote style=border:none>{PRE}</blockquote>",
        f"<table><tr><td><pre>{PRE}</pre></td></tr></table>",
        f"<pre>{PRE.replace(chr(10), chr(13) + chr(10))}</pre>",
        f"<pre wrap>{PRE.replace('DNI', '&#68;NI')}</pre>",
        "<pre>" + "<br>".join(PRE.split("\n")) + "</pre>",
    ],
)
def test_a_line_that_the_page_keeps_is_a_line(page: str) -> None:
    found = reading(mail(page, kind="text/html; charset=utf-8"))
    assert found.text == PRE
    assert found.fields["document"] == "45871236"


@pytest.mark.parametrize(
    "page", [f"<div>{PRE}</div>", f'<pre style="white-space:normal">{PRE}</pre>', f"<p>{PRE}</p><pre></pre>"]
)
def test_a_line_that_the_page_does_not_keep_is_a_blank(page: str) -> None:
    assert reading(mail(page, kind="text/html; charset=utf-8")).text == " ".join(PRE.split())


def test_our_letter_within_pre_is_history() -> None:
    quoted = "El 3/8/26 10:15, Escuela &lt;soporte@escuela.example&gt; escribió:\n&gt; Hola\n&gt; Rosa"
    page = f"<p>Fue el lunes.</p><pre>{quoted}</pre>"
    assert text_of(page, ANSWERS, kind="text/html; charset=utf-8") == "Fue el lunes."


PIXELS = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 1_000
URI = "data:image/png;base64," + base64.b64encode(PIXELS).decode()


@pytest.mark.parametrize(
    ("page", "files"),
    [
        (f'<p>Uno.</p><img src="{URI}"><p>Dos.</p>', 1),
        (f"<p>Uno.</p><img alt=x src='{URI}' width=3><p>Dos.</p>", 1),
        (f"<p>Uno.</p><img src={URI}><p>Dos.</p>", 1),
        (f'<p>Uno.</p><IMG SRC="{URI.replace("data", "DATA")}"/><p>Dos.</p>', 1),
        (f'<p>Uno.</p><img src="{URI}"><img src="{URI}"><p>Dos.</p>', 2),
        (f'<p>Uno.</p><div style="background:url({URI})"></div><p>Dos.</p>', 1),
        (f"<style>p{{background:url({URI})}}</style><p>Uno.</p><p>Dos.</p>", 1),
        (f'<p>Uno.</p><a href="{URI.replace("image/png", "application/octet-stream")}">x</a><p>Dos.</p>', 1),
        (f'<p>Uno.</p><img src="{URI.replace(";base64", ";charset=utf-8;base64")}"><p>Dos.</p>', 1),
        ('<p>Uno.</p><img src="data:image/svg+xml,%3Csvg%2F%3E"><p>Dos.</p>', 1),
        (f'<p>Uno.</p><img src="cid:1" data-src="{URI}"><p>Dos.</p>', 1),
        (f"<p>Uno.</p><!-- <img src='{'x' * 400_000}'> --><p>Dos.</p>", 0),
        (f"<style>{'.a{color:red} ' * 60_000}</style><p>Uno.</p><p>Dos.</p>", 0),
        (f"<p>Uno.</p><script>{'var a=1<2;' * 60_000}</script><p>Dos.</p>", 0),
        (f"<STYLE>{'.a{} ' * 99_000}</STYLE ><p>Uno.</p><p>Dos.</p>", 0),
        (f"<head><title>{'x' * 400_000}</title></head><p>Uno.</p><p>Dos.</p>", 0),
        (f"<p>Uno.</p>{'<p style=%s></p>' % ('x' * 400) * 3_000}<p>Dos.</p>", 0),
        (f"<p>Uno.</p><p><span {'a=b ' * 200_000}></span>Dos.</p>", 0),
        ("<style>.a{color:red}<body><p>Uno.</p><p>Dos.</p>", 0),
        ("<head><title>x<body><p>Uno.</p><p>Dos.</p>", 0),
    ],
)
def test_pictures_and_styles_are_not_measured_as_words(page: str, files: int) -> None:
    found = reading(mail(page, kind="text/html; charset=utf-8"))
    assert [line for line in found.text.split("\n") if line] in (["Uno.", "Dos."], ["Uno.", "x", "Dos."])
    assert len(found.attachments) == files
    if files and "svg" not in page:
        assert {(one.type, one.data) for one in found.attachments} == {("image/png", PIXELS)}


def test_a_picture_in_a_plain_text_is_a_file() -> None:
    found = reading(mail(f"Uno.\n\n![boleta]({URI})\n\nDos."))
    assert "base64" not in found.text
    assert found.text.endswith("Dos.")
    assert [one.type for one in found.attachments] == ["image/png"]


# -- headers ---------------------------------------------------------------------------------------------------------

BROKEN_LINES = [
    "this is no header",
    "esto tampoco",
    ">From rosa@correo.example Mon Nov 23",
    "Subject Nada",
    "X Spam: no",
    "=?utf-8?Q?partida?=",
    "(comentario)",
    "--",
    "\xf1",
]


@pytest.mark.parametrize("line", BROKEN_LINES)
@pytest.mark.parametrize("after", ["From", "Subject", "Content-Type"])
def test_a_broken_line_ends_no_headers_while_headers_follow(line: str, after: str) -> None:
    head = {
        "From": "Ana <ana@correo.example>",
        "Subject": "Horario",
        "Content-Type": "text/html; charset=utf-8",
        "X-End": "1",
    }
    lines = [
        text
        for name, value in head.items()
        for text in ([f"{name}: {value}", line] if name == after else [f"{name}: {value}"])
    ]
    found = reading("\n".join([*lines, "", "<p>La clase no empezó.</p>"]).encode("utf-8"))
    assert (found.from_address, found.subject, found.text) == ("ana@correo.example", "Horario", "La clase no empezó.")


def test_a_header_with_a_blank_before_its_colon_is_one() -> None:
    found = reading(b"From : ana@correo.example\nSubject : Horario\n\nHola.")
    assert (found.from_address, found.subject, found.text) == ("ana@correo.example", "Horario", "Hola.")


@pytest.mark.parametrize("body", ["Hola.\nDNI: 45678912\n\nNo empezó.", "Hola, soy Ana.\nCurso: Revit\n"])
def test_a_letter_that_begins_without_an_empty_line_is_no_header(body: str) -> None:
    found = reading(f"From: ana@correo.example\nSubject: Queja\n{body}".encode())
    assert found.text == body.strip()


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        (b"Reclamo por la matr\xc3\xadcula \xf1", "Reclamo por la matrícula ñ"),
        (b"Reclamo por la matr\xedcula", "Reclamo por la matrícula"),
        ("授業料".encode("iso2022_jp"), "授業料"),
        (b"=?iso-8859-1?Q?300_=80?=", "300 €"),
        (b"=?gb2312?B?0afQow==?=", "学校"),
    ],
)
def test_a_header_is_read_as_a_text_is(subject: bytes, read: str) -> None:
    assert reading(b"From: ana@correo.example\nSubject: " + subject + b"\n\nHola.").subject == read


# -- transfer encodings ----------------------------------------------------------------------------------------------


def uuencoded(data: bytes, *, begin: bool = True) -> bytes:
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return b"".join([*([b"begin 644 nota.txt\n"] if begin else []), *lines, *([b"`\nend\n"] if begin else [])])


@pytest.mark.parametrize("begin", [True, False])
@pytest.mark.parametrize("encoding", ["x-uuencode", "uuencode", "X-UUE", "x-uue"])
def test_what_is_uuencoded_is_read_with_and_without_its_first_line(begin: bool, encoding: str) -> None:
    raw = mail(uuencoded(WORDS.encode() * 3, begin=begin), {"Content-Transfer-Encoding": encoding})
    assert reading(raw).text == WORDS * 3
    picture = part(uuencoded(PIXELS, begin=begin), 'image/png; name="a.png"', Content_Transfer_Encoding=encoding)
    assert [one.data for one in reading(of_parts("mixed", PLAIN, picture)).attachments] == [PIXELS]


def test_what_is_no_uuencode_is_said_to_be_unread() -> None:
    broken = part("esto no es ~~~ nada\n~~~~", 'text/plain; name="carta.txt"', Content_Transfer_Encoding="x-uuencode")
    assert reading(of_parts("mixed", PLAIN, broken)).text == f"{WORDS}\n\n[adjunto: carta.txt, no se pudo leer]"


# -- sealed ----------------------------------------------------------------------------------------------------------

ENTITY = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{WORDS}\r\n".encode()


def signed(content: bytes, *, indefinite: bool = False) -> bytes:
    """CMS signed-data as openssl makes it, without certificates; `indefinite` as it makes it of a stream (BER)."""
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [],
            "encap_content_info": {"content_type": "data", "content": content},
            "signer_infos": [],
        }
    )
    if not indefinite:
        return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())
    half = len(content) // 2
    pieces = b"".join(bytes(core.OctetString(one).dump()) for one in (content[:half], content[half:]))
    inner = bytes(cms.ContentType("data").dump()) + b"\xa0\x80\x24\x80" + pieces + b"\0\0\0\0"
    body = b"\x30\x80" + b"\x02\x01\x01\x31\x00\x30\x80" + inner + b"\0\0" + b"\x31\x00" + b"\0\0"
    return b"\x30\x80" + bytes(cms.ContentType("signed_data").dump()) + b"\xa0\x80" + body + b"\0\0\0\0"


def smime(der: bytes, kind: str = "application/pkcs7-mime; smime-type=signed-data", name: str = "smime.p7m") -> bytes:
    return part(
        base64.encodebytes(der), f'{kind}; name="{name}"',
        Content_Transfer_Encoding="base64", Content_Disposition=f'attachment; filename="{name}"',
    )  # fmt: skip


def whole(inner: bytes) -> bytes:
    head, _, body = inner.partition(b"\n\n")
    lines = dict(line.split(": ", 1) for line in head.decode().split("\n"))
    return mail(body, lines, kind=lines.pop("Content-Type"))


@pytest.mark.parametrize(
    "sealed",
    [
        smime(signed(ENTITY)),
        smime(signed(ENTITY, indefinite=True)),
        smime(signed(ENTITY), "application/x-pkcs7-mime; smime-type=signed-data"),
        smime(signed(ENTITY), "application/pkcs7-mime"),
        smime(signed(ENTITY), "application/octet-stream"),
        smime(signed(smime(signed(ENTITY)))),
        smime(signed(multi("mixed", PAGE, PDF).replace(b"\n", b"\r\n"))),
        smime(signed(multi("alternative", part("HTML"), PAGE).replace(b"\n", b"\r\n"))),
    ],
)
def test_the_words_inside_signed_data_are_read(sealed: bytes) -> None:
    for raw in (whole(sealed), of_parts("mixed", sealed)):
        found = reading(raw)
        assert found.text == WORDS
        assert found.kind is Kind.COMPLAINT
        assert "smime.p7m" not in [one.name for one in found.attachments]


@pytest.mark.parametrize("der", [b"nonsense", signed(ENTITY)[:60], signed(b"%PDF-1.4 no entity at all"), b"\x30\x80"])
def test_a_seal_that_nobody_can_open_is_said_to_be_unread(der: bytes) -> None:
    found = reading(whole(smime(der)))
    assert found.text == "[adjunto: smime.p7m, no se pudo leer]"
    assert not found.by_human, "a person looks at it first"
    beside = reading(of_parts("mixed", PLAIN, smime(der)))
    assert beside.text == f"{WORDS}\n\n[adjunto: smime.p7m, no se pudo leer]"
    assert beside.by_human


def attribute(level: int, name: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def mapi(*properties: tuple[int, int, bytes]) -> bytes:
    said = struct.pack("<I", len(properties))
    for kind, name, data in properties:
        padded = data + b"\0" * (-len(data) % 4)
        said += struct.pack("<HHII", kind, name, 1, len(data)) + padded
    return attribute(1, 0x9003, 6, said)


VERSION = attribute(1, 0x9006, 8, struct.pack("<I", 0x10000))
CODEPAGE = attribute(1, 0x9007, 6, struct.pack("<II", 1252, 0))
SUBJECT = attribute(1, 0x8004, 1, b"Aula virtual\0")
BODY = attribute(1, 0x800C, 2, WORDS.encode("cp1252") + b"\0")
RTF = (
    "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}\\f0 " + WORDS.replace("í", "\\'ed") + "\\par}"
).encode()
FILE = (
    attribute(2, 0x9002, 6, bytes(14))
    + attribute(2, 0x8010, 1, b"boleta.pdf\0")
    + attribute(2, 0x800F, 6, b"%PDF-1.4\n")
)
OF_HTML = mapi((0x102, 0x1013, f"<p>{WORDS}</p>".encode("cp1252")))


def tnef(*attributes: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def outlook(data: bytes, kind: str = "application/ms-tnef") -> bytes:
    return part(base64.encodebytes(data), f'{kind}; name="winmail.dat"', Content_Transfer_Encoding="base64")


@pytest.mark.parametrize(
    ("data", "files"),
    [
        (tnef(VERSION, CODEPAGE, BODY), []),
        (tnef(CODEPAGE, BODY), []),
        (tnef(BODY), []),
        (tnef(VERSION, SUBJECT, BODY), []),
        (tnef(VERSION, CODEPAGE, SUBJECT, BODY, FILE), ["boleta.pdf"]),
        (tnef(VERSION, CODEPAGE, OF_HTML), []),
        (tnef(VERSION, CODEPAGE, mapi((0x1E, 0x1000, WORDS.encode("cp1252") + b"\0"))), []),
        (tnef(VERSION, CODEPAGE, mapi((0x1F, 0x1000, (WORDS + "\0").encode("utf-16-le")))), []),
        (tnef(VERSION, CODEPAGE, mapi((0x102, 0x1009, compress(RTF)))), []),
        (tnef(VERSION, CODEPAGE, mapi((0x102, 0x1009, compress(RTF, compressed=False)))), []),
        (tnef(VERSION, CODEPAGE, OF_HTML, FILE, FILE), ["boleta.pdf", "boleta.pdf"]),
    ],
)
def test_the_words_and_files_of_outlook_are_read(data: bytes, files: list[str]) -> None:
    for kind in ("application/ms-tnef", "application/vnd.ms-tnef", "application/octet-stream"):
        found = reading(of_parts("mixed", part(""), outlook(data, kind)))
        assert (found.text, [one.name for one in found.attachments]) == (WORDS, files)
    assert reading(of_parts("mixed", part("Uno."), outlook(data))).text.startswith("Uno.")


@pytest.mark.parametrize("data", [b"nonsense", tnef(), b"\x78\x9f\x3e\x22", tnef(CODEPAGE, SUBJECT)])
def test_what_of_outlook_nobody_can_read_is_said_to_be_unread(data: bytes) -> None:
    alone = reading(of_parts("mixed", part(""), outlook(data), PDF))
    assert alone.text == "[adjunto: winmail.dat, no se pudo leer]\n[adjunto: a.pdf]"
    assert not alone.by_human
    english = reading(of_parts("mixed", part("I was charged twice and nobody answers."), outlook(data)))
    assert english.text.endswith("[attachment: winmail.dat, could not be read]")


def test_files_alone_are_named_and_our_subject_is_nobodys_words() -> None:
    photo = part(b"\xff\xd8\xff", 'image/jpeg; name="voucher.jpg"')
    answer = reading(of_parts("mixed", photo, PDF, headers=ANSWERS))
    assert answer.text == "[adjunto: voucher.jpg]\n[adjunto: a.pdf]"
    assert "Recibimos" not in answer.words
    assert reading(mail("", ANSWERS)).words == "(mensaje sin texto)"
    assert reading(mail("", {"Subject": "No me dieron acceso"})).words == "No me dieron acceso"
    assert reading(mail("", {"Subject": "FW: Recibimos su queja"})).words == "(mensaje sin texto)"


def test_more_files_than_are_named_are_counted() -> None:
    alone = reading(of_parts("mixed", *(part(b"%PDF-1.7", f'application/pdf; name="{at}.pdf"') for at in range(23))))
    assert alone.text.endswith("[adjunto: 19.pdf]\n[3 adjuntos más]")
