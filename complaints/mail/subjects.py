"""The subjects of letters: our own short words after the number; nothing that a customer wrote ever gets into one."""


def subject(number: str, title: str) -> str:
    """`[Q-7KF3-02M9D] Recibimos su queja`."""
    return f"[{number}] {title}"
