"""The engine's gRPC protocol in front of `Provider`: one service a cloud, one provider instance a connection.

Each explicit provider of a program has a connection of its own, and its region comes only with Configure.
"""

# ruff: noqa: N802, ARG002  (names and signatures are those of the protocol)

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer

from scripts.simulation.clouds.model import Cloud
from scripts.simulation.schema import store
from scripts.simulation.server import wire
from scripts.simulation.server.differences import Difference
from scripts.simulation.server.provider import Crashed, Provider, Refused, Shared
from scripts.simulation.values import Problem

_KINDS = {
    ("add", False): pb.PropertyDiff.ADD,
    ("add", True): pb.PropertyDiff.ADD_REPLACE,
    ("delete", False): pb.PropertyDiff.DELETE,
    ("delete", True): pb.PropertyDiff.DELETE_REPLACE,
    ("update", False): pb.PropertyDiff.UPDATE,
    ("update", True): pb.PropertyDiff.UPDATE_REPLACE,
}


class Service(ResourceProviderServicer):
    """One cloud. `crash` ends the server that this belongs to, as a provider does that dies."""

    def __init__(self, cloud: Cloud, shared: Shared, crash: Callable[[], None]) -> None:
        self._cloud, self._shared, self._crash = cloud, shared, crash
        self._providers: dict[str, Provider] = {}

    def _provider(self, context: grpc.ServicerContext) -> Provider:
        return self._providers.setdefault(context.peer(), Provider(self._cloud, self._shared))

    def _no(self, error: Refused | Crashed, context: grpc.ServicerContext) -> NoReturn:
        if isinstance(error, Crashed):
            self._crash()
            context.abort(grpc.StatusCode.UNAVAILABLE, "the provider died")
        context.abort(grpc.StatusCode.UNKNOWN, str(error))

    def Handshake(self, request: pb.ProviderHandshakeRequest, context: grpc.ServicerContext) -> pb.ProviderHandshakeResponse:
        return pb.ProviderHandshakeResponse(accept_secrets=False, accept_resources=False, accept_outputs=False)

    def Attach(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=store.version(self._cloud.package))

    def CheckConfig(self, request: pb.CheckRequest, context: grpc.ServicerContext) -> pb.CheckResponse:
        problems = self._provider(context).check_config(wire.read(request.news))
        return pb.CheckResponse(inputs=request.news, failures=_failures(problems))

    def DiffConfig(self, request: pb.DiffRequest, context: grpc.ServicerContext) -> pb.DiffResponse:
        changed = request.old_inputs != request.news
        return pb.DiffResponse(changes=pb.DiffResponse.DIFF_SOME if changed else pb.DiffResponse.DIFF_NONE)

    def Configure(self, request: pb.ConfigureRequest, context: grpc.ServicerContext) -> pb.ConfigureResponse:
        try:
            self._provider(context).configure(wire.read(request.args))
        except Refused as error:
            self._no(error, context)
        return pb.ConfigureResponse(acceptSecrets=False, supportsPreview=True, acceptResources=False, acceptOutputs=False)

    def Check(self, request: pb.CheckRequest, context: grpc.ServicerContext) -> pb.CheckResponse:
        try:
            inputs, problems = self._provider(context).check(
                request.urn, _name(request), wire.read(request.olds), wire.read(request.news)
            )
        except (Refused, Crashed) as error:
            self._no(error, context)
        return pb.CheckResponse(inputs=wire.write(inputs), failures=_failures(problems))

    def Diff(self, request: pb.DiffRequest, context: grpc.ServicerContext) -> pb.DiffResponse:
        difference, delete_first = self._provider(context).diff(
            request.urn, _name(request), wire.read(request.old_inputs), wire.read(request.news)
        )
        return _answer(difference, delete_first=delete_first)

    def Create(self, request: pb.CreateRequest, context: grpc.ServicerContext) -> pb.CreateResponse:
        try:
            identifier, outputs = self._provider(context).create(
                request.urn, _name(request), wire.read(request.properties), preview=request.preview
            )
        except (Refused, Crashed) as error:
            self._no(error, context)
        return pb.CreateResponse(id=identifier, properties=wire.write(outputs))

    def Update(self, request: pb.UpdateRequest, context: grpc.ServicerContext) -> pb.UpdateResponse:
        try:
            outputs = self._provider(context).update(
                request.urn,
                _name(request),
                request.id,
                wire.read(request.news),
                wire.read(request.olds),
                preview=request.preview,
            )
        except (Refused, Crashed) as error:
            self._no(error, context)
        return pb.UpdateResponse(properties=wire.write(outputs))

    def Delete(self, request: pb.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        try:
            self._provider(context).delete(request.urn, request.id)
        except (Refused, Crashed) as error:
            self._no(error, context)
        return empty_pb2.Empty()

    def Read(self, request: pb.ReadRequest, context: grpc.ServicerContext) -> pb.ReadResponse:
        try:
            found = self._provider(context).read(request.urn, request.id)
        except (Refused, Crashed) as error:
            self._no(error, context)
        if found is None:
            return pb.ReadResponse()
        return pb.ReadResponse(id=found.id, properties=wire.write(found.outputs), inputs=wire.write(found.inputs))

    def Invoke(self, request: pb.InvokeRequest, context: grpc.ServicerContext) -> pb.InvokeResponse:
        try:
            answer = self._provider(context).invoke(request.tok, wire.read(request.args))
        except Refused as error:
            return pb.InvokeResponse(failures=_failures(error.problems))
        except Crashed as error:
            self._no(error, context)
        response = pb.InvokeResponse()
        getattr(response, "return").CopyFrom(wire.write(answer))
        return response


def _name(request: Any) -> str:
    return str(request.name or request.urn.rsplit("::", 1)[-1])


def _failures(problems: Sequence[Problem]) -> list[pb.CheckFailure]:
    return [pb.CheckFailure(property=problem.path, reason=problem.reason) for problem in problems]


def _answer(difference: Difference, *, delete_first: bool) -> pb.DiffResponse:
    if not difference.changed:
        return pb.DiffResponse(changes=pb.DiffResponse.DIFF_NONE)
    detailed = {
        path: pb.PropertyDiff(kind=_KINDS[kind, path in difference.replacing], inputDiff=True)
        for path, kind in difference.changed.items()
    }
    top = sorted({path.split(".")[0].split("[")[0] for path in difference.changed})
    return pb.DiffResponse(
        changes=pb.DiffResponse.DIFF_SOME,
        replaces=sorted({path.split(".")[0].split("[")[0] for path in difference.replacing}),
        deleteBeforeReplace=delete_first,
        diffs=top,
        detailedDiff=detailed,
        hasDetailedDiff=True,
    )
