"""Who is asked to do something: the office's contacts where the inventory has them, else their roles."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.model import Building, Contact, Office
from inventory.words import gettext as _

__all__ = ["People"]

_ADMINISTRATOR = "asi"
_SECURITY = "iod"
_HELP_DESK = "helpdesk"


@dataclass(frozen=True, slots=True)
class People:
    """The people around an office, as they are called on its page."""

    office: Office

    @property
    def administrator(self) -> str:
        """Who looks after the network."""
        return self._contact(_ADMINISTRATOR, _("administrator"))

    @property
    def security(self) -> str:
        """Who looks after the data."""
        return self._contact(_SECURITY, _("data protection officer"))

    @property
    def other_side(self) -> str:
        """Whom to ask about a far end that is not ours."""
        return self._contact(_HELP_DESK, _("help desk of the other side"))

    def anybody_in(self, building: Building | None) -> str:
        """Whoever is there."""
        if building is None:
            return _("anybody who is there")
        return _("anybody in {building}").format(building=building.title)

    def _contact(self, word: str, role: str) -> str:
        named = (contact for contact in self.office.contacts if contact.name.split("-")[-1] == word)
        contact = next(named, None)
        return role if contact is None else _called(contact)


def _called(contact: Contact) -> str:
    return ", ".join(part for part in (contact.title, contact.phone, contact.email, contact.hours) if part)
