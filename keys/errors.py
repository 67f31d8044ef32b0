"""What can go wrong with keys. No text of these errors ever holds a secret, or any input it might be part of."""


class KeysError(Exception):
    """Everything this package raises on account of what it was given, rather than of a slip in the calling code."""


class CannotOpen(KeysError):
    """Wrong key, wrong context, or changed on the way: on purpose, nobody is told which."""


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
