"""Results as Parquet files of some thousand pages each, with a manifest."""

from __future__ import annotations

import contextlib
import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

from reviewclean.batch.seen import Seen
from reviewclean.batch.whole import Folder, disk, part_of, write_whole
from reviewclean.errors import OutputError

MANIFEST = "manifest.json"
SHARD = 5000  # pages of a file


class Shards:
    """Parquet files of SHARD pages each, and a manifest that lists them with their rows and hashes. A finished file is never touched again."""

    def __init__(self, out: Path, again: bool) -> None:
        try:
            import pyarrow as pa
        except ImportError:
            raise OutputError("--format parquet needs pyarrow: pip install 'reviewclean[parquet]'") from None
        self._out = out
        self._folder = Folder(out)
        self._schema = pa.schema(
            [(name, pa.string()) for name in ("id", "url", "title", "author", "date", "site", "language", "rating", "text")]
            + [("confidence", pa.float32()), ("note", pa.string()), ("removed", pa.list_(pa.struct([("text", pa.string()), ("label", pa.string()), ("score", pa.float32()), ("by", pa.string()), ("block", pa.int32())])))]
        )
        self._rows: list[dict[str, Any]] = []
        self._done = Seen()
        self._shards: list[dict[str, Any]] = []
        with disk(out):
            if again:
                for old in (*out.glob("reviews-*.parquet"), out / MANIFEST):
                    old.unlink(missing_ok=True)
        self._take_up()

    def _take_up(self) -> None:
        """Take note of the files that an earlier run finished."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        for path in sorted(self._out.glob("reviews-*.parquet")):
            try:
                names = pq.read_table(path, columns=["id"]).column("id").to_pylist()
            except (pa.ArrowException, OSError) as error:
                raise OutputError(f"{path}: not a Parquet file of ours ({error}), so it is left as it is: choose another -o, or --again to begin anew") from None
            for name in names:
                self._done.add(name)
            self._shards.append(_listed(path, len(names), names[0], names[-1]))

    def has(self, name: str) -> bool:
        return name in self._done

    def known(self, name: str) -> bool:
        return self.has(name)

    def put(self, name: str, text: str) -> None:
        self._rows.append(json.loads(text))
        if len(self._rows) >= SHARD:
            self._write()

    def _write(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._out / f"reviews-{len(self._shards):05}.parquet"
        part = part_of(path)
        self._folder.check()
        try:
            with disk(path):
                pq.write_table(pa.Table.from_pylist(self._rows, self._schema), part, compression="zstd")
                os.replace(part, path)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        self._shards.append(_listed(path, len(self._rows), self._rows[0]["id"], self._rows[-1]["id"]))
        self._rows = []

    def finish(self) -> None:
        if self._rows:
            self._write()
        write_whole(self._out / MANIFEST, json.dumps({"pages": sum(shard["rows"] for shard in self._shards), "files": self._shards}, indent=1, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """What is not written yet is done again by the next run."""


def _listed(path: Path, rows: int, first: str, last: str) -> dict[str, Any]:
    """A finished file as the manifest has it."""
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return {"file": path.name, "rows": rows, "bytes": path.stat().st_size, "sha256": digest.hexdigest(), "first": first, "last": last}
