#!/usr/bin/env python3
"""Opens reports in a headless browser and uses every control; makes screenshots to look at.

    report-browser.py --arssr PATH [--browser PATH] [--screenshots FOLDER]

What must hold: no message on the console, no request beyond the file itself, every control with a name
and an effect, pixels and sides as nibabel has them, nothing wider than a phone, at most 6 MB for a volume
of 256 x 256 x 256.
"""
import argparse
import pathlib
import subprocess
import tempfile

import nibabel
import numpy
from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "Samples"
LARGEST_FILE = 6_000_000
DESKTOP = {"width": 1360, "height": 900}
PHONE = {"width": 390, "height": 844}


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)


def make_reports(arssr, folder):
    """The three ways to a report, on the sample; returns the files by name."""
    low, truth = SAMPLES / "sub-37_T1w_lr.nii.gz", SAMPLES / "sub-37_T1w_truth.nii.gz"
    result, cubic = folder / "sub-37_sr.nii.gz", folder / "sub-37_cubic.nii.gz"
    run(arssr, "upsample", "-q", "--psf", "1", "--report", folder / "upsample.html", low, result)
    run(arssr, "upsample", "-q", "--method", "cubic", low, cubic)
    run(arssr, "report", "-q", result, "-i", low, "--truth", truth, "-o", folder / "report.html")
    names = []
    for name, path in [("arssr", result), ("cubic", cubic), ("truth", truth)]:
        names.append(folder / f"{name}.nii.gz")
        series(path, names[-1], noise=0 if name == "truth" else 8)
    run(arssr, "evaluate", "-q", "--metrics", "psnr,ssim,nrmse", "--mask", "foreground",
        "--report", folder / "evaluate.html", *names)
    return {name: folder / f"{name}.html" for name in ["upsample", "report", "evaluate"]}


def series(path, output, noise):
    """Six frames of one volume, each with noise of its own."""
    image = nibabel.load(path)
    voxels = numpy.asarray(image.dataobj, dtype=numpy.float32)
    random = numpy.random.default_rng(1)
    frames = [voxels + noise * (1 + frame) * random.standard_normal(voxels.shape)
              for frame in range(6)]
    data = numpy.stack(frames, axis=-1).astype(numpy.float32)
    nibabel.save(nibabel.Nifti1Image(data, image.affine), output)


def check_size(arssr, folder):
    """The sample's brain in a volume of 256^3 full of noise, the worst that a report can get."""
    random = numpy.random.default_rng(2)
    voxels = random.normal(300, 60, (256, 256, 256)).astype(numpy.float32)
    affine = numpy.diag([0.8, 0.8, 0.8, 1])
    nibabel.save(nibabel.Nifti1Image(voxels, affine), folder / "noise.nii")
    coarse = nibabel.Nifti1Image(voxels[::2, ::2, ::2], numpy.diag([1.6, 1.6, 1.6, 1]))
    nibabel.save(coarse, folder / "coarse.nii")
    run(arssr, "report", "-q", folder / "noise.nii", "-i", folder / "coarse.nii", "--truth",
        folder / "noise.nii", "-o", folder / "noise.html")
    size = (folder / "noise.html").stat().st_size
    assert size <= LARGEST_FILE, f"{size} bytes for 256^3"
    print(f"256 x 256 x 256 voxels of noise, five layers: {size} bytes")


class Page:
    """A report in a browser, with everything that it complains about."""

    def __init__(self, browser, path, **context):
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self.note_request)
        self.page.goto(path.as_uri())
        self.settle()

    def note_request(self, request):
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.complaints.append(f"request of {request.url}")

    def settle(self):
        self.page.wait_for_selector("body[data-ready]")
        self.page.wait_for_timeout(120)

    def state(self):
        """Everything that a control can change: pixels, texts, plots."""
        self.settle()
        return self.page.evaluate(
            """() => [...document.querySelectorAll('canvas')].map((c) => c.toDataURL()).join()
              + document.getElementById('viewer').innerText
              + document.getElementById('profile-chart').innerHTML
              + [...document.querySelectorAll('.border, .frame, .end')].map((e) => e.style.cssText)""")

    def must_change(self, what, action):
        before = self.state()
        action()
        assert self.state() != before, f"{what}: nothing changes"

    def close(self):
        assert not self.complaints, self.complaints
        self.context.close()


