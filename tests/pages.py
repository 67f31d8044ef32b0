"""Filling in pages as a browser does: what is hidden in a form goes along, and nothing else."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    """Collects each form's action and the fields a browser would send without anybody touching it."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self.text = []
        self.named = {}
        self.elsewhere = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.forms.append((given.get("action"), {}))
            self.named[given.get("id")] = self.forms[-1][1]
        elif tag == "button" and given.get("formaction") and given.get("form"):
            self.elsewhere.append((given["formaction"], given["form"]))
        elif tag == "input" and self.forms and given.get("name"):
            kind = given.get("type", "text")
            if kind in {"checkbox", "radio"} and "checked" not in given:
                return
            if kind != "submit":
                self.forms[-1][1][given["name"]] = given.get("value") or ""

    def handle_data(self, data):
        self.text.append(data)


def read(response):
    """The page's forms as (action, fields), without the header's log-out; a button that sends a form somewhere else stands for one more."""
    parser = _Forms()
    parser.feed(response.get_data(as_text=True))
    others = [(action, parser.named[name]) for action, name in parser.elsewhere]
    return [form for form in parser.forms if not (form[0] or "").endswith("/logout")] + others


def words(response):
    """What a reader sees of a page, on one line."""
    parser = _Forms()
    parser.feed(response.get_data(as_text=True))
    return " ".join(" ".join(parser.text).split())


def fill(client, page, action=None, **typed):
    """Send a form of `page` (a response) with what was typed; `action` chooses among several by the end of its address."""
    forms = read(page)
    target, fields = next(form for form in forms if action is None or (form[0] or "").endswith(action))
    return client.post(target or page.request.path, data={**fields, **typed})


def visit_and_fill(client, path, action=None, **typed):
    """Open a page and send its form."""
    page = client.get(path)
    assert page.status_code == 200, (page.status_code, page.location)
    return fill(client, page, action, **typed)
