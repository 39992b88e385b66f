"""Tables of the protocol: means over the volumes, and every single score."""
import csv
import statistics

# Name, unit, decimals, whether more is better, and where it is taken: inside the mask, or of the whole volume.
SCORES = {
    "psnr": ("PSNR", "dB", 2, True, "mask"),
    "ssim": ("SSIM", "", 4, True, "mask"),
    "nrmse": ("NRMSE", "", 4, False, "mask"),
    "hfen": ("HFEN", "", 4, False, "mask"),
    "lpips": ("LPIPS", "", 4, False, "whole"),
    "dice": ("Dice of three tissues", "", 4, True, "whole"),
    "psi": ("PSI", "", 4, None, "whole"),
    "lpcsi": ("LPC-SI", "", 4, None, "whole"),
}


class Scores:
    """The scores of all cases, by label, operator, scale and metric."""

    def __init__(self, cases, contenders, volumes):
        self.cases = cases
        self.contenders = contenders
        self.volumes = volumes

    @property
    def labels(self):
        return list(dict.fromkeys(contender.label for contender in self.contenders))

    def contender(self, label, operator, scale):
        return next((contender for contender in self.contenders
                     if contender.label == label and contender.takes(operator, scale)), None)

    def of(self, label, operator, scale, metric, region=None):
        """One score per volume, in their order; None where the contender has no part in the case."""
        contender = self.contender(label, operator, scale)
        if contender is None:
            return None
        found = []
        for volume in self.volumes:
            items = self.cases[operator, scale, volume]["results"][contender.identity]
            found.append(float(items[region or SCORES[metric][4]][metric]))
        return found

    def truth(self, operator, scale, metric):
        """The same of the truths themselves, for the scores that need no truth."""
        found = []
        for volume in self.volumes:
            items = next(iter(self.cases[operator, scale, volume]["results"].values()))
            found += [float(slices["truth"]["meanOfNonEmpty"]) for slices in items["whole"]["slices"]
                      if slices["metric"] == metric and slices["truth"]]
        return found


def table(scores, operator, scales, metric, region=None):
    """Rows are labels, columns scales: mean and standard deviation over the volumes, the best in bold."""
    _, _, decimals, more_is_better, _ = SCORES[metric]
    means = {}
    for label in scores.labels:
        for scale in scales:
            values = scores.of(label, operator, scale, metric, region)
            if values:
                means[label, scale] = statistics.fmean(values)
    lines = ["| " + " | ".join(["", *(f"x{scale}" for scale in scales)]) + " |",
             "| --- |" + " ---: |" * len(scales)]
    for label in scores.labels:
        if not any((label, scale) in means for scale in scales):
            continue
        cells = []
        for scale in scales:
            if (label, scale) not in means:
                cells.append("")
                continue
            values = scores.of(label, operator, scale, metric, region)
            mean = means[label, scale]
            text = f"{mean:.{decimals}f}"
            rivals = [value for (_, other), value in means.items() if other == scale]
            best = {True: max(rivals), False: min(rivals), None: None}[more_is_better]
            if mean == best and len(rivals) > 1:
                text = f"**{text}**"
            if len(values) > 1:
                text += f" ± {statistics.stdev(values):.{decimals}f}"
            cells.append(text)
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    truth = scores.truth(operator, scales[0], metric)
    if truth:
        lines.append(f"| truth | {statistics.fmean(truth):.{decimals}f} |" + " |" * (len(scales) - 1))
    return "\n".join(lines)


def gains(scores, operator, scales, metric, reference):
    """What every label has beyond the reference: mean, and the least and the most of a volume."""
    decimals = SCORES[metric][2]
    lines = ["| " + " | ".join(["", *(f"x{scale}" for scale in scales)]) + " |",
             "| --- |" + " ---: |" * len(scales)]
    for label in scores.labels:
        cells = []
        for scale in scales:
            values = scores.of(label, operator, scale, metric)
            base = scores.of(reference, operator, scale, metric)
            if label == reference or not values or not base:
                cells.append("")
                continue
            each = [value - other for value, other in zip(values, base)]
            text = f"{statistics.fmean(each):+.{decimals}f}"
            if len(each) > 1:
                text += f" ({min(each):+.{decimals}f} to {max(each):+.{decimals}f})"
            cells.append(text)
        if any(cells):
            lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines) if len(lines) > 2 else ""


def write_csv(place, scores):
    """Every score of every volume, a line each."""
    with open(place, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["operator", "scale", "volume", "contender", "identity", "region", "metric",
                         "value"])
        for (operator, scale, volume), case in sorted(scores.cases.items()):
            for label in scores.labels:
                contender = scores.contender(label, operator, scale)
                if contender is None:
                    continue
                for region, item in case["results"][contender.identity].items():
                    for metric in SCORES:
                        if metric in item:
                            writer.writerow([
                                operator, scale, volume.split("/")[-1].split(".")[0], label,
                                contender.identity[:16], region, metric, item[metric]])
