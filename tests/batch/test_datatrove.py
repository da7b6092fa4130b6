"""reviewclean as a step of a datatrove pipeline."""

import gzip
import json
from pathlib import Path

import pytest
from tests.conftest import KEPT, PAGE, PROMO


@pytest.mark.filterwarnings("ignore")
def test_a_pipeline_cleans_its_documents(tmp_path: Path) -> None:
    """In datatrove's local executor: JSON lines in, JSON lines out, in two tasks; what is no review is not handed on."""
    pytest.importorskip("datatrove")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from reviewclean.batch.datatrove import ReviewcleanStep

    (tmp_path / "in").mkdir()
    for part in range(2):
        rows = [{"id": f"{part}-{i}", "text": PAGE if i else "<p>Hi</p>", "url": "https://lantern.example/ferry"} for i in range(3)]
        (tmp_path / "in" / f"{part}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    steps = [JsonlReader(str(tmp_path / "in")), ReviewcleanStep(), JsonlWriter(str(tmp_path / "out"))]
    LocalPipelineExecutor(steps, tasks=2, workers=1, logging_dir=str(tmp_path / "logs")).run()
    rows = [json.loads(line) for file in sorted((tmp_path / "out").iterdir()) for line in gzip.decompress(file.read_bytes()).splitlines()]
    assert [row["id"] for row in rows] == ["0-1", "0-2", "1-1", "1-2"]
    assert all(part in rows[0]["text"] for part in KEPT) and PROMO not in rows[0]["text"]
    assert rows[0]["metadata"]["reviewclean"]["author"] == "Ines Holloway" and rows[0]["metadata"]["url"] == "https://lantern.example/ferry"
