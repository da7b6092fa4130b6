"""A worker's process in which some pages do what the worst pages of a crawl might do: the tests put it in the place of the real one."""

import os
import signal
import time

from reviewclean.batch.cell import main
from reviewclean.cleaner import Cleaner
from reviewclean.data import Cleaned, Page

judge = Cleaner._judge


def hostile(self: Cleaner, pages: list[Page]) -> list[Cleaned]:
    for page in pages:
        body = bytes(page.body) if isinstance(page.body, bytes) else page.body.encode()
        if b"BOOM" in body:
            raise RuntimeError("boom")
        if b"CRASH" in body:
            os.kill(os.getpid(), signal.SIGSEGV)
        if b"HANG" in body:
            time.sleep(600)
        if b"EAT" in body:
            bytearray(10**12)
    return judge(self, pages)


Cleaner._judge = hostile  # type: ignore[method-assign]
main()
