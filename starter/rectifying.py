"""The customer's data corrected after the end (Ley 29733): noted beside the journal, which stays as it was written."""

from datetime import datetime
from uuid import uuid4

from pydantic import ValidationError

from complaints.records.store import Store
from complaints.rules.facts import DetailsReceived, Via
from complaints.words.catalogue import N_
from starter.errors import NotFound, Refused

RECTIFIED = "rectified"
"""What the records note; its fields are those of `details-received`."""

FIELDS = ("customer_name", "document", "email", "phone", "address")


async def rectify(
    store: Store,
    number: str,
    given: dict[str, str],
    *,
    by: str,
    at: datetime,
    reason: str,
    event_id: str | None = None,
    via: Via = Via.CLI,
) -> bool:
    """Notes what is right, with who said so and why; False where this event id noted it before.

    Raises NotFound; Refused for an open complaint, which takes corrections itself, and for values that are none.
    """
    record = await store.record(number)
    if record is None:
        raise NotFound.number(number)
    if record.closed_at is None:
        raise Refused(
            N_("{number} is open: record what is right with the act that receives details.", number=number),
            N_("{number} is open: `complaints receive-details {number}` corrects it.", number=number),
        )
    try:
        right = DetailsReceived.model_validate({name: given[name] for name in FIELDS if given.get(name)})
    except ValidationError as error:
        field = str(error.errors(include_input=False)[0]["loc"][0])
        raise Refused(N_("{field}: that is no such value.", field=field)) from error
    said = right.model_dump(mode="json", include=set(FIELDS), exclude_none=True)
    if not said:
        raise Refused(N_("Say what is right: a name, a document, an address, a telephone."))
    return await store.add_afterword(
        number, event_id=event_id or str(uuid4()), at=at, what=RECTIFIED, by=by, via=via, data=said | {"reason": reason}
    )
