"""A page of whole, plain tags is read tag by tag, as the whole parser reads it; what is unusual is left to that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.mail import html_text

TAGS = st.sampled_from(
    [
        *(
            "p",
            "div",
            "br",
            "span",
            "b",
            "table",
            "tr",
            "td",
            "li",
            "ul",
            "h1",
            "body",
            "html",
            "font",
            "a",
            "o:p",
            "hr",
        ),
        *("head", "title", "section", "P", "Div", "pre"),
    ]
)
PIECES = st.one_of(
    st.builds("<{}>".format, TAGS),
    st.builds("</{}>".format, TAGS),
    st.builds('<{} style="color:red" dir=ltr>'.format, TAGS),
    st.builds('<{} style="white-space:pre">'.format, TAGS),
    st.builds("<{}/>".format, TAGS),
    st.sampled_from(["Hola", "a &amp; b", "x&lt;y", "&nbsp;", "\n", "\r\n", "&eacute", "1 > 0", "1 < 2", "<", "&"]),
)


@given(st.lists(PIECES, max_size=14))
def test_both_read_the_same(pieces: list[str]) -> None:
    page = "".join(pieces)
    quickly = html_text.text_of_html(page)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(html_text, "SIMPLE", -1)
        assert html_text.text_of_html(page) == quickly
