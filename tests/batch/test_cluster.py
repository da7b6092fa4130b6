"""The same job on a cluster: a Dask scheduler and two workers, each a process of its own on this machine."""

import os
import signal
import socket
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import PAGE

from reviewclean.batch import run as module
from reviewclean.batch.run import Where, run
from reviewclean.batch.sources import items
from reviewclean.batch.work import Settings
from reviewclean.errors import InputError

pytest.importorskip("distributed")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Address of the scheduler, and the workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    scheduler = subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **quiet)  # type: ignore[call-overload]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    workers = [subprocess.Popen(worker, **quiet) for _ in range(2)]  # type: ignore[call-overload]
    try:
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def test_dask_gives_what_one_machine_gives_though_a_worker_is_killed(tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]], monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of the run: its pages are done by the other."""
    address, workers = cluster
    monkeypatch.setattr(module, "CHUNK", 3)
    folder = tmp_path / "pages"
    folder.mkdir()
    for i in range(60):
        (folder / f"p{i:02}.html").write_text(PAGE.replace("Marta Quill", f"Marta Quill {i}"), encoding="utf-8")
    done = []

    def tick(outcome: object) -> None:
        done.append(outcome)
        if len(done) == 12:
            os.kill(workers[0].pid, signal.SIGKILL)

    run(items([str(folder)]), tmp_path / "here", Settings(form="jsonl"), where=Where(jobs=1))
    run(items([str(folder)]), tmp_path / "there", Settings(form="jsonl"), where=Where(backend="dask", scheduler=address), tick=tick)
    assert (tmp_path / "here" / "reviews.jsonl").read_bytes() == (tmp_path / "there" / "reviews.jsonl").read_bytes()
    assert workers[0].wait() == -signal.SIGKILL and len(done) == 60


def test_a_scheduler_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its address."""
    import dask

    (tmp_path / "p.html").write_text(PAGE, encoding="utf-8")
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}), pytest.raises(InputError, match=r"--scheduler tcp://127\.0\.0\.1:9: no Dask scheduler answers there"):
        run(items([str(tmp_path / "p.html")]), tmp_path / "out", Settings(), where=Where(backend="dask", scheduler="tcp://127.0.0.1:9"))


def test_a_ray_cluster_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Ray tells it."""

    def init(address: str) -> None:
        raise ConnectionError(f"no {address}")

    ray = types.ModuleType("ray")
    ray.init = init  # type: ignore[attr-defined]
    door = types.ModuleType("ray.util.joblib")
    door.register_ray = lambda: None  # type: ignore[attr-defined]
    for name, module_ in (("ray", ray), ("ray.util", types.ModuleType("ray.util")), ("ray.util.joblib", door)):
        monkeypatch.setitem(sys.modules, name, module_)
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    with pytest.raises(InputError, match="127.0.0.1:1: no Ray cluster answers there"):
        run(items([str(tmp_path / "a.html")]), tmp_path / "out", Settings(), where=Where(backend="ray", scheduler="127.0.0.1:1"))
