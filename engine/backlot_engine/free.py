"""Memory that is free: on this machine, and within the limit of a container or service around the engine."""

from __future__ import annotations

from pathlib import Path

from .failure import Failure

MEMINFO, CGROUP, CGROUPS = Path("/proc/meminfo"), Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")
# Of each version of control groups: the name of its line in CGROUP, its folder, its limit, what is used, and
# what of that are files held in memory, which give way (Linux, Documentation/admin-guide/cgroup-v2.rst).
VERSIONS = (
    ("", ".", "memory.max", "memory.current", "inactive_file"),
    ("memory", "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)


def free_bytes() -> int:
    """Memory that a new process can have without swapping, and without being killed for it."""
    return min([_available(), *_within_limits()])


def _available() -> int:
    found = _number(MEMINFO, "MemAvailable:")
    if found is not None:
        return found * 1024
    raise Failure(
        "no-meminfo",
        expected="MemAvailable",
        where=str(MEMINFO),
        found="nothing",
        remedy="Run on Linux.",
    )


def _within_limits() -> list[int]:
    """Bytes left in each group with a limit that this process is in; a container sees its own as the root."""
    found = []
    for controller, folder, limit, used, files in VERSIONS:
        root = CGROUPS / folder
        own = root / _own(controller).lstrip("/")
        for group in {root, *(one for one in (own, *own.parents) if root in one.parents)}:
            most, now = _read(group / limit), _read(group / used)
            if most.isdecimal() and now.isdecimal():
                found.append(max(0, int(most) - int(now) + (_number(group / "memory.stat", files) or 0)))
    return found


def _own(controller: str) -> str:
    """The path of this process's group, as `hierarchy:controllers:path` says it."""
    lines = (line.split(":", 2) for line in _read(CGROUP).splitlines())
    return next((path for _, names, path in lines if controller in names.split(",")), "/")


def _number(path: Path, name: str) -> int | None:
    lines = (line.split() for line in _read(path).splitlines())
    return next((int(words[1]) for words in lines if words[:1] == [name]), None)


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
