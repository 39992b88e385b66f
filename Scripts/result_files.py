"""What a folder of results holds, for scripts that compare runs. Standard library only."""
import hashlib
import os


def digests(folder):
    """SHA-256 of every file of a folder, hidden ones too."""
    sums = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            sums[name] = hashlib.sha256(file.read()).hexdigest()
    return sums


def finished(folder):
    """Name, number and time of change of every result whose sidecar is there."""
    found = {}
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        sidecar = name.removesuffix(".nii.gz") + ".json"
        if name.endswith(".nii.gz") and not name.startswith("."):
            if os.path.exists(os.path.join(folder, sidecar)):
                status = os.stat(os.path.join(folder, name))
                found[name] = (status.st_ino, status.st_mtime_ns)
    return found
