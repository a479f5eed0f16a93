"""The libraries of open bases, brought in when one is opened and kept from the network."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

from ..data.model_folder import refuse_damaged
from ..failure import Failure


def library(name: str) -> Any:
    """diffusers or transformers, offline. Raises Failure("no-open-base-libraries") where it is not set up."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Failure(
            "no-open-base-libraries",
            expected=f"the library {name}, which open bases need",
            where="the engine's environment",
            found=str(error),
            remedy="Run `./backlot setup --open-bases` once, with the network on.",
        ) from error


def part(kind: Any, folder: str, name: str, numbers: Any) -> Any:
    """One part of a pipeline's folder, from its safetensors alone, to be read and not trained."""
    try:
        options = {"local_files_only": True, "use_safetensors": True}
        opened = kind.from_pretrained(folder, subfolder=name, dtype=numbers, **options)
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise Failure(
            "base-mismatch",
            expected=f"{name}/ as diffusers saves it for {kind.__name__}",
            where=folder,
            found=f"{type(error).__name__}: {str(error).splitlines()[0]}",
            remedy="Restore the base's folder: every part with its config.json and safetensors files.",
        ) from error
    refuse_damaged(opened.state_dict(), Path(folder) / name)
    return opened.eval().requires_grad_(False)
