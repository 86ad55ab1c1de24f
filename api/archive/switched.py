"""The text of a switch that a revision is put back by: what fosa has given it, else what it was found with."""

from __future__ import annotations

from dataclasses import dataclass

from api.archive.archive import Archive, KeptBundle
from api.archive.model import Revision
from api.desk.context import Context
from api.plans.model import File
from api.plans.number import day_of
from inventory.errors import DriverError, InputError, RenderError, SecretError
from inventory.sentence import Sentence, say
from inventory.words import gettext as _
from inventory.words import noted as N_
from playbooks.drivers.base import Failure
from playbooks.drivers.cli.driver import RUNNING
from playbooks.drivers.cli.marked import Given, given, referred
from playbooks.drivers.cli.mask import marker
from playbooks.drivers.switches import DIALECTS
from templates.render import render

__all__ = ["Switched"]

_LOOKED_AT = 5
"""Revisions that were given, whose text is asked what a mark stands for."""
_TOLD = 5
"""Lines that are named in a sentence."""
_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Switched:
    """Turns the masked texts of one office's switches back."""

    context: Context
    archive: Archive

    def files(self, revision: Revision) -> KeptBundle:
        """What is to be sent. Secrets are today's; marks stay where the device alone may still know the secret."""
        if (kept := self.archive.bundle(revision.device, revision.id)) is not None:
            return kept
        text = self._text(revision)
        return KeptBundle((File(path=RUNNING, mode=_MODE, text=referred(text, self._given(revision.device))),))

    def otherwise(self, revision: Revision, bundle: KeptBundle) -> tuple[Sentence, ...]:
        """In what the device would not be as it was: what does not come back, and what has come since and stays.

        DriverError when it cannot be asked.
        """
        device = self.context.office.device(revision.device)
        meant = self.context.driver(device).normal(bundle)
        if isinstance(meant, Failure):
            raise DriverError(f"{device.name}: {meant}")
        was, then = (text.split("\n") for text in (self._text(revision), meant.sections[RUNNING]))
        lost = [line.strip() for line in was if line not in then]
        stays = [line.strip() for line in then if line not in was]
        words = {"device": device.name, "revision": revision.short}
        found = []
        if lost:
            text = N_("{device}: of {revision} this does not come back, because of its secrets or by itself: {lines}")
            found.append(say(text, **words, lines=_listed(lost)))
        if stays:
            text = N_("{device}: this was not there in {revision}, and stays: {lines}")
            found.append(say(text, **words, lines=_listed(stays)))
        return tuple(found)

    def _text(self, revision: Revision) -> str:
        sections = self.archive.text(revision.device, revision.id)
        if RUNNING not in sections:
            text = _("{revision} of {device} cannot be put back: it is no text of a switch")
            raise InputError(text.format(revision=revision.short, device=revision.device))
        return sections[RUNNING]

    def _given(self, name: str) -> Given:
        context = self.context
        device, switching = context.office.device(name), context.office.switching
        assert device.platform is not None  # noqa: S101  only managed devices have a history
        assert switching is not None  # noqa: S101  a switch that can be read has a key to mask by
        texts = list(self._earlier(name))
        try:
            rendered = render(context.office, device, day_of(context.office, context.clock()))
        except RenderError:
            # Then what was given before is all that is known.
            rendered = None
        texts += [] if rendered is None else [file.text for file in rendered.files]
        return given(texts, DIALECTS[device.platform], marker(context.secrets, switching.mask_key), self._secret)

    def _earlier(self, name: str) -> list[str]:
        """What was given, the oldest first."""
        revisions = [each for each in self.archive.revisions(name) if each.bundle][:_LOOKED_AT]
        bundles = (self.archive.bundle(name, each.id) for each in reversed(revisions))
        return [file.text for bundle in bundles if bundle is not None for file in bundle.files]

    def _secret(self, ref: str) -> str | None:
        try:
            return self.context.secrets.get(ref).get_secret_value()
        except SecretError:
            # A reference of another day: its lines are taken as found.
            return None


def _listed(lines: list[str]) -> str:
    more = len(lines) - _TOLD
    return "; ".join(lines[:_TOLD]) + (f"; … (+{more})" if more > 0 else "")
