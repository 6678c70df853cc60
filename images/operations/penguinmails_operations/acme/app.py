"""What is answered: challenges to the authority, through the edge; health and figures within the platform."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from penguinmails_operations.acme.challenges import PATH, Answers
from penguinmails_operations.acme.loop import Loop
from penguinmails_operations.serving import metrics_page


def application(loop: Loop, answers: Answers) -> Starlette:
    async def alive(_: Request) -> Response:
        return Response(status_code=200 if loop.is_alive() else 503)

    async def challenge(request: Request) -> Response:
        answer = answers.get(request.path_params["token"])
        return Response(status_code=404) if answer is None else PlainTextResponse(answer, media_type="application/octet-stream")

    return Starlette(
        routes=[
            Route("/healthz", alive),
            Route("/metrics", metrics_page(loop.registry)),
            Route(f"{PATH}/{{token}}", challenge),
        ]
    )
