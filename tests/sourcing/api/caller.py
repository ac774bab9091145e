"""Calls to the desk's API as a signed-in account."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client


class Caller:
    """One account's calls; each says which status it expects."""

    def __init__(self, user: Any) -> None:
        self.client = Client()
        self.client.force_login(user)

    def __call__(self, method: str, path: str, status: int = 200, **body: Any) -> Any:
        send = getattr(self.client, method)
        data = {} if method == "get" else {"data": json.dumps(body), "content_type": "application/json"}
        response = send(f"/api/v1/{path[3:]}" if path.startswith("../") else f"/api/v1/desk/{path}", **data)
        assert response.status_code == status, response.content
        return response.json() if response.content else None

    def key(self, path: str, key: str, **body: Any) -> Any:
        return self.client.post(
            f"/api/v1/desk/{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": key},
        ).json()
