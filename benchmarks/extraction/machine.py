"""What CPU times were taken on."""

import os
import platform
import re
import subprocess
from pathlib import Path

import psutil


def machine() -> str:
    """Processor, cores, memory, system and Python: CPU times of two runs compare if this is the same."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{processor()}, {os.cpu_count()} cores, {memory:.0f} GiB; {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


def processor() -> str:
    """The name that the maker gave it."""
    if platform.system() == "Darwin":
        said = subprocess.run(["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=True)
        return said.stdout.strip()
    about = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", about.read_text()) if about.is_file() else None
    return found[1] if found else platform.processor() or platform.machine()


def load() -> float:
    """How many processes wanted each core in the last minute; above 1, they waited for one another."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)
