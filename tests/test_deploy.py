"""docs/deploy/: what runs Citewell elsewhere, held against the checkers of each and against what is said of it."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from app.settings import Settings
from tests.conftest import PROJECT
from tests.serving import needs

DEPLOY = PROJECT / "docs" / "deploy"
SYSTEMD = Path("/usr/bin/systemd-analyze")
MOST_EXPOSED = 1.2  # of 10
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
MANIFESTS: list[dict[str, Any]] = [
    manifest
    for name in ("kubernetes.yaml", "kubernetes-postgresql.yaml")
    for manifest in yaml.safe_load_all((DEPLOY / name).read_text("utf-8"))
]


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    run = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")


def test_a_container_runs_as_nobody_and_knows_its_health() -> None:
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
    chat = next(stage for stage in stages if stage.partition("\n")[0].endswith(" AS chat"))
    assert re.findall(r"^USER (.*)", DOCKERFILE, re.MULTILINE) == ["10001"]
    assert "HEALTHCHECK" in chat
    assert stages[-1].strip() == "chat"  # made without --target
    paths = re.findall(r"^COPY (?!--)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    copied = [path for line in paths for path in line.replace("${ARTICLES}", "source_texts").split()]
    assert [path for path in copied if not (PROJECT / path).exists()] == []
    assert set(re.findall(r"CHAT_(\w+)=", DOCKERFILE)) <= {field.upper() for field in Settings.__slots__}


def test_every_service_of_compose_is_hardened_healthy_and_shut_in() -> None:
    services = COMPOSE["services"]
    assert list(services) == ["chat", "watcher", "nginx", "db"]
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["healthcheck"]["test"][0] == "CMD", name
        assert service["tmpfs"][0] == "/tmp", name  # noqa: S108 - in the container
        named = [volume.partition(":")[0] for volume in service["volumes"]]
        assert {volume for volume in named if "/" not in volume} <= COMPOSE["volumes"].keys(), name
        assert set(service["networks"]) <= COMPOSE["networks"].keys(), name
        assert set(service.get("depends_on", {})) <= services.keys(), name
        assert ("ports" in service) == (name == "nginx")
    assert COMPOSE["networks"]["inner"]["internal"] is True
    assert [name for name, service in services.items() if "outer" in service["networks"]] == ["nginx"]
    assert services["db"]["profiles"] == ["postgresql"]


def test_the_settings_of_compose_are_read_and_trust_its_nginx_alone() -> None:
    filled = {
        name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
        for name, value in COMPOSE["services"]["chat"]["environment"].items()
        if name.startswith("CHAT_")
    }
    settings = Settings.from_env(filled)
    proxy = COMPOSE["services"]["nginx"]["networks"]["inner"]["ipv4_address"]
    assert [str(network) for network in settings.trusted_proxies] == [f"{proxy}/32"]
    assert settings.path == "/tools/ask"
    assert set(settings.allowed_hosts) == {"portal.example", "127.0.0.1"}


def test_nginx_reads_its_file_as_compose_changes_it(tmp_path: Path) -> None:
    nginx = Path("/usr/sbin/nginx")
    needs(nginx, "nginx-light")
    command = COMPOSE["services"]["nginx"]["command"][2].replace("$$", "$").partition(" &&")[0]
    command = command.replace("/etc/nginx/citewell.conf", str(PROJECT / "docs" / "nginx.conf"))
    command = command.replace("/tmp/nginx.conf", "nginx.conf")  # noqa: S108 - in the container
    subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, env={"CITEWELL_HOST": "ask.example"}, check=True)
    text = (tmp_path / "nginx.conf").read_text("utf-8")
    assert re.findall(r"(?:server_name|return 301|server) ([^ ;{]+)", text) == [
        "chat:7860",
        "https://ask.example$request_uri",
        "ask.example",
    ]
    assert re.findall(r"ssl_certificate\w* (\S+);", text) == ["/etc/nginx/portal.pem", "/etc/nginx/portal.key"]
    assert re.findall(r"_log (\S+?)[ ;]", text) == ["/dev/stderr", "/dev/stdout"]


def pods() -> list[tuple[str, dict[str, Any]]]:
    """The name and the specification of the pods of each workload."""
    found = []
    for manifest in MANIFESTS:
        spec = manifest.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            found.append((f"{manifest['kind']} {manifest['metadata']['name']}", spec["template"]["spec"]))
    return found


@pytest.mark.parametrize("version", ["1.30", "1.37"])
def test_the_manifests_fit_the_schemas_of_kubernetes(version: str) -> None:
    for manifest in MANIFESTS:
        kubernetes_validate.validate(manifest, version, strict=True)


def test_every_pod_is_restricted() -> None:
    assert [name for name, _ in pods()] == ["Deployment chat", "CronJob build", "Job build-shards"]
    for name, pod in pods():
        (container,) = pod["containers"]
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["runAsUser"] == 10001, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert "memory" in container["resources"]["limits"], name
        mounted = {mount["name"]: mount.get("readOnly", False) for mount in container["volumeMounts"]}
        assert mounted.keys() == {volume["name"] for volume in pod["volumes"]}, name
        assert (mounted["articles"], mounted["tmp"]) == (True, False), name


def test_the_chat_is_probed_and_what_it_is_told_are_settings() -> None:
    by_kind = {manifest["kind"]: manifest for manifest in MANIFESTS}
    (container,) = by_kind["Deployment"]["spec"]["template"]["spec"]["containers"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["path"] == "/healthz"
    settings = Settings.from_env(by_kind["ConfigMap"]["data"])
    assert container["readinessProbe"]["httpGet"]["httpHeaders"] == [{"name": "Host", "value": "127.0.0.1"}]
    assert "127.0.0.1" in settings.allowed_hosts
    assert by_kind["Service"]["spec"]["selector"] == by_kind["Deployment"]["spec"]["selector"]["matchLabels"]


def test_pods_reach_nothing_but_a_database_and_its_name() -> None:
    policies = {m["metadata"]["name"]: m["spec"] for m in MANIFESTS if m["kind"] == "NetworkPolicy"}
    assert policies["closed"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [],
        "egress": [],
    }
    assert policies["from-ingress"]["policyTypes"] == ["Ingress"]
    ports = [port["port"] for rule in policies["to-postgresql"]["egress"] for port in rule["ports"]]
    assert ports == [5432, 53, 53]
    assert all("to" in rule for rule in policies["to-postgresql"]["egress"])


def test_each_index_of_the_job_builds_a_shard_of_its_own() -> None:
    job = next(manifest for manifest in MANIFESTS if manifest["kind"] == "Job")["spec"]
    (container,) = job["template"]["spec"]["containers"]
    assert (job["completionMode"], job["completions"]) == ("Indexed", 8)
    assert container["args"][-2:] == ["--shard", "$(SHARD)/8"]
    path = container["env"][0]["valueFrom"]["fieldRef"]["fieldPath"]
    assert path == "metadata.annotations['batch.kubernetes.io/job-completion-index']"


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units with a Python of this machine, so that they can be verified."""
    needs(SYSTEMD, "systemd")
    shutil.copytree(DEPLOY, tmp_path, dirs_exist_ok=True)
    for unit in tmp_path.glob("*.service"):
        unit.write_text(unit.read_text("utf-8").replace("/srv/citewell/.venv/bin/python", sys.executable), "utf-8")
    return tmp_path


