#!/usr/bin/env python3
"""Holds `arssr evaluate` against scikit-image, SciPy and NumPy on a real pair of volumes.

The truth is made coarser and brought back by cubic interpolation; PSNR, SSIM with both windows and NRMSE
of scikit-image, MAE and RMSE of NumPy, HFEN by SciPy's correlation, PSI, LPC-SI and Dice of a three-tissue
segmentation in NumPy (metrics_ports.py) are computed in double precision and compared, all but the last three
also where the truth is above 0. Without --volume the repository's sample is taken. Prints times: of a whole
`arssr evaluate`, files read, with one thread (CPU) and with all (wall), and of the peer's one thread (CPU), which
has the voxels in memory already; the least of --repetitions of each. The ratio is that of the two CPU times
after what reading takes was taken off arssr's. LPIPS is Benchmarks/compare/measure_lpips.py.

Needs nibabel, NumPy, SciPy and scikit-image (Tests/requirements.txt). Ends with 1 when something differs.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

import nibabel
import numpy
from scipy import signal
from skimage import metrics

import metrics_ports

# Both compute in double precision; a mean of 15 million values rounds to about 1e-12 of itself.
TOLERANCE = 1e-9
# Its Fourier transforms are float32 here; its map is continuous.
TOLERANCES = {"lpcsi": 1e-5}


def laplacian_of_gaussian():
    q = numpy.arange(-7, 8) ** 2
    squares = q[:, None, None] + q[None, :, None] + q[None, None, :]
    kernel = numpy.exp(-squares / (2 * 1.5**2))
    kernel = kernel / kernel.sum() * (squares - 3 * 1.5**2) / 1.5**4
    return kernel - kernel.mean()


def filtered(voxels):
    """By the kernel, which is symmetric, with the volume mirrored at its faces."""
    padded = numpy.pad(voxels, 7, mode="symmetric")
    return signal.oaconvolve(padded, laplacian_of_gaussian(), mode="valid")


def peers(image, truth, mask):
    """Per metric what computes its values for both regions."""
    spread = truth.max() - truth.min()
    inner = [numpy.pad(numpy.ones([n - 2 * p for n in truth.shape], bool), p) for p in (3, 5)]
    everywhere = numpy.ones(truth.shape, bool)

    def psnr(region):
        return metrics.peak_signal_noise_ratio(truth[region], image[region], data_range=spread)

    def mae(region):
        return abs(image[region] - truth[region]).mean()

    def rmse(region):
        return numpy.sqrt(((image[region] - truth[region]) ** 2).mean())

    def nrmse(region):
        return metrics.normalized_root_mse(truth[region], image[region])

    def both(function):
        return [function(everywhere), function(mask)]

    def ssim(gaussian):
        options = {"gaussian_weights": True, "sigma": 1.5} if gaussian else {}
        similarity = metrics.structural_similarity(
            image, truth, data_range=spread, full=True, **options)[1]
        return [similarity[inner[gaussian] & region].mean() for region in (everywhere, mask)]

    def hfen():
        error, reference = filtered(image - truth), filtered(truth)
        return both(lambda region: numpy.linalg.norm(error[region])
                    / numpy.linalg.norm(reference[region]))

    def sharpness(function):
        # Of the truth first, as arssr does.
        scales = [metrics_ports.gray(volume, truth) for volume in (truth, image)]
        return [function(volume) for volume in scales][1:]

    def dice():
        return [metrics_ports.dice(*(metrics_ports.tissues(volume, mask) for volume in (image, truth)))]

    return {
        ("mae", "uniform"): lambda: both(mae), ("rmse", "uniform"): lambda: both(rmse),
        ("psnr", "uniform"): lambda: both(psnr), ("nrmse", "uniform"): lambda: both(nrmse),
        ("ssim", "uniform"): lambda: ssim(False), ("ssim", "gaussian"): lambda: ssim(True),
        ("hfen", "uniform"): hfen, ("psi", "uniform"): lambda: sharpness(metrics_ports.volume_psi),
        ("lpcsi", "uniform"): lambda: sharpness(metrics_ports.volume_lpcsi), ("dice", "uniform"): dice,
    }


def timed(call):
    """What a call returns, and its CPU seconds."""
    start = time.process_time()
    values = call()
    return values, time.process_time() - start


def evaluated(arssr, result, truth, metric, window, threads):
    """Values by region, CPU seconds and wall seconds of a whole run, files read."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    output = subprocess.run(
        [arssr, "evaluate", "--quiet", "--threads", threads, "--format", "json", "--metrics", metric,
         "--ssim-window", window, "--mask", "foreground", result, truth],
        check=True, capture_output=True).stdout
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [item[metric] for item in json.loads(output)["items"] if metric in item], seconds, wall


def main():
    repository = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arssr", required=True, help="the command under test")
    parser.add_argument(
        "--volume", default=os.path.join(repository, "Samples", "sub-37_T1w_truth.nii.gz"))
    parser.add_argument("--repetitions", type=int, default=1, help="the least time of so many counts")
    options = parser.parse_args()
    failures = count = 0
    with tempfile.TemporaryDirectory(prefix="arssr-metrics-") as folder:
        coarse, result = (os.path.join(folder, name) for name in ("lr.nii", "result.nii"))
        for words in (["degrade", options.volume, coarse],
                      ["upsample", "--method", "cubic", "--like", options.volume, coarse, result]):
            subprocess.run([options.arssr, *words, "--quiet"], check=True)
        image, truth = (
            nibabel.load(path).get_fdata(dtype=numpy.float32).astype(float)
            for path in (result, options.volume))
        reading = None
        print("metric window arssr peer difference | one thread, all, peer: seconds, ratio")
        for (metric, window), call in peers(image, truth, truth > 0).items():
            words = options.arssr, result, options.volume, metric, window
            runs = [(evaluated(*words, "1"), evaluated(*words, "all"), timed(call))
                    for _ in range(options.repetitions)]
            found, values = runs[0][0][0], runs[0][2][0]
            one, peer_seconds = (min(run[place][1] for run in runs) for place in (0, 2))
            wall = min(run[1][2] for run in runs)
            # MAE comes first: its run reads the files and takes one difference per voxel.
            reading = reading or one
            count += len(values)
            differences = [abs(mine - theirs) for mine, theirs in zip(found, values, strict=True)]
            for region, difference, theirs in zip(("whole", "mask"), differences, values):
                if not difference <= TOLERANCES.get(metric, TOLERANCE) * max(1, abs(theirs)):
                    failures += 1
                    print(f"{metric} {window} {region}: DIFFERENT", file=sys.stderr)
            ratio = f"{peer_seconds / (one - reading):.1f}" if one > reading else "-"
            print(f"{metric} {window} {'/'.join(f'{value:.9g}' for value in found)} "
                  f"{'/'.join(f'{value:.9g}' for value in values)} {max(differences):.0e} | "
                  f"{one:.2f} {wall:.2f} {peer_seconds:.2f} {ratio}", flush=True)
        print(f"reading takes arssr {reading:.2f} s, which is a part of its times and not of the ratios")
    print(f"metrics: {failures} of {count} scores differ")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
