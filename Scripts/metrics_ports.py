"""PSI, LPC-SI and the three-tissue segmentation in NumPy, with SciPy's FFT, in double precision.

Written from the published methods, to hold `arssr evaluate` against and to time it beside.
"""
import numpy
from scipy import fft


def slices(volume):
    """All slices across the three axes, rows before columns."""
    for axis in range(3):
        # Not `take`, which copies a volume in NIfTI's order as a whole.
        for image in numpy.moveaxis(volume, axis, 0):
            yield numpy.ascontiguousarray(image)


def gray(volume, truth):
    """From 0 to 255 on the scale of the truth, rounded."""
    low, high = truth.min(), truth.max()
    return numpy.floor(numpy.clip((volume - low) / (high - low), 0, 1) * 255 + 0.5)


# Perceptual sharpness index


def edges(image):
    padded = numpy.pad(image, 1, mode="edge")
    # Summed in this order: edges hang on comparisons that the last bit decides.
    down = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    over = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    across = abs(down[:, 2:] - down[:, :-2]) / 8
    along = abs(over[2:] - over[:-2]) / 8
    strength = across**2 + along**2
    slack = 100 * numpy.finfo(float).eps
    before = numpy.pad(strength, 1, constant_values=-numpy.inf)
    ridge_across = (across >= along - slack) & (before[1:-1, :-2] <= strength) & (strength > before[1:-1, 2:])
    ridge_along = (along >= across - slack) & (before[:-2, 1:-1] <= strength) & (strength > before[2:, 1:-1])
    return (strength > 4 * strength.mean()) & (ridge_across | ridge_along)


def walk(values, p, q, step):
    """The row in which values stop falling from each pixel upwards (step -1), or rising downwards (1)."""
    end, active = p.copy(), numpy.arange(len(p))
    while active.size:
        following = end[active] + step
        active = active[(following >= 0) & (following < values.shape[0])]
        here, column = end[active], q[active]
        goes_on = step * (values[here + step, column] - values[here, column]) > 0
        active = active[goes_on]
        end[active] += step
    return end


def edge_widths(image):
    """The width of every measured edge, else 0."""
    rows = image.shape[0]
    slope, across = numpy.gradient(image)
    p, q = numpy.nonzero(edges(image))
    angle = numpy.degrees(numpy.arctan2(slope[p, q], across[p, q]))
    angle[(slope[p, q] == 0) & (across[p, q] == 0)] = numpy.nan
    widths = numpy.zeros(image.shape)
    for sign in (1, -1):
        steep = abs(angle - 90 * sign) < 8
        row, column, tilt = p[steep], q[steep], angle[steep] - 90 * sign
        top, bottom = (walk(sign * image, row, column, step) for step in (-1, 1))
        inside = (top > 0) & (bottom < rows - 1)
        row, column, tilt, top, bottom = (
            part[inside] for part in (row, column, tilt, top, bottom))
        width = (bottom - top) / numpy.cos(numpy.radians(tilt))
        contrast = sign * (image[bottom, column] - image[top, column])
        wide = width >= 3
        width[wide] -= contrast[wide] / width[wide]
        widths[row, column] = width
    return widths


