"""A guard runs one command, and sees to it that the command dies with whoever asked for it.

It is a program of its own (`python -I -S guard.py ORDER`), standard library only: it starts in a few milliseconds.
Its standard input is a pipe held by the one who asked: when that closes, by `kill -9` too, the command and all that
came from it are ended. Its standard output tells `{"pid": …}` once the command runs. It ends with the command's own
exit code (128 + the number of the signal that killed it).

The order is a JSON object:
    command      list of strings, the program first
    log          file for the command's output, appended; absent: the guard's own standard error
    stop_signal  number of the signal that asks the command to stop (default SIGTERM)
    grace        seconds between that request and SIGKILL when the guard itself is told to stop (default 10)
    orphan_grace seconds between them when whoever asked is gone (default 2)
    user         {"uid": …, "gid": …} to run as, without supplementary groups; needs root
    folders      {"9": "/a/folder"}: opened before the user changes and handed on under that number, so that the
                 command can reach it as /proc/self/fd/9 although its user may not walk the folders above
    hold         numbers of open files that only the guard keeps, e.g. a lock
    umask        number (default 0o077)
"""

import json
import os
import select
import signal
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:  # a guard stays as long as its command, one for each: `typing` alone would be a megabyte
    from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def prctl(option: int, value: int) -> None:
    """Linux's process control; elsewhere nothing, the pipe is then the only tie."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


class Guard:
    """One command under guard."""

    def __init__(self, order: "dict[str, Any]") -> None:
        self.order = order
        self.child = 0
        self.exit_code: int | None = None
        self.told_to_stop = False
        self.orphaned = False
        self.deadline: float | None = None
        self.wake_read, self.wake_write = os.pipe()
        for end in (self.wake_read, self.wake_write):
            os.set_blocking(end, False)

    def run(self) -> int:
        """Runs the command to its end, or ends it; its exit code."""
        prctl(PR_SET_CHILD_SUBREAPER, 1)  # what the command leaves behind becomes ours, and is found and ended
        for number in self.order.get("hold", []):
            os.set_inheritable(number, False)
        self.listen()
        self.child = self.start()
        print(json.dumps({"pid": self.child}), flush=True)
        while self.exit_code is None:
            self.wait()
        self.end_descendants()
        return self.exit_code

    def listen(self) -> None:
        """Signals only wake the loop; what they mean is decided there."""
        signal.set_wakeup_fd(self.wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.stop_asked)

    def stop_asked(self, *_: object) -> None:
        """Whoever started us wants the command to end in its own good time."""
        self.told_to_stop = True

    def start(self) -> int:
        """Forks; the child becomes the command, in a session of its own: a terminal's Ctrl-C does not reach it."""
        guard = os.getpid()
        child = os.fork()
        if child:
            return child
        try:
            self.become(guard)
        except OSError as error:
            os.write(2, f"{self.order['command'][0]} did not start: {error.strerror or error}\n".encode())
        os._exit(127)

    def become(self, guard: int) -> None:
        """In the child: everything between fork and the command."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.setsid()
        os.umask(self.order.get("umask", 0o077))
        self.redirect()
        for number, folder in self.order.get("folders", {}).items():
            os.dup2(os.open(folder, os.O_RDONLY | os.O_DIRECTORY), int(number), inheritable=True)
        if user := self.order.get("user"):
            os.setgroups([])
            os.setgid(user["gid"])
            os.setuid(user["uid"])
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # after the change of user, which would clear it
        if os.getppid() != guard:
            os._exit(127)
        command = self.order["command"]
        os.execvp(command[0], command)  # noqa: S606

    def redirect(self) -> None:
        """No input; output to the log, or to where the guard's errors go."""
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if log := self.order.get("log"):
            os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
        os.dup2(2, 1)

    def wait(self) -> None:
        """Until something happens: the command ends, the pipe closes, we are told to stop, patience runs out."""
        watched = [self.wake_read] if self.orphaned else [self.wake_read, 0]
        patience = None if self.deadline is None else max(0.0, self.deadline - time.monotonic())
        ready, _, _ = select.select(watched, [], [], patience)
        if self.wake_read in ready:
            os.read(self.wake_read, 4096)
        self.reap()
        if self.exit_code is not None:
            return
        if 0 in ready and not os.read(0, 4096):
            self.orphaned = True
            self.ask_to_stop(self.order.get("orphan_grace", 2))
        elif self.told_to_stop and self.deadline is None:
            self.ask_to_stop(self.order.get("grace", 10))
        elif self.deadline is not None and time.monotonic() >= self.deadline:
            self.end_descendants()

    def ask_to_stop(self, grace: float) -> None:
        """The signal that the command understands, and a limit to our patience."""
        self.deadline = time.monotonic() + grace
        try:
            os.kill(self.child, self.order.get("stop_signal", signal.SIGTERM))
        except ProcessLookupError:
            return  # it just ended; the next round reaps it

    def reap(self) -> None:
        """Takes the exit codes of all that ended; orphans of the command come to us as well."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self.child:
                code = os.waitstatus_to_exitcode(status)
                self.exit_code = code if code >= 0 else 128 - code

    def end_descendants(self) -> None:
        """SIGKILL to the command's group and to whatever else came from it, until nothing is left."""
        for _ in range(50):
            left = descendants(os.getpid())
            for pid in left:
                kill(pid)
            try:
                os.killpg(self.child, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                if not left:
                    return
            self.reap()
            time.sleep(0.01)


def kill(pid: int) -> None:
    """SIGKILL; that it has ended meanwhile is as good."""
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def descendants(ancestor: int) -> list[int]:
    """Process ids of all that come from `ancestor` and still run."""
    children: dict[int, list[int]] = {}
    for pid, parent in parents():
        children.setdefault(parent, []).append(pid)
    found: list[int] = []
    waiting = [ancestor]
    while waiting:
        of_one = children.get(waiting.pop(), [])
        found += of_one
        waiting += of_one
    return found


def parents() -> list[tuple[int, int]]:
    """(process, parent) of every living process: from /proc, or from `ps` where there is none."""
    if sys.platform == "linux":
        return [pair for name in os.listdir("/proc") if name.isdigit() and (pair := linux_parent(name))]  # noqa: PTH208
    import subprocess

    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,comm="], capture_output=True, text=True, check=False)
    rows = [line.split(None, 2) for line in listing.stdout.splitlines()]
    return [(int(row[0]), int(row[1])) for row in rows if len(row) == 3 and row[2] != "ps"]


def linux_parent(name: str) -> tuple[int, int] | None:
    """(process, parent), or None for one that is gone or only waits to be reaped."""
    try:
        with open(f"/proc/{name}/stat", "rb") as stat:  # noqa: PTH123
            state, parent = stat.read().rpartition(b")")[2].split()[:2]
    except OSError:
        return None
    return None if state in (b"Z", b"X") else (int(name), int(parent))


if __name__ == "__main__":
    sys.exit(Guard(json.loads(sys.argv[1])).run())
