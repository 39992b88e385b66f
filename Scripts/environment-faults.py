#!/usr/bin/env python3
"""Runs the cases of Tests/Faults/environment.json: what the operating system can do to a run.

Missing and odd files, full and read-only disks, refused memory, threads and descriptors, failing
writes, wrong command lines. Each case states its exit status and the words its message must hold;
also checked are the form of the message, that no output exists after a refusal, and that no
temporary is left. Cases of file permissions run as an unprivileged user where this one is root.

Standard library only, plus a C compiler for Tests/Preload. Ends with 1 when a case fails.
"""
import argparse
import errno
import glob
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

from nifti_bytes import write_volume
from preload import build_preload

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NOBODY = 65534
TIME_LIMIT = 10


class Skip(Exception):
    """This case cannot be meant on this machine; the text says why."""


class Bench:
    """A fresh folder with a good volume `in.nii`, and ways to run the command in it."""

    def __init__(self, arssr, preload, model):
        self.arssr = arssr
        self.preload = preload
        self.model = model
        self.folder = tempfile.mkdtemp(prefix="arssr-env-")
        os.chmod(self.folder, 0o777)
        self.input = self.path("in.nii")
        self.output = self.path("out.nii")
        self.keeps_output = False
        write_volume(self.input, (12, 10, 8))

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def run(self, arguments, prefix=(), environment=None, stdout=None, limit=TIME_LIMIT, **options):
        command = [*prefix, self.arssr, *arguments]
        full = {**os.environ, "LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"}
        full |= environment or {}
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stdout if stdout is not None else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=full,
            **options,
        )
        try:
            _, message = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return "still running", f"no end within {limit} s"
        status = process.returncode
        return (128 - status if status < 0 else status), message.decode("utf-8", "replace")

    def upsample(self, *arguments, source=None, output=None, **options):
        """The fast way through reading and writing: no network."""
        words = ["upsample", "--method", "linear", "--threads", "1", *arguments]
        return self.run([*words, source or self.input, output or self.output], **options)

    def faulty(self, **settings):
        return {"LD_PRELOAD": self.preload, **{name: str(value) for name, value in settings.items()}}

    def reference(self):
        """The bytes of an undisturbed result."""
        status, message = self.upsample(output=self.path("reference.nii"))
        if status != 0:
            raise AssertionError(f"the undisturbed run ends with {status}: {message}")
        with open(self.path("reference.nii"), "rb") as file:
            return file.read()

    def expect_reference(self, output=None):
        with open(output or self.output, "rb") as file:
            if file.read() != self.reference():
                raise AssertionError("the output differs from that of an undisturbed run")
        self.keeps_output = True

    def unprivileged(self):
        """A prefix that drops root's exemption from permissions, or nothing for other users."""
        if os.geteuid() != 0:
            return []
        prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        if not shutil.which("setpriv"):
            raise Skip("root without setpriv")
        probe = subprocess.run([*prefix, self.arssr, "--version"], capture_output=True, check=False)
        if probe.returncode != 0:
            raise Skip("an unprivileged user cannot start this build")
        return prefix

    def own_mounts(self, script):
        """A prefix that runs `script` in a mount namespace of its own before the command."""
        flags = "-m" if os.geteuid() == 0 else "-Umr"
        if subprocess.run(["unshare", flags, "true"], capture_output=True, check=False).returncode:
            raise Skip("no mount namespaces here")
        return ["unshare", flags, "sh", "-c", f'{script} && exec "$@"', "sh"]

    def close(self):
        for folder, _, _ in os.walk(self.folder):
            os.chmod(folder, 0o755)
        shutil.rmtree(self.folder)


# MARK: Inputs


def in_missing(bench):
    return bench.upsample(source=bench.path("none.nii"))


def in_empty_name(bench):
    return bench.run(["upsample", "--method", "linear", "", bench.output])


def in_dir(bench):
    os.mkdir(bench.path("d.nii"))
    return bench.upsample(source=bench.path("d.nii"))


