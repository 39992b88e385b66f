"""Cases of the protocol: a volume, an operator and a scale; scored once per contender and kept."""
import concurrent.futures
import json
import os
import subprocess
import sys
import threading
import time

from contenders import OPERATORS, digest

METRICS = ["psnr", "ssim", "hfen", "nrmse", "dice", "psi", "lpcsi"]


class Cases:
    """All cases of a run, with a folder in which every one that was scored is a file."""

    def __init__(self, options, contenders):
        self.options = options
        self.contenders = contenders
        self.metrics = METRICS + (["lpips"] if options.lpips_weights else [])
        self.recipe = {"metrics": self.metrics, "lpips": [options.lpips, digest(options.lpips_weights)]
                       if options.lpips_weights else None}
        self.digests = {path: digest(path) for path in options.volumes}
        self.lock = threading.Lock()
        self.done = 0

    def place(self, operator, scale, volume):
        name = os.path.basename(volume).split(".")[0]
        return os.path.join(self.options.work, f"{operator}-{scale}-{name}.json")

    def kept(self, place, volume):
        """What an earlier run left of a case, where it was asked for in the same way."""
        try:
            with open(place, encoding="utf-8") as file:
                case = json.load(file)
        except FileNotFoundError:
            case = {}
        if case.get("recipe") != self.recipe or case.get("volume") != self.digests[volume]:
            case = {"recipe": self.recipe, "volume": self.digests[volume], "results": {}}
        return case

    def run(self, operators):
        """Scores what is not there yet; returns the cases by operator, scale and volume."""
        cases = [(operator, scale, volume) for operator, scales in operators.items()
                 for scale in scales for volume in self.options.volumes]
        found = {}
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            tasks = {pool.submit(self.scored, len(cases), *case): case for case in cases}
            try:
                for task in concurrent.futures.as_completed(tasks):
                    found[tasks[task]] = task.result()
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return found

    def scored(self, count, operator, scale, volume):
        place = self.place(operator, scale, volume)
        case = self.kept(place, volume)
        wanted = [contender for contender in self.contenders if contender.takes(operator, scale)]
        missing = [contender for contender in wanted
                   if contender.identity not in case["results"]]
        seconds = 0
        if missing:
            start = time.monotonic()
            self.score(case, operator, scale, volume, missing)
            seconds = time.monotonic() - start
            self.keep(place, case)
        with self.lock:
            self.done += 1
            what = ", ".join(contender.label for contender in missing)
            print(f"{self.done}/{count} {operator}, scale {scale}, {os.path.basename(volume)}: "
                  + (f"{what} in {seconds:.0f} s" if missing else "was there"), flush=True)
        return case

    def score(self, case, operator, scale, volume, contenders):
        words = [self.options.arssr, "evaluate", "--quiet", "--format", "json", "--truth", volume,
                 *OPERATORS[operator][0], "--scale", scale, "--mask", "foreground",
                 "--slices", "nonempty", "--metrics", ",".join(self.metrics),
                 "--threads", str(self.options.threads)]
        if self.options.lpips_weights:
            words += ["--lpips", self.options.lpips, "--lpips-weights", self.options.lpips_weights]
        for contender in contenders:
            words += contender.words
        run = subprocess.run(words, capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"{' '.join(words)}\n{run.stderr}")
        report = json.loads(run.stdout)
        case["version"], case["machine"] = report["version"], report["machine"]
        for contender in contenders:
            items = [item for item in report["items"] if item["result"] == contender.result]
            case["results"][contender.identity] = {item["region"]: item for item in items}

    def keep(self, place, case):
        """Writes a case under its name as a whole or not at all."""
        with open(place + ".part", "w", encoding="utf-8") as file:
            json.dump(case, file, indent=1)
        os.replace(place + ".part", place)
