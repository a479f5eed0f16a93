"""Jobs `export-adapter` and `import-adapter`: adapters as files that travel."""

from __future__ import annotations

from typing import Any

from .contract import ExportAdapterJob, ImportAdapterJob, Input
from .data.adapter_file import load_adapter_file, save_adapter_file
from .data.adapter_folder import load_adapter, write_adapter
from .data.model_folder import CODE, load_transformer, open_base
from .failure import Failure
from .families import open_module
from .models.transformer import Transformer
from .run import Run


def export_adapter(job: ExportAdapterJob, run: Run) -> dict[str, Any]:
    """Result: `{file: {path, sha256}}`."""
    run.started(None)
    model = small_model(job.base)
    adapter = load_adapter(job.adapter, job.base.sha256, model)
    path = run.folder / "adapter.safetensors"
    save_adapter_file(adapter, job.base.sha256, job.style, path)
    return {"file": run.artifact("adapter", path)}


def import_adapter(job: ImportAdapterJob, run: Run) -> dict[str, Any]:
    """Result: `{model: {path, sha256}}`, an adapter folder."""
    run.started(None)
    model = small_model(job.base)
    adapter = load_adapter_file(job.file, job.base.sha256, model)
    write_adapter(adapter, job.base.sha256, run.folder / "adapter")
    return {"model": run.artifact("adapter", run.folder / "adapter")}


def small_model(base: Input) -> Transformer:
    """The base's model. Raises Failure for an open base: its adapters are diffusers' own files already."""
    folder = open_base(base)
    if open_module(folder) is None:
        return load_transformer(folder)
    raise Failure(
        CODE,
        expected="a base of the small family",
        where=base.path,
        found="an open base",
        remedy="Adapters of open bases are files that diffusers reads already: copy the adapter's folder.",
    )
