"""Manual pages, one per command."""
import re


def files(program):
    return {
        f"man/{'-'.join(command.path)}.1": _page(command, program)
        for command in program.root.all()}


def _page(command, program):
    title = "-".join(command.path)
    lines = [
        f'.TH {_escaped(title.upper())} 1 "" "arssr {program.version}" "arssr manual"',
        # Names of files and options are not to be taken apart at the ends of lines.
        ".nh", ".ad l",
        ".SH NAME", f"{_escaped(title)} \\- {_escaped(_lowered(command.abstract))}",
        ".SH SYNOPSIS", f".B {_escaped(command.usage)}",
        ".SH DESCRIPTION"]
    lines += [_escaped(paragraph) for paragraph in
              (command.discussion or command.abstract).split("\n") if paragraph]
    if command.subcommands:
        lines.append(".SH COMMANDS")
        for child in command.subcommands:
            lines += [".TP", f".BR {_escaped('-'.join(child.path))} (1)", _escaped(child.abstract)]
    if command.positionals:
        lines.append(".SH ARGUMENTS")
        for argument in command.positionals:
            lines += [".TP", f"\\fI{_escaped(argument.value)}\\fR", _escaped(argument.text)]
    for title, options in command.sections():
        lines.append(f".SH {_escaped(title.upper())}")
        for option in options:
            lines += [".TP", _names(option), _escaped(option.text)]
    for title, text in command.epilogue:
        lines.append(f".SH {title}")
        lines += _examples(text) if title == "EXAMPLES" else _text(text)
    others = [other for other in program.root.all() if other is not command]
    lines += [".SH SEE ALSO"]
    lines += [
        f".BR {_escaped('-'.join(other.path))} (1)" + ("," if other is not others[-1] else "")
        for other in others]
    return "\n".join(lines) + "\n"


def _names(option):
    names = ", ".join(f"\\fB{_escaped(name)}\\fR" for name in option.names)
    return names if option.kind == "flag" else f"{names} \\fI{_escaped(option.value)}\\fR"


def _examples(text):
    """Titles as paragraphs, commands as they are typed."""
    lines, is_open = [], False
    for line in text:
        is_command = line.startswith("    ")
        if is_command and not is_open:
            lines += [".RS 4", ".nf"]
        if not is_command and is_open:
            lines += [".fi", ".RE"]
        if not is_command and line.strip():
            lines.append(".PP")
        is_open = is_command
        lines.append(_escaped(line[4:] if is_command else line.strip()))
    return [line for line in lines + ([".fi", ".RE"] if is_open else []) if line]


def _text(text):
    """Paragraphs are filled; tables stay as they are."""
    if any(re.match(r"  .*\S  +\S|   +\S", line) for line in text):
        return [".nf"] + [_escaped(line[2:]) if line.strip() else ".sp" for line in text] + [".fi"]
    return [_escaped(line.strip()) if line.strip() else ".PP" for line in text]


def _lowered(sentence):
    """A sentence as the part of a line behind a hyphen."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _escaped(text):
    """Text as troff shows it: hyphens that can be copied, no line that begins like a request."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return "\\&" + escaped if escaped.startswith((".", "'")) else escaped
