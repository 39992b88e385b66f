"""Measures one workload: `python -m peers <workload> --arssr <executable> [options]`."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from subprocess import CalledProcessError

from .arssr import Arssr
from .cases import Inputs, prepare, smaller
from .engines.base import Unavailable
from .machine import measured_peak, output_of, processor
from .measure import Measurement
from .store import Store
from .table import replace_section, section
from .workloads import WORKLOADS, Workload

BENCHMARKS = Path(__file__).resolve().parents[2]
DEFAULT_MODEL = BENCHMARKS.parent / "Models" / "brain-t1w.safetensors"


def numbers(text: str) -> tuple[int, ...]:
    """Whole numbers between commas."""
    return tuple(int(part) for part in text.split(","))


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="peers", description=__doc__)
    parser.add_argument("workload", choices=WORKLOADS)
    parser.add_argument("--arssr", required=True, help="the executable")
    parser.add_argument("--peak", help="the kernel-benchmark executable; adds the peak of a core")
    parser.add_argument("--data", help="a T1w volume of ds002748, for cases on a brain")
    parser.add_argument("--trained", help="a trained model of published size (safetensors)")
    parser.add_argument("--default-model", default=str(DEFAULT_MODEL))
    parser.add_argument("--threads", type=numbers, help="e.g. 1,2 (default: the workload's)")
    parser.add_argument("--cpus", type=numbers, help="processors to use (default: the first)")
    parser.add_argument("--turns", type=int, help="passes of every engine")
    parser.add_argument("--only", help="participants, separated by commas; arssr always runs")
    parser.add_argument("--results", default=str(BENCHMARKS / "results"), help="folder of JSON")
    parser.add_argument("--report", default=str(BENCHMARKS / "RESULTS.md"))
    parser.add_argument("--fresh", action="store_true", help="measure again what is there")
    parser.add_argument(
        "--try", dest="trial", action="store_true", help="16 voxels per axis, one turn, no files"
    )
    return parser.parse_args()


def chosen(options: argparse.Namespace) -> Workload:
    """The workload with what the options change."""
    workload = WORKLOADS[options.workload]
    if options.only:
        names = options.only.split(",")
        unknown = set(names) - set(workload.participants)
        if unknown:
            sys.exit(f"compare: --only: {', '.join(unknown)}: one of {workload.participants}")
        kept = [name for name in workload.participants if name == "arssr" or name in names]
        workload = replace(workload, participants=tuple(kept))
    if options.threads:
        workload = replace(workload, threads=options.threads)
    if options.trial:
        cases = tuple(smaller(case) for case in workload.cases)
        workload = replace(workload, cases=cases, turns=1)
    return replace(workload, turns=options.turns) if options.turns else workload


def store_of(options: argparse.Namespace, arssr: Arssr, folder: str) -> Store:
    """The results so far, unless machine, executable or models changed since."""
    info = json.loads(output_of([arssr.path, "info", "--format", "json"]))
    key = {
        "machine": f"{processor()}, {os.cpu_count()} hardware threads",
        "arssr": arssr.version,
        "sha256": arssr.sha256,
        "isa": os.environ.get("ARSSR_ISA", info["bestInstructionSet"]),
        "trained": options.trained and os.path.basename(options.trained),
        "data": options.data and os.path.basename(options.data),
    }
    results = folder if options.trial else options.results
    path = os.path.join(results, f"{options.workload}.json")
    if options.fresh and os.path.exists(path):
        os.remove(path)
    return Store(path, key)


def main() -> None:
    """Measures what is missing, then writes the tables."""
    # So that files and workers go away when the measurement is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("compare: stopped; run again to go on"))
    options = arguments()
    workload = chosen(options)
    arssr = Arssr(os.path.abspath(options.arssr))
    inputs = Inputs(options.default_model, options.trained, options.data)
    processors = options.cpus or tuple(sorted(os.sched_getaffinity(0)))
    with tempfile.TemporaryDirectory(prefix="arssr-compare-") as folder:
        store = store_of(options, arssr, folder)
        store.contents["missing"] = {}
        for number, case in enumerate(workload.cases):
            place = os.path.join(folder, str(number))
            os.makedirs(place)
            print(case.title, flush=True)
            try:
                prepared = prepare(case, inputs, place)
            except Unavailable as reason:
                store.contents["missing"][case.title] = str(reason)
                print(f"skipped, {reason}", flush=True)
                continue
            for threads in workload.threads:
                if threads > len(processors):
                    print(f"skipped, {threads} threads on {len(processors)} processors", flush=True)
                    continue
                cpus = processors[:threads]
                Measurement(workload, prepared, arssr, store, cpus, place).run()
        if options.peak:
            try:
                store.contents["peak"] = measured_peak(options.peak, store.contents["key"]["isa"])
            except CalledProcessError as error:
                print(f"no peak: {error}", flush=True)
        store.contents["date"] = datetime.date.today().isoformat()
        store.save()
        text = section(options.workload, workload, store.contents)
        if not options.trial:
            replace_section(options.report, text)
        print(text)


if __name__ == "__main__":
    main()