def in_dir_model(bench):
    os.mkdir(bench.path("m.safetensors"))
    return bench.run(["models", "verify", bench.path("m.safetensors")])


def in_fifo(bench):
    os.mkfifo(bench.path("f.nii"))
    return bench.upsample(source=bench.path("f.nii"), limit=2)


def in_dev_zero(bench):
    os.symlink("/dev/zero", bench.path("z.nii"))
    return bench.upsample(source=bench.path("z.nii"))


def in_socket(bench):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(bench.path("s.nii"))
        return bench.upsample(source=bench.path("s.nii"))


def in_loop(bench):
    os.symlink("b.nii", bench.path("a.nii"))
    os.symlink("a.nii", bench.path("b.nii"))
    return bench.upsample(source=bench.path("a.nii"))


def in_dangling(bench):
    os.symlink("nowhere.nii", bench.path("d.nii"))
    return bench.upsample(source=bench.path("d.nii"))


def in_noperm(bench):
    os.chmod(bench.input, 0)
    return bench.upsample(prefix=bench.unprivileged())


def in_dir_noperm(bench):
    os.mkdir(bench.path("closed"))
    os.rename(bench.input, bench.path("closed", "in.nii"))
    os.chmod(bench.path("closed"), 0)
    return bench.upsample(source=bench.path("closed", "in.nii"), prefix=bench.unprivileged())


def in_longname(bench):
    return bench.upsample(source=bench.path("a" * 296 + ".nii"))


def in_badutf8(bench):
    name = os.fsencode(bench.folder) + b"/caf\xe9.nii"
    os.rename(bench.input, name)
    status = bench.upsample(source=name)
    os.rename(name, bench.input)
    bench.expect_reference()
    return status


def in_newline(bench):
    return bench.upsample(source=bench.path("a\n\x1b[31mb.nii"))


def in_proc(bench):
    os.symlink("/proc/self/status", bench.path("p.nii"))
    return bench.upsample(source=bench.path("p.nii"))


def in_shrinks(bench):
    write_volume(bench.input, (256, 256, 64))
    return bench.upsample(environment=bench.faulty(FAULT_SHRINK=bench.input))


# MARK: Outputs


def out_dir_missing(bench):
    return bench.upsample(output=bench.path("none", "o.nii"))


def out_is_dir(bench):
    os.mkdir(bench.output)
    bench.keeps_output = True
    return bench.upsample()


def out_readonly_dir(bench):
    os.mkdir(bench.path("closed"), 0o555)
    return bench.upsample(output=bench.path("closed", "o.nii"), prefix=bench.unprivileged())


def out_readonly_fs(bench):
    os.mkdir(bench.path("disk"))
    disk = bench.path("disk")
    mounts = bench.own_mounts(f"mount -t tmpfs none {disk} && mount -o remount,ro {disk}")
    return bench.upsample(output=bench.path("disk", "o.nii"), prefix=mounts)


def out_exists(bench):
    with open(bench.output, "w", encoding="ascii") as file:
        file.write("precious")
    result = bench.upsample()
    with open(bench.output, encoding="ascii") as file:
        if file.read() != "precious":
            raise AssertionError("the existing file was changed")
    bench.keeps_output = True
    return result


def out_same(bench):
    return bench.upsample("--force", output=bench.path(".", "in.nii"))


def out_bad_suffix(bench):
    return bench.upsample(output=bench.path("o.mha"))


def out_full_tmpfs(bench):
    write_volume(bench.input, (32, 32, 32))
    os.mkdir(bench.path("disk"))
    mounts = bench.own_mounts(f"mount -t tmpfs -o size=64k none {bench.path('disk')}")
    return bench.upsample(output=bench.path("disk", "o.nii"), prefix=mounts)


def out_full_rlimit(bench):
    write_volume(bench.input, (32, 32, 32))
    return bench.upsample(prefix=["prlimit", "--fsize=16384"])


