"""Tables of a workload, and its section of the results file."""

from __future__ import annotations

import os
import re
from statistics import median
from typing import Any

from .workloads import ARSSR, Workload

# Processors in use by others, on average, from which a row says so.
DISTURBED = 0.1
COLUMNS = (
    "engine",
    "encoder, s",
    "decoder, s",
    "total, s",
    "spread",
    "encoder, GFLOP/s",
    "decoder, GFLOP/s",
    "memory, GiB",
    "difference",
    "time / arssr",
)

Row = dict[str, Any]


def seconds(row: Row, stage: str) -> float:
    """The median time of a stage for the whole volume."""
    return median(_times(row, stage))


def _times(row: Row, stage: str) -> list[float]:
    outputs = row["planesOfResult"]
    if stage == "decode":
        return [sample["decode"] * outputs / sample["planes"] for sample in row["samples"]]
    return [sample[stage] for sample in row["samples"]]


def _is_disturbed(row: Row) -> bool:
    return any(sample["others"] > DISTURBED for sample in row["samples"])


def _cells(row: Row, stage: str, own: Row | None) -> list[str]:
    times = _times(row, stage)
    rates = [
        2e-9 * macs * voxels / max(seconds(row, name), 1e-9)
        for name, macs, voxels in zip(("encode", "decode"), row["macs"], row["voxels"], strict=True)
    ]
    extrapolated = row["samples"][0]["planes"] < row["planesOfResult"]
    about = "~" if extrapolated else ""
    largest = max(sample["difference"]["largest"] for sample in row["samples"])
    name = row["label"]
    if "decoding" in row:
        name += f" ({row['decoding']})"
    if _is_disturbed(row):
        name += " *"
    return [
        name,
        f"{seconds(row, 'encode'):.3f}",
        f"{about}{seconds(row, 'decode'):.3f}",
        f"{about}{seconds(row, 'total'):.3f}",
        f"{100 * (max(times) - min(times)) / median(times):.0f} %",
        f"{rates[0]:.0f}",
        f"{rates[1]:.0f}",
        f"{row['samples'][-1]['peak_bytes'] / 2**30:.2f}",
        "reference" if row["participant"] == "arssr" else f"{largest:.1e}",
        "" if own is None else f"{seconds(row, stage) / seconds(own, stage):.2f}",
    ]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _table(rows: list[Row], stage: str) -> list[str]:
    """One table; ratios within a precision, to the first arssr row of it."""
    lines = [_line(list(COLUMNS)), _line(["---"] + ["---:"] * (len(COLUMNS) - 1))]
    remarks = []
    for precision in ("float32", "bfloat16"):
        measured = [row for row in rows if row["precision"] == precision and row["samples"]]
        own = next((row for row in measured if row["participant"] in ARSSR), None)
        lines += [_line(_cells(row, stage, own)) for row in measured]
        peers = [row for row in measured if row["participant"] not in ARSSR]
        if own and peers:
            fastest = min(peers, key=lambda row: seconds(row, stage))
            ratio = seconds(fastest, stage) / seconds(own, stage)
            remarks.append(
                f"- {precision}, {stage}: fastest peer {fastest['label']}; "
                f"arssr is {ratio:.2f} times as fast."
            )
    if any(_is_disturbed(row) for row in rows):
        remarks.append(
            f"- \\* Others used more than {DISTURBED} processors meanwhile; measure again."
        )
    for row in rows:
        if "skipped" in row:
            remarks.append(f"- {row['label']}: skipped, {row['skipped']}.")
    return [*lines, "", *remarks, ""]


def section(name: str, workload: Workload, contents: dict[str, Any]) -> str:
    """The workload's part of the results file, with its heading."""
    key = contents["key"]
    lines = [
        f"## {workload.title}",
        "",
        f"Written by `make compare-{name}` on {contents['date']}. {workload.about}",
        "",
        f"Machine: {key['machine']}. {key['arssr']}, instruction set {key['isa']}; "
        + "; ".join(sorted(contents["versions"]))
        + ".",
    ]
    if contents.get("peak"):
        lines.append(f"Peak of one core in the same run: {contents['peak']:.1f} GFLOP/s.")
    lines.append("")
    for case in workload.cases:
        rows = [row for row in contents["rows"] if row["case"] == case.title]
        for threads in sorted({row["threads"] for row in rows}):
            part = [row for row in rows if row["threads"] == threads]
            unit = "thread" if threads == 1 else "threads"
            lines += [f"### {case.title}, {threads} {unit}", ""]
            lines += _table(part, workload.stage)
            command = next((row["command"] for row in part if "command" in row), "")
            lines += [f"Command: `{command}`", ""]
    for case, reason in contents["missing"].items():
        lines += [f"Not measured: {case}: {reason}.", ""]
    return "\n".join(lines)


def replace_section(path: str, text: str) -> None:
    """Puts a section into a file in place of the one with the same heading, or at the end."""
    heading = re.escape(text.split("\n", 1)[0])
    old = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            old = file.read()
    found = re.search(rf"^{heading}\n.*?(?=^## |\Z)", old, re.MULTILINE | re.DOTALL)
    start, end = found.span() if found else (len(old), len(old))
    parts = [part.strip("\n") for part in (old[:start], text, old[end:])]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n\n".join(part for part in parts if part) + "\n")
