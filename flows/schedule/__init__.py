"""The same stages by the clock: `said serve`, the only place that knows Prefect."""
