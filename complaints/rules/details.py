"""The details that §4 asks every customer for."""

from enum import StrEnum


class Detail(StrEnum):
    """One of them; which are asked for, the policy says."""

    IDENTIFICATION = "identification"
    OCCURRED_ON = "occurred_on"
    PRODUCT = "product"


FIELD_OF = {
    Detail.IDENTIFICATION.value: "document",
    Detail.OCCURRED_ON.value: "occurred_on",
    Detail.PRODUCT.value: "product",
}
"""The field of `details-received` that brings each."""
