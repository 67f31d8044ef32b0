"""A passkey's device and the browser in front of it, in software: what they answer, and every way in which an answer can be wrong."""

import base64
import hashlib
import json
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from keys.randomness import token_bytes

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """Makes one passkey and uses it. `origin` is the page that the browser is at."""

    origin: str
    counter: int = 0
    verifies: bool = True
    id: bytes = field(default_factory=lambda: token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: bytes | None = None

    def make(self, question: str, **wrong) -> str:
        """Answer `navigator.credentials.create`."""
        asked = json.loads(question)
        self.handle = from_base64url(asked["user"]["id"])
        made = b"\x00" * 16 + len(self.id).to_bytes(2) + self.id + self._public()
        data = self._data(wrong.get("site") or asked["rp"]["id"], ATTESTED) + made
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked, wrong)
        return self._answer({"clientDataJSON": client, "attestationObject": attested})

    def use(self, question: str, **wrong) -> str:
        """Answer `navigator.credentials.get`."""
        asked = json.loads(question)
        self.counter += wrong.get("uses", 1)
        data = self._data(wrong.get("site") or asked["rpId"], 0)
        client = self._client("webauthn.get", asked, wrong)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer(answer | ({"userHandle": self.handle} if self.handle else {}))

    def _data(self, site: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4)

    def _client(self, kind: str, asked: dict, wrong: dict) -> bytes:
        said = {
            "type": wrong.get("kind", kind),
            "challenge": wrong.get("challenge", asked["challenge"]),
            "origin": wrong.get("origin", self.origin),
            "crossOrigin": False,
        }
        return json.dumps(said).encode()

    def _public(self) -> bytes:
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})

    def _answer(self, response: dict[str, bytes]) -> str:
        name = base64url(self.id)
        written = {key: base64url(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": written})
