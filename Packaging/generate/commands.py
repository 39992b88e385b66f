"""The commands of the program, as its dump and its help texts tell of them."""
import json
import re
import subprocess


class Argument:
    """An argument, option or flag of a command."""

    def __init__(self, dump):
        self.kind = dump["kind"]
        self.text = dump.get("abstract", "")
        self.value = dump.get("valueName", "")
        self.section = dump.get("sectionTitle")
        self.is_optional = dump["isOptional"]
        self.is_repeating = dump["isRepeating"]
        completion = dump.get("completionKind") or {}
        self.choices = completion.get("list", {}).get("values", [])
        self.is_file = "file" in completion
        self.is_folder = "directory" in completion
        self.extensions = completion.get("file", {}).get("extensions", [])
        names = dump.get("names") or []
        # Short names first, as the help has them.
        self.names = sorted(
            (("-" if name["kind"] == "short" else "--") + name["name"] for name in names),
            key=lambda name: name.startswith("--"))

    @property
    def long_name(self):
        """The name without hyphens; of a positional argument its value's."""
        return self.names[-1].lstrip("-") if self.names else self.value

    @property
    def identifier(self):
        """The name as programs write names."""
        return re.sub(r"\W", "_", self.long_name)

    @property
    def is_volume(self):
        """Whether it names a NIfTI file."""
        return "nii" in self.extensions


class Command:
    """A command: what its help says, taken apart."""

    def __init__(self, dump, path, help_of):
        self.path = path
        self.abstract = dump.get("abstract", "")
        self.discussion = dump.get("discussion", "")
        self.arguments = [
            Argument(argument) for argument in dump.get("arguments", [])
            if argument["shouldDisplay"]]
        help_text = help_of(path[1:])
        self.usage = _usage(help_text)
        self.epilogue = _epilogue(help_text)
        self.subcommands = [
            Command(child, path + [child["commandName"]], help_of)
            for child in dump.get("subcommands", []) if child["commandName"] != "help"]

    @property
    def name(self):
        """`arssr models list`."""
        return " ".join(self.path)

    @property
    def positionals(self):
        return [argument for argument in self.arguments if argument.kind == "positional"]

    @property
    def options(self):
        return [argument for argument in self.arguments if argument.kind != "positional"]

    def sections(self):
        """Titles and options of the option groups, in the order of the help; `Options` last."""
        groups = {}
        for argument in self.options:
            groups.setdefault(argument.section or "Options", []).append(argument)
        return sorted(groups.items(), key=lambda group: group[0] == "Options")

    def all(self):
        """This command and those below it."""
        return [self] + [command for child in self.subcommands for command in child.all()]

    def statuses(self):
        """Exit statuses and their meanings, as the help lists them; signals apart."""
        text = " ".join(dict(self.epilogue).get("EXIT STATUS", []))
        parts = re.split(r", (?=\d)", re.sub(r"\s+", " ", text).strip().rstrip("."))
        pairs = [part.split(" ", 1) for part in parts if part]
        return [(int(number), meaning) for number, meaning in pairs if number.isdigit()]


class Program:
    """All commands of an executable."""

    def __init__(self, executable):
        self.executable = executable
        dump = json.loads(self.run("--experimental-dump-help"))
        self.version = self.run("--version").split()[1]
        self.root = Command(
            dump["command"], [dump["command"]["commandName"]],
            lambda path: self.run(*path, "--help"))

    def run(self, *arguments):
        """Standard output of a call that succeeds."""
        return subprocess.run(
            [self.executable, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout

    def command(self, *path):
        """A command by its words behind `arssr`."""
        return next(
            command for command in self.root.all() if command.path[1:] == list(path))


def _usage(help_text):
    found = re.search(r"^USAGE: (.*?)\n\n", help_text, re.DOTALL | re.MULTILINE)
    return re.sub(r"\s+", " ", found.group(1))


def _epilogue(help_text):
    """Titles and lines of what the help prints behind the options."""
    _, _, text = help_text.partition("Show help information.\n")
    sections = []
    for line in text.splitlines():
        title = re.fullmatch(r"([A-Z][A-Z ]+)(?: \((.*)\))?:", line)
        if title:
            note = title.group(2)
            sections.append((title.group(1), [f"  {note}:", ""] if note else []))
        elif sections:
            sections[-1][1].append(line)
    return [(title, _trimmed(lines)) for title, lines in sections if title != "SUBCOMMANDS"]


def _trimmed(lines):
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines
