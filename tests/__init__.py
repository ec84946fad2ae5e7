"""Tests. Numbers are worked out by one thread a worker: more would only get in one another's way."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
