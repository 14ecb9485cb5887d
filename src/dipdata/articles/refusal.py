"""Refusal: why a raw file or a line of one does not become an article, raised by the readers and turned into a problem by ingest."""

from __future__ import annotations


class RefusalError(Exception):
    """What is wrong (`message`), what to do (`remedy`), under which problem code, and on which line, counted from 1."""

    def __init__(self, code: str, message: str, remedy: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.line = line
