"""Failures as Temporal keeps them: their words sealed, but for our own refusals, which hold nobody's data (design §4).

A program without a key would else hear "Encoded failure" where it is told what to do instead.
"""

from temporalio.api.failure.v1 import Failure
from temporalio.converter import DefaultFailureConverterWithEncodedAttributes, PayloadConverter
from temporalio.exceptions import ApplicationError

from workflows.handlers import NOT_NOW, NOT_YET
from workflows.opening import CANNOT_BE_A_COMPLAINT

OPEN = frozenset({NOT_YET, NOT_NOW, CANNOT_BE_A_COMPLAINT})
"""Types of errors whose sentences name fields, numbers and dates, never what somebody wrote."""


class SealedFailures(DefaultFailureConverterWithEncodedAttributes):
    """Messages and stack traces as a payload, which the codec seals."""

    def to_failure(self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure) -> None:
        """See base class."""
        super().to_failure(exception, payload_converter, failure)
        if isinstance(exception, ApplicationError) and exception.type in OPEN:
            failure.message, failure.stack_trace = exception.message, ""
            failure.ClearField("encoded_attributes")
