from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from conftest import Json, events, outcome, write_run, write_snapshot
from safetensors.torch import load_file

from backlot_engine import train
from backlot_engine.batches import Batch
from backlot_engine.contract import TrainJob
from backlot_engine.data.hashing import folder_hash
from backlot_engine.data.model_folder import load_codec, load_known_rows
from backlot_engine.data.read_once import read_folder
from backlot_engine.data.worlds_folder import save_worlds
from backlot_engine.learner import Learner
from backlot_engine.models.words import row_of, word_rows
from backlot_engine.run import main


def run(folder: Path, job: Json) -> Json:
    main([str(write_run(folder, job))])
    return outcome(folder)


def test_training_lowers_the_loss_and_measures_every_held_out_clip(training: Json, tmp_path: Path) -> None:
    long = {**training, "steps": 200, "evalEvery": 200, "checkpointEvery": 200}
    first = run(tmp_path / "short", {**training, "steps": 10})["result"]
    last = run(tmp_path / "long", long)["result"]
    assert last["finalLoss"] < first["finalLoss"] * 0.7
    assert len(last["heldoutByClip"]) == 4
    mean = sum(clip["loss"] for clip in last["heldoutByClip"]) / 4
    assert mean == pytest.approx(last["heldoutLoss"])


def test_full_goes_on_from_a_base(training: Json, base: Json, tmp_path: Path) -> None:
    job = {**training, "method": "full", "base": base, "shape": None, "steps": 5}
    end = run(tmp_path / "run", job)
    assert end["status"] == "succeeded" and end["result"]["trainable"] == end["result"]["parameters"]


def test_a_lora_moves_a_few_weights_and_leaves_the_base_alone(adapting: Json, tmp_path: Path) -> None:
    before = folder_hash(Path(adapting["base"]["path"]))
    result = run(tmp_path / "run", adapting)["result"]
    assert folder_hash(Path(adapting["base"]["path"])) == before
    assert result["trainable"] < 0.5 * result["parameters"] and result["model"]["path"] == "adapter"
    tensors = load_file(tmp_path / "run" / "adapter" / "adapter.safetensors")
    assert any(name.endswith(".a") for name in tensors)
    assert tensors["words.rows"].tolist() == word_rows(["tollo"], 64, 1)[0].tolist()


def test_a_lora_on_words_that_the_base_knows_leaves_all_words_alone(
    adapting: Json, training: Json, tmp_path: Path
) -> None:
    run(tmp_path / "run", {**adapting, "dataset": training["dataset"]})
    tensors = load_file(tmp_path / "run" / "adapter" / "adapter.safetensors")
    assert not [name for name in tensors if name.startswith("words.")]


def notices(folder: Path, job: Json) -> dict[str, str]:
    run(folder, {**job, "steps": 1})
    return {one["code"]: one["message"] for one in events(folder) if one["type"] == "notice"}


def word_in(row: int, but: str) -> str:
    """A made-up word of the row, in a table of 64."""
    return next(word for word in (f"{but}{n}" for n in range(10_000)) if row_of(word, 64) == row)


def first_clip(dataset: Json, *words: str) -> str:
    """The first training clip whose caption holds the words, as notices name it."""
    lines = [json.loads(line) for line in (Path(dataset["path"]) / "manifest.jsonl").read_text().splitlines()]
    clips = [line for line in lines if line["split"] == "train" and set(words) <= {*line["caption"].split()}]
    return f"clip {clips[0]['id'][:12]}"


def test_words_that_are_one_to_the_model_are_named_by_where_they_stand(
    training: Json, tmp_path: Path
) -> None:
    twin = word_in(row_of("tollo", 64), "brinka")
    dataset = write_snapshot(tmp_path / "data", 12, heldout=4, what=f"tollo {twin}")
    said = notices(tmp_path / "run", {**training, "dataset": dataset})
    clip = first_clip(dataset)
    assert f"word 2 of {clip} = word 3 of {clip}" in said["words-shared"] and "words-known" not in said
    assert "tollo" not in str(said) and twin not in str(said)


def test_a_new_name_in_a_row_that_the_base_knows_is_among_the_words_that_stay_as_they_are(
    adapting: Json, tmp_path: Path
) -> None:
    name = word_in(row_of("shape", 64), "moppet")
    dataset = write_snapshot(tmp_path / "data", 12, heldout=4, what=name)
    said = notices(tmp_path / "run", {**adapting, "dataset": dataset})
    assert f"of {first_clip(dataset)} the words 1, 2, 3, 4, 5" in said["words-known"]
    assert name not in str(said) and "moves" not in str(said)


def test_a_new_name_with_a_row_of_its_own_is_in_no_notice(adapting: Json, tmp_path: Path) -> None:
    assert "tollo" not in str(notices(tmp_path / "run", adapting))


