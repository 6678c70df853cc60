"""What AWS, its plugin and the engine say when something is wrong, as one sentence that says what to do. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from importlib.metadata import version

from scripts.backends.state import Asked
from scripts.previews.events import Trouble

_SDK = version("pulumi-aws")
_CREDENTIALS = (
    "no valid credential sources|unable to validate aws credentials|failed to refresh cached credentials|"
    "no ec2 imds role found|expiredtoken|token has expired|invalidclienttokenid|invalidgrantexception|"
    "security token included in the request is (invalid|expired)|failed to get shared config profile|get credentials"
)
_DENIED = re.compile(r"is not authorized to perform: (?P<action>[A-Za-z0-9]+:[A-Za-z*]+)")

_SIGNS: Sequence[tuple[str, Callable[[Asked], str]]] = (
    (
        "account ID not allowed|not allowed.*account|account.*(is )?not allowed",
        lambda asked: (
            f"The credentials are for another account than {asked.account or 'the one that is allowed'}: "
            "choose another profile with AWS_PROFILE, or give the right --account."
        ),
    ),
    (
        _CREDENTIALS,
        lambda _: (
            "There are no valid credentials for AWS: log in (aws sso login) or set AWS_PROFILE, until "
            "`aws sts get-caller-identity` answers, and run this again."
        ),
    ),
    (
        "is no region of AWS|invalid AWS region",
        lambda asked: f"--region {asked.region}: is no region of AWS; use one such as eu-central-1.",
    ),
    (
        "BucketAlreadyExists|is taken by",
        lambda asked: f"The bucket of {asked.name} in {asked.region} belongs to another account: choose another --name.",
    ),
    (
        "no resource plugin|could not find.*plugin|failed to install plugin",
        lambda _: (
            f"Pulumi's plugin for AWS is not here and cannot be fetched: run `pulumi plugin install resource aws "
            f"{_SDK}` where the internet is reached."
        ),
    ),
    (
        "currently locked",
        lambda _: "Another run works on this backend, or one was killed: wait for it, or remove the locks folder in its state.",
    ),
    (
        "inputs to import do not match",
        lambda _: (
            "What is there differs from what this makes, so it is not taken over: set it back as the lines above say, or "
            "choose another --name."
        ),
    ),
)


def sentence(troubles: Sequence[Trouble], asked: Asked) -> str:
    """One sentence for all that went wrong; what is not known is told as it was said, without its repetitions."""
    said = "; ".join(dict.fromkeys(one.message for one in troubles)) or "it printed no reason"
    for signs, explain in _SIGNS:
        if re.search(signs, said, re.IGNORECASE):
            return explain(asked)
    denied = _DENIED.search(said)
    if denied:
        return f"These credentials may not do {denied['action']}: use a role that administers the account for this command."
    return f"The backend cannot be planned: {said[:600]}"
