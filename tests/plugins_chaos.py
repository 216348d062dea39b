"""What each row of the fault matrix took, in pytest's summary: figures, not tests."""

from _pytest.terminal import TerminalReporter


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """A line a row, from whichever process ran it."""
    told = [
        said
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, said in getattr(report, "user_properties", ())
        if name == "chaos" and getattr(report, "when", "") == "call"
    ]
    if told:
        terminalreporter.section("the fault matrix")
        terminalreporter.write("\n".join(sorted(told)) + "\n")
