"""Memory is free only where neither the machine nor the container's limit says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from backlot_engine import free

GIB = 2**30


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with 8 GiB free and no limits; returns where limits would be."""
    (tmp_path / "meminfo").write_text(f"MemTotal: 1 kB\nMemAvailable: {8 * GIB // 1024} kB\n")
    monkeypatch.setattr(free, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(free, "CGROUP", tmp_path / "cgroup")
    monkeypatch.setattr(free, "CGROUPS", tmp_path / "groups")
    return tmp_path / "groups"


def write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"memory.{name}").write_text(text + "\n")


def test_without_limits_it_is_what_the_machine_has(machine: Path) -> None:
    assert free.free_bytes() == 8 * GIB
    write(machine, max="max", current=str(GIB))
    write(machine / "memory", limit_in_bytes="9223372036854771712", usage_in_bytes=str(GIB))
    assert free.free_bytes() == 8 * GIB


def test_a_containers_limit_counts_but_files_that_give_way_do_not(machine: Path) -> None:
    write(machine, max=str(4 * GIB), current=str(3 * GIB), stat=f"anon 5\ninactive_file {2 * GIB}")
    assert free.free_bytes() == 3 * GIB


def test_the_limit_of_a_service_or_of_one_above_it_counts(machine: Path) -> None:
    free.CGROUP.write_text("4:cpu,memory:/studio/train\n0::/studio/train\n")
    write(machine / "studio/train", max="max", current="0")
    write(machine / "studio", max=str(2 * GIB), current="0")
    assert free.free_bytes() == 2 * GIB
    write(machine / "memory/studio/train", limit_in_bytes=str(GIB), usage_in_bytes=str(2 * GIB))
    assert free.free_bytes() == 0
