"""The faults of `benchmarks/faults.py`, a few of each, in a process of its own, for it forks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_after_every_kind_of_fault_a_whole_index_answers() -> None:
    few = ["--kills", "2", "--full", "1", "--builders", "1", "--busy", "2", "--damage", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.faults", *few],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout
    assert "folder that cannot be written         1 times  wrong 0" in done.stdout
    assert "a builder beside a busy server        2 times  wrong 0" in done.stdout
