"""OpenVINO's CPU plugin, with the precision that it is told to infer in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import openvino
import openvino.properties as properties
import openvino.properties.hint as hint

from .base import Job, Unavailable
from .exported import ExportedEngine, Run


class OpenVINOEngine(ExportedEngine):
    """One stream on all threads, pinned: the arrangement for the shortest time of one volume."""

    version = f"OpenVINO {openvino.__version__}"
    precision = openvino.Type.f32

    def __init__(self, job: Job) -> None:
        self.core = openvino.Core()
        self.core.set_property(
            "CPU",
            {
                hint.performance_mode: hint.PerformanceMode.LATENCY,
                hint.inference_precision: self.precision,
                hint.enable_cpu_pinning: True,
                properties.num_streams: 1,
                properties.inference_num_threads: job.threads,
            },
        )
        super().__init__(job)

    def load(self, path: str) -> Run:
        """One compiled model with one request; arrays are shared, not copied."""
        model = self.core.compile_model(path, "CPU")
        used = model.get_property(hint.inference_precision)
        if used != self.precision:
            raise Unavailable(f"OpenVINO infers in {used}, not in {self.precision}")
        request = model.create_infer_request()

        def run(arguments: Sequence[np.ndarray]) -> np.ndarray:
            results = request.infer(list(arguments), share_inputs=True, share_outputs=True)
            return results[0]

        return run


class BFloat16OpenVINOEngine(OpenVINOEngine):
    """The bfloat16 hint."""

    precision = openvino.Type.bf16
