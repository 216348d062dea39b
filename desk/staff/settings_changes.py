"""A file of the school's settings changed on a page: who did it is kept before it is written."""

from desk.request import PageRequest
from starter.settings_text import SettingsText

LATEST = 20
"""Changes that a page shows; all are kept."""


async def keep_and_write(request: PageRequest, file: SettingsText, text: str) -> None:
    """Nothing where nothing differs. Raises Refused."""
    if text == file.text:
        return
    member = request.member
    await request.app_state.store.keep_settings_change(
        at=request.now, by=member.name, account=member.account, file=file.name, before=file.text, after=text
    )
    file.replaced(text)
