"""The engine's gRPC protocol in front of `Provider`: one service a cloud, one provider instance a connection.

Each explicit provider of a program has a connection of its own, and its region comes only with Configure.
"""

# ruff: noqa: N802, ARG002  (names and signatures are those of the protocol)

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar

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

_OWN: Final = Path(__file__).resolve().parents[1]
_SPOKEN: Final = (ModuleNotFoundError, RuntimeError)
"""What `schema.store` raises, in sentences of its own."""

_KINDS = {
    ("add", False): pb.PropertyDiff.ADD,
    ("add", True): pb.PropertyDiff.ADD_REPLACE,
    ("delete", False): pb.PropertyDiff.DELETE,
    ("delete", True): pb.PropertyDiff.DELETE_REPLACE,
    ("update", False): pb.PropertyDiff.UPDATE,
    ("update", True): pb.PropertyDiff.UPDATE_REPLACE,
}

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")
_Context = grpc.ServicerContext


def _answered(
    handler: Callable[[Service, _Request, _Context], _Response],
) -> Callable[[Service, _Request, _Context], _Response]:
    """A handler whose exceptions are one sentence to the engine. Of those that nobody meant, whose text may hold a secret, the
    kind and place are told."""

    @wraps(handler)
    def answer(service: Service, request: _Request, context: _Context) -> _Response:
        try:
            return handler(service, request, context)
        except Crashed:
            service.crash()
            code, sentence = grpc.StatusCode.UNAVAILABLE, "the provider died"
        except (Refused, *_SPOKEN) as error:
            code, sentence = grpc.StatusCode.UNKNOWN, str(error)
        except Exception as error:  # noqa: BLE001  (whatever it is, the engine waits for an answer)
            code = grpc.StatusCode.UNKNOWN
            sentence = f"the simulation itself fails ({type(error).__name__} at {_place(error)}); mend it there"
        context.abort(code, sentence)
        raise AssertionError  # abort raises

    return answer


def _place(error: Exception) -> str:
    """The innermost file and line of the simulation itself."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _OWN in Path(frame.filename).parents] or frames
    return f"{Path(own[-1].filename).name}:{own[-1].lineno}"


class Service(ResourceProviderServicer):
    """One cloud. `crash` ends the server that this belongs to, as a provider does that dies."""

    def __init__(self, cloud: Cloud, shared: Shared, crash: Callable[[], None]) -> None:
        self._cloud, self._shared, self._crash = cloud, shared, crash
        self._providers: dict[str, Provider] = {}

    def _provider(self, context: grpc.ServicerContext) -> Provider:
        return self._providers.setdefault(context.peer(), Provider(self._cloud, self._shared))

    def crash(self) -> None:
        """Dies, as a fault says that it does."""
        self._crash()

    def Handshake(self, request: pb.ProviderHandshakeRequest, context: grpc.ServicerContext) -> pb.ProviderHandshakeResponse:
        return pb.ProviderHandshakeResponse(accept_secrets=False, accept_resources=False, accept_outputs=False)

    def Attach(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=store.version(self._cloud.package))

    @_answered
    def CheckConfig(self, request: pb.CheckRequest, context: grpc.ServicerContext) -> pb.CheckResponse:
        problems = self._provider(context).check_config(wire.read(request.news))
        return pb.CheckResponse(inputs=request.news, failures=_failures(problems))

    @_answered
    def DiffConfig(self, request: pb.DiffRequest, context: grpc.ServicerContext) -> pb.DiffResponse:
        changed = request.old_inputs != request.news
        return pb.DiffResponse(changes=pb.DiffResponse.DIFF_SOME if changed else pb.DiffResponse.DIFF_NONE)

    @_answered
    def Configure(self, request: pb.ConfigureRequest, context: grpc.ServicerContext) -> pb.ConfigureResponse:
        self._provider(context).configure(wire.read(request.args))
        return pb.ConfigureResponse(acceptSecrets=False, supportsPreview=True, acceptResources=False, acceptOutputs=False)

    @_answered
    def Check(self, request: pb.CheckRequest, context: grpc.ServicerContext) -> pb.CheckResponse:
        inputs, problems = self._provider(context).check(
            request.urn, _name(request), wire.read(request.olds), wire.read(request.news)
        )
        return pb.CheckResponse(inputs=wire.write(inputs), failures=_failures(problems))

    @_answered
    def Diff(self, request: pb.DiffRequest, context: grpc.ServicerContext) -> pb.DiffResponse:
        difference, delete_first = self._provider(context).diff(
            request.urn, _name(request), wire.read(request.old_inputs), wire.read(request.news), request.id
        )
        return _answer(difference, delete_first=delete_first)

    @_answered
    def Create(self, request: pb.CreateRequest, context: grpc.ServicerContext) -> pb.CreateResponse:
        identifier, outputs = self._provider(context).create(
            request.urn, _name(request), wire.read(request.properties), preview=request.preview
        )
        return pb.CreateResponse(id=identifier, properties=wire.write(outputs))

    @_answered
    def Update(self, request: pb.UpdateRequest, context: grpc.ServicerContext) -> pb.UpdateResponse:
        outputs = self._provider(context).update(
            request.urn,
            _name(request),
            request.id,
            wire.read(request.news),
            wire.read(request.olds),
            preview=request.preview,
        )
        return pb.UpdateResponse(properties=wire.write(outputs))

    @_answered
    def Delete(self, request: pb.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self._provider(context).delete(request.urn, request.id)
        return empty_pb2.Empty()

    @_answered
    def Read(self, request: pb.ReadRequest, context: grpc.ServicerContext) -> pb.ReadResponse:
        found = self._provider(context).read(request.urn, request.id)
        if found is None:
            return pb.ReadResponse()
        return pb.ReadResponse(id=found.id, properties=wire.write(found.outputs), inputs=wire.write(found.inputs))

    @_answered
    def Invoke(self, request: pb.InvokeRequest, context: grpc.ServicerContext) -> pb.InvokeResponse:
        try:
            answer = self._provider(context).invoke(request.tok, wire.read(request.args))
        except Refused as error:
            return pb.InvokeResponse(failures=_failures(error.problems))
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
