"""Completion scripts, as the argument parser makes them."""

PLACES = {"bash": "arssr.bash", "zsh": "_arssr", "fish": "arssr.fish"}


def files(program):
    scripts = {}
    for shell, name in PLACES.items():
        script = program.run("--generate-completion-script", shell)
        # Shells read the file into themselves: it is no program of its own.
        if script.startswith("#!"):
            script = script.split("\n", 1)[1].lstrip("\n")
        scripts[f"completions/{name}"] = script.rstrip("\n") + "\n"
    return scripts
