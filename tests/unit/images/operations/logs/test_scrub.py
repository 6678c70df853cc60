"""No secret passes; what is none stays readable."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from penguinmails_operations.logs.scrub import scrub

SECRET = "s3cr3t-Value_9"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "line",
    [
        f"connecting to postgresql://app:{SECRET}@pooler:6432/mail failed",
        f"amqps://api:{SECRET}@broker:5671/penguinmails",
        f"Authorization: Bearer {SECRET}",
        f"authorization: Basic {SECRET}",
        f"headers={{'Authorization': 'Bearer {SECRET}'}}",
        f"X-API-Key: {SECRET}",
        f"x-api-key={SECRET} other=1",
        f"Cookie: session={SECRET}; a=b",
        f"Set-Cookie: a=b; session={SECRET}; Path=/",
        f"password={SECRET} host=db",
        f"PGPASSWORD={SECRET}",
        f"ALTER ROLE app PASSWORD '{SECRET}'",
        f'{{"password": "{SECRET}"}}',
        f'{{"detail": {{"client_secret": "{SECRET}", "a": 1}}}}',
        f'{{"message": "{{\\"api_key\\": \\"{SECRET}\\"}}"}}',
        f"https://bucket/x?X-Amz-Signature={SECRET}&a=1",
        f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----",
        f"-----BEGIN EC PRIVATE KEY-----\n{SECRET}",
        f"https://hooks.slack.com/services/T0/B0/{SECRET}",
        f"refresh_token: {SECRET}",
        f"secret => '{SECRET}'",
    ],
)
def test_a_secret_is_hidden(line: str) -> None:
    assert SECRET not in scrub(line)
    assert "***" in scrub(line)


@pytest.mark.parametrize("line", [f"token was {JWT} here", "key AKIAABCDEFGHIJKLMNOP used", "SCRAM-SHA-256$4096:c2FsdA==$a:b"])
def test_known_forms_are_hidden(line: str) -> None:
    assert scrub(line) != line
    assert JWT not in scrub(line)


@pytest.mark.parametrize(
    "line",
    [
        "GET /v1/messages 200 in 5.1 ms",
        'FATAL:  password authentication failed for user "app"',
        "see https://example.com/path?x=1#y for the basic idea",
        '{"message": "request", "status": 200}',
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert scrub(line) == line


@settings(deadline=None)
@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.none(), st.booleans(), st.lists(st.text()))))
def test_an_object_stays_an_object_with_its_keys(found: dict[str, object]) -> None:
    line = json.dumps({**found, "password": SECRET, "url": f"https://u:{SECRET}@h/"})
    after = json.loads(scrub(line))
    assert set(after) == {*found, "password", "url"}
    assert SECRET not in json.dumps(after)


@settings(deadline=None)
@given(st.text(max_size=3000))
def test_any_text_is_read_in_little_time(text: str) -> None:
    scrub(text)


def test_a_long_line_of_one_word_takes_little_time() -> None:
    scrub("password" * 4000)
    scrub("a" * 32000 + " token")
