"""``python -m sample``: serve the sample web by hand until interrupted."""

from __future__ import annotations

import signal
import time

import click

from ledger.errors import SaidError
from sample.server import serve
from sample.stories import BASE_PORT, EDITIONS


@click.command()
@click.option(
    "--base-port", default=BASE_PORT, show_default=True, help="Port of the first outlet; 0 for any free."
)
@click.option(
    "--edition", type=click.Choice([str(n) for n in EDITIONS]), default="1", help="2 is a later visit."
)
@click.option("--hostile", is_flag=True, help="Add the hosts that misbehave.")
def main(base_port: int, edition: str, hostile: bool) -> None:
    """Serve the invented county of Marlshire as a small web, until interrupted."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has a job in the background ignore it
    try:
        with serve(base_port, int(edition), hostile) as web:
            for name, port in web.ports.items():
                click.echo(f"http://127.0.0.1:{port}/  {name}")
            click.echo("Stop with Ctrl-C.")
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        click.echo("Stopped.")
    except SaidError as error:
        click.echo(f"said: {error}", err=True)
        raise SystemExit(2) from error


if __name__ == "__main__":
    main()
