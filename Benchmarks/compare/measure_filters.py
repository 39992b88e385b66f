"""Measures learning and applying gradient filters beside the same computation in numba.

  filters.sh --arssr PROGRAM --volume HR.nii.gz [--volume ...] [--threads N] [--factor R]

Both learn filters of 11^3 taps in 576 buckets from the volumes (ridge, one voxel in three), and both apply
the filters that arssr learned to the LR volume of the first. The numba version (numba_filters.py) does what
arssr does, in the same precision: separable windows, sums over samples sorted by bucket, the upper triangle
only, in parallel, Cholesky's method by LAPACK. It stands in three forms that differ in the two loops that
take the time: plain ones (dot products of rows in blocks that fit the caches; filters voxel by voxel);
tuned by hand for the compiler (sixteen sums written out; patches copied to lines, four voxels of a bucket
together); NumPy's BLAS in place of the former. First both learn from all voxels of a small part, with the same borders: counts
and filters are compared. Prints Markdown; reading, compiling and writing are left out of the peers' times,
and are part of arssr's, reading and writing of its times for applying excepted.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import json
import pathlib
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable

import numba
import numba_filters as peer
import numpy as np
import scipy.linalg

HALF, TAPS, BUCKETS, RIDGE = peer.HALF, peer.TAPS, peer.BUCKETS, 1e-5
Borders = tuple[np.ndarray, np.ndarray]


def read(path: pathlib.Path) -> np.ndarray:
    """The voxels of a NIfTI-1 file, [i][j][k]."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    size = np.frombuffer(data, "<i2", 8, 40)[1:4].astype(int)
    kinds = {2: "u1", 4: "<i2", 8: "<i4", 16: "<f4", 64: "<f8", 512: "<u2"}
    kind = kinds[int(np.frombuffer(data, "<i2", 1, 70)[0])]
    offset, slope, inter = np.frombuffer(data, "<f4", 3, 108)
    values = np.frombuffer(data, kind, int(np.prod(size)), int(offset)).astype(np.float32)
    if slope not in (0, 1) or inter != 0:
        values = values * (slope or 1) + inter
    return np.ascontiguousarray(values.reshape(size[::-1]).transpose(2, 1, 0))


def write(path: pathlib.Path, voxels: np.ndarray) -> None:
    """A NIfTI-1 file of 1 mm voxels."""
    header = np.zeros(352, np.uint8)

    def put(offset: int, kind: str, *values: float) -> None:
        header[offset : offset + np.dtype(kind).itemsize * len(values)] = np.array(values, kind).view(np.uint8)

    put(0, "<i4", 348)
    put(40, "<i2", 3, *voxels.shape, 1, 1, 1, 1)
    put(70, "<i2", 16, 32)
    put(76, "<f4", 1, 1, 1, 1, 1, 1, 1, 1)
    put(108, "<f4", 352, 1, 0)
    put(254, "<i2", 1)
    put(280, "<f4", 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)
    header[344:347] = np.frombuffer(b"n+1", np.uint8)
    path.write_bytes(header.tobytes() + voxels.transpose(2, 1, 0).astype("<f4").tobytes())


def highest(volume: np.ndarray) -> float:
    """The value of rank floor(0.999 n)."""
    rank = volume.size * 999 // 1000
    return float(np.partition(volume.ravel(), rank)[rank])


