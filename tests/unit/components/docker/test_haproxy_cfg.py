import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.docker.haproxy_cfg import haproxy_cfg
from components.docker.haproxy_settings import EdgeSettings, Route

SEGMENT = st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9]", fullmatch=True)


def route(prefix: str = "/api", **change: Any) -> Route:
    return Route(**{
        "path_prefix": prefix, "service": "api", "port": 8000, "health_path": "/readyz", "max_replicas": 4, **change
    })  # fmt: skip


def settings(*routes: Route, **change: Any) -> EdgeSettings:
    return EdgeSettings(**{
        "public_host": "mail.example", "public_https_port": 443, "routes": routes or (route(),), **change
    })  # fmt: skip


def sections(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for block in text.strip().split("\n\n")[1:]:
        head, *lines = block.splitlines()
        assert head not in found
        found[head] = [line.strip() for line in lines]
    return found


def test_no_line_is_longer_than_haproxy_reads_and_order_makes_no_change() -> None:
    first, second = route("/api"), route("/web", service="web")
    assert haproxy_cfg(settings(first, second)) == haproxy_cfg(settings(second, first))
    assert max(map(len, haproxy_cfg(settings(first, second)).splitlines())) < 2048  # LINESIZE of HAProxy


def test_a_post_that_may_have_arrived_is_never_sent_twice() -> None:
    found = sections(haproxy_cfg(settings()))
    assert "http-request disable-l7-retry if !repeatable" in found["frontend public"]
    assert "acl repeatable method GET HEAD OPTIONS" in found["frontend public"]
    assert {"retry-on conn-failure empty-response 502 503", "option redispatch 1"} <= set(found["defaults"])
    assert "option http-server-close" in found["defaults"]


def test_tasks_are_found_by_dns_and_checked_every_second() -> None:
    backend = sections(haproxy_cfg(settings(route(max_replicas=7))))["backend api-0"]
    assert "server-template task 1-7 api:8000 resolvers docker resolve-prefer ipv4 init-addr last,none" in backend
    assert "http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host api" in backend
    assert any("inter 1s" in line and "fall 2 rise 1" in line for line in backend)


def test_the_longest_prefix_wins_and_only_whole_segments_match() -> None:
    public = sections(haproxy_cfg(settings(route("/"), route("/api/v2", service="new"), route("/api"))))["frontend public"]
    uses = [line for line in public if line.startswith(("use_backend", "default_backend"))]
    assert uses == [
        "use_backend new-0 if { path /api/v2 } || { path_beg /api/v2/ }",
        "use_backend api-1 if { path /api } || { path_beg /api/ }",
        "default_backend api-2",
    ]


def test_a_path_without_a_route_is_answered_404() -> None:
    public = sections(haproxy_cfg(settings()))["frontend public"]
    assert any(line.endswith("unless { path /api } || { path_beg /api/ }") and "status 404" in line for line in public)
    everything = sections(haproxy_cfg(settings(route("/"))))["frontend public"]
    assert not any(" unless " in line for line in everything)


@pytest.mark.parametrize("path", ["/metrics", "/METRICS", "//metrics", "/./metrics", "/metrics/x", "/internal/a", "/a.b;v"])
def test_internal_paths_are_hidden_in_every_spelling(path: str) -> None:
    assert re.search(internal_pattern("/metrics", "/internal", "/a.b"), path, re.IGNORECASE)


@pytest.mark.parametrize("path", ["/metricsx", "/api/metrics", "/internalx", "/aXb", "/"])
def test_other_paths_are_not_hidden(path: str) -> None:
    assert not re.search(internal_pattern("/metrics", "/internal", "/a.b"), path, re.IGNORECASE)


def internal_pattern(*paths: str) -> str:
    matched = re.search(r"var\(txn\.path\) -m reg -i '([^']+)'", haproxy_cfg(settings(internal_paths=paths)))
    assert matched
    return matched[1]


def test_what_the_client_says_about_itself_is_dropped() -> None:
    public = sections(haproxy_cfg(settings()))["frontend public"]
    # Replaced and not added to: what the API finds there is the edge's word alone.
    assert [line for line in public if "X-Forwarded-For" in line or "forwardfor" in line] == [
        "http-request set-header X-Forwarded-For %[src]"
    ]
    assert "http-request set-header X-Forwarded-Proto https" in public
    assert "http-request set-header X-Request-ID %[unique-id]" in public
    assert {"http-request del-header Forwarded", "http-request del-header X-Real-IP"} <= set(public)


def test_the_log_is_json_without_headers_or_query() -> None:
    text = haproxy_cfg(settings())
    formats = [line for line in text.splitlines() if "log-format" in line]
    assert len(formats) == 2
    assert all("%{+json}o" in line for line in formats)
    assert not re.search(r"hdr\(|%hr|%r\b|pathq|%HU|%HQ|query", "".join(formats))


def test_limits_answer_with_their_own_status() -> None:
    public = sections(haproxy_cfg(settings(requests_per_second=7, max_body_bytes=99)))["frontend public"]
    limited = next(line for line in public if "status 429" in line)
    assert "hdr Retry-After 10" in limited
    assert limited.endswith("if { sc_http_req_rate(0) gt 70 }")
    assert any("status 413" in line and line.endswith("gt 99 }") for line in public)
    assert any("status 411" in line and line.endswith("if chunked || sends_body !sized") for line in public)


def test_clients_are_counted_by_ipv4_address() -> None:
    binds = re.findall(r"bind (\S+)", haproxy_cfg(settings()))
    assert binds == ["*:8080", "*:8443", "*:8404"], "an IPv6 socket puts all IPv4 clients into one /64"


@pytest.mark.parametrize(("port", "shown"), [(443, ""), (8443, ":8443")])
def test_plain_http_is_sent_to_the_public_port_of_the_configured_host(port: int, shown: str) -> None:
    plain = sections(haproxy_cfg(settings(public_https_port=port)))["frontend plain"]
    assert f"http-request redirect location https://mail.example{shown}%[pathq] code 308" in plain


def test_metrics_are_on_the_health_port_only() -> None:
    found = sections(haproxy_cfg(settings()))
    exporting = [head for head, lines in found.items() if any("prometheus-exporter" in line for line in lines)]
    assert exporting == ["frontend internal"]


def test_old_tls_is_refused_and_a_stop_ends() -> None:
    found = sections(haproxy_cfg(settings(hard_stop_seconds=12)))
    assert "hard-stop-after 12s" in found["global"]
    assert any("ssl-min-ver TLSv1.2" in line for line in found["global"])


@given(memory=st.integers(64, 100_000), cpus=st.floats(0.1, 256))
def test_connections_fit_into_the_memory(memory: int, cpus: float) -> None:
    edge = settings(memory_mib=memory, cpus=cpus)
    assert 64 <= edge.max_connections <= memory * 1024 / 96
    assert re.search(r"nbthread ([1-9]|1[0-6])\n", haproxy_cfg(edge))


@given(st.lists(SEGMENT, min_size=1, max_size=5, unique=True))
def test_every_route_has_one_backend_and_one_rule(names: list[str]) -> None:
    found = sections(haproxy_cfg(settings(*(route(f"/{name}", service=name) for name in names))))
    backends = {head.removeprefix("backend ") for head in found if head.startswith("backend ")} - {"per_client"}
    used = {line.split()[1] for line in found["frontend public"] if line.startswith("use_backend")}
    assert backends == used
    assert len(used) == len(names)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"path_prefix": "api"}, "path_prefix"),
        ({"path_prefix": "/api/"}, "path_prefix"),
        ({"path_prefix": "/a }\n  http-request"}, "path_prefix"),
        ({"health_path": "/ready z"}, "health_path"),
        ({"service": "a:1"}, "service"),
        ({"port": 70000}, "port"),
        ({"max_replicas": 0}, "max_replicas"),
    ],
)
def test_a_bad_route_is_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ValueError, match=field):
        Route(**{
            "path_prefix": "/api", "service": "api", "port": 1, "health_path": "/", "max_replicas": 1, **change
        })  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"public_host": "a b"}, "public_host"),
        ({"public_https_port": 0}, "public_https_port"),
        ({"routes": ()}, "routes"),
        ({"routes": (route(), route())}, "named twice"),
        ({"memory_mib": 63}, "memory_mib"),
        ({"internal_paths": ("/",)}, "internal_paths"),
        ({"requests_per_second": 0}, "requests_per_second"),
    ],
)
def test_bad_settings_are_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ValueError, match=field):
        EdgeSettings(**{"public_host": "a.example", "public_https_port": 443, "routes": (route(),), **change})


def test_challenges_go_to_who_answers_them_and_everything_else_is_redirected() -> None:
    found = sections(haproxy_cfg(settings(challenges="acme:9700")))
    plain = found["frontend plain"]
    assert plain[-1] == "default_backend challenges"
    assert plain[-2].startswith("http-request redirect location https://mail.example%[pathq] code 308 unless ")
    assert found["backend challenges"][-1].startswith("server acme acme:9700 maxconn 16 ")
    assert not any("challenge" in line for line in found["frontend public"])
    pattern = next(re.search(r"path_reg '(.+)'$", line) for line in plain if "path_reg" in line)
    assert pattern
    assert re.search(pattern[1], "/.well-known/acme-challenge/a_b-C9")
    for path in (
        "/metrics",
        "/.well-known/acme-challenge/",
        "/.well-known/acme-challenge/../metrics",
        "/x/.well-known/acme-challenge/a",
    ):
        assert not re.search(pattern[1], path), path


def test_without_an_authority_everything_is_redirected() -> None:
    text = haproxy_cfg(settings())
    assert "challenge" not in text