def use_controls(report):
    page = report.page
    picture = page.locator(".picture").first
    layers = page.locator("#left option").count()
    for side in ["#left", "#right"]:
        for option in range(layers):
            page.select_option(side, index=option)
            report.settle()
        page.select_option(side, index=0 if side == "#left" else layers - 1)
    report.must_change("left", lambda: page.select_option("#left", index=1))
    for button in ["#show-difference", "#show-split"]:
        report.must_change(button, lambda: page.click(button))
    page.click("#show-difference")
    report.must_change("gain", lambda: page.locator("#gain").press("ArrowRight"))
    page.click("#show-split")
    for slider in ["#brightness", "#contrast", "#detail-side"]:
        report.must_change(slider, lambda: page.locator(slider).press("End"))
    page.locator("#detail-side").press("Home")
    report.must_change("reset", lambda: page.click("#reset"))
    for number in range(3):
        slices = page.locator(".plane input").nth(number)
        report.must_change("slice slider", lambda: slices.press("Home"))
    for key in ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Shift+ArrowLeft",
                "Shift+ArrowDown", "PageUp"]:
        picture.focus()
        report.must_change(key, lambda: page.keyboard.press(key))
    box = picture.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    report.must_change("wheel", lambda: page.mouse.wheel(0, -120))

    def drag(start, end):
        page.mouse.move(*start)
        page.mouse.down()
        page.mouse.move(*end, steps=4)
        page.mouse.up()

    report.must_change("drag", lambda: drag((x, y), (x + box["width"] / 4, y)))
    report.must_change("click", lambda: page.mouse.click(x - 30, y + 20))
    for number in range(2):
        handle = page.locator(".end").nth(number)
        handle.scroll_into_view_if_needed()
        place = handle.bounding_box()
        centre = (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
        report.must_change("line", lambda: drag(centre, (centre[0] + 15, centre[1] - 12)))
        handle.focus()
        report.must_change("line by key", lambda: page.keyboard.press("ArrowDown"))
    page.click("#reset")


def check_access(page):
    """Every control has a name and is reached by the tabulator."""
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll('input, select, button, canvas[role], .picture')]
          .filter((e) => !e.getAttribute('aria-label') && !e.labels?.length && !e.textContent.trim())
          .map((e) => e.outerHTML)""")
    assert not unnamed, unnamed
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('input, select, button, .picture')]
          .filter((e) => e.offsetParent).length""")
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    reached = set()
    for _ in range(wanted + 30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(
            """() => [...document.querySelectorAll('input, select, button, .picture')]
              .indexOf(document.activeElement)"""))
    assert len(reached - {-1}) == wanted, f"{len(reached - {-1})} of {wanted} by keyboard"


def check_pixels(page, path):
    """A slice of each plane is that of nibabel, turned to the radiological convention."""
    image = nibabel.as_closest_canonical(nibabel.load(path))
    voxels = numpy.asarray(image.dataobj, dtype=numpy.float64)
    low, high = page.evaluate("[report.window.low, report.window.high]")
    # Axes right, front, head: left of the picture is the patient's right or front, top is front or head.
    views = {
        "axial": lambda n: voxels[::-1, ::-1, n].T,
        "coronal": lambda n: voxels[::-1, n, ::-1].T,
        "sagittal": lambda n: voxels[voxels.shape[0] - 1 - n, ::-1, ::-1].T,
    }
    for number, plane in enumerate(page.evaluate("report.planes.map((plane) => plane.name)")):
        slice_, index = page.evaluate(
            f"[view.slices[{number}], report.planes[{number}].slices[view.slices[{number}]].index]")
        levels = page.evaluate(
            f"levels({number}, {slice_}, layerNumber('result')).then((gray) => [...gray])")
        expected = numpy.clip((views[plane](index) - low) / (high - low) * 255, 0, 255)
        difference = numpy.abs(numpy.array(levels).reshape(expected.shape) - expected).max()
        # Levels are rounded, and float32 may round a half the other way.
        assert difference < 0.501, f"{plane} slice {index}: off by {difference} levels"


def check_phone(browser, path, shots, name):
    report = Page(browser, path, viewport=PHONE, device_scale_factor=2, is_mobile=True,
                  has_touch=True)
    page = report.page
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"{name}: {width} pixels wide on a phone"
    report.must_change("tap", lambda: page.locator(".picture").first.tap(
        position={"x": 90, "y": 120}))
    box = page.locator(".picture").first.bounding_box()
    session = report.context.new_cdp_session(page)

    def swipe():
        y = box["y"] + box["height"] / 2
        for kind, share in [("touchStart", 0.5), ("touchMove", 0.6), ("touchMove", 0.75),
                            ("touchEnd", None)]:
            points = [] if share is None else [{"x": box["x"] + share * box["width"], "y": y}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    report.must_change("touch", swipe)
    page.screenshot(path=shots / f"{name}-phone.png", full_page=True)
    report.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arssr", required=True, type=pathlib.Path)
    parser.add_argument("--browser", default="/usr/bin/chromium-headless-shell")
    parser.add_argument("--screenshots", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = pathlib.Path(name)
        shots = arguments.screenshots or folder
        shots.mkdir(parents=True, exist_ok=True)
        check_size(arguments.arssr, folder)
        browser = playwright.chromium.launch(
            executable_path=arguments.browser, args=["--no-sandbox"])
        for name, path in make_reports(arguments.arssr, folder).items():
            report = Page(browser, path, viewport=DESKTOP)
            report.page.screenshot(path=shots / f"{name}.png", full_page=True)
            if name == "report":
                check_pixels(report.page, folder / "sub-37_sr.nii.gz")
            use_controls(report)
            check_access(report.page)
            report.page.emulate_media(media="print")
            report.page.pdf(path=shots / f"{name}.pdf", format="A4")
            report.close()
            check_phone(browser, path, shots, name)
            print(f"{name}: {path.stat().st_size} bytes, every control used, no complaint")
        dark = Page(browser, folder / "report.html", viewport=DESKTOP, color_scheme="dark")
        dark.page.screenshot(path=shots / "report-dark.png", full_page=True)
        dark.close()
        browser.close()


if __name__ == "__main__":
    main()
