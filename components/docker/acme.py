"""Who gets the edge's certificate from an ACME authority and renews it (images/operations, `acme`).

Two volumes on disk: the account's key, which no other container sees, and the certificate with its key, which `edge-files`
sees read-only and gives to HAProxy. Both belong to the edge's user, so that nobody else need read the files. Until the first
certificate is there the edge serves the one of the platform's own authority; one that is not sound is not given.
"""

from __future__ import annotations

import pulumi_docker as docker
from pulumi import ResourceOptions

from components import images, naming
from components.contract import EdgeArgs, Identity
from components.docker import haproxy_cfg, mounts, swarm
from components.docker.scrape_jobs import ACME_PORT
from components.spec import Acme

USER = 8443
"""The edge's."""
MEMORY_MIB, CPUS = 128, 0.25
ROLE = "acme"
ACCOUNT, CERTIFICATE = "/var/lib/acme/account", "/var/lib/acme/certificate"
_AUTHORITY = f"{swarm.CONFIG_FOLDER}/acme-authority.pem"


def handed_over(domain: str) -> str:
    """The file that the edge's certificate and key are in, for who mounts `volume`."""
    return f"{CERTIFICATE}/{domain}.pem"


def volume(identity: Identity, *, read_only: bool) -> mounts.Volume:
    """Of the certificate and its key."""
    name = naming.physical(identity, "acme-certificate", naming.DOCKER_LIMIT)
    return mounts.Volume(name, CERTIFICATE, read_only=read_only)


def acme(name: str, args: EdgeArgs, asked: Acme, opts: ResourceOptions) -> docker.Service:
    """The one service: a second copy would ask a second time."""
    identity = args.identity
    variables = {
        "PORT": str(ACME_PORT),
        "DOMAIN": args.domain,
        "DIRECTORY_URL": asked.directory_url,
        "EMAIL": asked.email,
        "EDGE_URL": f"http://edge:{haproxy_cfg.HTTP_PORT}",
        "ACCOUNT_FOLDER": ACCOUNT,
        "CERTIFICATE_FOLDER": CERTIFICATE,
    }
    files = {}
    if asked.authority_pem is not None:
        variables["AUTHORITY_FILE"] = _AUTHORITY
        files[_AUTHORITY] = swarm.file(f"{name}-authority", identity, ROLE, asked.authority_pem, opts)
    workload = swarm.Workload(
        role=ROLE,
        image=images.reference("operations"),
        user=USER,
        command=[ROLE],
        networks=[swarm.attach(args.network.edge, ROLE)],
        memory_mib=MEMORY_MIB,
        cpus=CPUS,
        grace_seconds=15,
        order="stop-first",
        stateful=True,
        node=identity.node,
        variables=variables,
        files=files,
        volumes=[
            mounts.Volume(naming.physical(identity, "acme-account", naming.DOCKER_LIMIT), ACCOUNT),
            volume(identity, read_only=False),
        ],
        tmpfs={"/tmp": 8},
    )
    return swarm.service(name, identity, workload, opts)
