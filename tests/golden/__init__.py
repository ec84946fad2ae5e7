"""Figures on labelled data and the floors under them. ``score_*.py`` came with the evaluation kit."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))  # the kit's scorers import one another as scripts of one folder
