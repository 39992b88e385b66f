"""Measures learning and applying gradient filters beside the same computation in numba.

  measure_filters.py --arssr PROGRAM --volume HR.nii.gz [--low LR.nii.gz] [--threads N] [--factor R]

Both learn filters of 11^3 taps in 576 buckets from one volume (ridge, one voxel in three), and both apply
the filters that arssr learned to the LR volume. The numba version does what arssr does, in the same
precision: separable windows, sums over samples sorted by bucket, the upper triangle only, in parallel.
Beside it stands the same with the products left to NumPy's BLAS, which numba cannot call for rows that
it gathers itself. Prints a Markdown table of seconds; reading, compiling and writing are left out of the
peers' times, and are part of arssr's.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import pathlib
import platform
import subprocess
import tempfile
import time

import numba
import numpy as np
import scipy.linalg
from numba import njit, prange
from scipy.ndimage import zoom

PATCH, WINDOW, BINS, SIGMA, RIDGE = 11, 9, 8, 0.85, 1e-5
HALF, RADIUS = PATCH // 2, WINDOW // 2
TAPS = PATCH**3


def read(path: pathlib.Path) -> np.ndarray:
    """The voxels of a NIfTI-1 file, [i][j][k]."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    size = np.frombuffer(data, "<i2", 8, 40)[1:4]
    kinds = {2: "u1", 4: "<i2", 8: "<i4", 16: "<f4", 64: "<f8", 512: "<u2"}
    kind = kinds[int(np.frombuffer(data, "<i2", 1, 70)[0])]
    offset, slope, inter = np.frombuffer(data, "<f4", 3, 108)
    values = np.frombuffer(data, kind, int(np.prod(size.astype(int))), int(offset)).astype(np.float64)
    if slope not in (0, 1) or inter != 0:
        values = values * (slope or 1) + inter
    return values.reshape(size[::-1].astype(int)).transpose(2, 1, 0)


