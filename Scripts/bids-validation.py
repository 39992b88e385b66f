#!/usr/bin/env python3
"""Makes BIDS datasets with `arssr bids` and `arssr upsample --bids` and asks bids-validator about them.

A raw dataset of three participants (one with sessions, one with two contrasts, metadata on several
levels) becomes a derivative dataset with results of a model, of an interpolation, at a stated
resolution, and a table over participants. bids-validator-deno (Tests/requirements.txt) has to find no
error, in the derivative dataset alone and in the raw dataset with it inside. To show that the validator
looks at all, a required field is taken out, which it has to find.

Ends with 1 when one of this is not so.
"""
import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile

from nifti_bytes import write_volume

VALIDATOR = os.path.join(os.path.dirname(sys.executable), "bids-validator-deno")
VOLUMES = {
    "sub-01/anat/sub-01_T1w": (1.0, 1.0, 1.0),
    "sub-01/anat/sub-01_acq-2d_run-1_FLAIR": (1.0, 1.0, 3.0),
    "sub-02/ses-1/anat/sub-02_ses-1_T1w": (1.0, 1.0, 1.0),
    "sub-02/ses-2/anat/sub-02_ses-2_T1w": (1.0, 1.0, 1.0),
    "sub-03/anat/sub-03_rec-norm_T1w": (0.9, 0.9, 1.2),
}


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def make_dataset(root):
    """A raw dataset that the validator finds in order."""
    write(
        os.path.join(root, "dataset_description.json"),
        json.dumps({
            "Name": "Test", "BIDSVersion": "1.10.0", "DatasetType": "raw", "License": "CC0",
            "Authors": ["A", "B"], "DatasetDOI": "doi:10.18112/openneuro.ds002748.v1.0.5"}))
    write(os.path.join(root, "README.md"), "A dataset made for a test, of waves in place of heads.\n")
    write(
        os.path.join(root, "participants.tsv"), "participant_id\nsub-01\nsub-02\nsub-03\n")
    for suffix in ("T1w", "FLAIR"):
        write(
            os.path.join(root, suffix + ".json"),
            json.dumps({"MagneticFieldStrength": 3, "Manufacturer": "None", "SliceThickness": 1}))
    for name, spacing in VOLUMES.items():
        place = os.path.join(root, name + ".nii")
        os.makedirs(os.path.dirname(place), exist_ok=True)
        write_volume(place, (24, 22, 20), spacing)
        with open(place, "rb") as source, gzip.open(place + ".gz", "wb") as target:
            target.write(source.read())
        os.unlink(place)


def issues(root, severity="error"):
    """The issues of a dataset, as texts."""
    # The validator tells by its status too; what counts is the list.
    ended = subprocess.run(
        [VALIDATOR, "--format", "json", root], capture_output=True, text=True, check=False)
    try:
        report = json.loads(ended.stdout)
    except json.JSONDecodeError:
        sys.exit(f"bids-validator printed no report: {ended.stderr.strip()}")
    return [
        f"{issue['code']} {issue.get('subCode', '')} {issue.get('location', '')} "
        f"{issue.get('issueMessage', '')}"
        for issue in report["issues"]["issues"] if issue["severity"] == severity
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command under test")
    options = parser.parse_args()
    arssr = os.path.abspath(options.arssr)
    failures = []
    with tempfile.TemporaryDirectory(prefix="arssr-bids-") as folder:
        raw = os.path.join(folder, "ds")
        out = os.path.join(raw, "derivatives", "arssr")
        make_dataset(raw)
        failures += [f"the raw dataset: {text}" for text in issues(raw)]

        def run(*words):
            ended = subprocess.run(
                [arssr, *words], cwd=folder, capture_output=True, text=True, check=False)
            if ended.returncode != 0:
                sys.exit(f"arssr {' '.join(words)}: status {ended.returncode}: {ended.stderr}")

        run("bids", raw, out, "participant", "--suffixes", "T1w,FLAIR")
        run("upsample", "--bids", "--method", "cubic", "--isotropic", "--res", raw, out,
            "--suffixes", "FLAIR", "--skull-stripped", "no")
        run("upsample", "--bids", "--spacing", "0.5", "--res", "--desc", "arssrFine", raw, out,
            "--session-label", "2")
        run("bids", raw, out, "group", "--suffixes", "T1w,FLAIR")
        made = sum(
            name.endswith(".nii.gz") for _, _, names in os.walk(out) for name in names)
        if made != len(VOLUMES) + 2:
            failures.append(f"{made} results, {len(VOLUMES) + 2} expected")
        failures += [f"the derivative dataset: {text}" for text in issues(out)]
        failures += [f"both datasets: {text}" for text in issues(raw)]
        warnings = sorted({text.split()[0] for text in issues(out, "warning")})

        # What the validator asks for is asked for indeed.
        place = os.path.join(out, "sub-01", "anat", "sub-01_desc-arssr_T1w.json")
        with open(place, encoding="utf-8") as file:
            sidecar = json.load(file)
        del sidecar["SkullStripped"]
        write(place, json.dumps(sidecar))
        if not any("SkullStripped" in text or "SKULL" in text.upper() for text in issues(out)):
            failures.append("the validator does not miss SkullStripped")
    for text in failures:
        print(f"FAIL {text}")
    print(
        f"BIDS: {made} results, {len(failures)} errors; warnings of the validator: "
        + (", ".join(warnings) or "none"))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
