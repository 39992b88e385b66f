"""The peers by name. Modules are imported only in the process that runs the engine."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from .base import Engine


@dataclass(frozen=True)
class Peer:
    """Where an engine is, and the precision that it computes in."""

    label: str
    module: str
    name: str
    precision: str = "float32"

    @property
    def uses_openmp(self) -> bool:
        """Whether its threads are OpenMP's."""
        return self.module == "torch_engine"

    def engine(self) -> type[Engine]:
        """Imports the engine. Raises ImportError when its package is missing."""
        return getattr(import_module(f"peers.engines.{self.module}"), self.name)


PEERS = {
    "pytorch": Peer("PyTorch, contiguous", "torch_engine", "TorchEngine"),
    "pytorch-channels-last": Peer(
        "PyTorch, channels_last_3d", "torch_engine", "ChannelsLastTorchEngine"
    ),
    "pytorch-compile": Peer("PyTorch, torch.compile", "torch_engine", "CompiledTorchEngine"),
    "onnxruntime": Peer("ONNX Runtime", "onnxruntime_engine", "OnnxRuntimeEngine"),
    "openvino": Peer("OpenVINO", "openvino_engine", "OpenVINOEngine"),
    "pytorch-bf16": Peer(
        "PyTorch autocast, contiguous", "torch_engine", "BFloat16TorchEngine", "bfloat16"
    ),
    "pytorch-bf16-channels-last": Peer(
        "PyTorch autocast, channels_last_3d",
        "torch_engine",
        "BFloat16ChannelsLastTorchEngine",
        "bfloat16",
    ),
    "onnxruntime-bf16": Peer(
        "ONNX Runtime, bfloat16 model",
        "onnxruntime_engine",
        "BFloat16OnnxRuntimeEngine",
        "bfloat16",
    ),
    "openvino-bf16": Peer(
        "OpenVINO, bf16 hint", "openvino_engine", "BFloat16OpenVINOEngine", "bfloat16"
    ),
}
