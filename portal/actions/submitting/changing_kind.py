"""Another kind of news for a draft: what every kind asks stays, and so do facts that both ask for.

What has no place in the new kind is set aside in the draft. The next page shows it for copying until it is saved; where the
kind is changed once more before that, it goes back to where it has a place.
"""

from collections.abc import Iterator
from datetime import datetime

from portal.actions.portal import Portal
from portal.actions.releases import content as contents
from portal.actions.releases.moving import Act, acting
from portal.rules.issues import blocking
from portal.rules.kinds import KINDS, Field, Values, choice_label, fields_of, ticked, typed
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid
from portal.rules.release_states import DRAFT

NOT_A_DRAFT = "The kind of news can be changed in a draft only."
CHOOSE = "Choose the kind of your news."


def change_kind(
    portal: Portal, actor: Person, reference: str, *, kind: str, version: int, now: datetime
) -> None:
    """Make the draft one of another kind; the same kind again changes nothing. Raises Invalid, Conflict, NotFound."""
    with acting(portal, actor, reference, now=now) as act:
        act.require_step("save")
        if kind not in KINDS:
            raise Invalid(CHOOSE, [blocking("WRONG_TYPE", "kind", CHOOSE)])
        if act.edition.is_correction or act.edition.state != DRAFT:
            raise act.conflict(NOT_A_DRAFT)
        if kind == act.release.kind:
            return
        act.require_version(version)
        _change(act, kind)


def without_what_was_set_aside(content: contents.Content) -> contents.Content:
    """It was shown, and the page on which it stood has been saved."""
    return {key: value for key, value in content.items() if key != "set_aside"}


def _change(act: Act, kind: str) -> None:
    detail = {"from": act.release.kind, "to": kind}
    act.edition.draft = _moved(act.edition.draft, act.release.kind, kind)
    act.edition.draft_saved_at, act.edition.draft_saved_by_id = act.now, act.person.id
    act.release.kind = kind
    act.release.version += 1
    act.release.moved_at = act.now
    act.record("kind_changed", detail=detail)


def _moved(content: contents.Content, old: str, new: str) -> contents.Content:
    values: dict[str, str] = dict(content.get("values", {}))
    asked = {field.name: field for field in fields_of(new, "facts")}
    leaving = [field for field in fields_of(old, "facts") if not _has_place(field, asked, values)]
    aside = [*content.get("set_aside", []), *_set_aside(leaving, values)]
    values = {name: text for name, text in values.items() if name not in {field.name for field in leaving}}
    back = {
        each["name"]: each["value"] for each in aside if _takes(asked, each["name"], each["value"], values)
    }
    aside = [each for each in aside if each["name"] not in back]
    kept = {key: value for key, value in content.items() if key not in ("set_aside", "chosen")}
    chosen = [name for name in content.get("chosen", ()) if name in values]
    return {
        **kept,
        "values": {**values, **back},
        **({"set_aside": aside} if aside else {}),
        **({"chosen": chosen} if chosen else {}),
    }


def _has_place(field: Field, asked: dict[str, Field], values: Values) -> bool:
    same = asked.get(field.name)
    return same is not None and same.type == field.type and _fits(same, typed(values, field.name))


def _takes(asked: dict[str, Field], name: str, value: str, values: Values) -> bool:
    return name in asked and not typed(values, name) and _fits(asked[name], value)


def _fits(field: Field, value: str) -> bool:
    return not field.choices or value in ("", *dict(field.choices))


def _set_aside(fields: list[Field], values: Values) -> Iterator[dict[str, str]]:
    """Each answer with its label, in the words that a reader of the page knows it by."""
    for field in fields:
        value = typed(values, field.name)
        if value and (field.type != "tick" or ticked(values, field.name)):
            text = "Yes" if field.type == "tick" else choice_label(field, value)
            yield {"name": field.name, "label": field.label, "value": value, "text": text}
