"""The ring of keys: its file, another key, one that is lost; and the form of a sealed payload, which others make."""

import base64
import re
import stat
import zlib
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload

import worker
from complaints.records.store import Store
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.requests import RulesTold
from starter.home_keys import ring_of_home
from starter.keys import ensure_ring, rotate
from tests.terminal import Terminal
from workflows import key_ring
from workflows.connection import data_converter
from workflows.key_ring import Key, KeyRing, Keys, KeysError, Seal, seal_said
from workflows.sealing import ANSWER, LARGEST, NONCE, PACKED, Sealing, opened, sealed

DOC = Path(__file__).parents[2] / "docs" / "integration.md"


def vectors() -> list[tuple[str, str, str]]:
    """The examples of docs/integration.md: data, protobuf, sealed data."""
    section = DOC.read_text(encoding="utf-8").partition("## Sealed payloads")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \| ([0-9a-f]+) \| (\S+) \|$", section, re.MULTILINE)


def test_the_examples_are_what_we_make_and_open() -> None:
    section = DOC.read_text(encoding="utf-8")
    secret = re.search(r"key of base64\n`([^`]+)`", section)
    assert secret
    key = Key("k-example", base64.b64decode(secret[1]))
    assert len(vectors()) >= 2
    for data, protobuf, sealed_data in vectors():
        payload = Payload(metadata={"encoding": b"json/plain"}, data=data.encode())
        assert payload.SerializeToString().hex() == protobuf
        made = sealed(payload, key, nonce=bytes(range(NONCE)))
        assert base64.b64encode(made.data).decode() == sealed_data
        assert dict(made.metadata) == {
            "encoding": b"binary/encrypted",
            "encryption-cipher": b"AES-256-GCM",
            "encryption-key-id": b"k-example",
        }
        assert opened(made, key) == payload


async def test_what_somebody_changed_on_the_way_is_not_opened(tmp_path: Path) -> None:
    ensure_ring(tmp_path / "ring")
    codec = Sealing(Keys(tmp_path / "ring"))
    [made] = await codec.encode([Payload(metadata={"encoding": b"json/plain"}, data=b"{}")])
    for changed in (made.data[:-1], made.data[:-1] + bytes([made.data[-1] ^ 1]), made.data[:5], b""):
        stranger = Payload(metadata=made.metadata, data=changed)
        assert await codec.decode([stranger]) == [stranger]


async def test_the_rules_of_a_case_are_packed_and_nothing_that_others_read(tmp_path: Path) -> None:
    ensure_ring(tmp_path / "ring")
    converter = data_converter(Keys(tmp_path / "ring"))
    plain = data_converter()
    rules = rules_in_force(Policy(), date(2026, 7, 22))
    told = RulesTold(policy=rules.policy, closed_days=rules.closed_days, national_days=rules.national_days)
    for value, is_packed in ((told, True), (rules, False), ({"text": "a" * 4_000}, False)):
        [before], [made] = await plain.encode([value]), await converter.encode([value])
        assert dict(before.metadata) == {"encoding": b"json/plain"}, "without a key it is as ever"
        assert (len(made.data) < len(before.data) / 2) is is_packed
        assert await converter.decode([made], [type(value)]) == [value]
        [shown] = await converter.payload_codec.decode([made])  # type: ignore[union-attr]
        assert shown == before, "Temporal's page shows it as it was"


async def test_rules_that_are_kept_in_clear_are_not_packed(tmp_path: Path) -> None:
    ensure_ring(tmp_path / "ring")
    converter = data_converter(Keys(tmp_path / "ring", seal=Seal.NOTHING))
    told = RulesTold(policy=Policy(), closed_days={})
    assert await converter.encode([told]) == await data_converter().encode([told])


@pytest.mark.parametrize(
    "data",
    [b"", b"no zlib", zlib.compress(b"\xff\xff"), zlib.compress(b"{}")[:-3], zlib.compress(bytes(LARGEST + 1))],
    ids=["nothing", "no zlib", "no payload", "cut", "larger than any"],
)
async def test_what_nobody_of_us_packed_stays_shut(tmp_path: Path, data: bytes) -> None:
    ensure_ring(tmp_path / "ring")
    keys = Keys(tmp_path / "ring")
    made = sealed(Payload(metadata={"encoding": PACKED}, data=data), keys.ring.sealing, nonce=bytes(NONCE))
    assert await Sealing(keys).decode([made]) == [made]


def test_no_two_payloads_look_alike() -> None:
    key, payload = Key.made(), Payload(data=b"{}")
    assert sealed(payload, key, nonce=bytes(12)) != sealed(payload, key, nonce=b"1" * 12)
    assert key.secret.hex() not in repr(key)


def test_the_ring_is_for_its_owner_only_and_made_once(tmp_path: Path) -> None:
    path = tmp_path / "payload.keys"
    ensure_ring(path)
    first = path.read_text()
    ensure_ring(path)
    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    after = rotate(path)
    assert (len(after.keys), after.keys[1]) == (2, KeyRing.parsed(first, source="x").sealing)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_prepared_key_opens_and_seals_nothing_until_it_is_its_turn(tmp_path: Path) -> None:
    path = tmp_path / "ring"
    ensure_ring(path)
    before = Keys(path).ring.sealing
    ring = rotate(path, prepare=True)
    assert (ring.sealing, len(ring.keys)) == (before, 2)
    assert rotate(path, prepare=True) == ring, "one is enough"
    [waiting] = [key for key in ring.keys if key.prepared]
    after = rotate(path)
    assert (after.sealing.id, len(after.keys)) == (waiting.id, 2)
    assert Keys(path).ring == after


