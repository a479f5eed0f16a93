"""Networks in ONNX, which hold numbers and no code, run by ONNX Runtime."""

from __future__ import annotations

from typing import Any


def session(network: bytes, threads: int) -> Any:
    """The network on the processor; needs the package onnxruntime, of the analysis set-up."""
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