def test_a_word_of_a_few_clips_does_not_count_as_known(training: Json, tmp_path: Path) -> None:
    dataset = write_snapshot(tmp_path / "many", 240, seed=5, first="zanzibar")
    end = run(tmp_path / "run", {**training, "dataset": dataset, "steps": 1, "evalEvery": 1})
    known = load_known_rows(read_folder(tmp_path / "run" / end["result"]["model"]["path"])).tolist()
    assert known and word_rows(["zanzibar"], 64, 1)[0, 0].item() not in known


def test_mirrored_clips_are_learned_beside_the_plain_ones_and_count_once(
    training: Json, tmp_path: Path
) -> None:
    plain = run(tmp_path / "plain", {**training, "steps": 5})["result"]
    both = run(tmp_path / "both", {**training, "steps": 5, "mirror": True})["result"]
    assert both["clips"] == plain["clips"]
    assert both["model"]["sha256"] != plain["model"]["sha256"]


def worlds(folder: Path, base: Json, of: str) -> Json:
    """Six clips of a base's own worlds, said to be those of base `of`, as a job's prior."""
    shape = load_codec(read_folder(Path(base["path"]))).shape
    values = torch.randn(6, shape.tokens, shape.components, generator=torch.Generator().manual_seed(9))
    save_worlds(values, ["a shape"] * 6, of, folder)
    return {"worlds": {"path": str(folder), "sha256": folder_hash(folder)}, "share": 0.25}


def test_clips_of_the_bases_own_worlds_join_the_batch(adapting: Json, tmp_path: Path) -> None:
    prior = worlds(tmp_path / "worlds", adapting["base"], adapting["base"]["sha256"])
    plain = run(tmp_path / "plain", adapting)["result"]
    mixed = run(tmp_path / "mixed", {**adapting, "prior": prior})["result"]
    assert plain["model"]["sha256"] != mixed["model"]["sha256"]
    assert plain["clips"] == mixed["clips"]


def test_a_batch_of_one_has_no_place_for_worlds(adapting: Json, tmp_path: Path) -> None:
    prior = worlds(tmp_path / "worlds", adapting["base"], adapting["base"]["sha256"])
    end = run(tmp_path / "run", {**adapting, "prior": prior, "batch": 1})
    assert end["code"] == "bad-job" and "job.batch" in end["message"]


def test_worlds_of_another_base_or_changed_ones_are_refused(adapting: Json, tmp_path: Path) -> None:
    other = worlds(tmp_path / "worlds", adapting["base"], "0" * 64)
    end = run(tmp_path / "other", {**adapting, "prior": other})
    assert (end["code"], end["message"].count("0" * 64)) == ("worlds-mismatch", 1)
    (tmp_path / "worlds" / "config.json").write_text("{}")
    assert run(tmp_path / "changed", {**adapting, "prior": other})["code"] == "worlds-mismatch"


def test_retrained_without_a_title_a_model_is_as_if_the_title_had_never_been_there(
    training: Json, tmp_path: Path
) -> None:
    """Of two snapshots of one digest; src/dataset/freeze.test.ts: freezing again gives that digest."""
    kept = write_snapshot(tmp_path / "clips", 6, heldout=2, seed=3)
    both = write_snapshot(tmp_path / "both-clips", 9, heldout=2, seed=3)
    never = {**kept, "path": str(shutil.copytree(kept["path"], tmp_path / "other-clips"))}

    def weights(name: str, dataset: Json) -> str:
        end = run(tmp_path / name, {**training, "id": name, "dataset": dataset, "steps": 3})
        return folder_hash(tmp_path / name / end["result"]["model"]["path"])

    without = weights("without", kept)
    assert without == weights("never", never)
    assert without != weights("with", both)


def test_a_subset_is_of_the_size_asked_for(training: Json, tmp_path: Path) -> None:
    assert run(tmp_path / "run", {**training, "subset": 3, "steps": 2})["result"]["clips"] == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"subset": 99}, "dataset-mismatch"),
        ({"lora": {"rank": 2, "alpha": 2, "words": True, "wordRate": 1}}, "bad-job"),
        ({"latents": "/nowhere"}, "bad-job"),
        ({"shape": None}, "bad-job"),
        ({"method": "lora", "shape": None}, "base-mismatch"),
        ({"base": {"path": "/nowhere", "sha256": "0" * 64}}, "base-mismatch"),
    ],
)
def test_what_cannot_be_trained_is_refused_before_training(
    training: Json, tmp_path: Path, change: Json, code: str
) -> None:
    end = run(tmp_path / "run", {**training, **change})
    assert (end["status"], end["code"]) == ("failed", code) and end["hint"]
    assert not (tmp_path / "run" / "checkpoints").exists()


