"""Tables of the README of an app, for tests that compare them with the code."""

from assembly.local.addresses import ROOT


def table(app, title):
    """Return the cells of the first table under a heading, without header and ruler."""
    page = (ROOT / app / "README.md").read_text(encoding="utf-8")
    lines = page.split(f"# {title}\n", 1)[1].splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows[2:]
