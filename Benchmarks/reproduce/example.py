"""A page with pictures: every contender's result of the first volume beside its truth."""
import os
import subprocess

from contenders import OPERATORS


def write_example(options, scores, operator, scale):
    """Makes the coarse volume and all results again, with files, and the report of `arssr evaluate`.

    Returns the page's path. A page of the same volume and contenders is left as it is.
    """
    volume = options.volumes[0]
    page = os.path.join(options.work, f"{operator}-{scale}.html")
    made = [contender for label in scores.labels
            if (contender := scores.contender(label, operator, scale))]
    stamp = page + ".contenders"
    wanted = "\n".join([volume, *(contender.identity for contender in made)])
    if os.path.exists(page) and os.path.exists(stamp):
        with open(stamp, encoding="utf-8") as file:
            if file.read() == wanted:
                return page

    def run(*words):
        subprocess.run([options.arssr, *words], check=True, stdout=subprocess.DEVNULL)

    low = os.path.join(options.work, "coarse.nii.gz")
    run("degrade", "-q", "-f", *OPERATORS[operator][0], "--scale", scale, volume, low)
    results = []
    for contender in made:
        results.append(os.path.join(options.work, f"{contender.label}.nii.gz"))
        blur = ["--psf", "auto"] if contender.asks_blur else []
        run("upsample", "-q", "-f", *contender.words, *blur, "--like", volume, low, results[-1])
    # The models first: the page opens with the first result beside the truth.
    order = sorted(results, key=lambda path: os.path.basename(path).startswith("cubic"))
    run("evaluate", "-q", "-f", "--metrics", "psnr,ssim,nrmse,hfen", "--mask", "foreground",
        "--report", page, *order, volume)
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(wanted)
    return page
