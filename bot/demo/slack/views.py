"""The Home tabs and the modals that are open, a stack a person."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

from bot.demo.slack.installation import Installation
from bot.demo.slack.values import Json, RefusedError, refuse_fields
from bot.demo.slack.view_rules import view_is_too_large, view_problems

MAX_STACK = 3


class Views:
    """Every view by id. The caller holds the workspace's lock."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._by_id: dict[str, Json] = {}
        self._homes: dict[str, str] = {}
        self._stacks: dict[str, list[str]] = {}
        self._count = 0

    def home_of(self, user_id: str) -> Json | None:
        """What the person's Home tab shows."""
        view_id = self._homes.get(user_id)
        return copy.deepcopy(self._by_id[view_id]) if view_id else None

    def modals_of(self, user_id: str) -> list[Json]:
        """The open modals, the one on top last."""
        return [copy.deepcopy(self._by_id[view_id]) for view_id in self._stacks.get(user_id, [])]

    def publish(self, user_id: str, view: Any, expected_hash: str | None) -> Json:
        """Puts a Home tab in place."""
        self._check(view, "home")
        if not self._installation.home_tab_enabled:
            raise RefusedError("not_enabled")
        current = self._homes.get(user_id)
        if current is not None:
            return self.replace(current, view, expected_hash)
        made = self._make(view)
        self._homes[user_id] = made["id"]
        return copy.deepcopy(made)

    def open(self, user_id: str, view: Any) -> Json:
        """Opens a modal in place of whatever was open."""
        self._check(view, "modal")
        self._stacks[user_id] = []
        return self.push(user_id, view)

    def push(self, user_id: str, view: Any) -> Json:
        """Puts a modal on top of the person's stack of at most three."""
        self._check(view, "modal")
        stack = self._stacks.setdefault(user_id, [])
        if len(stack) >= MAX_STACK:
            raise RefusedError("push_limit_reached")
        made = self._make(view)
        made["previous_view_id"] = stack[-1] if stack else None
        made["root_view_id"] = stack[0] if stack else made["id"]
        stack.append(made["id"])
        return copy.deepcopy(made)

    def replace(self, view_id: str, view: Any, expected_hash: str | None = None) -> Json:
        """Changes a view that is still open. Raises `RefusedError` when it is gone or has changed."""
        current = self._by_id.get(view_id)
        if current is None:
            raise RefusedError("not_found")
        self._check(view, current["type"])
        if expected_hash is not None and expected_hash != current["hash"]:
            raise RefusedError("hash_conflict")
        kept: Json = {name: current[name] for name in ("id", "root_view_id", "previous_view_id")}
        made: Json = {**self._dress(view), **kept}
        self._by_id[view_id] = made
        return copy.deepcopy(made)

    def find_external(self, external_id: str) -> str:
        """The id of the view with the app's own name. Raises `RefusedError`."""
        for view_id, view in self._by_id.items():
            if external_id and view["external_id"] == external_id:
                return view_id
        raise RefusedError("not_found")

    def find(self, view_id: str) -> Json:
        """The view itself. Raises `RefusedError` when it is closed or never was."""
        if view_id not in self._by_id:
            raise RefusedError("not_found")
        return copy.deepcopy(self._by_id[view_id])

    def close_top(self, user_id: str) -> None:
        """Closes the modal on top."""
        if stack := self._stacks.get(user_id):
            del self._by_id[stack.pop()]

    def close_all(self, user_id: str) -> None:
        """Closes every modal of the person."""
        while self._stacks.get(user_id):
            self.close_top(user_id)

    def _check(self, view: Any, kind: str) -> None:
        if view_is_too_large(view):
            raise RefusedError("view_too_large")
        found = view_problems(view, native_blocks=self._installation.native_blocks)
        if not found and view["type"] != kind:
            found = ["must be a valid enum value [json-pointer:/view/type]"]
        if found:
            raise refuse_fields("invalid_arguments", found)

    def _make(self, view: Json) -> Json:
        external_id = view.get("external_id")
        if external_id and any(other["external_id"] == external_id for other in self._by_id.values()):
            raise RefusedError("duplicate_external_id")
        self._count += 1
        made = {**self._dress(view), "id": f"V{self._count:010d}"}
        made["root_view_id"] = made["id"]
        self._by_id[made["id"]] = made
        return made

    def _dress(self, view: Json) -> Json:
        blank: Json = {"private_metadata": "", "callback_id": "", "external_id": "", "previous_view_id": None}
        self._count += 1
        seed = f"{self._count}{json.dumps(view, sort_keys=True)}"
        return {
            **blank,
            **copy.deepcopy(view),
            "team_id": self._installation.team_id,
            "app_id": self._installation.app_id,
            "bot_id": self._installation.bot_id,
            "state": {"values": {}},
            "hash": f"{self._count}.{hashlib.sha256(seed.encode()).hexdigest()[:8]}",
        }
