"""The keys that seal what Temporal keeps: which there are, another one, and one that is lost for good."""
# ruff: noqa: D103 - what a command does is said in the table, in both languages

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import show
from cli.commands.base import at_records
from cli.commands.options import AsJson, Home
from cli.late import read_when_used
from complaints.words.catalogue import N_, _

with read_when_used():
    from local.host import forgetting
    from local.stack import voice
    from starter import errors, home_keys, homes, stack_addresses
    from starter import keys as rings
    from starter import place as places
    from workflows import key_ring

if TYPE_CHECKING:
    from complaints.records.store import Store
    from starter.place import Place
    from workflows.key_ring import Key, KeyRing


def list_(home: Home = None, as_json: AsJson = False) -> None:
    path = _path(home)
    ring = key_ring.Keys(path).ring
    if as_json:
        show.json_of([{"id": key.id, "does": _does(key, ring)} for key in ring.keys])
        return
    show.line(_("The ring {path}; keep a copy of it elsewhere.").format(path=path), show.QUIET)
    said = {"seals": _("seals, and opens"), "opens": _("opens"), "next": _("is prepared: the next rotation takes it")}
    for key in ring.keys:
        show.line(f"{key.id:<12} {said[_does(key, ring)]}")


def rotate(
    prepare: Annotated[
        bool,
        typer.Option("--prepare", help=_("Only make it known: for several hosts, before any of them uses it.")),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    path = _path(home)
    ring = rings.rotate(path, prepare=prepare)

    async def known(store: Store, place: Place) -> None:
        await store.know_payload_keys({key.id: key.fingerprint for key in ring.keys})

    at_records(home, known)
    if as_json:
        show.json_of([{"id": key.id, "does": _does(key, ring)} for key in ring.keys])
        return
    if prepare:
        show.line(_("Prepared. When every host has this ring: `complaints keys rotate` again."))
    else:
        show.line(_("{id} seals from now on; the older keys go on opening.").format(id=ring.sealing.id))
    show.line(_("Copy the ring: {path}").format(path=path), show.QUIET)


def forget(
    key: Annotated[str, typer.Argument(metavar="KEY", help=_("The id of a key that is lost, or was given away."))],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    folder = homes.home_folder(home)
    if stack_addresses.find_stack(folder) is None and forgetting.is_at_rest(folder):  # a stack without it cannot run
        path = home_keys.ring_of_home(folder)
        dropped = path.exists() and rings.forget(path, key)
        known = asyncio.run(forgetting.forgotten_at_rest(folder, key, say=voice.to_stderr))
    else:
        dropped = rings.forget(_path(home), key)

        async def forgotten(store: Store, place: Place) -> bool:
            return bool(await store.forget_payload_keys([key]))

        known = at_records(home, forgotten)
    if not (known or dropped):
        raise errors.Refused(N_("There is no key {id}: `complaints keys` lists them.", id=key))
    if as_json:
        show.json_of({"forgotten": key})
        return
    show.line(_("{id} is forgotten: nobody opens what it sealed.").format(id=key))
    show.line(_("Cases whose run it sealed go on from their journal: end those runs, then `complaints doctor --mend`."))


def _does(key: Key, ring: KeyRing) -> str:
    return "next" if key.prepared else "seals" if key.id == ring.sealing.id else "opens"


def _path(home: Path | None) -> Path:
    """The ring of the place. Raises Refused where none is named."""
    path = places.place_of(home).settings.payload_keys_file
    if path is None:
        raise errors.Refused(
            N_("No ring is named: payloads are in clear. PAYLOAD_KEYS_FILE names one (docs/operating.md).")
        )
    return path
