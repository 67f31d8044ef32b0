"""Passkeys as a second factor (WebAuthn, W3C Recommendation of 2021): what the browser is asked, and whether its answer holds.

The signature covers the challenge, the page's origin and the site's name, so it is worth nothing anywhere else and never a second time. The
device must have asked its user (PIN, fingerprint). Which make of device it is isn't asked (no attestation).

`webauthn` is loaded by the first passkey, not with the program: it brings 10 MB that most faces never need.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from keys.comparison import equal
from keys.errors import RefusedPasskey

CHALLENGE_LENGTH = 32
LONGEST_ANSWER = 20_000
SECONDS = 120


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are, as the browser has it: "https://clearing.example.org". The site's name is the host's."""

    origin: str

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True, slots=True)
class Credential:
    """What a device has shown of a key pair that never leaves it. `counter` goes up with each use, or stays 0."""

    id: bytes
    public_key: bytes
    counter: int


def ask_for_new(
    site: Site, challenge: bytes, *, issuer: str, username: str, handle: bytes, known: Sequence[bytes]
) -> str:
    """The question to `navigator.credentials.create`, as JSON. `handle` is what the device calls the account, at most 64 bytes."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=issuer,
        user_name=username,
        user_id=handle,
        challenge=challenge,
        timeout=SECONDS * 1000,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return webauthn.options_to_json(options)


def ask_for_one_of(site: Site, challenge: bytes, known: Sequence[bytes]) -> str:
    """The question to `navigator.credentials.get`, as JSON."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        timeout=SECONDS * 1000,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def check_new(answer: str, site: Site, challenge: bytes) -> Credential:
    """The passkey that was made. Raises RefusedPasskey: another challenge, page or site, no user, or no answer at all."""
    import webauthn  # noqa: PLC0415

    try:
        made = webauthn.verify_registration_response(
            credential=_bounded(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001  (its parsers raise many things; none of them may be told)
        raise RefusedPasskey("not an answer to what was asked") from None
    return Credential(made.credential_id, made.credential_public_key, made.sign_count)


def named_in(answer: str) -> bytes:
    """The id of the passkey that an answer claims to come from. Raises RefusedPasskey."""
    from webauthn.helpers import parse_authentication_credential_json  # noqa: PLC0415

    try:
        return bytes(parse_authentication_credential_json(_bounded(answer)).raw_id)
    except Exception:  # noqa: BLE001
        raise RefusedPasskey("not an answer to what was asked") from None


def check_use(answer: str, site: Site, challenge: bytes, passkey: Credential, *, handle: bytes) -> Credential:
    """The passkey with its new counter. Raises RefusedPasskey as above; for another account's handle; for a counter that didn't go up."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers import parse_authentication_credential_json  # noqa: PLC0415

    try:
        credential = parse_authentication_credential_json(_bounded(answer))
        used = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.counter,
            require_user_verification=True,
        )
        whose = credential.response.user_handle
    except Exception:  # noqa: BLE001
        raise RefusedPasskey("not an answer to what was asked") from None
    if not equal(used.credential_id, passkey.id) or (whose is not None and not equal(whose, handle)):
        raise RefusedPasskey("another passkey's answer")
    return Credential(passkey.id, passkey.public_key, used.new_sign_count)


def _bounded(answer: Any) -> str:
    if not isinstance(answer, str) or len(answer) > LONGEST_ANSWER:
        raise RefusedPasskey("not an answer to what was asked")
    return answer
