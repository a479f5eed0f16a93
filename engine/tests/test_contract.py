from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Json, events, outcome, write_run

from backlot_engine.contract import job_of
from backlot_engine.run import main
from backlot_engine.strict import check

Change = Callable[[Json], None]

BAD: dict[str, tuple[Change, str, str]] = {
    "missing": (lambda job: job.pop("steps"), "job.steps", "nothing"),
    "extra": (lambda job: job.update(turbo=True), "job.turbo", "no such field"),
    "mistyped": (lambda job: job.update(steps="30"), "job.steps", '"30"'),
    "a bool for a number": (lambda job: job.update(steps=True), "job.steps", "true"),
    "below its range": (lambda job: job.update(steps=0), "job.steps", "more than 0"),
    "above its range": (lambda job: job.update(captionDropout=1.5), "job.captionDropout", "at most 1"),
    "nested and missing": (lambda job: job["optimizer"].pop("rate"), "job.optimizer.rate", "nothing"),
    "another word": (lambda job: job.update(method="magic"), "job.method", "scratch, full, lora"),
    "a malformed hash": (lambda job: job["base"].update(sha256="abc"), "job.base.sha256", '"abc"'),
    "an unknown kind": (lambda job: job.update(kind="paint"), "job.kind", '"paint"'),
    "a fraction of a step": (lambda job: job.update(steps=2.5), "job.steps", "integer"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_job_with_a_bad_field_is_refused_with_its_path(name: str, training: Json, tmp_path: Path) -> None:
    change, where, found = BAD[name]
    job = json.loads(json.dumps(training))
    change(job)
    folder = write_run(tmp_path / "run", job)
    assert main([str(folder)]) == 1
    end = outcome(folder)
    assert (end["status"], end["code"]) == ("failed", "bad-job")
    assert where in end["message"] and found in end["message"]
    assert not (folder / "checkpoints").exists() and not (folder / "model").exists()


def test_nan_in_a_job_is_refused(training: Json, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", {**training, "emaDecay": float("nan")})
    main([str(folder)])
    assert outcome(folder)["code"] == "bad-job"


def test_a_torn_job_is_no_fault_of_the_engine(training: Json, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", {**training, "id": "tiñy"})
    text = json.dumps({**training, "id": "tiñy"}, ensure_ascii=False).encode()
    (folder / "job.json").write_bytes(text[: text.index("ñ".encode()) + 1])
    assert main([str(folder)]) == 1
    assert outcome(folder)["code"] == "bad-job" and "job.json" in outcome(folder)["message"]


def test_a_job_reads_back_as_typed_values(training: Json) -> None:
    check("Job", training, "job", "bad-job")
    job = job_of(training)
    assert job.kind == "train" and job.optimizer.clip_norm == 1.0 and job.shape is not None


def test_events_and_outcome_follow_the_contract(training: Json, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", training)
    assert main([str(folder)]) == 0
    for event in events(folder):
        check("Event", event, "event", "bad-event")
    check("Outcome", outcome(folder), "outcome", "bad-outcome")
    assert [event["seq"] for event in events(folder)] == list(range(len(events(folder))))


def test_a_finished_run_is_not_run_again(training: Json, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", {**training, "steps": 2})
    main([str(folder)])
    before = (folder / "events.jsonl").read_bytes()
    assert main([str(folder)]) == 0
    assert (folder / "events.jsonl").read_bytes() == before


def test_a_job_for_another_version_of_the_engine_is_refused_and_says_what_to_do(
    training: Json, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "run", {**training, "engine": "0" * 64})
    assert main([str(folder)]) == 1
    end = outcome(folder)
    assert (end["code"], end["retryable"]) == ("engine-mismatch", False)
    assert "0" * 64 in end["message"] and "Start Backlot again" in end["hint"]
    assert not (folder / "checkpoints").exists()
