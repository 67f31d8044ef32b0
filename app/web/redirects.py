"""Where a link may lead back to: a path on this site, and nothing else."""

from urllib.parse import urlsplit


def local_path(candidate: str | None, default: str = "/") -> str:
    """`candidate` if it is a path of this site, else `default`.

    Browsers read "//host", backslashes and paths with control characters as other sites (open redirect, CWE-601).
    """
    if not candidate or not candidate.startswith("/") or candidate.startswith("//"):
        return default
    if "\\" in candidate or not candidate.isprintable():
        return default
    parts = urlsplit(candidate)
    return default if parts.scheme or parts.netloc else candidate
