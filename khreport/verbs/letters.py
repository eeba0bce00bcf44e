"""The letters of a campaign: their texts for the officer to edit, and a letter to an agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from khreport.campaign import Campaign
from khreport.contacts import Contact, fold_name, is_address, spellings_of
from khreport.edges.shipped import read_text, shipped_letters, shipped_text
from khreport.edges.store import write_atomically
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.letters import Address, LetterKind, Message, write_letter
from khreport.verbs.due_day import due_words


def write_letter_texts(campaign: Campaign) -> None:
    """The campaign's folder has the text of every letter afterwards; it goes before the shipped."""
    for name, text in shipped_letters().items():
        # with the mark by which Notepad knows the encoding
        write_atomically(campaign.letters / name, text.encode("utf-8-sig"))


def own_agency(campaign: Campaign, edition: Edition) -> str:
    """The key of the asked agency that collects, and writes no letters to itself; "" if none is."""
    keys = {fold_name(name): key for name, key in spellings_of(edition.agencies).items()}
    for name in (campaign.settings.sender.name, campaign.settings.office.issuer):
        words = fold_name(name).split()
        # "Sở Y tế tỉnh Khánh Hòa" is "Sở Y tế"
        starts = (" ".join(words[:count]) for count in range(len(words), 0, -1))
        found = next((keys[start] for start in starts if start in keys), "")
        if found:
            return found
    return ""


def make_message(  # noqa: PLR0913 - a letter has these parts
    campaign: Campaign,
    edition: Edition,
    contact: Contact,
    *,
    kind: LetterKind,
    about: str,
    template: str,
    file: str,
    values: Mapping[str, str] | None = None,
    attachments: Sequence[Path] = (),
    in_reply_to: str = "",
) -> Message:
    """The letter of `template` to an agency; `values` fill what the usual ones do not.

    Raises:
        CampaignError: the campaign's copy of the template, or its own address, cannot be used.

    """
    agency, sender = edition.plan.agency[contact.agency], campaign.settings.sender
    if sender.email and not is_address(sender.email):
        raise CampaignError(
            f"khreport.toml, phần [sender]: email “{sender.email}” không phải địa chỉ e-mail. "
            "Hãy ghi dạng tonghop@coquan.gov.vn."
        )
    usual = {
        "agency": agency.name,
        "person": contact.person,
        "plan": edition.plan.short_title,
        "number": edition.plan.number,
        "period": edition.period.spoken,
        "year": str(edition.period.year),
        "due": due_words(campaign, edition),
        "sender": sender.name,
        "contact": sender.contact,
        "phone": sender.phone,
        "email": sender.email,
    }
    # without one of the settings' own, the mail program knows whose account it sends from
    address = campaign.settings.smtp.address
    own = campaign.letters / template
    letter = write_letter(
        read_text(own) if own.is_file() else shipped_text(f"templates/mail/{template}"),
        f"{own.parent.name}/{template}" if own.is_file() else template,
        usual | dict(values or {}),
    )
    return Message(
        agency=agency.key,
        agency_name=agency.name,
        kind=kind,
        about=about,
        letter=letter,
        file=file,
        sender=Address(sender.name, address) if address else None,
        to=tuple(Address(contact.person or agency.name, email) for email in contact.emails),
        cc=tuple(Address("", email) for email in contact.cc),
        reply_to=(
            Address(sender.name, sender.email) if sender.email and sender.email != address else None
        ),
        attachments=tuple(attachments),
        in_reply_to=in_reply_to,
    )
