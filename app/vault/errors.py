"""What can be wrong with a vault, by name. No text here holds a key or content."""


class VaultError(RuntimeError):
    """A vault can't be opened."""


class NoVault(VaultError):
    """There is no vault file of that name."""


class EmptyVaultKey(VaultError):
    """The key is missing or not 32 bytes. SQLCipher would silently make a plaintext file with an empty one."""


class PlaintextVault(VaultError):
    """The file is an ordinary SQLite database: somebody has put clear text where a vault belongs."""


class WrongVaultKey(VaultError):
    """The key doesn't open this file, or the file isn't whole."""


class NewerVault(VaultError):
    """The vault was written by a newer Schotten than this one."""
