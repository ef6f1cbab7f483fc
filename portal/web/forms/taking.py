"""How a view gets its form: `@takes(DecideForm)` reads it and hands it over as `form`; `@pressed` is for a bare button.

Every view that takes a POST says which; a guard looks for those that do not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask

from portal.web.forms.protocol import ButtonForm, PortalForm

View = TypeVar("View", bound=Callable[..., Any])


def takes(
    form: type[PortalForm], *, made: Callable[..., PortalForm] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The view is called with the filled form.

    `made` makes it from the view's arguments, where its fields depend on the release; `form` is then what all of those
    have in common.
    """

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def with_form(**named: Any) -> Any:
            return view(**named, form=made(**named) if made else form.read())

        with_form.takes = form  # type: ignore[attr-defined]  # functions carry attributes
        return with_form

    return declare


def pressed(view: View) -> View:
    """The view takes a press of a button, and nothing that came with it."""
    view.takes = ButtonForm  # type: ignore[attr-defined]
    return view


def form_of_view(app: Flask, endpoint: str) -> type[PortalForm] | None:
    """The class that the view behind an endpoint declared."""
    return getattr(app.view_functions.get(endpoint), "takes", None)