def out_dev_full(bench):
    # Any file that a run writes shows it; the link gives the device a name with a known ending.
    os.symlink("/dev/full", bench.path("full.nii"))
    return bench.upsample("--no-sidecar", output=bench.path("full.nii"))


def out_stdout_full(bench):
    with open("/dev/full", "w", encoding="ascii") as full:
        return bench.run(["info", bench.input], stdout=full)


def out_sigpipe(bench):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        status, message = bench.run(["info", bench.input], stdout=writer)
    finally:
        os.close(writer)
    if message:
        raise AssertionError(f"message to nobody: {message!r}")
    return (141 if status == 74 else status), message


def out_quota(bench):
    return bench.upsample(environment=bench.faulty(FAULT_CALL="write", FAULT_ERRNO=errno.EDQUOT))


def out_eio(bench):
    return bench.upsample(environment=bench.faulty(FAULT_CALL="fsync", FAULT_ERRNO=errno.EIO))


def out_short(bench):
    result = bench.upsample(environment=bench.faulty(FAULT_SHORT=1))
    bench.expect_reference()
    return result


def out_rename(bench):
    return bench.upsample(environment=bench.faulty(FAULT_CALL="rename", FAULT_ERRNO=errno.EXDEV))


# MARK: Signals


def killed(bench, kind):
    """Stops a run by `kind` once its temporary exists; Scripts/kill-test.py does this at length."""
    write_volume(bench.input, (128, 128, 128))
    process = subprocess.Popen(
        [bench.arssr, "upsample", "--method", "cubic", "--scale", "3", bench.input, bench.output],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while process.poll() is None and not glob.glob(bench.path(".out.nii*")):
        pass
    process.send_signal(kind)
    _, message = process.communicate(timeout=2)
    if kind == signal.SIGKILL:
        for name in glob.glob(bench.path(".*.arssr-tmp")):
            os.unlink(name)
    return 128 - process.returncode, message.decode("utf-8", "replace")


def kill_term(bench):
    return killed(bench, signal.SIGTERM)


def kill_int(bench):
    return killed(bench, signal.SIGINT)


def kill_9(bench):
    return killed(bench, signal.SIGKILL)


# MARK: Resources


def mem_rlimit(bench):
    # The budget is given, so that the plan is content and the system's refusal is what counts.
    write_volume(bench.input, (160, 160, 160), smooth=False)
    words = ["upsample", "--model", bench.model, "--max-memory", "8G", bench.input, bench.output]
    return bench.run(words, prefix=["prlimit", "--as=300000000"])


def mem_budget(bench):
    write_volume(bench.input, (300, 300, 300), smooth=False)
    words = ["upsample", "--model", bench.model, "--max-memory", "64M", bench.input, bench.output]
    return bench.run(words)


def fd_limit(bench):
    # Not 3: then the dynamic linker cannot open the program's libraries.
    return bench.upsample(prefix=["prlimit", "--nofile=4"])


def thread_limit(bench):
    words = ["upsample", "--method", "linear", "--threads", "2", bench.input, bench.output]
    prefix = [*bench.unprivileged(), "prlimit", "--nproc=1"]
    if len(os.sched_getaffinity(0)) < 2:
        raise Skip("one processor only")
    status, message = bench.run(words, prefix=prefix)
    if status == 0 and "thread" in message:
        # Going on with fewer threads and a warning is the other right answer.
        bench.keeps_output = True
        return 71, message.replace("warning", "error", 1)
    return status, message


def fds_closed(bench):
    result = bench.upsample(prefix=["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"])
    bench.expect_reference()
    return result


def locale(bench):
    result = bench.upsample("--scale", "1.5", environment={"LC_ALL": "de_DE.UTF-8"})
    other = bench.path("plain.nii")
    bench.upsample("--scale", "1.5", output=other)
    with open(bench.output, "rb") as one, open(other, "rb") as two:
        if one.read() != two.read():
            raise AssertionError("the locale changes the output")
    bench.keeps_output = True
    return result


def cwd_gone(bench):
    os.mkdir(bench.path("gone"))
    gone = bench.path("gone")
    result = bench.upsample(prefix=["sh", "-c", f'cd {gone} && rmdir {gone} && exec "$@"', "sh"])
    bench.expect_reference()
    return result


# MARK: Command lines


def scale(text):
    return lambda bench: bench.upsample("--scale", text)


def opt_unknown(bench):
    return bench.upsample("--sclae", "2")


def opt_novalue(bench):
    return bench.run(["upsample", bench.input, bench.output, "--scale"])


def threads_zero(bench):
    return bench.run(["upsample", "--threads", "0", bench.input, bench.output])


def cmd_unknown(bench):
    return bench.run(["upsmaple", bench.input, bench.output])


def like_missing(bench):
    return bench.upsample("--like", bench.path("none.nii"))


def like_and_scale(bench):
    return bench.upsample("--like", bench.input, "--scale", "2")


def like_apart(bench):
    write_volume(bench.path("far.nii"), (12, 10, 8), origin=(10_000.0, 0.0, 0.0))
    return bench.upsample("--like", bench.path("far.nii"))


CASES = {
    name.replace("_", "-"): function
    for name, function in list(globals().items())
    if re.match("(in|out|kill|mem|fd|fds|thread|threads|cwd|opt|cmd|like)_", name)
} | {
    "locale": locale,
    "scale-zero": scale("0"),
    "scale-neg": scale("-2"),
    "scale-nan": scale("nan"),
    "scale-inf": scale("inf"),
    "scale-text": scale("two"),
    "scale-huge": scale("1e9"),
    "scale-two": scale("2,3"),
}


def complaints(case, bench, status, message):
    """What is wrong with the end of a case, as texts."""
    wrong = []
    if status != case["exit"]:
        wrong.append(f"status {status}, wanted {case['exit']}")
    lines = [line for line in message.split("\n") if line]
    head = lines[0] if lines else ""
    if 0 < case["exit"] < 128:
        if not head.startswith("arssr: error: "):
            wrong.append('the first line is not "arssr: error: ..."')
        if case["exit"] != 64 and len(lines) != 1:
            wrong.append(f"{len(lines)} lines on standard error")
        if len(head.encode()) > 512:
            wrong.append("the message is longer than 512 bytes")
        for words in case["message_contains"]:
            choice = words if isinstance(words, list) else [words]
            if not any(word.lower() in head.lower() for word in choice):
                wrong.append(f"words missing: {words}")
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", message):
        wrong.append("control character in the message")
    if os.path.exists(bench.output) and not bench.keeps_output:
        wrong.append("an output exists")
    left = [name for name in os.listdir(bench.folder) if name.startswith(".")]
    if left:
        wrong.append(f"left behind: {left}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command under test")
    parser.add_argument("--case", help="only cases whose name holds this")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    with open(os.path.join(REPOSITORY, "Tests", "Faults", "environment.json"), encoding="utf-8") as file:
        cases = [case for case in json.load(file)["cases"] if (options.case or "") in case["id"]]
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    with tempfile.TemporaryDirectory(prefix="arssr-env-") as shared:
        os.chmod(shared, 0o755)
        preload = build_preload(shared)
        # Where an unprivileged user reaches it too.
        model = shutil.copy(os.path.join(REPOSITORY, "Models", "interim.safetensors"), shared)
        for case in cases:
            bench = Bench(os.path.abspath(options.arssr), preload, model)
            try:
                status, message = CASES[case["id"]](bench)
                wrong = complaints(case, bench, status, message)
            except Skip as reason:
                counts["skipped"] += 1
                print(f"skip {case['id']}: {reason}")
                continue
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                wrong, message = [str(error)], ""
            finally:
                bench.close()
            first = message.split("\n")[0][:160]
            counts["failed" if wrong else "passed"] += 1
            if wrong:
                print(f"FAIL {case['id']} | {case['wrong']} | {'; '.join(wrong)} | {first}")
            elif options.verbose:
                print(f"ok   {case['id']} | {first}")
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    return 1 if counts["failed"] or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
