import pytest

from app.web.redirects import local_path


@pytest.mark.parametrize("path", ["/", "/postings/7", "/board/?page=2", "/a//b", "/stellen/büro"])
def test_a_path_of_this_site_is_kept(path):
    assert local_path(path) == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        None,
        "",
        "postings",
        "https://example.org/",
        "//example.org/",
        "///example.org",
        "/\\example.org",
        "\\\\example.org",
        "/\t/example.org",
        "/\n/example.org",
        "javascript:alert(1)",
        " /x",
    ],
)
def test_anything_else_leads_to_the_default(elsewhere):
    assert local_path(elsewhere, "/home") == "/home"
