"""The labelling page as a server on this machine, for one person: pages go out as data, changes come in and are on disk before they are confirmed.

Nobody else is let in: it listens on 127.0.0.1, its address holds a secret, and a page of another site that guesses the port is told apart by
the Host and Origin that browsers send. What is shown is text; the page's own markup never leaves the server.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from reviewclean.cleaner import Cleaner
from reviewclean.data import Label
from reviewclean.errors import InputError, ReviewcleanError, SampleError
from reviewclean.teaching.labelling.queue import DOUBTFUL, Opened, Waiting, class_path, open_page, sureness
from reviewclean.teaching.labelling.store import Change, Sheet, StaleError, Store

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

HOSTS = ("127.0.0.1", "localhost")
STATIC = Path(__file__).parent / "static"
FILES = {"": ("label.html", "text/html"), "label.js": ("label.js", "text/javascript"), "label.css": ("label.css", "text/css")}
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",  # the address holds the secret
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
LARGEST = 8_000_000  # bytes of a change: one of every block of the longest pages has a tenth
OPEN = 4  # pages that stay in memory: the one under the pen, and what two tabs go back and forth between

LEGEND = {
    Label.REVIEW: ("r", "prose, headings, scores, facts"), Label.AD: ("a", "a promo, a call to action"), Label.LINKS: ("l", "titles of other posts, read next"),
    Label.SHARE: ("s", "share, follow, subscribe, donate"), Label.DISCLOSURE: ("d", "affiliate, sponsor, sample notices"), Label.CREDIT: ("c", "photo credits, source lines"),
    Label.AUTHOR: ("u", "author box, biography"), Label.COMMENTS: ("o", "readers' comments, their form"), Label.NOTICE: ("t", "copyright, cookies, privacy"),
    Label.CHROME: ("h", "menus, search, lists of contents"), Label.SHOP: ("p", "price lines, buy buttons"), Label.META: ("m", "headline, byline, dates, tags"),
}  # fmt: skip

MISSING = "the labelling page needs starlette and uvicorn: pip install 'reviewclean[label]'"

Message = MutableMapping[str, Any]  # of ASGI: a request, or a part of one or of its answer
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Endpoint = Callable[["Request"], Awaitable["Response"]]


class Posted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes in: the revision that the sender saw, what changes, and whether a page that is done is a hard negative."""

    revision: int
    changes: tuple[Change, ...] = ()
    hard_negative: bool = False


class NoPageError(ReviewcleanError):
    """A page was asked for that is not among those of this sitting."""


class Desk:
    """The pages of one sitting and what becomes of them. Answers are plain data."""

    def __init__(self, waiting: Sequence[Waiting], cleaner: Cleaner, store: Store, writer: str) -> None:
        self._waiting = {one.key: one for one in waiting}
        self._cleaner, self._store, self._writer = cleaner, store, writer
        self._opened: dict[str, Opened] = {}
        self._again = {key for key in self._waiting if store.status(key) == "done"}  # done in an earlier sitting, and asked for again

    def pages(self) -> dict[str, Any]:
        """All pages in their order, and the labels."""
        rows = [{"key": key, "name": one.source.name, "title": one.title, "site": one.site, "words": one.words, "doubtful": one.doubtful, "status": self._status(key)} for key, one in self._waiting.items()]
        labels = [{"name": label.value, "key": key, "what": what} for label, (key, what) in LEGEND.items()]
        return {"pages": rows, "labels": labels, "folder": str(self._store.folder)}

    def page(self, key: str) -> dict[str, Any]:
        """One page: its blocks as text, what the model says of each, and what is said of it so far."""
        opened, sheet = self._open(key)
        about = opened.cleaned.about
        groups: dict[tuple[Label, str], int] = {}  # blocks that the model labels alike and one template made
        blocks = []
        for block, verdict, fresh, told in zip(opened.cleaned.blocks, opened.cleaned.verdicts, opened.fresh, sheet.told, strict=True):
            model = {"label": fresh.label, "spans": fresh.spans, "score": round(sureness(verdict), 3), "by": verdict.by}
            group = groups.setdefault((verdict.label, class_path(block)), len(groups))
            blocks.append({"text": block.text, "kind": block.kind, "level": block.level, "hidden": block.hidden, "label": told.label, "spans": told.spans, "model": model, "group": group})
        return {
            "key": key, "name": sheet.name, "title": about.title, "url": opened.cleaned.url or about.url, "language": about.language, "note": opened.cleaned.note,
            "status": self._status(key), "revision": sheet.revision, "doubt": DOUBTFUL, "blocks": blocks,
        }  # fmt: skip

    def change(self, key: str, posted: Posted) -> dict[str, Any]:
        """Save changes. Raises StaleError, SampleError."""
        sheet = self._open(key)[1]
        return {"revision": self._store.change(sheet, posted.revision, posted.changes).revision}

    def finish(self, key: str, posted: Posted) -> dict[str, Any]:
        """Write a page that is done. Raises StaleError."""
        opened, sheet = self._open(key)
        folder = self._store.finish(sheet, posted.revision, opened.sample(sheet.told, self._writer, posted.hard_negative))
        self._again.discard(key)
        return {"folder": folder.name, "revision": posted.revision + 1}

    def skip(self, key: str, _: Posted) -> dict[str, Any]:
        """Put a page off."""
        self._store.skip(self._find(key).key)
        return {}

    def _status(self, key: str) -> str:
        status = self._store.status(key)
        return "new" if status == "done" and key in self._again else status

    def _find(self, key: str) -> Waiting:
        if key not in self._waiting:
            raise NoPageError("there is no such page in this sitting: open one from the list of pages")
        return self._waiting[key]

    def _open(self, key: str) -> tuple[Opened, Sheet]:
        opened = self._opened.pop(key, None) or open_page(self._find(key), self._cleaner)
        self._opened[key] = opened
        while len(self._opened) > OPEN:
            del self._opened[next(iter(self._opened))]
        return opened, self._store.sheet(key, opened.name, opened.fresh)


