"""What public keys and key pairs have in common, whatever they are for: an encoding of one length, comparison, and no way into a log or a cache."""

import secrets
from typing import ClassVar, NoReturn, Self

from keys.comparison import equal
from keys.errors import MalformedKey


class PublicHalf:
    """A public key. A subclass says its `LENGTH` and what it is `CALLED`, and makes its key from the bytes that passed here."""

    __slots__ = ("_encoded",)
    LENGTH: ClassVar[int]
    CALLED: ClassVar[str]

    def __init__(self, encoded: bytes) -> None:
        if len(encoded) != self.LENGTH:
            raise MalformedKey(f"{self.CALLED} is {self.LENGTH} bytes")
        self._encoded = bytes(encoded)

    @classmethod
    def from_bytes(cls, encoded: bytes) -> Self:
        """Raises MalformedKey for anything but `LENGTH` bytes that are such a key."""
        return cls(encoded)

    def to_bytes(self) -> bytes:
        return self._encoded

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, PublicHalf)
            and type(other) is type(self)
            and equal(self._encoded, other._encoded)
        )

    def __hash__(self) -> int:
        return hash(self._encoded)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._encoded[-8:].hex()}>"


class BothHalves:
    """A key pair, made from a seed that is the whole secret. A subclass says its `LENGTH`, what it is `CALLED`, and has a `public` half."""

    __slots__ = ("_seed",)
    LENGTH: ClassVar[int]
    CALLED: ClassVar[str]
    public: PublicHalf

    def __init__(self, seed: bytes) -> None:
        if len(seed) != self.LENGTH:
            raise MalformedKey(f"{self.CALLED}'s seed is {self.LENGTH} bytes")
        self._seed = bytes(seed)

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(cls.LENGTH))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The pair that belongs to a seed, always the same. Raises MalformedKey for anything but `LENGTH` bytes."""
        return cls(seed)

    def to_bytes(self) -> bytes:
        """The seed: the secret itself. It leaves this process only wrapped or sealed."""
        return self._seed

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key pair is not pickled: it would end up in a cache")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.public!r}>"
