import os
import signal
import subprocess
import sys

from pipelines.engine.watch.driver import end_with

WORKER = (
    "import sys, time; from pipelines.engine.watch.driver import end_with; end_with(int(sys.argv[1])); time.sleep(600)"
)


def test_a_worker_ends_after_its_driver():
    driver = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(driver.pid)])
    try:
        driver.send_signal(signal.SIGKILL)
        assert worker.wait(timeout=60) == 1
    finally:
        worker.kill()
        driver.wait()


def test_the_driver_does_not_watch_itself():
    end_with(os.getpid())
    assert end_with.cache_info().currsize == 1
