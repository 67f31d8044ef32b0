"""The server's own key, in its file."""

import os
import stat

import pytest

from keys.errors import KeysError, MissingServiceKey, ServiceKeyExists
from keys.service import ServiceKey


@pytest.fixture
def path(tmp_path):
    return tmp_path / "service.key"


def test_a_key_is_created_and_loaded(path):
    created = ServiceKey.create(path)
    assert ServiceKey.load(path).derive("shared layer") == created.derive("shared layer")


def test_nobody_else_may_read_the_file_whatever_the_umask(path):
    before = os.umask(0)
    try:
        ServiceKey.create(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_is_never_written_over_another(path):
    ServiceKey.create(path)
    content = path.read_bytes()
    with pytest.raises(ServiceKeyExists):
        ServiceKey.create(path)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_leaves_no_key_behind(path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        ServiceKey.create(path)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_file_open_to_others_is_refused(path, mode):
    ServiceKey.create(path)
    path.chmod(mode)
    with pytest.raises(MissingServiceKey):
        ServiceKey.load(path)


def test_a_file_that_may_not_even_be_written_is_fine(path):
    ServiceKey.create(path)
    path.chmod(0o400)
    ServiceKey.load(path)


@pytest.mark.parametrize(
    "content", [b"", b"00" * 31 + b"\n", b"00" * 33 + b"\n", b"zz" * 32, bytes(32), b"\xff" * 65]
)
def test_a_damaged_file_is_refused(path, content):
    path.touch(mode=0o600)
    path.write_bytes(content)
    with pytest.raises(MissingServiceKey):
        ServiceKey.load(path)


def test_no_file_a_folder_and_a_pipe_are_refused(path, tmp_path):
    with pytest.raises(MissingServiceKey):
        ServiceKey.load(path)
    with pytest.raises(MissingServiceKey):
        ServiceKey.load(tmp_path)
    os.mkfifo(path, 0o600)
    with pytest.raises(MissingServiceKey):
        ServiceKey.load(path)


def test_purposes_give_independent_keys(path):
    key = ServiceKey.create(path)
    assert key.derive("cookies") != key.derive("shared layer")
    assert len(key.derive("cookies", 64)) == 64


def test_another_instance_has_another_key(tmp_path):
    one, other = (ServiceKey.create(tmp_path / name) for name in ("one", "other"))
    assert one.derive("cookies") != other.derive("cookies")


def test_a_missing_key_is_one_of_the_packages_errors():
    assert issubclass(MissingServiceKey, KeysError)