def test_systemd_finds_nothing_in_the_units_and_rates_them_hardened(units: Path) -> None:
    given = {**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:", "LC_ALL": "C.UTF-8"}
    names = sorted(path.name for path in units.glob("citewell-*.*") if path.is_file())
    assert names == ["citewell-build.service", "citewell-build.timer", "citewell-chat.service"]
    verified = subprocess.run(
        [SYSTEMD, "verify", *(units / name for name in names)], env=given, capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    for name in ("citewell-build.service", "citewell-chat.service"):
        rated = subprocess.run(
            [SYSTEMD, "security", "--offline=true", units / name], env=given, capture_output=True, text=True, check=True
        )
        level = re.search(r"Overall exposure level for \S+: ([\d.]+)", rated.stdout)
        assert level, rated.stdout
        assert float(level[1]) <= MOST_EXPOSED, name


def test_the_commands_of_units_and_containers_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    from index import __main__ as index

    parsed = []
    monkeypatch.setattr(index, "run", lambda parser, argv: parsed.append(parser().parse_args(argv)))
    shard = next(pod for name, pod in pods() if name == "Job build-shards")["containers"][0]["args"]
    cron = next(pod for name, pod in pods() if name == "CronJob build")["containers"][0]["args"]
    unit = re.search(r"^ExecStart=\S+ -m (.*)", (DEPLOY / "citewell-build.service").read_text("utf-8"), re.MULTILINE)
    watcher = re.search(r"python -m ([^;]+);", " ".join(COMPOSE["services"]["watcher"]["command"]))
    baked = re.search(r"python -m (index build.*)", DOCKERFILE)
    assert unit
    assert watcher
    assert baked
    for words in (shard, cron, *(shlex.split(match[1]) for match in (unit, watcher, baked))):
        assert words[0] == "index"
        index.main([word.replace("$(SHARD)", "7") for word in words[1:]])
    assert len(parsed) == 5
    assert (parsed[0].shard.index, parsed[0].shard.count) == (7, 8)