BROKEN = [
    ("", "holds no key"), ("# only words\n", "holds no key"), ("k-1 tooshort=\n", "line 1"), ("k-1\n", "line 1"),
    ("k 1 " + "A" * 44, "line 1"), (f"k-1 {'A' * 43}=\nk-1 {'A' * 43}=\n", "two keys of one id"),
    (f"k-1 {'A' * 43}= next\n", "holds no key"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_a_broken_ring_is_refused_without_a_word_of_what_it_holds(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "ring").write_text(text)
    with pytest.raises(KeysError, match=said) as refused:
        Keys(tmp_path / "ring")
    assert "AAAA" not in str(refused.value)


@pytest.mark.parametrize(("mode", "folder", "refused"), [
    (0o600, 0o755, False), (0o640, 0o755, False), (0o644, 0o755, True), (0o660, 0o755, True), (0o602, 0o711, True),
    (0o644, 0o700, False),
])  # fmt: skip
def test_a_ring_that_others_may_read_is_refused_when_it_is_read(
    mode: int, folder: int, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TemporaryDirectory() as name:
        for parent in (Path(name), Path(name) / "home"):
            parent.mkdir(exist_ok=True)
            parent.chmod(0o755)
        path = Path(name) / "home" / "ring"
        ensure_ring(path)
        keys = Keys(path)
        path.chmod(mode)
        path.parent.chmod(folder)
        if not refused:
            assert Keys(path).ring == keys.ring
            return
        with pytest.raises(KeysError, match=f"chmod 600 {path}"):
            Keys(path)
        assert keys.ring, "whoever runs goes on with what was read"
        monkeypatch.setattr(key_ring, "MOUNTED", path.resolve().parent)
        assert Keys(path).ring == keys.ring, "what a container gets is its own"


@pytest.fixture
async def ring(terminal: Terminal) -> AsyncIterator[Path]:
    """The ring of the terminal's home; its worker has one of its own, so every later test needs it as it was."""
    path = ring_of_home(terminal.home)
    text, known = path.read_text(), await terminal.store.payload_keys()
    yield path
    path.write_text(text)
    await terminal.store.forget_payload_keys(list(await terminal.store.payload_keys()))
    await terminal.store.know_payload_keys(known)


async def test_the_command_line_rotates_and_forgets(terminal: Terminal, ring: Path) -> None:
    before = await terminal.facts("keys", "list")
    [first] = before
    assert first["does"] == "seals"
    number = await terminal.a_complaint()
    after = await terminal.facts("keys", "rotate")
    assert [key["does"] for key in after] == ["seals", "opens"]
    assert (await terminal.facts("status", number))["number"] == number, "what was sealed before is read"
    assert set(await terminal.store.payload_keys()) == {key["id"] for key in after}
    refused = await terminal.runs("keys", "forget", after[0]["id"])
    assert (refused.code, "rotate" in refused.err) == (1, True)
    assert (await terminal.runs("keys", "forget", "k-none")).code == 1
    assert await terminal.facts("keys", "forget", first["id"]) == {"forgotten": first["id"]}
    assert [key["id"] for key in await terminal.facts("keys")] == [after[0]["id"]]
    assert first["id"] not in ring.read_text()


async def test_a_worker_without_a_key_that_has_sealed_does_not_begin(fresh_database: str, tmp_path: Path) -> None:
    """It would refuse what is ours as a stranger's; a restored home without its keys hears which one is missing."""
    path = tmp_path / "ring"
    ensure_ring(path)
    store = await Store.connect(fresh_database)
    try:
        await worker.check_keys(store, None)  # nothing was ever sealed: there is nothing to miss
        await worker.check_keys(store, Keys(path))
        lost = Keys(path).ring.sealing.id
        other = tmp_path / "other"
        ensure_ring(other)
        for keys in (Keys(other), None):
            with pytest.raises(worker.CannotStart, match=lost):
                await worker.check_keys(store, keys)
        await store.forget_payload_keys([lost])
        await worker.check_keys(store, Keys(other))
    finally:
        await store.close()


@pytest.mark.usefixtures("ring")
async def test_doctor_says_what_seals_and_what_is_missing(terminal: Terminal) -> None:
    async def finding() -> Any:
        ran = await terminal.runs("doctor", "--json")
        return next(one for one in ran.facts if one["check"] == "payload keys")

    assert (await finding())["health"] == "ok"
    await terminal.store.know_payload_keys({"k-lost": "0"})
    found = await finding()
    assert (found["health"], "k-lost" in found["message"]) == ("bad", True)


@pytest.mark.parametrize(("seal", "encodings"), [("1", ["e", "c"]), ("all", ["e", "e"]), ("0", ["c", "c"])])
async def test_the_setting_says_whether_answers_are_sealed_too(seal: str, encodings: list[str], tmp_path: Path) -> None:
    ensure_ring(tmp_path / "ring")
    codec = Sealing(Keys(tmp_path / "ring", seal=seal_said(seal)))
    kept = Payload(metadata={"encoding": b"json/plain"}, data=b"{}")
    answer = Payload(metadata={"encoding": b"json/plain", ANSWER: b"1"}, data=b"{}")
    made = await codec.encode([kept, answer])
    assert ["e" if one.metadata["encoding"] == b"binary/encrypted" else "c" for one in made] == encodings
    assert not [one for one in made if ANSWER in one.metadata]
    with pytest.raises(KeysError, match="SEAL_PAYLOADS"):
        seal_said("perhaps")
