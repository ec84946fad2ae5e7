"""An OpenID Connect provider on this machine: discovery, authorization code with PKCE, signed tokens, keys.

It does what OpenID Connect Core 1.0 and Discovery 1.0 ask of a provider, for people of its own: who goes to
``/as/<address>`` first is that person from then on, as if the password had been given.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "said-and-done", "a-secret-of-the-client"


class Provider(ThreadingHTTPServer):
    """Holds who is signed in and the codes given out; ``claims`` are told besides the address."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": "one"})
        self.person = ""
        self.claims: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def metadata_url(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(asked.query).items()}
        if asked.path.startswith("/as/"):
            self.server.person = unquote(asked.path.removeprefix("/as/"))
            self._send(200, {"person": self.server.person})
        elif asked.path == "/.well-known/openid-configuration":
            self._send(200, self._metadata())
        elif asked.path == "/keys":
            self._send(200, {"keys": [self.server.key.as_dict(private=False)]})
        elif asked.path == "/authorize" and query.get("client_id") == CLIENT:
            code = secrets.token_urlsafe(16)
            self.server.codes[code] = query
            self._redirect(query["redirect_uri"], code=code, state=query["state"])
        elif asked.path == "/leave":
            self.server.person = ""
            self._redirect(query["post_logout_redirect_uri"])
        else:
            self._send(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {key: values[0] for key, values in parse_qs(body).items()}
        wanted = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.server.codes.pop(form.get("code", ""), None)
        if self.path != "/token" or self.headers["Authorization"] != f"Basic {wanted}" or asked is None:
            return self._send(401, {"error": "invalid_client"})
        proof = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != asked["code_challenge"]:
            return self._send(400, {"error": "invalid_grant"})
        now = int(time.time())
        claims = {
            "iss": self.server.issuer,
            "sub": self.server.person,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "email": self.server.person,
            "name": "As the provider calls them",
            **self.server.claims,
        }
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.server.key)
        return self._send(200, {"access_token": "a", "token_type": "Bearer", "id_token": token})

    def _metadata(self) -> dict[str, Any]:
        at = self.server.issuer
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys",
            "end_session_endpoint": f"{at}/leave",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _redirect(self, address: str, **query: str) -> None:
        self.send_response(302)
        self.send_header("Location", f"{address}?{urlencode(query)}" if query else address)
        self.end_headers()

    def _send(self, status: int, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """The tests say what went wrong."""


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider that answers until the block is left."""
    with Provider() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
