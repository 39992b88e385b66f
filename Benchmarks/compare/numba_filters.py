"""Gradient filters in numba: the peer of measure_filters.py.

Loops over arrays [i][j][k], k fastest, in parallel (prange) with fastmath, cut to where the image is not
0. Features are float64, products of samples (less their centre) float32 and added in float64, filters
float32, as in arssr; eigenvalues have arssr's closed form. Slices instead of ranges let numba see that no index is negative,
without which it does not vectorise.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange

PATCH, WINDOW, BINS, SIGMA = 11, 9, 8, 0.85
HALF, RADIUS = PATCH // 2, WINDOW // 2
TAPS = PATCH**3
BUCKETS = BINS * BINS * 9
# Floats of a vector: rows of a patch are copied in whole ones, and a patch is filled up to them.
WIDE = 16
PADDED = (TAPS + WIDE - 1) // WIDE * WIDE
# Samples whose products are summed in float32 before they are added in float64.
CHUNK = 512
# A sample: taps, what they should become, the centre that was taken off both, zeros up to whole tiles of 4.
ROWS = (TAPS + 2 + 3) // 4 * 4
# Rows of a block of sums.
BLOCK = 32
BLOCKS = (ROWS + BLOCK - 1) // BLOCK
AZIMUTHS = np.array([[math.cos(b * math.pi / BINS), math.sin(b * math.pi / BINS)] for b in range(1, BINS)])
POLARS = np.array([math.cos(b * math.pi / BINS) for b in range(1, BINS)])
_SHAPE = np.exp(-(np.arange(-RADIUS, RADIUS + 1) ** 2) / (2 * SIGMA * SIGMA))
WEIGHTS = _SHAPE / _SHAPE.sum()


def taps(size: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Three places and weights of quadratic splines per place of the result, outer centres aligned."""
    place = np.arange(count) * (size - 1) / (count - 1)
    middle = np.floor(place + 0.5).astype(np.int64)
    t = place - middle
    index = np.abs(middle[:, None] + np.arange(-1, 2))
    index = np.where(index >= size, 2 * size - 2 - index, index)
    weight = np.stack([(0.5 - t) ** 2 / 2, 0.75 - t * t, (0.5 + t) ** 2 / 2], axis=1)
    return index, weight.astype(np.float32)


@njit(parallel=True, fastmath=True)
def _zoom(source, ai, aw, bi, bw, ci, cw):
    result = np.empty((len(ai), len(bi), len(ci)), np.float32)
    for i in prange(len(ai)):
        p, q, r = source[ai[i, 0]], source[ai[i, 1]], source[ai[i, 2]]
        plane = np.empty(p.shape, np.float32)
        for j in range(p.shape[0]):
            for k in range(p.shape[1]):
                plane[j, k] = aw[i, 0] * p[j, k] + aw[i, 1] * q[j, k] + aw[i, 2] * r[j, k]
        row = np.empty(p.shape[1], np.float32)
        for j in range(len(bi)):
            x, y, z = plane[bi[j, 0]], plane[bi[j, 1]], plane[bi[j, 2]]
            for k in range(len(row)):
                row[k] = bw[j, 0] * x[k] + bw[j, 1] * y[k] + bw[j, 2] * z[k]
            for k in range(len(ci)):
                result[i, j, k] = cw[k, 0] * row[ci[k, 0]] + cw[k, 1] * row[ci[k, 1]] + cw[k, 2] * row[ci[k, 2]]
    return result


