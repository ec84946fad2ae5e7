"""Small real servers on loopback ports: one that takes mail, one that takes POST requests."""

from __future__ import annotations

import base64
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class MailServer(socketserver.ThreadingTCPServer):
    """As much of RFC 5321 as a client needs, with STARTTLS and AUTH PLAIN when given a certificate.

    ``cut``: "in data" or "after data", where the line breaks with nobody told, or "hang after data", until
    ``leave`` is set. ``greylist``: a first try to
    reach an address is answered 451. ``answer``: to a whole message.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, certificate: Path | None = None, refuse: str = "", password: str = "") -> None:
        self.certificate, self.refuse, self.password = certificate, refuse, password
        self.cut, self.greylist, self.answer = "", False, "250 kept"
        self.known: set[str] = set()
        self.leave = threading.Event()
        self.taken: list[tuple[str, list[str], EmailMessage, bool]] = []
        super().__init__(("127.0.0.1", 0), _MailHandler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _MailHandler(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.secret = self.known = False
        self.say("220 ready")
        sender, to = "", list[str]()
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb in ("EHLO", "HELO"):
                offers = ["hello"]
                if self.server.certificate and not self.secret:
                    offers.append("STARTTLS")
                if self.server.password and self.secret:
                    offers.append("AUTH PLAIN")
                for n, offer in enumerate(offers, 1):
                    self.say(f"250{' ' if n == len(offers) else '-'}{offer}")
            elif verb == "STARTTLS" and self.server.certificate:
                self.say("220 go on")
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self.server.certificate)
                try:
                    self.connection = context.wrap_socket(self.connection, server_side=True)
                except ssl.SSLError:  # the client does not trust the certificate
                    return
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                self.secret = True
            elif verb == "AUTH":
                self.known = (
                    base64.b64decode(line.split()[2]).split(b"\0")[2].decode() == self.server.password
                )
                self.say("235 welcome" if self.known else "535 wrong password")
            elif verb == "MAIL":
                sender = line.partition("<")[2].partition(">")[0]
                self.say("250 ok" if self.known or not self.server.password else "530 log in first")
            elif verb == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                refused = bool(self.server.refuse) and self.server.refuse in address
                later = self.server.greylist and address not in self.server.known
                self.server.known.add(address)
                to += [] if refused or later else [address]
                self.say("550 no such person" if refused else "451 come again" if later else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                if self.server.cut == "in data":
                    return
                body = b""
                while (got := self.rfile.readline()) != b".\r\n":
                    body += got.removeprefix(b".")
                    if not got:  # half a message is none
                        return
                message = message_from_bytes(body, policy=default)
                assert isinstance(message, EmailMessage)
                if self.server.answer.startswith("250"):
                    self.server.taken.append((sender, to, message, self.secret))
                to = []
                if self.server.cut == "hang after data":
                    self.server.leave.wait()
                if self.server.cut.endswith("after data"):
                    return
                self.say(self.server.answer)
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class HookServer(ThreadingHTTPServer):
    """Takes POST requests and answers each with ``status``, after ``seconds``; 302 points to /moved on
    itself. ``after``: the line Retry-After of the answers."""

    daemon_threads = True

    def __init__(self, status: int = 204, certificate: Path | None = None) -> None:
        self.status, self.seconds, self.after = status, 0.0, ""
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        self.leave = threading.Event()  # ends all waiting
        super().__init__(("127.0.0.1", 0), _HookHandler)
        self.scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}/hook/secret-token"


class _HookHandler(BaseHTTPRequestHandler):
    server: HookServer

    def do_POST(self) -> None:
        body = self.rfile.read(length := int(self.headers["Content-Length"]))
        if len(body) < length:  # half a request is none
            return
        self.server.taken.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        self.server.leave.wait(self.server.seconds)
        self.send_response(self.server.status)
        if self.server.after:
            self.send_header("Retry-After", self.server.after)
        if self.server.status == 302:
            self.send_header("Location", "/moved")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class NonsenseServer(socketserver.TCPServer):
    """Answers whatever it is sent with words that are no HTTP."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _NonsenseHandler)


class _NonsenseHandler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.rfile.readline()
        self.wfile.write(b"colourless green ideas\r\n\r\n")


@contextmanager
def running(server: socketserver.TCPServer) -> Iterator[None]:
    """The server at work in a thread of its own."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def make_certificate(file: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that signs itself, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file
