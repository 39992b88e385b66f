"""Results on disk: kept after every sample, so that a measurement can be continued."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import Any

from .worker import Sample

SCHEMA = "arssr.compare/1"


class Store:
    """One JSON file per workload; `key` names what must not change in between."""

    def __init__(self, path: str, key: dict[str, Any]) -> None:
        self.path = path
        self.contents: dict[str, Any] = {"schema": SCHEMA, "key": key, "versions": {}, "rows": []}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                found = json.load(file)
            if found.get("schema") == SCHEMA and found.get("key") == key:
                self.contents = found

    def row(self, case: str, threads: int, participant: str) -> dict[str, Any]:
        """The row of a participant, made when it is new."""
        for row in self.contents["rows"]:
            if (row["case"], row["threads"], row["participant"]) == (case, threads, participant):
                return row
        row = {"case": case, "threads": threads, "participant": participant, "samples": []}
        self.contents["rows"].append(row)
        return row

    def is_done(self, row: dict[str, Any], turn: int) -> bool:
        """Whether this turn was measured, or will not be."""
        return "skipped" in row or len(row["samples"]) > turn

    def add(self, row: dict[str, Any], sample: Sample) -> None:
        """Keeps a sample."""
        row["samples"].append(asdict(sample))
        self.save()

    def save(self) -> None:
        """Replaces the file."""
        folder = os.path.dirname(self.path)
        os.makedirs(folder, exist_ok=True)
        with open(self.path + ".part", "w", encoding="utf-8") as file:
            json.dump(self.contents, file, indent=1)
            file.write("\n")
        os.replace(self.path + ".part", self.path)
