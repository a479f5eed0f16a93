"""Several processes that share the steps of a run give the run of one; killed or cancelled, it goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from conftest import ENGINE, Json, events, outcome, start, write_run
from signing import in_days, permit

from backlot_engine import learner, parallel, room, train
from backlot_engine.failure import Failure
from backlot_engine.family import Family
from backlot_engine.run import EXIT_PEER_LOST, main

# Of losses, as a share. One process adds a batch's gradients in another order than two do: AdamW's losses
# stay within float32 rounding (measured: 8e-8 over twelve steps); Muon may orthogonalise in bfloat16, where a
# rounding can fall the other way (measured: 7e-5, and 1.1e-4 once the average is rounded to be stored).
TOLERANCES = {"adamw": 1e-5, "muon": 1e-3}
Patch = Callable[[int], None]


@pytest.fixture(scope="session")
def shared(training: Json) -> Json:
    """The tiny job in two processes."""
    return {**training, "processes": 2, "steps": 12, "evalEvery": 6, "checkpointEvery": 4}


def in_ranks(folder: Path, ranks: list[int], of: int = 2, patch: Patch = lambda _: None) -> list[int]:
    """Runs `folder` in forked processes, as `launch` does in new ones; returns how each ended."""
    meeting = folder.parent / f"{folder.name}-{time.monotonic_ns()}"
    children = [_fork(folder, one, of, meeting, patch) for one in ranks]
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def _fork(folder: Path, rank: int, of: int, meeting: Path, patch: Patch) -> int:
    child = os.fork()
    if child:
        return child
    os.environ.update(RANK=str(rank), WORLD_SIZE=str(of), BACKLOT_MEETING=str(meeting))
    patch(rank)
    os._exit(main([str(folder)]))


def finish(folder: Path, of: int = 2) -> str:
    assert in_ranks(folder, list(range(of)), of) == [0] * of, outcome(folder)
    return str(outcome(folder)["result"]["model"]["sha256"])


def curve(folder: Path) -> list[float]:
    return [event["value"] for event in events(folder) if event["type"] == "metric"]


def newest(folder: Path) -> int:
    return max((int(path.name[5:]) for path in (folder / "checkpoints").glob("step-*")), default=0)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 300
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture(scope="module")
def whole(shared: Json, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_run(tmp_path_factory.mktemp("shared") / "run", shared)
    finish(folder)
    return folder


@pytest.mark.parametrize(("method", "name"), [("scratch", "muon"), ("scratch", "adamw"), ("lora", "adamw")])
def test_two_processes_give_the_loss_curve_and_the_weights_of_one(
    shared: Json, adapting: Json, method: str, name: str, tmp_path: Path
) -> None:
    job = {**shared, **(adapting if method == "lora" else {}), "processes": 2}
    job = {**job, "optimizer": {**job["optimizer"], "name": name}}
    two = write_run(tmp_path / "two", job)
    finish(two)
    one = write_run(tmp_path / "one", {**job, "processes": 1})
    assert main([str(one)]) == 0
    assert len(curve(one)) > 10
    assert curve(two) == pytest.approx(curve(one), rel=TOLERANCES[name])


def test_the_same_job_in_as_many_processes_gives_the_same_bytes_and_one_line_of_events(
    shared: Json, whole: Path, tmp_path: Path
) -> None:
    again = write_run(tmp_path / "run", shared)
    assert finish(again) == outcome(whole)["result"]["model"]["sha256"]
    assert [event["seq"] for event in events(again)] == list(range(len(events(again))))
    assert len([event for event in events(again) if event["type"] == "started"]) == 1


def ranks_of(starter: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{starter}/task/{starter}/children").read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to find a rank")
def test_a_killed_rank_ends_the_others_and_the_run_has_no_outcome(shared: Json, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", {**shared, "steps": 4000})
    process = start(folder)
    try:
        until(lambda: newest(folder) >= 4)
        first, second = sorted(ranks_of(process.pid))
        os.kill(second, signal.SIGKILL)
        assert process.wait(60) != 0
    finally:
        process.kill()
    assert not (folder / "outcome.json").exists() and not is_alive(first)
    assert "was ended by SIGKILL" in (folder / "log.txt").read_text().splitlines()[-1]


def test_after_a_killed_rank_the_run_goes_on_to_the_same_bytes(
    shared: Json, whole: Path, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "run", shared)
    killed = in_ranks(folder, [0, 1], patch=lambda rank: kill_in_step(9) if rank == 1 else None)
    assert killed == [EXIT_PEER_LOST, -signal.SIGKILL] and not (folder / "outcome.json").exists()
    assert newest(folder) == 8
    assert finish(folder) == outcome(whole)["result"]["model"]["sha256"]


def kill_in_step(step: int) -> None:
    train_step = train.train_step

    def step_or_die(*arguments: object) -> float:
        if arguments[-1] == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return train_step(*arguments)  # type: ignore[arg-type]

    train.train_step = step_or_die  # type: ignore[assignment]


def test_three_processes_resumed_add_in_the_order_of_three_that_never_stopped(
    shared: Json, tmp_path: Path
) -> None:
    job = {**shared, "processes": 3, "batch": 6}
    never = finish(write_run(tmp_path / "never", job), of=3)
    folder = write_run(tmp_path / "run", job)
    in_ranks(folder, [0, 1, 2], of=3, patch=lambda rank: kill_in_step(5) if rank == 2 else None)
    assert newest(folder) == 4 and finish(folder, of=3) == never


def test_when_its_starter_is_killed_no_rank_stays() -> None:
    rank = "import time; from backlot_engine.ranks import end_with_parent; end_with_parent(); time.sleep(60)"
    starter = (
        "import subprocess, sys, time; print(subprocess.Popen(sys.argv[1:]).pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", starter, sys.executable, "-c", rank]
    process = subprocess.Popen(command, cwd=ENGINE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    time.sleep(0.5)
    process.kill()
    process.communicate()
    until(lambda: not is_alive(pid))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_cancelled_all_stop_at_one_step_and_a_new_run_ends_in_the_same_bytes(
    shared: Json, whole: Path, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "first", shared)
    assert in_ranks(folder, [0, 1], patch=lambda rank: cancel_in_step(folder, 5) if rank == 1 else None) == [
        2,
        0,
    ]
    end = outcome(folder)
    assert end["status"] == "cancelled" and end["resumeFrom"]["path"].endswith("step-000006")
    again = {**shared, "id": "again", "resumeFrom": end["resumeFrom"]}
    resumed = finish(write_run(tmp_path / "second", again))
    assert resumed == outcome(whole)["result"]["model"]["sha256"]


def cancel_in_step(folder: Path, step: int) -> None:
    train_step = train.train_step

    def step_and_cancel(*arguments: object) -> float:
        if arguments[-1] == step:
            (folder / "cancel").touch()
        return train_step(*arguments)  # type: ignore[arg-type]

    train.train_step = step_and_cancel  # type: ignore[assignment]


def test_the_permit_is_checked_in_every_process(shared: Json, tmp_path: Path) -> None:
    folder = permit(write_run(tmp_path / "run", shared), expires=in_days(-1))
    assert in_ranks(folder, [1]) == [1]
    assert outcome(folder)["code"] == "permit-expired"


def test_what_one_process_cannot_do_is_what_the_run_failed_of(shared: Json, tmp_path: Path) -> None:
    def refuse(rank: int) -> None:
        if rank == 1:
            parallel.make_learner = no_memory  # type: ignore[assignment]

    folder = write_run(tmp_path / "run", shared)
    assert in_ranks(folder, [0, 1], patch=refuse) == [EXIT_PEER_LOST, 1]
    end = outcome(folder)
    assert (end["status"], end["code"], end["hint"]) == ("failed", "out-of-memory", "Close other programs.")


def test_no_process_takes_memory_before_all_have_looked_at_what_is_free(shared: Json, tmp_path: Path) -> None:
    check, open_family, looked = learner.check_memory, learner.family_to_learn, tmp_path / "looked"

    def slow(rank: int) -> None:
        def look(*arguments: Any) -> room.Fit:
            time.sleep(0.5)
            looked.touch()
            return check(*arguments)

        def take(*arguments: Any) -> Family:
            return open_family(*arguments) if looked.exists() else no_memory()

        learner.family_to_learn = take
        if rank == 1:
            learner.check_memory = look

    folder = write_run(tmp_path / "run", {**shared, "steps": 1})
    assert in_ranks(folder, [0, 1], patch=slow) == [0, 0], outcome(folder)


def test_blocks_are_computed_again_in_all_processes_or_in_none(shared: Json, tmp_path: Path) -> None:
    check, open_family = learner.check_memory, learner.family_to_learn

    def tight(rank: int) -> None:
        def look(*arguments: Any) -> room.Fit:
            return replace(check(*arguments), again=rank == 1)

        def take(job: Any, base: Any, chosen: Any, autocast: Any, again: bool) -> Family:
            return open_family(job, base, chosen, autocast, False) if again else no_memory()

        learner.check_memory, learner.family_to_learn = look, take

    folder = write_run(tmp_path / "run", {**shared, "steps": 1})
    assert in_ranks(folder, [0, 1], patch=tight) == [0, 0], outcome(folder)
    assert "computed-again" in [one.get("code") for one in events(folder)]


def no_memory(*_: object) -> NoReturn:
    remedy = "Close other programs."
    raise Failure("out-of-memory", expected="memory", where="here", found="none", remedy=remedy)


@pytest.mark.parametrize(("change", "ranks"), [({"batch": 3}, 2), ({}, 1), ({"processes": 3}, 2)])
def test_a_batch_that_does_not_divide_and_another_number_of_processes_are_refused(
    shared: Json, change: Json, ranks: int, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "run", {**shared, **change})
    in_ranks(folder, list(range(ranks)), of=ranks)
    assert outcome(folder)["code"] == "bad-job" and "job.processes" in outcome(folder)["message"]


def test_a_preflight_times_the_steps_of_all(shared: Json, tmp_path: Path) -> None:
    left = ("steps", "evalEvery", "checkpointEvery", "sample", "resumeFrom")
    job = {key: value for key, value in shared.items() if key not in left}
    folder = write_run(tmp_path / "run", {**job, "kind": "preflight", "timedSteps": 2})
    assert in_ranks(folder, [0, 1]) == [0, 0]
    assert outcome(folder)["result"]["secondsPerStep"] > 0
