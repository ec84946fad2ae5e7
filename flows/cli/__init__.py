"""The command `said`: `main` is its entry point, each module beside it a family of commands."""

from flows.cli.app import main

__all__ = ["main"]