def pair(volume: np.ndarray, factor: int) -> tuple[np.ndarray, np.ndarray]:
    """The LR image and the HR image, cut and divided by the largest intensity."""
    ordered = np.partition(volume.ravel(), int(volume.size * 999 // 1000))
    high = np.clip(volume, 0, ordered[int(volume.size * 999 // 1000)])
    size = [n // factor * factor for n in high.shape]
    high = high[: size[0], : size[1], : size[2]].astype(np.float32)
    low = zoom(high, 1 / factor, order=2, prefilter=False)
    image = zoom(low, factor, order=2, prefilter=False).clip(0, high.max())
    box = []
    for axis in range(3):
        others = tuple(a for a in range(3) if a != axis)
        planes = np.flatnonzero(high.any(axis=others))
        first = max(planes[0], HALF)
        last = min(planes[-1], size[axis] - HALF - 1)
        box.append(slice((first - HALF) // factor * factor, last + HALF))
    top = float(high.max())
    return tuple(np.ascontiguousarray(x[tuple(box)], np.float64) / top for x in (image, high))


@njit(parallel=True, fastmath=True, cache=True)
def features(image: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Strength, coherence and direction of every voxel whose patch lies in the volume."""
    ni, nj, nk = image.shape
    result = np.zeros((ni, nj, nk, 5))
    products = np.zeros((6, ni, nj, nk))
    for i in prange(ni):
        for j in range(nj):
            for k in range(nk):
                a, b = max(i - 1, 0), min(i + 1, ni - 1)
                c, d = max(j - 1, 0), min(j + 1, nj - 1)
                e, f = max(k - 1, 0), min(k + 1, nk - 1)
                x = (image[b, j, k] - image[a, j, k]) / (b - a)
                y = (image[i, d, k] - image[i, c, k]) / (d - c)
                z = (image[i, j, f] - image[i, j, e]) / (f - e)
                products[0, i, j, k] = x * x
                products[1, i, j, k] = y * y
                products[2, i, j, k] = z * z
                products[3, i, j, k] = x * y
                products[4, i, j, k] = x * z
                products[5, i, j, k] = y * z
    smooth = np.zeros_like(products)
    for i in prange(HALF, ni - HALF):
        for p in range(6):
            for t in range(WINDOW):
                for j in range(nj):
                    for k in range(nk):
                        smooth[p, i, j, k] += weights[t] * products[p, i + t - RADIUS, j, k]
    for i in prange(HALF, ni - HALF):
        rows = np.zeros((6, nj, nk))
        for p in range(6):
            for j in range(HALF, nj - HALF):
                for t in range(WINDOW):
                    for k in range(nk):
                        rows[p, j, k] += weights[t] * smooth[p, i, j + t - RADIUS, k]
        matrix = np.zeros((3, 3))
        for j in range(HALF, nj - HALF):
            for k in range(HALF, nk - HALF):
                if image[i, j, k] == 0:
                    continue
                sums = np.zeros(6)
                for p in range(6):
                    for t in range(WINDOW):
                        sums[p] += weights[t] * rows[p, j, k + t - RADIUS]
                matrix[0, 0], matrix[1, 1], matrix[2, 2] = sums[0], sums[1], sums[2]
                matrix[0, 1] = matrix[1, 0] = sums[3]
                matrix[0, 2] = matrix[2, 0] = sums[4]
                matrix[1, 2] = matrix[2, 1] = sums[5]
                values, vectors = np.linalg.eigh(matrix)
                r1 = math.sqrt(max(values[2], 0.0))
                r2 = math.sqrt(max(values[1], 0.0))
                r3 = math.sqrt(max(values[0], 0.0))
                total = r1 + r2 + r3
                v0, v1, v2 = vectors[0, 2], vectors[1, 2], vectors[2, 2]
                azimuth = math.atan2(v1, v0)
                polar = math.acos(min(1.0, max(-1.0, v2)))
                if azimuth < 0:
                    azimuth += math.pi
                    polar = math.pi - polar
                result[i, j, k, 0] = values[2]
                result[i, j, k, 1] = (r1 - r2 - r3) / total if total > 0 else 2.0
                result[i, j, k, 2] = min(int(azimuth / (math.pi / BINS)), BINS - 1)
                result[i, j, k, 3] = min(int(polar / (math.pi / BINS)), BINS - 1)
                result[i, j, k, 4] = 1
    return result


@njit(parallel=True, cache=True)
def buckets(found: np.ndarray, strength: np.ndarray, coherence: np.ndarray) -> np.ndarray:
    ni, nj, nk = found.shape[:3]
    result = np.full((ni, nj, nk), -1, np.int32)
    for i in prange(ni):
        for j in range(nj):
            for k in range(nk):
                if found[i, j, k, 4] != 0:
                    s = np.sum(strength < found[i, j, k, 0])
                    c = np.sum(coherence < found[i, j, k, 1])
                    direction = found[i, j, k, 2] * BINS + found[i, j, k, 3]
                    result[i, j, k] = int((direction * 3 + s) * 3 + c)
    return result


@njit(parallel=True, fastmath=True, cache=True)
def gather(image: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Patches as rows of taps, one column per sample."""
    rows = np.empty((TAPS, len(places)))
    for a in prange(PATCH):
        for b in range(PATCH):
            for c in range(PATCH):
                row = rows[(a * PATCH + b) * PATCH + c]
                for s in range(len(places)):
                    i, j, k = places[s, 0], places[s, 1], places[s, 2]
                    row[s] = image[i + a - HALF, j + b - HALF, k + c - HALF]
    return rows


@njit(parallel=True, fastmath=True, cache=True)
def products(rows: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The upper triangle of the sum of a a^T, and the sum of a y."""
    count = rows.shape[1]
    square = np.zeros((TAPS, TAPS))
    side = np.zeros(TAPS)
    for block in prange((TAPS + 15) // 16):
        for other in range(block, (TAPS + 15) // 16):
            for r in range(16 * block, min(16 * block + 16, TAPS)):
                for c in range(max(r, 16 * other), min(16 * other + 16, TAPS)):
                    total = 0.0
                    for s in range(count):
                        total += rows[r, s] * rows[c, s]
                    square[r, c] = total
        for r in range(16 * block, min(16 * block + 16, TAPS)):
            total = 0.0
            for s in range(count):
                total += rows[r, s] * target[s]
            side[r] = total
    return square, side


@njit(parallel=True, fastmath=True, cache=True)
def apply(image: np.ndarray, number: np.ndarray, filters: np.ndarray) -> np.ndarray:
    ni, nj, nk = image.shape
    result = image.copy()
    for i in prange(HALF, ni - HALF):
        for j in range(HALF, nj - HALF):
            for k in range(HALF, nk - HALF):
                bucket = number[i, j, k]
                if bucket < 0:
                    continue
                total = np.float32(0)
                for a in range(PATCH):
                    for b in range(PATCH):
                        tap = (a * PATCH + b) * PATCH
                        for c in range(PATCH):
                            value = image[i + a - HALF, j + b - HALF, k + c - HALF]
                            total += filters[bucket, tap + c] * value
                result[i, j, k] = total
    return result


def window() -> np.ndarray:
    shape = np.exp(-(np.arange(-RADIUS, RADIUS + 1) ** 2) / (2 * SIGMA * SIGMA))
    return shape / shape.sum()


def learn(volume: np.ndarray, factor: int, use_blas: bool) -> tuple[float, int]:
    """Seconds, and samples."""
    start = time.perf_counter()
    image, truth = pair(volume, factor)
    found = features(image, window())
    known = found[found[..., 4] != 0]
    random = np.random.default_rng(0)
    known = known[random.random(len(known)) < 0.2]
    thirds = [np.sort(known[:, axis])[[len(known) // 3, 2 * len(known) // 3]] for axis in (0, 1)]
    number = buckets(found, *thirds)
    places = np.argwhere((number >= 0) & (random.random(number.shape) < 1 / 3))
    keys = number[tuple(places.T)]
    order = np.argsort(keys, kind="stable")
    places, keys = places[order], keys[order]
    filters = np.zeros((BINS * BINS * 9, TAPS))
    for bucket in range(len(filters)):
        chosen = places[np.searchsorted(keys, bucket) : np.searchsorted(keys, bucket, "right")]
        if len(chosen) < TAPS // 4:
            continue
        rows = gather(image, chosen)
        target = truth[tuple(chosen.T)]
        if use_blas:
            square, side = rows @ rows.T, rows @ target
        else:
            square, side = products(rows, target)
        square[np.diag_indices(TAPS)] += RIDGE * np.trace(square) / TAPS
        factorised = scipy.linalg.cho_factor(square, lower=False, overwrite_a=True, check_finite=False)
        filters[bucket] = scipy.linalg.cho_solve(factorised, side, check_finite=False)
    return time.perf_counter() - start, len(places)


def run_peer_filter(low: np.ndarray, factor: int, model: dict[str, np.ndarray]) -> tuple[float, np.ndarray]:
    start = time.perf_counter()
    high = float(np.partition(low.ravel(), low.size * 999 // 1000)[low.size * 999 // 1000])
    image = zoom((low / high).astype(np.float32), factor, order=2, prefilter=False).clip(0)
    found = features(image.astype(np.float64), window())
    number = buckets(
        found, model["strength_bounds"].astype(np.float64), model["coherence_bounds"].astype(np.float64)
    )
    filtered = apply(image, np.where(model["empty"][number], -1, number), model["h"])
    result = filtered.clip(0, max(1.0, float((low / high).max()))) * high
    return time.perf_counter() - start, result


def tensors(path: pathlib.Path) -> dict[str, np.ndarray]:
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    found = {}
    for name, entry in header.items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            found[name] = np.frombuffer(data[8 + length :][first:last], "<f4").reshape(entry["shape"])
    found["empty"] = ~found["h"].any(axis=1)
    return found


def arssr(program: str, *arguments: str) -> dict:
    run = subprocess.run(
        [program, *arguments, "--format", "json", "--quiet"], check=True, capture_output=True, text=True
    )
    return json.loads(run.stdout)["items"][0]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--arssr", required=True)
    parser.add_argument("--volume", required=True, type=pathlib.Path)
    parser.add_argument("--low", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--factor", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    numba.set_num_threads(options.threads)
    threads = ("--threads", str(options.threads))
    volume = read(options.volume)
    # Compiles; the times below are those of compiled code.
    small = np.random.default_rng(1).random((40, 40, 40)) + 1
    learn(small, 2, use_blas=False)
    apply(np.zeros((12, 12, 12), np.float32), np.zeros((12, 12, 12), np.int32), np.zeros((1, TAPS), np.float32))
    rows: list[tuple[str, float, float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        model = f"{folder}/model.safetensors"
        low = str(options.low or f"{folder}/low.nii.gz")
        if options.low is None:
            scale = ("--scale", str(options.factor), "--operator", "quadratic", "--crop")
            arssr(options.arssr, "degrade", *scale, str(options.volume), low)
        own = []
        for _ in range(options.repetitions):
            shape = ("--scale", str(options.factor), "--force", *threads)
            own.append(arssr(options.arssr, "learn-filters", *shape, str(options.volume), model)["seconds"])
        print(f"arssr learn {own}", flush=True)
        blas, samples = learn(volume, options.factor, use_blas=True)
        plain, _ = learn(volume, options.factor, use_blas=False)
        rows.append((f"learning, {samples} samples", min(own), plain, blas))
        own = []
        for _ in range(options.repetitions):
            scale = ("--scale", str(options.factor), "--model", model, "--force", *threads)
            item = arssr(options.arssr, "upsample", *scale, low, f"{folder}/high.nii")
            own.append(item["seconds"]["decode"])
        coarse = read(pathlib.Path(low))
        best, result = math.inf, np.empty(0)
        for _ in range(options.repetitions):
            seconds, result = run_peer_filter(coarse, options.factor, tensors(pathlib.Path(model)))
            best = min(best, seconds)
        difference = np.abs(result - read(pathlib.Path(f"{folder}/high.nii")))
        rows.append((f"applying, {result.size} voxels", min(own), best, math.nan))
    print(f"{platform.machine()}, numba {numba.__version__}, NumPy {np.__version__}, {options.threads} threads")
    print(f"largest difference of the results {difference.max() / coarse.max():.2g} of the range, ")
    print(f"{np.mean(difference > 1e-4 * coarse.max()):.2g} of the voxels by more than 1e-4 of it")
    print("| | arssr | numba | times | NumPy's BLAS | times |\n| --- | --- | --- | --- | --- | --- |")
    for name, own_seconds, peer, other in rows:
        print(
            f"| {name} | {own_seconds:.2f} s | {peer:.2f} s | {peer / own_seconds:.1f} "
            f"| {other:.2f} s | {other / own_seconds:.1f} |"
        )


if __name__ == "__main__":
    main()
