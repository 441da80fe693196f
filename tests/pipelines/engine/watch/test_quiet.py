import subprocess
import sys

from pipelines.engine.watch.quiet import stderr_to


def test_what_processes_write_to_stderr_goes_to_the_file_and_then_to_the_terminal_again(tmp_path, capfd):
    with stderr_to(tmp_path / "log"):
        subprocess.run([sys.executable, "-c", "import sys; print('chatter', file=sys.stderr)"], check=True)
    subprocess.run([sys.executable, "-c", "import sys; print('news', file=sys.stderr)"], check=True)
    assert (tmp_path / "log").read_text() == "chatter\n"
    assert capfd.readouterr().err == "news\n"


def test_without_a_file_nothing_changes(capfd):
    with stderr_to(None):
        subprocess.run([sys.executable, "-c", "import sys; print('news', file=sys.stderr)"], check=True)
    assert capfd.readouterr().err == "news\n"
