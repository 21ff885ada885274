"""Apache Kafka's own jars, fetched once by Maven into the user's cache, and the Java to run them with."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path

from hub.engine.process import EngineError

OLDEST_JAVA = 17


def find_java() -> str:
    """The path of a Java that is new enough (JAVA_HOME first); EngineError where there is none."""
    homes = [os.environ["JAVA_HOME"] + "/bin"] if os.environ.get("JAVA_HOME") else []
    java = shutil.which("java", path=os.pathsep.join([*homes, os.environ.get("PATH", os.defpath)]))
    if java is None:
        raise EngineError(f"Java {OLDEST_JAVA} or newer is missing: Apache Kafka runs on it")
    told = subprocess.run([java, "-version"], check=False, capture_output=True, text=True)
    found = re.search(r'version "(\d+)', told.stderr + told.stdout)
    if found is None or int(found[1]) < OLDEST_JAVA:
        version = found[1] if found else "of an unknown version"
        raise EngineError(f"Java {OLDEST_JAVA} or newer is missing: the one found is {version}")
    return java


def fetch_jars() -> Path:
    """The folder with Kafka's jars (43 MB); the first call fetches them, which takes seconds and needs Maven."""
    pom = files("hub.engine").joinpath("kafka-pom.xml").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "early-help-hub"
    jars = cache / f"kafka-{hashlib.sha256(pom).hexdigest()[:12]}"
    if jars.exists():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise EngineError("Maven (mvn) is missing: it fetches Apache Kafka's jars")
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".kafka-", dir=cache))
    try:
        (unfinished / "pom.xml").write_bytes(pom)
        fetched = subprocess.run(
            [maven, "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={unfinished / 'jars'}",
             f"-Dmaven.repo.local={unfinished / 'repository'}"],  # Maven's own cache may have no home to be in
            check=False, capture_output=True, text=True, cwd=unfinished, timeout=300,
        )  # fmt: skip
        if fetched.returncode:
            raise EngineError(f"Maven could not fetch Apache Kafka's jars:\n{fetched.stdout[-1500:]}")
        _put(unfinished / "jars", jars)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return jars


def _put(fetched: Path, jars: Path) -> None:
    """Whole or not at all, also where two fetch at once."""
    try:
        fetched.rename(jars)
    except OSError:
        if not jars.exists():
            raise
