"""Whom to write to at each agency, and what an e-mail address is."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from khreport.agencies import Agency
from khreport.errors import CampaignError
from khreport.text import clean, fold, fold_plain, suggest

MOST_IN_ADDRESS = 254
"""Characters (RFC 5321, 4.5.3.1.3, less the brackets)."""
_WORD = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(
    rf"(?=.{{1,64}}@){_WORD}(?:\.{_WORD})*@(?:{_LABEL}\.)+(?!\d+\Z){_LABEL}", re.IGNORECASE
)


def is_address(text: str) -> bool:
    r"""Whether mail can be sent there: one plain address, all ASCII, nothing around it.

    >>> is_address("vanthu.sxd@khanhhoa.example"), is_address("vanthu@khanhhoa")
    (True, False)
    >>> is_address("a@b.example\nBcc: c@d.example")
    False
    """
    return len(text) <= MOST_IN_ADDRESS and _ADDRESS.fullmatch(text) is not None


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an agency's letters go to; `emails` is empty where nobody filled it in yet.

    `leader` are addresses of the agency's leader, to whom the last reminder goes.
    """

    agency: str
    line: int
    emails: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    leader: tuple[str, ...] = ()
    person: str = ""
    phone: str = ""


class ContactList(msgspec.Struct, frozen=True, kw_only=True):
    """The contacts by agency, as `file` lists them; `warnings` say what is odd there."""

    file: str
    contacts: dict[str, Contact]
    warnings: tuple[str, ...] = ()

    def reachable(self, agency: str) -> Contact | None:
        """The agency's contact, if a letter can go there."""
        contact = self.contacts.get(agency)
        return contact if contact and contact.emails else None

    def tell_missing(self, agency: Agency) -> str:
        """What to say of an agency that no letter can go to."""
        contact = self.contacts.get(agency.key)
        if contact:
            return f"{self.file}, dòng {contact.line}: {agency.name} chưa có e-mail. Hãy điền."
        return f"{self.file}: chưa có {agency.name}. Hãy thêm một dòng cho cơ quan này."

    def agencies_of(self, address: str) -> tuple[str, ...]:
        """The agencies for which an address is listed, to hold a sender against."""
        wanted = address.casefold()
        return tuple(
            contact.agency
            for contact in self.contacts.values()
            if wanted in map(str.casefold, (*contact.emails, *contact.cc, *contact.leader))
        )


def spellings_of(agencies: Iterable[Agency]) -> dict[str, str]:
    """The key of each agency by everything that it is called."""
    return {
        called: agency.key
        for agency in reversed(tuple(agencies))
        for called in (
            *agency.spellings,
            agency.short,
            agency.name,
            agency.abbreviation,
            agency.key,
        )
    }


def fold_name(called: str) -> str:
    """The key by which an agency's names match.

    >>> fold_name("Sở Kế hoạch & Đầu tư") == fold_name("Sở Kế hoạch và Đầu tư")
    True
    """
    return fold(called.replace("&", " và "))


def find_agency(called: str, agencies: Iterable[Agency]) -> str:
    """The key of the agency that an officer named by key, abbreviation or name.

    Raises:
        CampaignError: none of the agencies is called so.

    """
    agencies = tuple(agencies)
    keys = {fold_name(name): key for name, key in spellings_of(agencies).items()}
    if fold_name(called) not in keys:
        names = [agency.name for agency in agencies]
        parts = [name for name in names if clean(called) and fold_plain(called) in fold_plain(name)]
        near = parts[0] if len(parts) == 1 else suggest(called, names)
        hint = f" Có phải “{near}”?" if near else ""
        raise CampaignError(f"Trong các cơ quan được gửi biểu không có “{called}”.{hint}")
    return keys[fold_name(called)]
