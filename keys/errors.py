"""What can go wrong with keys. No text of these errors ever holds a secret, or any input it might be part of."""


class KeysError(Exception):
    """Everything this package raises on account of what it was given, rather than of a slip in the calling code."""


class CannotOpen(KeysError):
    """Wrong key, wrong context, or changed on the way: on purpose, nobody is told which."""


class RefusedShare(CannotOpen):
    """A recovery share that isn't taken.

    `problem` is "length" (`counted` words instead of 33), "words" (at `places`, counted from 1, stands none of the list), "checksum" (words
    of the list, but no share), "again" (it has been given already) or "foreign" (it belongs to other shares).
    """

    def __init__(self, problem: str, *, counted: int = 0, places: tuple[int, ...] = ()) -> None:
        super().__init__(f"not a share that fits: {problem}")
        self.problem = problem
        self.counted = counted
        self.places = places


class RefusedPasskey(KeysError):
    """The answer of a passkey's device doesn't hold. Nobody is told why."""


class WrongPassphrase(CannotOpen):
    """The passphrase does not open the wrapped secret (or that was changed, or belongs to somebody else)."""


class WeakPassphrase(KeysError):
    """Nothing may be wrapped under this: empty, or too long to be taken."""


class WeakParameters(KeysError):
    """Argon2 parameters outside what the program may run with."""


class MalformedCode(KeysError, ValueError):
    """Not a code as people type them: wrong signs, or not twenty of them."""


class MalformedKey(KeysError, ValueError):
    """Bytes that are no key of the kind asked for."""


class BadSignature(KeysError):
    """Not signed by this key, or not this message, or not in this context."""


class MissingKeyFile(KeysError):
    """There is no key in this file that may be used: not there, open to others, or damaged."""


class MissingServiceKey(MissingKeyFile):
    """There is no service key that may be used: not there, open to others, or damaged."""


class ServiceKeyExists(KeysError):
    """A service key is there already; writing another over it would lose the shared layer."""


class MissingClaimKey(MissingKeyFile):
    """There is no claim key that may be used; without it the public face opens no claim slot."""