def psi(image):
    """Of a slice from 0 to 255."""
    image = image / 255
    rows, columns = (side // 32 for side in image.shape)
    if min(rows, columns) < 3 or image.min() == image.max():
        return 0.0
    widths = edge_widths(image)[:32 * rows, :32 * columns].reshape(rows, 32, columns, 32)
    sums = widths.sum((1, 3))[1:-1, 1:-1]
    counts = (widths != 0).sum((1, 3))[1:-1, 1:-1]
    values = numpy.sort(sums[sums >= 2] / counts[sums >= 2])
    count = int(numpy.ceil(22 / 100 * len(values)))
    return count / values[:count].sum() if count else 0.0


# Local phase coherence sharpness index


def frequencies(length):
    if length % 2 == 0:
        return fft.ifftshift(numpy.arange(-(length // 2), length // 2) / length)
    return fft.ifftshift(numpy.arange(-(length // 2), length // 2 + 1) / (length - 1))


def log_gabor(shape):
    """Filters by orientation and scale."""
    u, v = numpy.meshgrid(frequencies(shape[1]), frequencies(shape[0]))
    radius, angle = numpy.hypot(u, v), numpy.arctan2(-v, u)
    radius[0, 0] = 1
    bands = []
    for scale in (1, 1.5, 2):
        band = numpy.exp(-numpy.log(radius * 4 * scale) ** 2 / (2 * numpy.log(0.75) ** 2))
        band /= 1 + (radius / 0.45) ** 30
        band[0, 0] = 0
        bands.append(band)
    filters = []
    for orientation in range(8):
        turn = angle - orientation * numpy.pi / 8
        turn = abs(numpy.arctan2(numpy.sin(turn), numpy.cos(turn)))
        sector = numpy.exp(-(turn**2) / (2 * (numpy.pi / 8 / 1.5) ** 2))
        filters.append([band * sector for band in bands])
    return filters


def lpcsi(image, filters):
    """Of a slice from 0 to 255."""
    if image.min() == image.max():
        return 0.0
    border = int(min(image.shape) / 16 + 0.5)
    inner = (slice(border, -border), slice(border, -border))
    spectrum = fft.fft2(image)
    coherences, energies = numpy.zeros(image.shape), numpy.zeros(image.shape)
    for orientation in filters:
        first, second, third = (fft.ifft2(spectrum * one, overwrite_x=True) for one in orientation)
        size = abs(first)
        turned = first * (numpy.conj(second) * third) ** 2 * numpy.conj(second)
        length = abs(turned)
        cosine = numpy.divide(turned.real, length, out=numpy.zeros(image.shape), where=length > 0)
        energy = numpy.maximum(
            0, size - (size[inner].mean() + 2 * size[inner].std(ddof=1)))
        coherences += numpy.maximum(0, cosine) * energy
        energies += energy
    values = numpy.sort((coherences / (energies + 2))[inner], axis=None)[::-1]
    weights = numpy.exp(-numpy.arange(len(values)) / ((len(values) - 1) * 1e-4))
    return float((values * weights).sum() / weights.sum())


def volume_lpcsi(volume):
    filters = {}
    total = []
    for image in slices(volume):
        if image.shape not in filters:
            filters[image.shape] = log_gabor(image.shape)
        total.append(lpcsi(image, filters[image.shape]))
    return float(numpy.mean(total))


def volume_psi(volume):
    return float(numpy.mean([psi(image) for image in slices(volume)]))


# Three tissues


def mixture(histogram):
    """Means, variances and weights of three classes over 4096 gray values."""
    t = (numpy.arange(4096) + 0.5) / 4096
    cumulative, total = histogram.cumsum(), histogram.sum()
    means = numpy.array([t[numpy.argmax(cumulative >= share * total)] for share in (0.15, 0.5, 0.85)])

    def nearest():
        return abs(t[:, None] - means).argmin(1)

    for _ in range(20):
        label = nearest()
        for k in range(3):
            weight = histogram * (label == k)
            if weight.sum():
                means[k] = (weight * t).sum() / weight.sum()
    label = nearest()
    counts = numpy.array([max((histogram * (label == k)).sum(), 1) for k in range(3)])
    variances = numpy.array(
        [(histogram * (label == k) * (t - means[k]) ** 2).sum() for k in range(3)]) / counts + 1e-6
    weights = counts / counts.sum()
    for _ in range(30):
        logs = numpy.log(weights) - numpy.log(variances) / 2 - (t[:, None] - means) ** 2 / (2 * variances)
        shares = numpy.exp(logs - logs.max(1, keepdims=True))
        shares *= histogram[:, None] / shares.sum(1, keepdims=True)
        sums = numpy.maximum(shares.sum(0), 1e-12)
        means = (shares * t[:, None]).sum(0) / sums
        variances = (shares * (t[:, None] - means) ** 2).sum(0) / sums + 1e-6
        weights = sums / total
    order = numpy.argsort(means, kind="stable")
    return means[order], variances[order], weights[order]


def tissues(volume, mask):
    """Labels 1 to 3 inside the mask."""
    box = tuple(slice(places.min(), places.max() + 1) for places in numpy.nonzero(mask))
    whole = numpy.zeros(volume.shape, int)
    whole[box] = tissues_of_box(volume[box], mask[box], sum(side.start for side in box))
    return whole


def tissues_of_box(volume, mask, corner):
    """The same of a part; corner: the sum of its first voxel's indices, which decides who moves first."""
    low, high = numpy.percentile(volume[mask], [0.1, 99.9])
    values = numpy.clip((volume - low) / (high - low), 0, 1)
    histogram = numpy.bincount(
        numpy.minimum(4095, (values[mask] * 4096).astype(int)), minlength=4096).astype(float)
    means, variances, weights = mixture(histogram)
    costs = numpy.stack([
        numpy.log(variances[k]) / 2 + (values - means[k]) ** 2 / (2 * variances[k]) - numpy.log(weights[k])
        for k in range(3)])
    labels = numpy.where(mask, costs.argmin(0) + 1, 0)
    parity = (numpy.indices(volume.shape).sum(0) + corner) % 2
    for _ in range(10):
        for half in (0, 1):
            padded = numpy.pad(labels, 1)
            votes = numpy.stack([
                sum((numpy.roll(padded, step, axis) == k)[1:-1, 1:-1, 1:-1].astype(float)
                    for axis in range(3) for step in (1, -1)) for k in (1, 2, 3)])
            chosen = (costs - 0.3 * votes).argmin(0) + 1
            labels = numpy.where(mask & (parity == half), chosen, labels)
    return labels


def dice(first, second):
    """Mean over the three labels."""
    return float(numpy.mean([
        2 * ((first == k) & (second == k)).sum() / ((first == k).sum() + (second == k).sum())
        for k in (1, 2, 3)]))
