"""The inputs whose change makes a new resource.

Source: ForceNew in the schema of kreuzwerker/terraform-provider-docker, which the provider's schema gives as
`willReplaceOnChanges`; a test compares the two. Nested ones were tried on the real provider (its Diff): labels of a container,
hosts, sysctls and anything about networks replace a service, and so do labels of a volume mount. Not `mode`, which its schema
marks: a count changes in place, and Swarm refuses another mode (`rules.py`). Left out: another target of a mount with labels
replaces a service too.
"""

from __future__ import annotations

from scripts.simulation.clouds import replacement

TABLE = replacement.table(
    "docker",
    """
index/container:Container  capabilities cgroupParent cgroupnsMode command cpus deviceCgroupRules deviceRequests devices dns
    dnsOpts dnsSearches domainname entrypoints envs gpus groupAdds healthcheck hostname hosts image ipcMode labels logDriver
    logOpts mounts name networkMode networksAdvanced pidMode platform ports privileged publishAllPorts readOnly runtime
    securityOpts shmSize stdinOpen stopSignal stopTimeout storageOpts sysctls tty ulimits uploads user usernsMode volumes
    workingDir
index/network:Network  attachable driver ingress internal ipamConfigs ipamDriver ipamOptions ipv6 labels name options
index/plugin:Plugin  alias name
index/registryImage:RegistryImage  name triggers
    build              # its members do
index/remoteImage:RemoteImage  name platform pullTriggers triggers
    build              # its members do
index/secret:Secret  data labels name
index/service:Service  auth name
    taskSpec.containerSpec.hosts
    taskSpec.containerSpec.labels
    taskSpec.containerSpec.mounts[*].volumeOptions.labels
    taskSpec.containerSpec.sysctl
    taskSpec.networksAdvanceds
index/serviceConfig:ServiceConfig  data dataRaw labels name
index/tag:Tag  sourceImage tagTriggers targetImage
index/volume:Volume  driver driverOpts labels name
    cluster.group cluster.limitBytes cluster.requiredBytes cluster.scope cluster.sharing cluster.topologyPreferred
    cluster.topologyRequired cluster.type
""",
)
