"""The invented county of Marlshire as a little web of newspapers, with its labels and a server."""
