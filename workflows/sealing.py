"""Payloads sealed on their way to Temporal and opened on their way back, with AES-256-GCM (NIST SP 800-38D).

The form is that of Temporal's own samples, so that a program in any language can do the same: `encoding`
`binary/encrypted`, `encryption-key-id`, and as data a nonce of 12 bytes with what AES-GCM makes of the whole payload
(docs/integration.md has examples). It runs beside the workflows, never in their sandbox.

The rules that a case asks for, two fifths of what an open case has in its history, are packed before they are sealed:
only our own workers read that payload. What a program of others may read is never packed.

What is in clear stays readable: programs of others send it so, and so did we. It is marked, and the case says so.
What cannot be opened stays as it is, and whoever reads it refuses it in a sentence (payloads.py).
"""

import os
import zlib
from collections.abc import Callable, Iterable, Sequence

from cryptography.exceptions import InvalidTag
from google.protobuf import json_format
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import Client
from temporalio.converter import PayloadCodec

from workflows.key_ring import Key, Keys

ENCODING = b"binary/encrypted"
CIPHER = b"AES-256-GCM"
KEY_ID = "encryption-key-id"
NONCE = 12
"""Bytes: random, so one key may seal some 2^32 payloads before it is to be followed by another."""

IN_CLEAR = "in-clear"
"""Metadata of a payload that came without a seal where there should be one."""

ANSWER = "answer-in-clear"
"""Metadata of a payload that whoever asked in clear is to read; it never leaves this process."""


PACKS = "packs"
"""Metadata of a payload that is packed before it is sealed; it never leaves this process."""

PACKED = b"binary/zlib"
"""The `encoding` of a packed payload, in its seal; its data is the whole payload, in the form of Temporal's Go SDK."""

LARGEST = 4 << 20
"""Bytes of a payload that is unpacked: more than Temporal takes."""


def keys_of(client: Client) -> Keys | None:
    """Those that a client seals with; None: it works in clear."""
    codec = client.data_converter.payload_codec
    return codec.keys if isinstance(codec, Sealing) else None


async def opened_for_page(body: bytes, client: Client, *, shown: Callable[[bytes], bytes]) -> bytes:
    """What Temporal's page asks its codec: payloads as JSON, opened, each as `shown` makes it readable.

    Raises ValueError for anything else.
    """
    asked = Payloads()
    try:
        json_format.Parse(body, asked, ignore_unknown_fields=True)
    except (json_format.ParseError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(type(error).__name__) from None
    codec = client.data_converter.payload_codec
    found = await codec.decode(asked.payloads) if codec else list(asked.payloads)
    for payload in found:
        payload.metadata.pop(IN_CLEAR, None)
        payload.data = shown(payload.data)
    return json_format.MessageToJson(Payloads(payloads=found), indent=None).encode()


class Sealing(PayloadCodec):
    """Seals with the ring's first key, opens with any."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Sealed, unless the settings keep them in clear."""
        key = self.keys.ring.sealing
        return [self._encoded(payload, key) for payload in payloads]

    def _encoded(self, payload: Payload, key: Key) -> Payload:
        seals = self.keys.seals
        if ANSWER in payload.metadata:
            payload, seals = _without(payload, ANSWER), self.keys.seals_answers
        if PACKS in payload.metadata:
            payload = _without(payload, PACKS)
            payload = packed(payload) if seals else payload
        return sealed(payload, key, nonce=os.urandom(NONCE)) if seals else payload

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Opened; what is in clear marked, what cannot be opened as it is."""
        return list(self._decoded(payloads))

    def _decoded(self, payloads: Iterable[Payload]) -> Iterable[Payload]:
        for payload in payloads:
            if payload.metadata.get("encoding") == ENCODING:
                key = self.keys.ring.find(payload.metadata.get(KEY_ID, b"").decode("ascii", errors="replace"))
                yield (opened(payload, key) if key else None) or payload
            elif self.keys.seals and payload.data:
                marked = Payload(data=payload.data)
                marked.metadata.update({**payload.metadata, IN_CLEAR: b"1"})
                yield marked
            else:
                yield payload


def mark_answers(act: WorkflowActivation, completion: WorkflowActivationCompletion, *, result: bool) -> None:
    """Marks what is to be read without a key: answers to queries, which Temporal does not keep; to updates that came in
    clear themselves; and with `result` what the run leaves behind."""
    updates = [job.do_update for job in act.jobs if job.HasField("do_update")]
    bare = {one.protocol_instance_id for one in updates if all(IN_CLEAR in each.metadata for each in one.input)}
    for command in completion.successful.commands:
        payload = None
        if command.HasField("respond_to_query"):
            payload = command.respond_to_query.succeeded.response
        elif command.HasField("update_response") and command.update_response.protocol_instance_id in bare:
            payload = command.update_response.completed
        elif result and command.HasField("complete_workflow_execution"):
            payload = command.complete_workflow_execution.result
        if payload is not None and payload.metadata:
            payload.metadata[ANSWER] = b"1"


def _without(payload: Payload, name: str) -> Payload:
    metadata = {each: value for each, value in payload.metadata.items() if each != name}
    return Payload(metadata=metadata, data=payload.data)


def packed(payload: Payload) -> Payload:
    """The payload, packed."""
    return Payload(metadata={"encoding": PACKED}, data=zlib.compress(payload.SerializeToString()))


def unpacked(payload: Payload) -> Payload:
    """What is in it; itself where it is not packed. Raises ValueError and DecodeError for what we never packed."""
    if payload.metadata.get("encoding") != PACKED:
        return payload
    opening = zlib.decompressobj()
    try:
        data = opening.decompress(payload.data, LARGEST)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if not opening.eof:
        raise ValueError("larger than a payload may be, or cut")
    return Payload.FromString(data)


def sealed(payload: Payload, key: Key, *, nonce: bytes) -> Payload:
    """The payload, sealed; a nonce is never used twice with one key."""
    data = nonce + key.cipher.encrypt(nonce, payload.SerializeToString(), None)
    return Payload(metadata={"encoding": ENCODING, "encryption-cipher": CIPHER, KEY_ID: key.id.encode()}, data=data)


def opened(payload: Payload, key: Key) -> Payload | None:
    """What is in it; None if it was sealed with another key of that id, or somebody changed it, or it cannot be."""
    try:
        return unpacked(Payload.FromString(key.cipher.decrypt(payload.data[:NONCE], payload.data[NONCE:], None)))
    except (InvalidTag, DecodeError, ValueError):
        return None
