"""The library of Tests/Preload that makes file operations of a program go wrong."""
import os
import shutil
import subprocess
import sys

SOURCE = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Tests", "Preload", "faulty-io.c")


def build_preload(folder):
    """Compiles it into the folder and returns its path. The source says what to set."""
    swift = shutil.which("swift")
    beside = os.path.join(os.path.dirname(os.path.realpath(swift)), "clang") if swift else None
    compiler = shutil.which("cc") or shutil.which("clang") or beside
    if not compiler:
        sys.exit("a C compiler is needed for Tests/Preload")
    library = os.path.join(folder, "faulty-io.so")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
    return library