def zoom(source: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """Quadratic splines without prefilter, separable."""
    axes = [part for n, m in zip(source.shape, size) for part in taps(n, m)]
    return _zoom(np.ascontiguousarray(source, np.float32), *axes)


@njit(fastmath=True, inline="always")
def _root(d):
    """The root of x^3 - 3 x = d in [sqrt 3, 2], for 0 <= d <= 2."""
    t = d * 0.5
    x = 1.7320508 + t * (0.3214 - t * 0.0535)
    for _ in range(3):
        x -= (x * (x * x - 3.0) - d) / (3.0 * x * x - 3.0)
    return x


@njit(fastmath=True, inline="always")
def _system(ii, jj, kk, ij, ik, jk):
    """Eigenvalues in falling order and the vector of the first."""
    mean = (ii + jj + kk) / 3.0
    a, b, c = ii - mean, jj - mean, kk - mean
    norm = math.sqrt((a * a + b * b + c * c + 2.0 * (ij * ij + ik * ik + jk * jk)) / 6.0)
    inverse = 1.0 / norm if norm > 0.0 else 0.0
    p, q, r = a * inverse, b * inverse, c * inverse
    u, v, w = ij * inverse, ik * inverse, jk * inverse
    determinant = p * (q * r - w * w) - u * (u * r - v * w) + v * (u * w - q * v)
    turned = determinant < 0.0
    sign = -1.0 if turned else 1.0
    apart = _root(determinant * sign)
    p, q, r = p * sign - apart, q * sign - apart, r * sign - apart
    u, v, w = u * sign, v * sign, w * sign
    ci, cj, ck = q * r - w * w, p * r - v * v, p * q - u * u
    cij, cik, cjk = v * w - u * r, u * w - v * q, u * v - w * p
    takes_j = cj > ci
    ei = cij if takes_j else ci
    ej = cj if takes_j else cij
    ek = cjk if takes_j else cik
    takes_k = ck > (cj if takes_j else ci)
    ei = cik if takes_k else ei
    ej = cjk if takes_k else ej
    ek = ck if takes_k else ek
    scale = 1.0 / math.sqrt(ei * ei + ej * ej + ek * ek)
    ei, ej, ek = ei * scale, ej * scale, ek * scale
    uses_j = ei * ei < ej * ej
    chosen = ej if uses_j else ei
    length = 1.0 / math.sqrt(chosen * chosen + ek * ek)
    f, g = ek * length, chosen * length
    si = 0.0 if uses_j else -f
    sj = -f if uses_j else 0.0
    ti, tj, tk = ej * g - ek * sj, ek * si - ei * g, ei * sj - ej * si
    own = ei * (ii * ei + ij * ej + ik * ek) + ej * (ij * ei + jj * ej + jk * ek)
    own += ek * (ik * ei + jk * ej + kk * ek)
    ai, aj, ak = ii * si + ij * sj + ik * g, ij * si + jj * sj + jk * g, ik * si + jk * sj + kk * g
    bi, bj, bk = ii * ti + ij * tj + ik * tk, ij * ti + jj * tj + jk * tk, ik * ti + jk * tj + kk * tk
    ss, st, tt = ai * si + aj * sj + ak * g, ai * ti + aj * tj + ak * tk, bi * ti + bj * tj + bk * tk
    centre, difference = (ss + tt) * 0.5, (ss - tt) * 0.5
    radius = math.sqrt(difference * difference + st * st)
    upper, lower = centre + radius, centre - radius
    leans = difference >= 0.0
    x = difference + radius if leans else st
    y = st if leans else radius - difference
    square = x * x + y * y
    scale = 1.0 / math.sqrt(square) if square > 0.0 else 0.0
    x = x * scale if square > 0.0 else 1.0
    y = y * scale
    return (
        upper if turned else own,
        lower if turned else upper,
        own if turned else lower,
        x * si + y * ti if turned else ei,
        x * sj + y * tj if turned else ej,
        x * g + y * tk if turned else ek,
    )


@njit(parallel=True, fastmath=True)
def features(image, strength, coherence, direction):
    """Strength, coherence and direction of voxels whose patches lie in the volume, where it is not 0."""
    ni, nj, nk = image.shape
    for i in prange(HALF, ni - HALF):
        low_j, high_j, low_k, high_k = nj, 0, nk, 0
        for j in range(HALF, nj - HALF):
            for k in range(HALF, nk - HALF):
                if image[i, j, k] != 0:
                    low_j, high_j = min(low_j, j), max(high_j, j + 1)
                    low_k, high_k = min(low_k, k), max(high_k, k + 1)
        if high_j == 0:
            continue
        first, width = low_k - RADIUS, high_k - low_k + 2 * RADIUS
        sums = np.zeros((6, nj, width))
        for t in range(WINDOW):
            n = i + t - RADIUS
            weight = WEIGHTS[t]
            for j in range(low_j - RADIUS, high_j + RADIUS):
                below, above = image[n - 1, j, first:], image[n + 1, j, first:]
                left, right = image[n, j - 1, first:], image[n, j + 1, first:]
                before, behind = image[n, j, first - 1 :], image[n, j, first + 1 :]
                ii, jj, kk = sums[0, j], sums[1, j], sums[2, j]
                ij, ik, jk = sums[3, j], sums[4, j], sums[5, j]
                for k in range(width):
                    x = (above[k] - below[k]) * 0.5
                    y = (right[k] - left[k]) * 0.5
                    z = (behind[k] - before[k]) * 0.5
                    wx, wy = weight * x, weight * y
                    ii[k] += wx * x
                    jj[k] += wy * y
                    kk[k] += weight * z * z
                    ij[k] += wx * y
                    ik[k] += wx * z
                    jk[k] += wy * z
        row = np.zeros(width)
        line = np.zeros((6, width))
        for j in range(low_j, high_j):
            for p in range(6):
                row[:] = 0.0
                for t in range(WINDOW):
                    source = sums[p, j + t - RADIUS]
                    for k in range(width):
                        row[k] += WEIGHTS[t] * source[k]
                target = line[p]
                for k in range(width - 2 * RADIUS):
                    total = 0.0
                    for t in range(WINDOW):
                        total += WEIGHTS[t] * row[k + t]
                    target[k] = total
            strengths, coherences = strength[i, j, low_k:], coherence[i, j, low_k:]
            directions = direction[i, j, low_k:]
            for k in range(width - 2 * RADIUS):
                largest, middle, smallest, vi, vj, vk = _system(
                    line[0, k], line[1, k], line[2, k], line[3, k], line[4, k], line[5, k]
                )
                r1 = math.sqrt(max(largest, 0.0))
                r2 = math.sqrt(max(middle, 0.0))
                r3 = math.sqrt(max(smallest, 0.0))
                total = r1 + r2 + r3
                strengths[k] = max(largest, 0.0)
                coherences[k] = (r1 - r2 - r3) / total if total > 0.0 else 2.0
                sign = -1.0 if vj < 0.0 else 1.0
                azimuth, polar = 0, 0
                for border in range(BINS - 1):
                    side = (vj * AZIMUTHS[border, 0] - vi * AZIMUTHS[border, 1]) * sign
                    azimuth += 1 if side >= 0.0 else 0
                    polar += 1 if vk * sign <= POLARS[border] else 0
                azimuth = 0 if vi == 0.0 and vj == 0.0 else azimuth
                directions[k] = azimuth * BINS + polar


@njit(parallel=True, fastmath=True)
def _buckets(image, strength, coherence, direction, strengths, coherences):
    ni, nj, nk = image.shape
    number = np.full((ni, nj, nk), -1, np.int32)
    for i in prange(HALF, ni - HALF):
        for j in range(HALF, nj - HALF):
            for k in range(HALF, nk - HALF):
                if image[i, j, k] != 0:
                    s, c = strength[i, j, k], coherence[i, j, k]
                    bin_s = (s > strengths[0]) + (s > strengths[1])
                    bin_c = (c > coherences[0]) + (c > coherences[1])
                    number[i, j, k] = (direction[i, j, k] * 3 + bin_s) * 3 + bin_c
    return number


def find_buckets(
    image: np.ndarray, borders: tuple[np.ndarray, np.ndarray] | None, random: np.random.Generator
) -> np.ndarray:
    """The bucket of every voxel that has one, else -1; without borders, those of a fifth of the voxels."""
    strength, coherence = np.zeros(image.shape), np.zeros(image.shape)
    direction = np.zeros(image.shape, np.int32)
    features(image, strength, coherence, direction)
    if borders is None:
        known = np.zeros(image.shape, bool)
        known[HALF:-HALF, HALF:-HALF, HALF:-HALF] = image[HALF:-HALF, HALF:-HALF, HALF:-HALF] != 0
        known &= random.random(image.shape, np.float32) < 0.2
        borders = tuple(
            np.partition(found, [n // 3, 2 * n // 3])[[n // 3, 2 * n // 3]]
            for found in (strength[known], coherence[known])
            for n in [len(found)]
        )
    return _buckets(image, strength, coherence, direction, *borders)


@njit(parallel=True, fastmath=True)
def gather(image, truth, places):
    """Samples as columns of ROWS numbers."""
    count = len(places)
    rows = np.zeros((ROWS, count), np.float32)
    for s in range(count):
        i, j, k = places[s, 0], places[s, 1], places[s, 2]
        rows[TAPS, s] = truth[i, j, k] - image[i, j, k]
        rows[TAPS + 1, s] = image[i, j, k]
    for row in prange(PATCH * PATCH):
        a, b = row // PATCH, row % PATCH
        for s in range(count):
            i, j, k = places[s, 0] + a - HALF, places[s, 1] + b - HALF, places[s, 2] - HALF
            for c in range(PATCH):
                rows[row * PATCH + c, s] = image[i, j, k + c] - rows[TAPS + 1, s]
    return rows


@njit(parallel=True, fastmath=True)
def add_products(rows, square):
    """The upper triangle of the sums over samples: dot products of rows, in blocks of rows and samples that stay in the caches."""
    count = rows.shape[1]
    for pair in prange(BLOCKS * BLOCKS):
        a, b = pair // BLOCKS, pair % BLOCKS
        for first in range(0, count if a <= b else 0, CHUNK):
            last = min(count, first + CHUNK)
            for r in range(BLOCK * a, min(BLOCK * a + BLOCK, ROWS)):
                for c in range(max(r, BLOCK * b), min(BLOCK * b + BLOCK, ROWS)):
                    x, y = rows[r, first:last], rows[c, first:last]
                    total = np.float32(0)
                    for s in range(last - first):
                        total += x[s] * y[s]
                    square[r, c] += total


@njit(parallel=True, fastmath=True)
def add_tiled_products(rows, square):
    """The same with sixteen sums at a time, written out, which numba keeps in registers."""
    count = rows.shape[1]
    for pair in prange(BLOCKS * BLOCKS):
        a, b = pair // BLOCKS, pair % BLOCKS
        for first in range(0, count if a <= b else 0, CHUNK):
            last = min(count, first + CHUNK)
            for r in range(BLOCK * a, min(BLOCK * a + BLOCK, ROWS), 4):
                for c in range(max(r, BLOCK * b), min(BLOCK * b + BLOCK, ROWS), 4):
                    x0, x1, x2, x3 = (
                        rows[r, first:last],
                        rows[r + 1, first:last],
                        rows[r + 2, first:last],
                        rows[r + 3, first:last],
                    )
                    y0, y1, y2, y3 = (
                        rows[c, first:last],
                        rows[c + 1, first:last],
                        rows[c + 2, first:last],
                        rows[c + 3, first:last],
                    )
                    s00 = s01 = s02 = s03 = np.float32(0)
                    s10 = s11 = s12 = s13 = np.float32(0)
                    s20 = s21 = s22 = s23 = np.float32(0)
                    s30 = s31 = s32 = s33 = np.float32(0)
                    for s in range(last - first):
                        s00 += x0[s] * y0[s]
                        s01 += x0[s] * y1[s]
                        s02 += x0[s] * y2[s]
                        s03 += x0[s] * y3[s]
                        s10 += x1[s] * y0[s]
                        s11 += x1[s] * y1[s]
                        s12 += x1[s] * y2[s]
                        s13 += x1[s] * y3[s]
                        s20 += x2[s] * y0[s]
                        s21 += x2[s] * y1[s]
                        s22 += x2[s] * y2[s]
                        s23 += x2[s] * y3[s]
                        s30 += x3[s] * y0[s]
                        s31 += x3[s] * y1[s]
                        s32 += x3[s] * y2[s]
                        s33 += x3[s] * y3[s]
                    t0, t1, t2, t3 = square[r, c:], square[r + 1, c:], square[r + 2, c:], square[r + 3, c:]
                    t0[0], t0[1], t0[2], t0[3] = t0[0] + s00, t0[1] + s01, t0[2] + s02, t0[3] + s03
                    t1[0], t1[1], t1[2], t1[3] = t1[0] + s10, t1[1] + s11, t1[2] + s12, t1[3] + s13
                    t2[0], t2[1], t2[2], t2[3] = t2[0] + s20, t2[1] + s21, t2[2] + s22, t2[3] + s23
                    t3[0], t3[1], t3[2], t3[3] = t3[0] + s30, t3[1] + s31, t3[2] + s32, t3[3] + s33


@njit(fastmath=True, inline="always")
def _take(flat, place, step_i, step_j, patch):
    """Copies a patch row by row, whole vectors at a time, the next row over the last one's end."""
    tap = 0
    for a in range(PATCH):
        for b in range(PATCH):
            start = place + (a - HALF) * step_i + (b - HALF) * step_j - HALF
            source, target = flat[start : start + WIDE], patch[tap : tap + WIDE]
            for c in range(WIDE):
                target[c] = source[c]
            tap += PATCH


@njit(parallel=True, fastmath=True)
def apply(image, number, filters, result):
    """Voxel by voxel, row of taps by row of taps."""
    ni, nj, nk = number.shape
    for i in prange(HALF, ni - HALF):
        for j in range(HALF, nj - HALF):
            for k in range(HALF, nk - HALF):
                bucket = number[i, j, k]
                if bucket < 0:
                    continue
                total = np.float32(0)
                for a in range(PATCH):
                    for b in range(PATCH):
                        values = image[i + a - HALF, j + b - HALF, k - HALF :]
                        taps = filters[bucket, (a * PATCH + b) * PATCH :]
                        for c in range(PATCH):
                            total += taps[c] * values[c]
                result[i, j, k] = total


@njit(parallel=True, fastmath=True)
def apply_copied(image, number, filters, result):
    """Every voxel's patch is copied to a line, which is multiplied by the filter: one long dot product.

    Voxels of a plane come sorted by bucket, four together, and share the loads of their filter. `image`
    holds 16 values behind its rows that are in no patch, `filters` zeros up to PADDED.
    """
    ni, nj, nk = number.shape
    flat = image.reshape(-1)
    step_i, step_j = image.shape[1] * image.shape[2], image.shape[2]
    for i in prange(HALF, ni - HALF):
        starts = np.zeros(BUCKETS + 1, np.int64)
        for j in range(HALF, nj - HALF):
            for k in range(HALF, nk - HALF):
                if number[i, j, k] >= 0:
                    starts[number[i, j, k] + 1] += 1
        starts = np.cumsum(starts)
        fill = starts[:-1].copy()
        voxels = np.empty((starts[-1], 2), np.int64)
        for j in range(HALF, nj - HALF):
            for k in range(HALF, nk - HALF):
                bucket = number[i, j, k]
                if bucket >= 0:
                    voxels[fill[bucket], 0], voxels[fill[bucket], 1] = j, k
                    fill[bucket] += 1
        patches = np.zeros((4, PADDED + WIDE), np.float32)
        p0, p1, p2, p3 = patches[0], patches[1], patches[2], patches[3]
        for bucket in range(BUCKETS):
            taps = filters[bucket]
            for first in range(starts[bucket], starts[bucket + 1], 4):
                count = min(4, starts[bucket + 1] - first)
                for n in range(count):
                    j, k = voxels[first + n, 0], voxels[first + n, 1]
                    _take(flat, i * step_i + j * step_j + k, step_i, step_j, patches[n])
                t0 = t1 = t2 = t3 = np.float32(0)
                for tap in range(PADDED):
                    t0 += taps[tap] * p0[tap]
                    t1 += taps[tap] * p1[tap]
                    t2 += taps[tap] * p2[tap]
                    t3 += taps[tap] * p3[tap]
                for n in range(count):
                    total = t0 if n == 0 else t1 if n == 1 else t2 if n == 2 else t3
                    result[i, voxels[first + n, 0], voxels[first + n, 1]] = total
