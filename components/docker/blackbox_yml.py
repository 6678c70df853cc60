"""blackbox.yml: how the edge is asked, from inside, as a client would, and a part of the platform for its certificate. Pure."""

from __future__ import annotations

import yaml

MODULE, TLS_MODULE = "edge", "tls"
ANSWERS = (200, 201, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 411, 429)
"""What shows that edge and service work: anything but an error of theirs. Which paths a service has is its own matter."""


def blackbox_yml(domain: str, authority_file: str | None) -> str:
    """The whole file. `domain`: the name that is asked for, and that the certificate is for.

    `authority_file` verifies the certificate; without one it is not verified, for a company's authority is known to its
    clients only, and its expiry is measured all the same.
    """
    tls = {"server_name": domain}
    trust = {"insecure_skip_verify": True} if authority_file is None else {"ca_file": authority_file}
    http = {
        "method": "GET",
        "headers": {"Host": domain, "User-Agent": "penguinmails-probe"},
        "valid_status_codes": list(ANSWERS),
        "follow_redirects": False,
        "fail_if_not_ssl": True,
        "preferred_ip_protocol": "ip4",
        "tls_config": {**tls, **trust},
    }
    # Not verified: one that has ended is still one to be told of, and clients verify it themselves.
    tcp = {"preferred_ip_protocol": "ip4", "tls": True, "tls_config": {"insecure_skip_verify": True}}
    modules = {
        MODULE: {"prober": "http", "timeout": "5s", "http": http},
        TLS_MODULE: {"prober": "tcp", "timeout": "5s", "tcp": tcp},
    }
    return yaml.safe_dump({"modules": modules}, sort_keys=False)
