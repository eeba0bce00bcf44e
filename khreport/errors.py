"""Faults: of the caller, of the file system, or of the program itself.

Bad data is never an exception: it is a :class:`khreport.findings.Finding`. Every message
here is Vietnamese, since the command line shows it to an officer as it stands.
"""


class KhreportError(Exception):
    """The work could not be done; the message says what to do about it."""


class PlanError(KhreportError):
    """A plan, form or rule file contradicts itself or names something that does not exist."""


class CampaignError(KhreportError):
    """A campaign folder is missing, incomplete, or its settings cannot be used."""


class LostLedgerError(KhreportError):
    """The ledger lacks events that its journal tells of."""


class UndecidedError(CampaignError):
    """Rows of the plan have lost their bodies, and nobody has said who answers them now."""


class ReaderError(KhreportError):
    """The reading process itself failed, which says nothing about the file it read."""


class ChangingFileError(KhreportError):
    """A file is still being written by another program."""


class MailError(KhreportError):
    """The mail server cannot be reached, trusted or used, so that no letter goes to it."""
