"""Points on two logarithmic axes with the diagonal, as SVG."""
import math

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 460, 70, 60


def log_chart(series, across, up):
    """Draws points of two quantities in the same unit.

    series: (label, colour, whether filled, [(x, y), ...]) each; all values above 0.
    """
    values = [value for *_, points in series for point in points for value in point]
    low, high = 0.9 * min(values), 1.1 * max(values)

    def place(x, y):
        def share(value):
            return math.log(value / low) / math.log(high / low)
        return (LEFT + share(x) * (WIDTH - LEFT - 20), HEIGHT - BOTTOM - share(y) * (HEIGHT - BOTTOM - 20))

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
             'font-family="sans-serif" font-size="13">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    for decade in range(math.floor(math.log10(low)), math.ceil(math.log10(high))):
        for factor in range(1, 10):
            value = factor * 10.0 ** decade
            if not low <= value <= high:
                continue
            x, y = place(value, value)
            parts.append(f'<path d="M{x:.1f} 20V{HEIGHT - BOTTOM}M{LEFT} {y:.1f}H{WIDTH - 20}" '
                         f'stroke="{"#ccc" if factor == 1 else "#eee"}"/>')
            if factor in (1, 2, 5):
                parts += [f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value:g}</text>',
                          f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>']
    (x, y), (end_x, end_y) = place(low, low), place(high, high)
    parts.append(f'<path d="M{x:.1f} {y:.1f}L{end_x:.1f} {end_y:.1f}" stroke="#888" stroke-dasharray="5 4"/>')

    def dot(x, y, colour, is_filled):
        return (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" stroke="{colour}" stroke-width="1.6" '
                f'fill="{colour if is_filled else "#fff"}"/>')

    for number, (label, colour, is_filled, points) in enumerate(series):
        parts += [dot(*place(*point), colour, is_filled) for point in points]
        parts += [dot(LEFT + 18, 36 + 20 * number, colour, is_filled),
                  f'<text x="{LEFT + 30}" y="{40 + 20 * number}">{label}</text>']
    parts += [f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{across}</text>',
              f'<text transform="rotate(-90 18 {HEIGHT / 2})" x="18" y="{HEIGHT / 2}" text-anchor="middle">'
              f'{up}</text>', '</svg>']
    return "\n".join(parts) + "\n"
