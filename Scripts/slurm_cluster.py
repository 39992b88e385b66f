"""A Slurm cluster of one machine, with everything it writes in a folder of its own.

Needs root, and Debian's slurm-wlm and munge. As a context manager it starts munged, slurmctld and slurmd
and ends exactly these.
"""
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel")

# A requeued job waits until its credentials have run out, by default for two minutes.
CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmdPort={other}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=10
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
KillWait=5
SchedulerParameters=sched_interval=2
MinJobAge=600
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """Starts on entry, ends on exit."""

    def __init__(self, folder, cores):
        missing = [name for name in PROGRAMS if self.program(name) is None]
        if missing:
            sys.exit(f"these are missing (apt: slurm-wlm, munge): {' '.join(missing)}")
        if os.geteuid() != 0:
            sys.exit("a cluster of one's own needs root: slurmd starts jobs for users")
        self.folder = folder
        self.processes = []
        for name in ("state", "spool"):
            os.mkdir(os.path.join(folder, name))
        # munged wants folders that nobody else may write, jobs want to read their own.
        os.chmod(folder, 0o755)
        key = os.path.join(folder, "munge.key")
        with open(os.open(key, os.O_WRONLY | os.O_CREAT, 0o400), "wb") as file:
            file.write(secrets.token_bytes(1024))
        self.configuration = os.path.join(folder, "slurm.conf")
        with open(self.configuration, "w", encoding="utf-8") as file:
            file.write(
                CONFIGURATION.format(
                    host=socket.gethostname().split(".")[0], folder=folder, cores=cores,
                    port=free_port(), other=free_port()))

    @staticmethod
    def program(name):
        return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")

    def __enter__(self):
        folder = self.folder
        self.start(
            "munged", "--foreground", "--force", f"--key-file={folder}/munge.key",
            f"--socket={folder}/munge.socket", f"--pid-file={folder}/munged.pid",
            f"--log-file={folder}/munged.log", f"--seed-file={folder}/munge.seed")
        self.wait("munged", lambda: os.path.exists(f"{folder}/munge.socket"))
        self.start("slurmctld", "-D", "-f", self.configuration)
        self.wait("slurmctld", lambda: "UP" in self.call("scontrol", "ping", check=False))
        self.start("slurmd", "-D", "-f", self.configuration)
        self.wait("slurmd", lambda: "State=IDLE" in self.call("scontrol", "show", "node"))
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, name, *words):
        with open(os.path.join(self.folder, name + ".out"), "wb") as output:
            self.processes.append(
                subprocess.Popen(
                    [self.program(name), *words], stdin=subprocess.DEVNULL, stdout=output,
                    stderr=subprocess.STDOUT, env=self.environment()))

    def environment(self):
        return {**os.environ, "SLURM_CONF": self.configuration}

    def call(self, name, *words, check=True):
        """What a program of Slurm prints."""
        ended = subprocess.run(
            [self.program(name), *words], capture_output=True, text=True, check=False,
            env=self.environment())
        if check and ended.returncode != 0:
            sys.exit(f"{name} {' '.join(words)}: {ended.stderr.strip()}")
        return ended.stdout

    def wait(self, what, condition, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                sys.exit(f"{what}: not ready after {seconds} s; see {self.folder}")
            time.sleep(0.1)

    def submit(self, *words):
        """Submits a script; returns the number of the job."""
        return self.call("sbatch", "--parsable", *words).strip()

    def states(self, job):
        """The state of every task of an array that is known, by its number."""
        lines = self.call(
            "squeue", "--noheader", "--array", "--states=all", f"--jobs={job}",
            "--format=%K %T", check=False).splitlines()
        return dict(line.split() for line in lines if line.strip())
