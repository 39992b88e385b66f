"""Writes what describes the command line in other forms, or compares it with what is stored.

    python3 Packaging/generate --arssr .build/release/arssr            writes
    python3 Packaging/generate --arssr .build/release/arssr --check    compares; ends with 1

The source is the program itself: its dump of all commands and its help texts.
"""
import argparse
import difflib
import os
import sys

import boutiques
import completions
import container
import manual
import nipype_interface
from commands import Program

PACKAGING = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# They hold generated files only: whatever else lies in them is left over from an older version.
FOLDERS = ("man", "completions", "boutiques", "nipype", "container")


def generated(program):
    """Paths relative to Packaging, and contents."""
    files = {}
    for maker in (manual, completions, boutiques, nipype_interface, container):
        files.update(maker.files(program))
    return files


def stored():
    """The files of the generated folders, relative to Packaging."""
    found = {}
    for folder in FOLDERS:
        place = os.path.join(PACKAGING, folder)
        for name in sorted(os.listdir(place)) if os.path.isdir(place) else []:
            if name == "__pycache__":
                continue
            with open(os.path.join(place, name), encoding="utf-8") as file:
                found[f"{folder}/{name}"] = file.read()
    return found


def write(files, old):
    """Brings the folders to the generated state."""
    for path in old.keys() - files.keys():
        os.unlink(os.path.join(PACKAGING, path))
    for path, text in files.items():
        place = os.path.join(PACKAGING, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="utf-8") as file:
            file.write(text)
    print(f"descriptions: {len(files)} files written")


def differences(files, old):
    """Lines that say what differs."""
    lines = []
    for path in sorted(files.keys() | old.keys()):
        lines += difflib.unified_diff(
            old.get(path, "").splitlines(), files.get(path, "").splitlines(),
            f"stored/{path}", f"generated/{path}", lineterm="", n=1)
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the program to describe")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    files, old = generated(Program(options.arssr)), stored()
    if not options.check:
        write(files, old)
        return 0
    found = differences(files, old)
    if found:
        print("\n".join(found[:60]))
        print("descriptions: Packaging/ is not what the program says; run 'make descriptions'")
        return 1
    print(f"descriptions: {len(files)} files are as generated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
