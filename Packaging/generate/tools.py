"""Which commands become tools of other systems, and which of their arguments are results."""

# From one volume to another: what pipelines are made of.
COMMANDS = ("upsample", "degrade")
# Options that name files which the command writes.
RESULTS = ("uncertainty", "report", "log-file")
# What a program has no use for: it reads the JSON report or the sidecar.
LEFT_OUT = ("version", "help")


def inputs(command):
    """Arguments that a tool offers, in the order of the command line.

    Positional arguments come first: behind an option of several values they would be taken for more
    of them.
    """
    return [
        argument for argument in command.positionals + command.options
        if argument.long_name not in LEFT_OUT]


def is_result(argument):
    """Whether the argument names a file that is written."""
    return argument.long_name in RESULTS or (
        argument.kind == "positional" and argument.long_name == "output")


def takes_folder(argument):
    """Whether a positional argument may be a folder in place of a volume."""
    return argument.kind == "positional" and "folder" in argument.text


def exclusive(command):
    """Groups of options of which only one may be given: title and members."""
    groups = [
        (title, options) for title, options in command.sections() if title.endswith("(one of)")]
    by_name = {option.long_name: option for option in command.options}
    for name, option in by_name.items():
        if name.startswith("no-") and name[3:] in by_name:
            groups.append((name[3:], [by_name[name[3:]], option]))
    return groups
