"""How long our programs may take to stop: a letter that is handed over waits for its mail server, and for no less.

Whoever stops them (the supervisor of `complaints up`, the compose file, your own unit files) grants `STOPS_WITHIN`; it
is used only where a mail server is that slow. Ended sooner, a letter may go out twice.
"""

from datetime import timedelta

from complaints.mail.smtp import SmtpTimeouts

FINISH_WITHIN = timedelta(seconds=8)
"""What a worker is doing goes on undisturbed; then whatever can be given back is."""

ANSWERED_WITHIN = timedelta(seconds=SmtpTimeouts().data_end)
"""For the mail server's answer to the final dot (RFC 5321 §4.5.3.2.6)."""

WRITTEN_WITHIN = timedelta(seconds=22)
"""To write that down, and to say goodbye to everybody."""

STOPS_WITHIN = FINISH_WITHIN + ANSWERED_WITHIN + WRITTEN_WITHIN
