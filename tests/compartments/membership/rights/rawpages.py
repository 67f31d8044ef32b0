"""Decrypts a vault file page by page, as SQLCipher 4 lays it out, to see what is in its free space too.

Each page of 4096 bytes ends with 80 that SQLCipher adds: 16 of an IV and 64 of an HMAC. The file begins with 16 bytes of salt, which a raw
key has no use for. AES-256-CBC without padding. https://www.zetetic.net/sqlcipher/design/
"""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, RESERVED, IV, SALT = 4096, 80, 16, 16


def plaintext(file: Path, key: bytes) -> bytes:
    content = file.read_bytes()
    assert len(content) % PAGE == 0
    plain = []
    for start in range(0, len(content), PAGE):
        page = content[start : start + PAGE]
        body, end = page[SALT if start == 0 else 0 : PAGE - RESERVED], page[PAGE - RESERVED :]
        decryptor = Cipher(algorithms.AES(key), modes.CBC(end[:IV])).decryptor()
        plain.append(decryptor.update(body) + decryptor.finalize())
    return b"".join(plain)
