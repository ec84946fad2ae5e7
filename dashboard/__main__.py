"""``python -m dashboard PORT``: show the home folder that SAID_HOME names."""

from __future__ import annotations

import os
import sys

from dashboard.launch import arguments
from ledger import settings

if __name__ == "__main__":
    home = settings.load()
    command = [sys.executable, "-m", "streamlit", *arguments(home, int(sys.argv[1]))]
    os.execve(sys.executable, command, settings.child_environment(home))
