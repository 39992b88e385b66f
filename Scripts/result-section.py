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
    found[title] = "\n" + sys.stdin.read().strip() + "\n\n"
    text = head + "".join(f"## {name}\n{body}" for name, body in found.items())
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.rstrip() + "\n")


if __name__ == "__main__":
    main()
