"""Scores over scales as lines, one panel per operator, as SVG."""
import math
import statistics

from tables import SCORES

COLOURS = ["#1f6fb2", "#d98a1f", "#3c9a5f", "#b0413e", "#7a5ba6", "#7f7f7f", "#17a2a2", "#c2589a"]
PANEL, HEIGHT, LEFT, BOTTOM, TOP = 330, 250, 58, 40, 34


def steps(low, high):
    """Round values between two limits and around them, about five."""
    raw = (high - low) / 4 or abs(high) / 4 or 1
    power = 10 ** math.floor(math.log10(raw))
    step = min((factor * power for factor in (1, 2, 5, 10)), key=lambda value: abs(value - raw))
    first = math.floor(low / step)
    return [step * number for number in range(first, max(math.ceil(high / step), first + 1) + 1)]


def panel(scores, operator, title, scales, metric, left, limits):
    decimals = SCORES[metric][2]
    ticks = steps(*limits)
    low, high = ticks[0], ticks[-1]
    numbers = [float(scale) for scale in scales]
    span = numbers[-1] - numbers[0] or 1

    def place(scale, value):
        return (left + LEFT + (scale - numbers[0]) / span * (PANEL - LEFT - 16),
                HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - BOTTOM - TOP))

    parts = [f'<text x="{left + LEFT}" y="20" font-weight="bold">{title}</text>']
    for tick in ticks:
        _, y = place(numbers[0], tick)
        parts += [f'<path d="M{left + LEFT} {y:.1f}H{left + PANEL - 16}" stroke="#ddd"/>',
                  f'<text x="{left + LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">'
                  f'{tick:.{min(decimals, 3)}f}</text>']
    for scale, number in zip(scales, numbers):
        x, _ = place(number, low)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">x{scale}</text>')
    for index, label in enumerate(scores.labels):
        colour = COLOURS[index % len(COLOURS)]
        points = []
        for scale, number in zip(scales, numbers):
            values = scores.of(label, operator, scale, metric)
            if values:
                points.append(place(number, statistics.fmean(values)))
        if not points:
            continue
        line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
    return parts


def chart(scores, operators, metric):
    """The picture, or None where a score has no values; operators: title and scales of each."""
    means = [statistics.fmean(values) for operator, (_, scales) in operators.items()
             for scale in scales
             for label in scores.labels
             if (values := scores.of(label, operator, scale, metric))]
    means = [mean for mean in means if math.isfinite(mean)]
    if not means:
        return None
    name, unit, *_ = SCORES[metric]
    width = PANEL * len(operators)
    legend = 22 * math.ceil(len(scores.labels) / (2 * len(operators))) + 8
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT + legend}" '
             'font-family="sans-serif" font-size="12">',
             f'<rect width="{width}" height="{HEIGHT + legend}" fill="#fff"/>']
    heading = f"{name} ({unit})" if unit else name
    for number, (operator, (title, scales)) in enumerate(operators.items()):
        parts += panel(scores, operator, f"{heading}: {title.split(',')[0]}", scales, metric,
                       PANEL * number, (min(means), max(means)))
    for index, label in enumerate(scores.labels):
        column, row = index % (2 * len(operators)), index // (2 * len(operators))
        x, y = LEFT + column * (PANEL - 20) / 2, HEIGHT + 14 + 22 * row
        colour = COLOURS[index % len(COLOURS)]
        parts += [f'<path d="M{x} {y - 4}h22" stroke="{colour}" stroke-width="2"/>',
                  f'<text x="{x + 28}" y="{y}">{label}</text>']
    return "\n".join([*parts, "</svg>"]) + "\n"