def pair(volume: np.ndarray, factor: int) -> tuple[np.ndarray, np.ndarray]:
    """The LR image and the HR image, cut and divided by the largest intensity."""
    size = tuple(n // factor * factor for n in volume.shape)
    high = np.clip(volume, 0, highest(volume))[tuple(slice(n) for n in size)]
    low = peer.zoom(high, tuple(n // factor for n in size))
    image = peer.zoom(low, size).clip(0, high.max())
    box = []
    for axis in range(3):
        planes = np.flatnonzero(high.any(axis=tuple(a for a in range(3) if a != axis)))
        first, last = max(planes[0], HALF), min(planes[-1], size[axis] - HALF - 1)
        box.append(slice((first - HALF) // factor * factor, last + HALF))
    top = float(high.max())
    return tuple(np.ascontiguousarray(x[tuple(box)], np.float64) / top for x in (image, high))


@dataclasses.dataclass
class Learned:
    """What the peer learned."""

    filters: np.ndarray
    counts: np.ndarray
    seconds: float


def blas(rows: np.ndarray, square: np.ndarray) -> None:
    """The products left to NumPy."""
    square += rows @ rows.T


FORMS = {"plain": peer.add_products, "tuned": peer.add_tiled_products, "BLAS": blas}


def learn(
    volumes: list[np.ndarray],
    factor: int,
    add: Callable[[np.ndarray, np.ndarray], None],
    *,
    borders: Borders | None = None,
    rate: float = 3,
) -> Learned:
    """Filters of all volumes, bucket by bucket, so that one matrix is held at a time."""
    start = time.perf_counter()
    random = np.random.default_rng(0)
    sources = []
    for volume in volumes:
        image, truth = pair(volume, factor)
        number = peer.find_buckets(image, borders, random)
        taken = number >= 0
        if rate > 1:
            taken &= random.random(number.shape, np.float32) < 1 / rate
        places = np.argwhere(taken)
        keys = number[taken]
        order = np.argsort(keys, kind="stable")
        sources.append((image, truth, places[order], keys[order]))
    filters = np.zeros((BUCKETS, TAPS))
    counts = np.zeros(BUCKETS, int)
    for bucket in range(BUCKETS):
        square = np.zeros((peer.ROWS, peer.ROWS))
        chosen = [places[slice(*np.searchsorted(keys, [bucket, bucket + 1]))] for _, _, places, keys in sources]
        counts[bucket] = sum(len(places) for places in chosen)
        if counts[bucket] < TAPS // 4:
            continue
        for (image, truth, _, _), places in zip(sources, chosen):
            add(peer.gather(image, truth, places), square)
        # The centre is put back.
        shift, centre = square[: TAPS + 1, TAPS + 1], square[TAPS + 1, TAPS + 1]
        whole = square[: TAPS + 1, : TAPS + 1] + shift[:, None] + shift + centre
        square, side = np.array(whole[:TAPS, :TAPS]), whole[:TAPS, TAPS]
        square[np.diag_indices(TAPS)] += RIDGE * np.trace(square) / TAPS
        factorised = scipy.linalg.cho_factor(square, lower=False, overwrite_a=True, check_finite=False)
        filters[bucket] = scipy.linalg.cho_solve(factorised, side, check_finite=False)
    return Learned(filters, counts, time.perf_counter() - start)


def filtered(
    low: np.ndarray, factor: int, model: dict[str, np.ndarray], apply: Callable[..., None]
) -> tuple[float, np.ndarray]:
    """Seconds, and the LR volume made finer, faces mirrored."""
    start = time.perf_counter()
    top = highest(low)
    image = peer.zoom(low / np.float32(top), tuple(n * factor for n in low.shape)).clip(0)
    image = np.pad(image, HALF, mode="reflect")
    borders = (model["strength_bounds"].astype(np.float64), model["coherence_bounds"].astype(np.float64))
    number = peer.find_buckets(image.astype(np.float64), borders, np.random.default_rng(0))
    filters = np.zeros((BUCKETS, peer.PADDED), np.float32)
    filters[:, :TAPS] = model["h"]
    wide = np.zeros((*image.shape[:2], image.shape[2] + peer.WIDE), np.float32)
    wide[:, :, : image.shape[2]] = image
    result = image.copy()
    apply(wide, number, filters, result)
    result = result[HALF:-HALF, HALF:-HALF, HALF:-HALF]
    result = result.clip(0, max(1.0, float(low.max()) / top)) * np.float32(top)
    return time.perf_counter() - start, result


def tensors(path: str) -> dict[str, np.ndarray]:
    """The tensors of a safetensors file."""
    data = pathlib.Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    found = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            found[name] = np.frombuffer(data[8 + length :][first:last], "<f4").reshape(entry["shape"])
    return found


def arssr(program: str, *arguments: object) -> dict:
    """The first item of a command's report."""
    line = [program, *map(str, arguments), "--format", "json", "--quiet"]
    run = subprocess.run(line, check=True, capture_output=True, text=True)
    return json.loads(run.stdout)["items"][0]


def check(options: argparse.Namespace, volume: np.ndarray, folder: pathlib.Path) -> None:
    """Learns from all voxels of a part with both, and compares."""
    middle = [n // 2 for n in volume.shape]
    part = volume[tuple(slice(m - options.part // 2, m + options.part // 2) for m in middle)]
    write(folder / "part.nii", part)
    common = ("--scale", options.factor, "--threads", options.threads, "--force")
    arssr(options.arssr, "learn-filters", *common, "--sampling", 1, folder / "part.nii", folder / "part.safetensors")
    own = tensors(folder / "part.safetensors")
    borders = (own["strength_bounds"].astype(np.float64), own["coherence_bounds"].astype(np.float64))
    for name, add in FORMS.items():
        found = learn([part], options.factor, add, borders=borders, rate=1)
        both = (found.counts == own["counts"]) & found.filters.any(axis=1)
        scale = np.abs(own["h"][both]).max(axis=1)
        difference = (np.abs(found.filters[both] - own["h"][both]).max(axis=1) / scale).max()
        print(
            f"- {name}: {np.count_nonzero(found.counts != own['counts'])} of {BUCKETS} buckets have another "
            f"number of samples ({np.abs(found.counts - own['counts']).sum() / 2:.0f} of {found.counts.sum()} samples "
            f"moved); taps of the {both.sum()} filters of the others differ by {difference:.1g} of their largest at most",
            flush=True,
        )


def measure(options: argparse.Namespace, volumes: list[np.ndarray], folder: pathlib.Path) -> None:
    """Prints the table."""
    common = ("--scale", options.factor, "--threads", options.threads, "--force")
    (folder / "list.txt").write_text("".join(f"{path.resolve()}\n" for path in options.volume))
    model, low, high = folder / "model.safetensors", folder / "low.nii", folder / "high.nii"
    runs = range(options.repetitions)
    words = (*common, "--pool", 0)  # Each bucket applies its own filter, as the peer does.
    own = [arssr(options.arssr, "learn-filters", *words, f"@{folder}/list.txt", model) for _ in runs]
    peers = [min(learn(volumes, options.factor, add).seconds for _ in runs) for add in FORMS.values()]
    rows = [(f"learning, {own[0]['samples']} samples", min(item["seconds"] for item in own), *peers)]
    operator = ("--scale", options.factor, "--operator", "quadratic", "--crop", "--force")
    arssr(options.arssr, "degrade", *operator, options.volume[0], low)
    coarse = read(low)
    arguments = ("upsample", "--model", model, *common, low, high)
    own = [arssr(options.arssr, *arguments)["seconds"]["decode"] for _ in runs]
    arrays = tensors(model)
    peers = []
    for apply in peer.apply, peer.apply_copied:
        results = [filtered(coarse, options.factor, arrays, apply) for _ in runs]
        peers.append(min(seconds for seconds, _ in results))
    result = results[0][1]
    rows.append((f"applying, {result.size} voxels", min(own), *peers))
    difference = np.abs(result - read(high)) / coarse.max()
    print(
        f"- applied: results differ by more than 1e-4 of the range in {np.mean(difference > 1e-4):.1g} of the voxels "
        f"(other buckets at their borders), elsewhere by {difference[difference <= 1e-4].max():.1g} at most\n"
    )
    print("| | arssr | numba, plain | times | numba, tuned | times | with BLAS | times |")
    print("| --- " + "| ---: " * 7 + "|")
    for name, seconds, *others in rows:
        cells = [f"{other:.2f} s | {other / seconds:.1f}" for other in others] + [" | "] * (3 - len(others))
        print(f"| {name} | {seconds:.2f} s | " + " | ".join(cells) + " |")
    print(
        f"\nBest of {len(runs)}; {platform.machine()}, {options.threads} threads, numba {numba.__version__}, "
        f"NumPy {np.__version__}"
    )


def main() -> None:
    """Checks, then measures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--arssr", required=True)
    parser.add_argument("--volume", required=True, type=pathlib.Path, action="append")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--factor", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=1)
    parser.add_argument("--part", type=int, default=80, help="voxels of the part that is compared, per axis")
    options = parser.parse_args()
    numba.set_num_threads(options.threads)
    volumes = [read(path) for path in options.volume]
    with tempfile.TemporaryDirectory() as folder:
        # Compiles too: the times below are those of compiled code.
        check(options, volumes[0], pathlib.Path(folder))
        small = np.zeros((16, 16, 32), np.float32)
        for apply in peer.apply, peer.apply_copied:
            apply(small, np.zeros((16, 16, 16), np.int32), np.zeros((BUCKETS, peer.PADDED), np.float32), small)
        measure(options, volumes, pathlib.Path(folder))


if __name__ == "__main__":
    main()
