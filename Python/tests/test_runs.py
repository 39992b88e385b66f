"""Progress, an end before time, models that are kept, processes that fork."""
import multiprocessing
import os
import signal
import threading
import time

import numpy as np
import pytest
from conftest import smooth

import arssr
from arssr import _job, _native


def test_progress_is_told_and_grows():
    seen = []
    arssr.upsample(
        smooth((64, 64, 48)), scale=3, progress=lambda share, stage: seen.append((share, stage)))
    shares = [share for share, _ in seen]
    assert shares == sorted(shares) and all(0 <= share <= 1 for share in shares)
    assert {stage for _, stage in seen} <= {"waiting", "encode", "decode"}
    assert shares


@pytest.mark.parametrize("kind", [KeyboardInterrupt, ValueError])
def test_what_progress_raises_ends_the_run(kind):
    def stop(share, stage):
        raise kind("enough")

    start = time.monotonic()
    with pytest.raises(kind):
        arssr.upsample(smooth((128, 128, 128)), scale=4, progress=stop)
    assert time.monotonic() - start < 20
    # The threads are free for the next.
    assert arssr.upsample(smooth((10, 9, 8))).data.shape == (20, 18, 16)


def interrupt_after(*seconds):
    """Presses Ctrl-C."""
    # A shell lets programs in the background ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for delay in seconds:
        threading.Timer(delay, lambda: os.kill(os.getpid(), signal.SIGINT)).start()


def test_an_interrupted_call_has_ended_when_its_memory_is_let_go(monkeypatch):
    called, ended = _native.checked, []

    def noted(name, *arguments):
        try:
            called(name, *arguments)
        finally:
            ended.append(name)

    array = smooth((128, 128, 128))
    arssr.upsample(smooth((10, 9, 8)))
    monkeypatch.setattr(_native, "checked", noted)
    interrupt_after(0.5)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        arssr.upsample(array, scale=4)
    assert ended[-1] == "arssr_upsample"
    assert time.monotonic() - start < 20
    assert arssr.upsample(smooth((10, 9, 8))).data.shape == (20, 18, 16)


def test_further_interrupts_do_not_leave_a_call_behind(monkeypatch):
    ended = []

    def slow(name):
        time.sleep(3)
        ended.append(name)

    monkeypatch.setattr(_native, "checked", slow)
    interrupt_after(0.2, 0.4, 0.6)
    with pytest.raises(KeyboardInterrupt):
        _job.Job().run(None, [], "slow")
    assert ended == ["slow"]


def test_a_loaded_model_gives_the_same_and_shows_itself():
    model = arssr.Model.load("brain-t1w", threads=1)
    array = smooth((12, 10, 8))
    np.testing.assert_array_equal(model.upsample(array).data, arssr.upsample(array).data)
    np.testing.assert_array_equal(
        arssr.upsample(array, model=model).data, arssr.upsample(array).data)
    assert model.computer.threads == 1
    assert "brain-t1w" in repr(model) and model.parameters > 100_000
    assert model.licence and "<table>" in model._repr_html_()
    assert "<table>" in arssr.evaluate(array, array)._repr_html_()
    with pytest.raises(arssr.UsageError):
        arssr.upsample(array, model=model, threads=2)


def test_calls_from_several_threads_take_turns():
    array = smooth((20, 20, 16))
    wanted = arssr.upsample(array).data
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(arssr.upsample(array).data))
        for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and all(np.array_equal(one, wanted) for one in found)


def _in_child(queue):
    queue.put(float(arssr.upsample(smooth((12, 10, 8))).data.sum()))


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_child_processes_work_after_their_parent_did(method):
    wanted = float(arssr.upsample(smooth((12, 10, 8))).data.sum())
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    child = context.Process(target=_in_child, args=(queue,))
    child.start()
    assert queue.get(timeout=60) == wanted
    child.join(60)
    assert child.exitcode == 0
