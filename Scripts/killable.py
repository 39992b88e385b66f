"""The command under test as a process that can be killed."""
import os
import signal
import subprocess
import sys


class Killable:
    """Runs of `arssr` in a folder."""

    def __init__(self, arssr, folder):
        self.arssr = os.path.abspath(arssr)
        self.folder = folder

    def start(self, words, environment=None):
        """A run in the background; its messages are to be read from stderr."""
        return subprocess.Popen(
            [self.arssr, *words], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})},
            # A shell in the background hands down an ignored SIGINT.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))

    def finish(self, words):
        """A run that nobody kills; ends the script when it fails."""
        process = self.start(words)
        _, message = process.communicate(timeout=600)
        if process.returncode:
            sys.exit(f"arssr {' '.join(words)} ends with {process.returncode}: {message}")
