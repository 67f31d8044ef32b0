"""What the standards print comes out here too."""

from hashlib import sha256

from argon2.low_level import ARGON2_VERSION, Type, core, ffi

from keys import passphrase, streams, symmetric, totp
from keys.signing import SigningKeyPair

x = bytes.fromhex


def test_deriving_gives_what_rfc_5869_prints(rfc):
    for case in rfc("rfc5869_hkdf_sha256")["cases"]:
        derived = symmetric.hkdf(
            x(case["ikm"]), salt=x(case["salt"]), info=x(case["info"]), length=case["length"]
        )
        assert derived.hex() == case["okm"]


def test_deriving_without_a_salt_is_rfc_5869_without_a_salt():
    ours = symmetric.derive(b"\x0b" * 22, info=b"purpose", length=42)
    assert ours == symmetric.hkdf(b"\x0b" * 22, salt=bytes(32), info=b"purpose", length=42)


def test_signing_keys_and_signatures_are_those_of_rfc_8032(rfc):
    for case in rfc("rfc8032_ed25519")["cases"]:
        pair = SigningKeyPair.from_seed(x(case["seed"]))
        assert pair.public.to_bytes().hex() == case["public"]
        assert pair._key.sign(x(case["message"])).hex() == case["signature"]


def test_one_time_codes_are_those_of_rfc_6238(rfc):
    vectors = rfc("rfc6238_totp_sha1")
    for case in vectors["cases"]:
        step = totp.matching_step(vectors["secret"], case["code"][-6:], case["at"], window=0)
        assert step == case["at"] // 30


def test_keys_from_passphrases_are_those_of_the_reference_implementation(rfc):
    for case in rfc("argon2id_reference")["cases"]:
        policy = passphrase.Argon2Policy(case["time_cost"], case["memory_kib"], case["parallelism"])
        header = passphrase._Header(policy, case["salt"].encode())
        assert passphrase._derive(case["password"], header).hex() == case["tag"]


def test_the_library_computes_argon2id_as_rfc_9106_prints_it(rfc):
    """Through the lowest level, because the printed vector uses a secret and associated data, and we use neither."""
    case = rfc("rfc9106_argon2id")
    tag = ffi.new("uint8_t[]", 32)
    inputs = {name: x(case[name]) for name in ("password", "salt", "secret", "associated")}
    held = {name: ffi.new("uint8_t[]", value) for name, value in inputs.items()}
    context = ffi.new(
        "argon2_context *",
        {
            "out": tag,
            "outlen": 32,
            "version": ARGON2_VERSION,
            "flags": 0,
            "pwd": held["password"],
            "pwdlen": len(inputs["password"]),
            "salt": held["salt"],
            "saltlen": len(inputs["salt"]),
            "secret": held["secret"],
            "secretlen": len(inputs["secret"]),
            "ad": held["associated"],
            "adlen": len(inputs["associated"]),
            "t_cost": case["time_cost"],
            "m_cost": case["memory_kib"],
            "lanes": case["parallelism"],
            "threads": case["parallelism"],
            "allocate_cbk": ffi.NULL,
            "free_cbk": ffi.NULL,
        },
    )
    assert core(context, Type.ID.value) == 0
    assert bytes(ffi.buffer(tag, 32)).hex() == case["tag"]


def test_the_recommended_policy_is_rfc_9106s_second_option():
    assert passphrase.Argon2Policy(3, 64 * 1024, 4) == passphrase.RECOMMENDED
    assert passphrase._SALT_LENGTH == 16


def test_sealing_in_pieces_is_the_stream_that_age_uses(rfc):
    for case in rfc("age_payload")["cases"]:
        plain = bytes(place * place % 251 for place in range(case["length"]))
        pieces = list(streams.seal_stream(x(case["payload_key"]), [plain]))
        assert [sha256(piece).hexdigest() for piece in pieces] == case["pieces"]
        assert b"".join(streams.open_stream(x(case["payload_key"]), pieces)) == plain
