"""Jobs `export-adapter` and `import-adapter`: adapters as files that travel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .contract import ExportAdapterJob, ImportAdapterJob
from .data.adapter_file import load_adapter_file, save_adapter_file
from .data.adapter_folder import load_adapter, write_adapter
from .data.model_folder import CODE, load_transformer, open_base
from .data.read_once import Folder
from .failure import Failure
from .families import open_module
from .open_base.lora_file import save_files
from .run import Run


def export_adapter(job: ExportAdapterJob, run: Run) -> dict[str, Any]:
    """Result: `{path, sha256}` of each file by its name; of an open base's there is one for each expert."""
    run.started(None)
    base = open_base(job.base)
    if open_module(base) is None:
        written = save_small(job, base, run.folder)
    else:
        written = save_files(base, job.adapter, job.base.sha256, job.style, run.folder)
    return {name: run.artifact(name, path) for name, path in written.items()}


def save_small(job: ExportAdapterJob, base: Folder, folder: Path) -> dict[str, Path]:
    adapter = load_adapter(job.adapter, job.base.sha256, load_transformer(base))
    path = folder / "adapter.safetensors"
    save_adapter_file(adapter, job.base.sha256, job.style, path)
    return {"adapter": path}


def import_adapter(job: ImportAdapterJob, run: Run) -> dict[str, Any]:
    """Result: `{model: {path, sha256}}`, an adapter folder."""
    run.started(None)
    base = open_base(job.base)
    if open_module(base) is not None:
        raise no_import(job.base.path)
    adapter = load_adapter_file(job.file, job.base.sha256, load_transformer(base))
    write_adapter(adapter, job.base.sha256, run.folder / "adapter")
    return {"model": run.artifact("adapter", run.folder / "adapter")}


def no_import(path: str) -> Failure:
    return Failure(
        CODE,
        expected="a base of the small family",
        where=path,
        found="an open base",
        remedy="Files of open bases' adapters are for other programs and are not read back: train it here.",
    )