# ---------------------------------------------------------------- over HTTP

CODES = {StaleError: 409, SampleError: 422, NoPageError: 404}  # what else goes wrong is a page or a disk that is gone: 500


def app_of(desk: Desk, token: str, port: int) -> Starlette:
    """The page and its data below /TOKEN/. All is done in one thread, so that two changes never meet. Raises InputError without starlette."""
    try:
        from starlette.applications import Starlette
        from starlette.middleware import Middleware
        from starlette.responses import Response
        from starlette.routing import Route
    except ImportError:
        raise InputError(MISSING) from None

    def data(value: Any, status: int = 200) -> Response:
        return Response(msgspec.json.encode(value), status, media_type="application/json")

    async def pages(_: Request) -> Response:
        return data(desk.pages())

    async def page(request: Request) -> Response:
        return data(desk.page(request.path_params["key"]))

    def file(name: str, kind: str) -> Endpoint:
        async def sent(_: Request) -> Response:
            return Response((STATIC / name).read_bytes(), media_type=kind)

        return sent

    def doing(act: Callable[[str, Posted], dict[str, Any]]) -> Endpoint:
        async def done(request: Request) -> Response:
            return data(act(request.path_params["key"], await _posted(request)))

        return done

    async def failed(_: Request, error: Exception) -> Response:
        return data({"error": str(error)}, next((code for kind, code in CODES.items() if isinstance(error, kind)), 500))

    routes = [Route(f"/{token}/{place}", file(name, kind)) for place, (name, kind) in FILES.items()]
    routes += [Route(f"/{token}/pages", pages), Route(f"/{token}/pages/{{key}}", page)]
    routes += [Route(f"/{token}/pages/{{key}}/{name}", doing(act), methods=["POST"]) for name, act in (("changes", desk.change), ("done", desk.finish), ("skip", desk.skip))]
    return Starlette(routes=routes, middleware=[Middleware(Guard, token=token, port=port)], exception_handlers={ReviewcleanError: failed})


async def _posted(request: Request) -> Posted:
    """The body of a request. Raises SampleError where it is none of ours."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise SampleError(f"a change of more than {LARGEST:,} bytes: make it in two")
    try:
        return msgspec.json.decode(body, type=Posted)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SampleError(f"not a change: {error}") from None


class Guard:
    """Lets in who has the secret and comes from this page, and puts HEADERS on every answer."""

    def __init__(self, app: App, token: str, port: int) -> None:
        self._app, self._token = app, token
        self._hosts = {f"{host}:{port}" for host in HOSTS}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # there are no sockets here, and nothing to start or stop
            return
        why = self._refusal(scope)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((name.encode(), value.encode()) for name, value in HEADERS.items())]
            await send(message)

        if why is None:
            await self._app(scope, receive, sent)
        else:
            await sent({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain; charset=utf-8")]})
            await sent({"type": "http.response.body", "body": why.encode()})

    def _refusal(self, scope: Message) -> str | None:
        """Why a request is not answered."""
        headers = dict(scope["headers"])
        host, origin = headers.get(b"host", b"").decode("latin-1"), headers.get(b"origin", b"").decode("latin-1")
        if host not in self._hosts:  # a name of another site that was made to lead here
            return "This server answers to 127.0.0.1 and localhost only.\n"
        if not secrets.compare_digest(scope["path"].removeprefix("/").split("/")[0].encode(), self._token.encode()):
            return "This address lacks its secret: open the one that reviewclean label printed.\n"
        if scope["method"] not in ("GET", "HEAD") and origin not in {f"http://{name}" for name in self._hosts}:
            return "Changes are taken from the labelling page only.\n"
        return None


# ---------------------------------------------------------------- on this machine


def listen(port: int = 0) -> socket.socket:
    """A socket that only this machine reaches; port 0 takes one that is free. Raises InputError where the port is taken."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere it would let two servers share a port
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(("127.0.0.1", port))
    except OSError as error:
        opened.close()
        raise InputError(f"port {port} cannot be had ({error.strerror}): choose another --port, or none to take one that is free") from None
    opened.listen()
    return opened


def serve(desk: Desk, opened: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C. `ready` is told the address. Raises InputError where starlette or uvicorn is not installed."""
    try:
        import uvicorn
    except ImportError:
        raise InputError(MISSING) from None
    token, port = secrets.token_urlsafe(), opened.getsockname()[1]
    app = app_of(desk, token, port)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", ws="none", server_header=False, proxy_headers=False, timeout_graceful_shutdown=1))
    ready(f"http://127.0.0.1:{port}/{token}/")
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn ends in order, and then raises the signal that it was ended by
        server.run(sockets=[opened])