def test_a_base_with_other_bytes_is_refused(training: Json, codec: Json, tmp_path: Path) -> None:
    copy = tmp_path / "base"
    shutil.copytree(codec["path"], copy)
    weights = copy / "codec" / "codec.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    end = run(tmp_path / "run", {**training, "base": {"path": str(copy), "sha256": codec["sha256"]}})
    assert end["code"] == "base-mismatch"


def test_a_pickle_in_a_base_is_refused_and_not_loaded(training: Json, codec: Json, tmp_path: Path) -> None:
    copy = tmp_path / "base"
    shutil.copytree(codec["path"], copy)
    torch.save({"a": torch.zeros(1)}, copy / "pytorch_model.bin")
    end = run(tmp_path / "run", {**training, "base": {"path": str(copy), "sha256": folder_hash(copy)}})
    assert end["code"] == "unsafe-file"


def test_a_pickle_named_safetensors_is_refused(training: Json, codec: Json, tmp_path: Path) -> None:
    copy = tmp_path / "base"
    shutil.copytree(codec["path"], copy)
    torch.save({"a": torch.zeros(1)}, copy / "codec" / "codec.safetensors")
    end = run(tmp_path / "run", {**training, "base": {"path": str(copy), "sha256": folder_hash(copy)}})
    assert end["code"] == "bad-tensors"


def test_a_loss_that_is_no_number_ends_the_run_and_leaves_no_model(
    training: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoiled(predicted: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
        return predicted.sum((1, 2)) * float("nan")

    monkeypatch.setattr(train, "velocity_loss", spoiled)
    end = run(tmp_path / "run", training)
    assert end["code"] == "not-finite" and not (tmp_path / "run" / "model").exists()


def test_weights_that_the_last_step_spoilt_end_the_run_by_that_name(
    training: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = train.train_step

    def spoils(job: TrainJob, learner: Learner, batch: Batch, at: int) -> float:
        value = step(job, learner, batch, at)
        if at == job.steps - 1:
            learner.average[0].fill_(float("nan"))
        return value

    monkeypatch.setattr(train, "train_step", spoils)
    end = run(tmp_path / "run", {**training, "steps": 3, "evalEvery": 9, "checkpointEvery": 9})
    assert end["code"] == "not-finite" and "step 3" in end["message"]
    assert not (tmp_path / "run" / "model").exists()


def preflight(training: Json) -> Json:
    dropped = ("steps", "evalEvery", "checkpointEvery", "sample", "resumeFrom")
    kept = {key: value for key, value in training.items() if key not in dropped}
    return {**kept, "kind": "preflight", "timedSteps": 3}


def test_a_preflight_times_steps_and_leaves_no_model(training: Json, tmp_path: Path) -> None:
    end = run(tmp_path / "run", preflight(training))
    assert end["status"] == "succeeded", end
    assert 0 < end["result"]["diskBytes"] < end["result"]["freeDiskBytes"]
    assert end["result"]["secondsPerStep"] > 0 and end["result"]["clips"] == 8
    assert not (tmp_path / "run" / "model").exists()


def test_a_preflight_refuses_a_batch_that_cannot_fit(training: Json, tmp_path: Path) -> None:
    shape = {**training["shape"], "width": 8192, "depth": 128, "heads": 64}
    end = run(tmp_path / "run", {**preflight(training), "shape": shape, "batch": 4096})
    assert end["code"] == "out-of-memory" and end["retryable"]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_run_for_a_gpu_is_refused_where_there_is_none(training: Json, tmp_path: Path) -> None:
    end = run(tmp_path / "run", {**training, "device": "cuda"})
    assert end["code"] == "no-device" and "BACKLOT_DEVICE=cpu" in end["hint"]
    assert not (tmp_path / "run" / "model").exists()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU with CUDA")
def test_a_gpu_learns_what_a_processor_learns(training: Json, tmp_path: Path) -> None:
    here = run(tmp_path / "cpu", {**training, "precision": "fp32"})["result"]
    there = run(tmp_path / "gpu", {**training, "precision": "fp32", "device": "cuda"})["result"]
    assert abs(here["heldoutLoss"] - there["heldoutLoss"]) < 0.1 * here["heldoutLoss"]


def test_a_preflight_refuses_a_run_that_the_disk_cannot_hold(training: Json, tmp_path: Path) -> None:
    end = run(tmp_path / "run", {**preflight(training), "keepCheckpoints": 10**9})
    assert end["code"] == "disk-full" and end["retryable"] and "checkpoints and the model" in end["message"]


def test_encode_reports_psnr_by_title(dataset: Json, codec: Json, tmp_path: Path) -> None:
    job = {
        "version": 1,
        "id": "e",
        "seed": 0,
        "threads": 1,
        "device": "cpu",
        "kind": "encode",
        "dataset": dataset,
        "base": codec,
    }
    rows = run(tmp_path / "run", job)["result"]["psnr"]
    assert [row["title"] for row in rows] == ["title-0", "title-1"] and sum(
        row["clips"] for row in rows
    ) == 12
