"""haproxy.cfg of the on-premise edge: TLS, routing, limits and headers in front of services found by Docker's DNS.

No secret is in the file, so it is a Swarm config; certificate and key are one secret, which lies beside it (`edge.py`).

A task that is killed or drained must cost no failed request. So each request to a task uses a connection of its own (a
kept one may be closed while a POST is under way), a failed connection is tried on another task, and after that only
requests without side effects (GET, HEAD, OPTIONS) are repeated: a POST that may have arrived is never sent twice.
A task that is asked to stop must go on serving for 3 seconds and answer its health check with 503 meanwhile: what it
already holds unread when it closes its socket is lost otherwise, and a POST among it is answered 502.

Left out: compression, caching and WebSockets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from components.docker import haproxy_challenges
from components.docker.haproxy_settings import EdgeSettings, Route

HTTPS_PORT, HTTP_PORT, HEALTH_PORT = 8443, 8080, 8404
"""Inside the container; the health port also gives /metrics and must not be published. IPv4 only, which is what Docker
gives a container: on an IPv6 socket every client is ::ffff:a.b.c.d, and all of them share one /64 and its rate limit."""
SHARED = "/run/edge"
"""The volume in which HAProxy finds its files, in `current`."""
RUNTIME_PORT = 8405
"""HAProxy's own console, on loopback: what it knows of copies goes from one worker to the next."""
RATE_WINDOW_SECONDS = 10
# Mozilla's "intermediate" list (guideline 5.7) without DHE: forward secrecy and authenticated encryption only.
_CIPHERS = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
)
_CIPHER_SUITES = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
_UTC = "ms_utime(%Y-%m-%dT%H:%M:%SZ)"
_TIMEOUTS = ("connect 1s", "check 1s", "queue 5s", "client 30s", "http-request 10s", "http-keep-alive 15s", "client-fin 5s")
# One JSON object a request; times in ms. No header and no query string: both may hold tokens.
_LOG = (
    f"%{{+json}}o %(time)[accept_date(ms),{_UTC}] %(request_id)ID %(client)ci %(method)[var(txn.method)]"
    " %(path)[var(txn.path)] %(protocol)HV %(status)ST %(termination)tsc %(route)b %(task)si %(retries)rc %(bytes_in)U"
    " %(bytes_out)B %(queue_ms)Tw %(connect_ms)Tc %(response_ms)Tr %(total_ms)Ta %(tls)sslv"
)
# A connection that never became a request, such as a failed TLS handshake.
_ERROR_LOG = f"%{{+json}}o %(time)[date(0,ms),{_UTC}] %(client)ci %(error)[fc_err_str] %(tls_error)[ssl_fc_err_str]"
_PROBLEMS = {400: "Bad Request", 408: "Request Timeout", 500: "Internal Server Error"}
_PROBLEMS |= {502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


def haproxy_cfg(settings: EdgeSettings) -> str:
    """The whole file."""
    routes = sorted(settings.routes, key=lambda route: (-len(route.path_prefix), route.path_prefix))
    sections = [
        ["# Rendered by the platform kit; a change here is overwritten."],
        _global(settings),
        _defaults(settings),
        _resolvers(),
        ["backend per_client", "  stick-table type ipv6 size 50k expire 60s store http_req_rate(10s)"],
        _plain_frontend(settings),
        _public_frontend(settings, routes),
        _internal_frontend(),
        *(_backend(index, route) for index, route in enumerate(routes)),
        *haproxy_challenges.backends(settings.challenges),
    ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _global(settings: EdgeSettings) -> list[str]:
    return [
        "global",
        "  log stdout format raw local0",
        f"  maxconn {settings.max_connections}",
        f"  nbthread {max(1, min(16, int(settings.cpus)))}",
        f"  hard-stop-after {settings.hard_stop_seconds}s",
        f"  stats socket ipv4@127.0.0.1:{RUNTIME_PORT} level operator",
        "  server-state-file /tmp/servers",
        f"  ssl-default-bind-ciphers {_CIPHERS}",
        f"  ssl-default-bind-ciphersuites {_CIPHER_SUITES}",
        "  ssl-default-bind-curves X25519:prime256v1:secp384r1",
        "  ssl-default-bind-options prefer-client-ciphers ssl-min-ver TLSv1.2 no-tls-tickets",
    ]


def _defaults(settings: EdgeSettings) -> list[str]:
    return [
        "defaults",
        "  mode http",
        "  log global",
        "  unique-id-format %[uuid()]",
        f'  log-format "{_LOG}"',
        f'  error-log-format "{_ERROR_LOG}"',
        *(f"  option {name}" for name in ("http-server-close", "redispatch 1", "dontlognull", "idle-close-on-response")),
        "  load-server-state-from-file global",
        "  retries 3",
        "  retry-on conn-failure empty-response 502 503",
        *(f"  timeout {limit}" for limit in _TIMEOUTS),
        f"  timeout server {settings.response_timeout_seconds}s",
        *(f"  http-error status {status} {_problem(status, title)}" for status, title in _PROBLEMS.items()),
    ]


def _resolvers() -> list[str]:
    """Docker's DNS. A name that goes away is followed within a second; a DNS that fails keeps the last answer 30 s."""
    return [
        "resolvers docker",
        "  nameserver engine 127.0.0.11:53",
        "  accepted_payload_size 8192",
        *(f"  hold {answer} 1s" for answer in ("valid", "obsolete", "nx")),
        *(f"  hold {answer} 30s" for answer in ("refused", "timeout", "other")),
    ]


def _plain_frontend(settings: EdgeSettings) -> list[str]:
    port = "" if settings.public_https_port == 443 else f":{settings.public_https_port}"
    return [
        "frontend plain",
        f"  bind *:{HTTP_PORT}",
        *_remember(),
        *haproxy_challenges.plain(
            settings.challenges, f"redirect location https://{settings.public_host}{port}%[pathq] code 308"
        ),
    ]


def _public_frontend(settings: EdgeSettings, routes: Sequence[Route]) -> list[str]:
    internal = "|".join(re.escape(path.lstrip("/")) for path in settings.internal_paths)
    limit = settings.requests_per_second * RATE_WINDOW_SECONDS
    return [
        "frontend public",
        f"  bind *:{HTTPS_PORT} ssl crt {SHARED}/current/tls.pem alpn h2,http/1.1",
        *_remember(),
        "  acl repeatable method GET HEAD OPTIONS",
        "  acl sends_body method POST PUT PATCH",
        "  acl sized req.hdr(content-length) -m found",
        "  acl chunked req.hdr(transfer-encoding) -m found",
        *_request_headers(),
        "  http-request track-sc0 src,ipmask(32,64) table per_client",
        f"  http-request return status 429 {_problem(429, 'Too Many Requests')} hdr Retry-After {RATE_WINDOW_SECONDS}"
        f" if {{ sc_http_req_rate(0) gt {limit} }}",
        f"  http-request return status 411 {_problem(411, 'Length Required')} if chunked || sends_body !sized",
        f"  http-request return status 413 {_problem(413, 'Content Too Large')}"
        f" if {{ req.hdr_val(content-length) gt {settings.max_body_bytes} }}",
        *_internal_rule(internal),
        "  http-request disable-l7-retry if !repeatable",
        *_response_headers(),
        *_no_route(routes),
        *(line for index, route in enumerate(routes) for line in _use(index, route)),
    ]


def _remember() -> list[str]:
    """For the log, and for rules that compare the decoded path."""
    return ["  http-request set-var(txn.path) path,url_dec", "  http-request set-var(txn.method) method"]


def _internal_rule(internal: str) -> list[str]:
    """Compares the decoded path without regard to case or doubled slashes, as lenient frameworks do."""
    if not internal:
        return []
    return [
        f"  http-request return status 404 {_problem(404, 'Not Found')}"
        f" if {{ var(txn.path) -m reg -i '^/[/.]*({internal})(/|;|$)' }} || {{ var(txn.path) -m sub /../ }}"
    ]


def _request_headers() -> list[str]:
    """The client's own claims about where it comes from are dropped; `Proxy` would become HTTP_PROXY in CGI programs."""
    dropped = ("Forwarded", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix", "Proxy")
    return [
        *(f"  http-request del-header {name}" for name in dropped),
        "  http-request set-header X-Forwarded-For %[src]",
        "  http-request set-header X-Forwarded-Proto https",
        "  http-request set-header X-Request-ID %[unique-id]",
    ]


def _response_headers() -> list[str]:
    return [
        '  http-after-response set-header Strict-Transport-Security "max-age=31536000"',
        "  http-after-response set-header X-Content-Type-Options nosniff",
        "  http-after-response set-header X-Frame-Options DENY",
        "  http-after-response set-header Referrer-Policy strict-origin-when-cross-origin",
        "  http-after-response set-header X-Request-ID %[unique-id]",
        *(f"  http-after-response del-header {name}" for name in ("Server", "X-Powered-By")),
    ]


def _use(index: int, route: Route) -> list[str]:
    if route.path_prefix == "/":
        return [f"  default_backend {_backend_name(index, route)}"]
    return [
        f"  use_backend {_backend_name(index, route)} if {{ path {route.path_prefix} }} || {{ path_beg {route.path_prefix}/ }}"
    ]


def _no_route(routes: Sequence[Route]) -> list[str]:
    if any(route.path_prefix == "/" for route in routes):
        return []
    tests = " || ".join(f"{{ path {route.path_prefix} }} || {{ path_beg {route.path_prefix}/ }}" for route in routes)
    return [f"  http-request return status 404 {_problem(404, 'Not Found')} unless {tests}"]


def _internal_frontend() -> list[str]:
    return [
        "frontend internal",
        f"  bind *:{HEALTH_PORT}",
        "  http-request set-log-level silent",
        "  monitor-uri /healthz",
        "  http-request use-service prometheus-exporter if { path /metrics }",
        f"  http-request return status 404 {_problem(404, 'Not Found')}",
    ]


def _backend(index: int, route: Route) -> list[str]:
    """Checks every second, down after two failures; a task also counts as down after three failed connections."""
    return [
        f"backend {_backend_name(index, route)}",
        "  balance leastconn",
        "  option httpchk",
        f"  http-check send meth GET uri {route.health_path} ver HTTP/1.1 hdr Host {route.service}",
        "  http-check expect status 200",
        "  default-server check inter 1s fastinter 500ms fall 2 rise 1 observe layer4 error-limit 3 on-error mark-down",
        f"  server-template task 1-{route.max_replicas} {route.service}:{route.port} resolvers docker"
        " resolve-prefer ipv4 init-addr last,none",
    ]


def _backend_name(index: int, route: Route) -> str:
    return f"{route.service}-{index}"


def _problem(status: int, title: str) -> str:
    """A body after RFC 9457, as arguments of `return` and `http-error`."""
    body = f'{{"type":"about:blank","title":"{title}","status":{status}}}'
    return f"content-type application/problem+json string '{body}'"
