#!/usr/bin/env python3
"""Runs `Examples/slurm/array.sh` on a real Slurm and `Examples/snakemake` with Snakemake.

Slurm: 24 volumes, an array of four tasks of one core each on a cluster of this one machine. In the
middle one task is requeued and one cancelled; then the same array is submitted again. What has to hold:
nothing is lost (all results are there, with the bytes of one run without Slurm, and no other file), and
nothing is done twice (no log tells of a result twice, and no result that was there was touched).

Snakemake: the same volumes by its own jobs; the same bytes; a second run has nothing to do.

    cluster-test.py --arssr ARSSR --snakemake SNAKEMAKE [--volumes 24]

Needs root, slurm-wlm and munge (apt), Snakemake (Tests/requirements-cluster.txt). Ends with 1 when
something does not hold.
"""
import argparse
import gzip
import os
import re
import subprocess
import sys
import tempfile
import time

from nifti_bytes import write_volume
from result_files import digests, finished
from slurm_cluster import Cluster

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ARRAY = os.path.join(REPOSITORY, "Examples", "slurm", "array.sh")
SNAKEFILE = os.path.join(REPOSITORY, "Examples", "snakemake", "Snakefile")
TASKS = 4
# Slow enough for a task to be met in its middle.
WORDS = ["--exact", "--self-ensemble", "--scale", "3"]


def make_volumes(folder, count):
    os.mkdir(folder)
    for index in range(count):
        plain = os.path.join(folder, f"sub-{index:02d}_T1w.nii")
        write_volume(plain, (14 + index % 3, 13, 12 + index % 4))
        with open(plain, "rb") as source, gzip.open(plain + ".gz", "wb") as target:
            target.write(source.read())
        os.unlink(plain)


def run_array(cluster, folder, count, between=lambda job: None):
    """Submits the array, lets `between` disturb it, and waits for its end; returns the states."""
    job = cluster.submit(
        f"--array=1-{TASKS}", "--cpus-per-task=1", "--mem=0", "--chdir=" + folder,
        "--output=" + os.path.join(folder, "task-%A-%a.txt"), "--open-mode=append", ARRAY,
        "volumes", "slurm", "--log-file", "made.log", *WORDS)
    between(job)
    begun = time.monotonic()
    while True:
        states = cluster.states(job)
        if states and not set(states.values()) & {
            "PENDING", "RUNNING", "COMPLETING", "REQUEUED", "CONFIGURING"}:
            return states
        if time.monotonic() - begun > 600:
            sys.exit(f"the array has not ended: {states}")
        time.sleep(0.3)


def slurm_part(options, folder, wrong):
    place = os.path.join(folder, "slurm")
    done_before = {}

    def disturb(job):
        # Both tasks are met with something done and something left.
        while len(finished(place)) < 4:
            time.sleep(0.05)
        cluster.call("scontrol", "requeue", f"{job}_1")
        cluster.call("scancel", f"{job}_2")

    with tempfile.TemporaryDirectory(prefix="arssr-slurm-") as own:
        with Cluster(own, cores=2) as cluster:
            first = run_array(cluster, folder, options.volumes, disturb)
            done_before.update(finished(place))
            print(f"Slurm: tasks ended {first}, {len(done_before)} of {options.volumes} done")
            if len(done_before) == options.volumes:
                wrong.append("the cancelled task left nothing to do, so nothing was shown")
            second = run_array(cluster, folder, options.volumes)
            print(f"Slurm: submitted again, tasks ended {second}")
    if set(second.values()) != {"COMPLETED"}:
        wrong.append(f"the second array ended {second}")
    if "CANCELLED" not in first.values():
        wrong.append(f"no task was cancelled: {first}")
    after = finished(place)
    wrong += [f"{name} was made again" for name in done_before if after[name] != done_before[name]]
    with open(os.path.join(folder, "made.log"), encoding="utf-8") as file:
        made = re.findall(r"arssr: (\S+): done in ", file.read())
    wrong += [f"{name} is told of twice" for name in set(made) if made.count(name) > 1]
    restarts = sum("part 1 of" in line for line in open(os.path.join(folder, "made.log")))
    if restarts < 3:
        wrong.append(f"task 1 began {restarts} times, 3 expected: begun, requeued, submitted again")
    if digests(place) != digests(os.path.join(folder, "measure")):
        wrong.append("the results of Slurm differ from those of one run")


def snakemake_part(options, folder, wrong):
    command = [
        options.snakemake, "--snakefile", SNAKEFILE, "--directory", folder, "--cores", "2",
        "--config", f"arssr={options.arssr}", "input=volumes", "output=snakemake",
        f"options={' '.join(WORDS)}"]

    def run():
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            sys.exit(f"snakemake: {ended.stderr[-2000:]}")
        return ended.stderr

    run()
    if digests(os.path.join(folder, "snakemake")) != digests(os.path.join(folder, "measure")):
        wrong.append("the results of Snakemake differ from those of one run")
    if "Nothing to be done" not in run():
        wrong.append("a second run of Snakemake finds something to do")
    print(f"Snakemake: {options.volumes} jobs, and none in a second run")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command under test")
    parser.add_argument("--snakemake", required=True, help="Snakemake's command")
    parser.add_argument("--volumes", type=int, default=24)
    options = parser.parse_args()
    options.arssr = os.path.abspath(options.arssr)
    # The examples call arssr by its name.
    os.environ["PATH"] = os.path.dirname(options.arssr) + ":" + os.environ["PATH"]
    wrong = []
    with tempfile.TemporaryDirectory(prefix="arssr-cluster-") as folder:
        make_volumes(os.path.join(folder, "volumes"), options.volumes)
        subprocess.run(
            [options.arssr, "upsample", "--quiet", *WORDS, "volumes", "measure"], cwd=folder, check=True)
        slurm_part(options, folder, wrong)
        snakemake_part(options, folder, wrong)
    for text in wrong:
        print(f"FAIL {text}")
    print(f"clusters: {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
