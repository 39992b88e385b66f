"""The program whose models are scored, and the scores of runs that were made before."""
import json
import subprocess
import sys


class ScoredRuns:
    """Runs the program in a work folder, and remembers scores, in WORK/scores.json if no other file is named.

    options: arssr, threads, work and, where there is one, scores, as the scripts' arguments give them.
    """

    def __init__(self, options):
        self.arssr = options.arssr
        self.threads = str(options.threads)
        self.work = options.work
        self.work.mkdir(parents=True, exist_ok=True)
        self.memory = getattr(options, "scores", None) or self.work / "scores.json"
        self.known = json.loads(self.memory.read_text()) if self.memory.exists() else {}

    def run(self, *words):
        """What a command prints. The command's own message ends the script when it fails."""
        command = [self.arssr, *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(command)}\n{done.stderr}")
        return done.stdout

    def work_on(self, *words):
        """The same for a command that computes."""
        return self.run(*words, "--quiet", "--threads", self.threads)

    def information(self, path):
        """What `models info` knows of a model: checksum, kind, variants, card."""
        return json.loads(self.run("models", "info", path, "--format", "json"))

    def foreground_report(self, results, truth):
        """PSNR and SSIM of results, as `evaluate` lists them: all voxels, and where the truth is above 0."""
        words = ["--format", "json", "--metrics", "psnr,ssim", "--mask", "foreground"]
        return json.loads(self.work_on("evaluate", *words, *results, truth))["items"]

    def remembered(self, keys, compute):
        """Scores by name; compute(names) gives those whose key is new."""
        missing = [name for name, key in keys.items() if key not in self.known]
        if missing:
            for name, scores in compute(missing).items():
                self.known[keys[name]] = scores
            # A line for each, so that changes can be read.
            lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(self.known.items())]
            self.memory.write_text("{" + ",\n".join(lines) + "}\n")
        return {name: self.known[key] for name, key in keys.items()}
