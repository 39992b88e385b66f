#!/usr/bin/env python3
"""Puts standard input in the place of a section of a page of results; the others stay.

    result-section.py FILE TITLE < text
"""
import re
import sys


def main():
    path, title = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        head, *sections = re.split(r"(?m)^## ", file.read())
    found = dict(section.split("\n", 1) for section in sections)
    found[title] = sys.stdin.read()
    parts = [head.strip()] + [f"## {name}\n\n{body.strip()}" for name, body in found.items()]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
