"""Boutiques descriptors (schema 0.5)."""
import json
import re

import tools


def files(program):
    descriptors = {}
    for name in tools.COMMANDS:
        command = program.command(name)
        text = json.dumps(_descriptor(command, program), indent=2, ensure_ascii=False)
        descriptors[f"boutiques/arssr-{name}.json"] = text + "\n"
    return descriptors


def _descriptor(command, program):
    inputs = tools.inputs(command)
    keys = " ".join(_key(argument) for argument in inputs)
    return {
        "name": "-".join(command.path),
        "tool-version": program.version,
        "schema-version": "0.5",
        "description": command.discussion or command.abstract,
        "author": "The arssr contributors",
        "command-line": f"{command.name} {keys}",
        "inputs": [_input(argument) for argument in inputs],
        "groups": [_group(title, members) for title, members in tools.exclusive(command)],
        "output-files": [_output(argument) for argument in inputs if tools.is_result(argument)],
        "error-codes": [
            {"code": status, "description": meaning}
            for status, meaning in command.statuses() if status],
        "tags": {"domain": ["neuroinformatics", "mri"]},
    }


def _key(argument):
    return f"[{argument.identifier.upper()}]"


def _input(argument):
    entry = {
        "id": argument.identifier,
        "name": argument.long_name,
        "type": _type(argument),
        "description": argument.text,
        "optional": argument.kind != "positional",
        "value-key": _key(argument),
    }
    if argument.names:
        entry["command-line-flag"] = argument.names[-1]
    if argument.choices:
        entry["value-choices"] = argument.choices
    if argument.is_repeating and argument.kind != "flag":
        entry["list"] = True
    return entry


def _type(argument):
    if argument.kind == "flag":
        return "Flag"
    # A model may be a name, and results do not exist yet: neither is a file to look for.
    return "File" if argument.is_file and argument.extensions and not tools.is_result(argument) \
        else "String"


def _group(title, members):
    return {
        "id": re.sub(r"\W+", "_", title.lower()).strip("_") + "_group",
        "name": title,
        "members": [member.identifier for member in members],
        "mutually-exclusive": True,
    }


def _output(argument):
    return {
        "id": f"{argument.identifier}_file",
        "name": argument.long_name,
        "description": argument.text,
        "optional": argument.kind != "positional",
        "path-template": _key(argument),
    }
