"""The containers fit the code: settings, commands and the log's safety are checked against the hub itself.

No Docker engine is needed: both files are read as what they are.
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any, TypeAlias

import pytest
import yaml

from events.durability import findings_of
from events.kafka_topics import TopicPlan, Topics, topic_findings
from hub.engine.kafka_container import IMAGE
from hub.settings import Settings
from tests.structure.source import ROOT

Service: TypeAlias = dict[str, Any]

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, Service] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "early-help-hub"}
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
KNOWN = {f"HUB_{name.upper()}" for name in Settings.model_fields}
GIVEN = {"HUB_DB_PASSWORD": "made-up", "HUB_PUBLIC_URL": "https://hub.invalid"}
# What a topic inherits from its broker, by the name the topic has for it.
INHERITED = {
    "cleanup.policy": "KAFKA_LOG_CLEANUP_POLICY",
    "retention.ms": "KAFKA_LOG_RETENTION_MS",
    "retention.bytes": "KAFKA_LOG_RETENTION_BYTES",
    "min.insync.replicas": "KAFKA_MIN_INSYNC_REPLICAS",
    "unclean.leader.election.enable": "KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE",
    "max.message.bytes": "KAFKA_MESSAGE_MAX_BYTES",
}


def filled(value: str) -> str:
    """The value as compose would give it: `${NAME:-default}` and `${NAME:?message}`."""

    def put(found: re.Match[str]) -> str:
        name, kind, text = found.groups()
        return GIVEN.get(name, text) if kind == ":-" else GIVEN[name]

    return re.sub(r"\$\{(\w+)(:-|:\?)([^}]*)\}", put, value)


def dockerfile(instruction: str) -> list[str]:
    return re.findall(rf"^{instruction} (.*)$", DOCKERFILE, re.MULTILINE)


def test_there_is_a_web_and_a_worker_service() -> None:
    assert {"web", "workers", "schema"} == set(OURS)
    assert {"postgres", "kafka"} == set(SERVICES) - set(OURS)


@pytest.mark.parametrize("name", OURS)
def test_every_variable_a_service_sets_is_a_known_setting(name: str) -> None:
    assert set(OURS[name]["environment"]) - KNOWN == set()


def test_every_variable_the_image_sets_is_a_known_setting() -> None:
    assert set(re.findall(r"\b(HUB_\w+)=", " ".join(dockerfile("ENV")))) - KNOWN == set()


@pytest.mark.parametrize("name", OURS)
def test_the_hub_accepts_the_settings_of_a_service(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in OURS[name]["environment"].items():
        monkeypatch.setenv(variable, filled(value))

    settings = Settings(_env_file=None)

    assert settings.engine == "kafka"
    assert settings.kafka_bootstrap == "kafka:9092"
    assert not settings.pages_without_sign_in


@pytest.mark.parametrize("name", OURS)
def test_every_command_of_a_service_exists(name: str) -> None:
    health = OURS[name].get("healthcheck", {}).get("test", [])
    for command in [OURS[name]["command"], *([health[2:]] if health[1:2] == ["hub"] else [])]:
        asked = subprocess.run(
            [sys.executable, "-c", "from consumers.cli import main; main()", *command, "--help"],
            cwd=ROOT, check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert asked.returncode == 0, f"hub {' '.join(command)}: {asked.stderr}"


def test_no_secret_has_a_default() -> None:
    for service in SERVICES.values():
        for variable, value in service["environment"].items():
            if re.search("PASSWORD|SECRET|TOKEN", variable) or "://" in value:
                assert ":?" in value or "@" not in value, variable
    assert SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${HUB_DB_PASSWORD:?")


def test_a_topic_on_this_broker_passes_the_hubs_own_check() -> None:
    broker = SERVICES["kafka"]["environment"]
    replication = int(OURS["web"]["environment"]["HUB_KAFKA_REPLICATION"])
    plan = TopicPlan(Topics("cp").events, Settings(_env_file=None).partitions, replication)

    assert topic_findings(plan, {topic: broker.get(variable, "unset") for topic, variable in INHERITED.items()}) == []


def test_the_check_would_notice_a_broker_that_forgets() -> None:
    broker = SERVICES["kafka"]["environment"] | {"KAFKA_LOG_RETENTION_MS": "604800000"}
    findings = topic_findings(TopicPlan("t", 1), {topic: broker[variable] for topic, variable in INHERITED.items()})

    assert [finding.setting for finding in findings] == ["t retention.ms"]


def test_postgres_keeps_what_it_acknowledged() -> None:
    flags = dict(part.removeprefix("--").split("=", 1) for part in SERVICES["postgres"]["command"][1:])
    assert {"fsync", "full_page_writes", "synchronous_commit"} <= set(flags)
    assert findings_of(flags) == []


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "schema"])
def test_every_service_that_stays_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_data_outlives_its_container() -> None:
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert mounted == set(COMPOSE["volumes"]) == {"postgres", "kafka", "hub"}


def test_only_the_web_is_reached_from_outside_and_only_by_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert {name: [port.split(":")[0] for port in ports] for name, ports in published.items()} == {"web": ["127.0.0.1"]}


def test_images_name_a_version() -> None:
    images = [service["image"] for name, service in SERVICES.items() if name not in OURS]
    images += [stage.split()[0] for stage in dockerfile("FROM")]
    assert all(re.search(r":\d", image) for image in images)
    assert SERVICES["kafka"]["image"] == IMAGE


def test_one_version_of_kafka_everywhere() -> None:
    pom = (ROOT / "hub/engine/kafka-pom.xml").read_text("utf-8")
    assert f"<version>{IMAGE.split(':')[1]}</version>" in pom


def test_the_image_runs_the_hub_and_not_as_root() -> None:
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.findall(r"^USER (\w+)$", last, re.MULTILINE) == ["hub"]
    assert 'ENTRYPOINT ["hub"]' in last
    assert 'CMD ["serve"]' in last


def test_what_the_image_copies_exists_and_is_let_in() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = {part for copy in dockerfile("COPY") if "--from" not in copy for part in copy.split()[:-1]} - {"."}

    assert all((ROOT / part).exists() for part in copied)
    assert all(any(part == top or part.startswith(f"{top}/") for top in let_in) for part in copied)
    assert all((ROOT / top).exists() for top in let_in)
