"""What an erasure does with each table of the vault. Every table has its line here; a test fails for one that hasn't.

``ERASED`` rows of the person go. ``UNTIED`` rows stay as figures, without the person. ``KEPT`` rows move to what a law makes us keep.
``SEARCHED`` tables are about others, or nobody, and may mention the person: these texts are blackened where the second officer agrees
(:mod:`compartments.membership.rights.mentions`). ``NOBODY``: there are no persons in it.
"""

from __future__ import annotations

from peewee import Field, Model

from app.vault import models as vault
from compartments.membership import tables
from compartments.membership.admissions import models as admissions
from compartments.membership.dues import models as dues
from compartments.membership.duplicates import models as duplicates
from compartments.membership.exports import models as exports
from compartments.membership.imports import models as imports
from compartments.membership.invitations import models as invitations
from compartments.membership.reconciliation import models as reconciliation
from compartments.membership.rights import models as rights

ERASED, UNTIED, KEPT, SEARCHED, NOBODY = "erased", "untied", "kept", "searched", "nobody"

DECIDED: dict[type[Model], str] = {
    tables.Division: NOBODY,
    tables.Person: ERASED,
    tables.SearchWord: ERASED,
    tables.FieldChange: ERASED,
    tables.ReadEvent: ERASED,
    tables.Setting: NOBODY,
    tables.RuleChange: NOBODY,
    tables.MemberCount: NOBODY,
    admissions.Admission: ERASED,
    admissions.AdmissionEvent: ERASED,
    admissions.AdmissionLetter: ERASED,  # with the application
    admissions.AdmissionFile: ERASED,
    dues.Payment: KEPT,
    duplicates.BlockKey: ERASED,
    duplicates.BlockedPerson: ERASED,
    duplicates.Pair: ERASED,
    duplicates.Search: ERASED,  # where it stands at a key of the person: then the run begins anew
    duplicates.MergedPerson: ERASED,  # but for the bare number, which nobody gets again
    duplicates.MergedChange: ERASED,
    exports.Export: SEARCHED,
    exports.Download: NOBODY,  # somebody invented
    imports.Import: NOBODY,  # the file itself is there only while it is read, and nobody is erased meanwhile
    imports.ImportFile: NOBODY,  # there only while it is read, as with the import
    imports.StagedRow: ERASED,
    imports.KeptField: ERASED,
    imports.SparedExit: ERASED,
    invitations.KeyRequest: NOBODY,
    invitations.ReferenceKey: UNTIED,
    invitations.InvitationRun: NOBODY,
    invitations.Invitation: UNTIED,
    invitations.AddressHold: ERASED,
    invitations.MailText: NOBODY,
    reconciliation.Batch: SEARCHED,
    reconciliation.ListedKey: NOBODY,
    reconciliation.TakenBack: ERASED,
    reconciliation.Message: ERASED,
    reconciliation.Reply: ERASED,
    reconciliation.RelayMail: ERASED,  # with the message
    rights.RightsRequest: UNTIED,
    rights.Erasure: NOBODY,
    rights.Retained: KEPT,
    rights.RetainedReading: NOBODY,
    vault.OwnKeys: NOBODY,
    vault.Pin: NOBODY,
    vault.TrustedKey: NOBODY,
    vault.ImportedEnvelope: NOBODY,
    vault.RefusedEnvelope: NOBODY,  # sealed; an officer throws it away
    vault.RefusedPiece: NOBODY,
    vault.Sequence: NOBODY,
    vault.Alarm: NOBODY,
    vault.Outgoing: NOBODY,  # sealed, and gone with the delivery
    vault.Notice: SEARCHED,
    vault.Note: SEARCHED,
    vault.Proposal: SEARCHED,
    vault.Job: SEARCHED,
    vault.Release: NOBODY,
}

BY_PERSON: tuple[tuple[type[Model], Field], ...] = (
    (tables.SearchWord, tables.SearchWord.person),
    (tables.FieldChange, tables.FieldChange.person),
    (tables.ReadEvent, tables.ReadEvent.person),
    (duplicates.Pair, duplicates.Pair.first),
    (duplicates.Pair, duplicates.Pair.second),
    (duplicates.BlockedPerson, duplicates.BlockedPerson.person),
    (invitations.AddressHold, invitations.AddressHold.person),
    (reconciliation.Message, reconciliation.Message.person),
    (reconciliation.TakenBack, reconciliation.TakenBack.person),
    (admissions.Admission, admissions.Admission.person),
    (imports.KeptField, imports.KeptField.person),
    (imports.SparedExit, imports.SparedExit.person),
)
"""Tables whose rows of the person go as they are. What needs more than that is in :mod:`compartments.membership.rights.erasing`."""

IN_ITS_OWN_WAY: tuple[Field, ...] = (
    dues.Payment.person,
    duplicates.BlockKey.person,
    duplicates.MergedPerson.survivor,
    imports.StagedRow.person,
)
WITHOUT_THE_PERSON: tuple[tuple[type[Model], Field], ...] = (
    (invitations.ReferenceKey, invitations.ReferenceKey.person),
    (invitations.Invitation, invitations.Invitation.person),
    (rights.RightsRequest, rights.RightsRequest.person),
)

FREE_TEXTS: tuple[tuple[type[Model], Field], ...] = (
    (vault.Note, vault.Note.text),
    (vault.Notice, vault.Notice.subject),
    (vault.Notice, vault.Notice.text),
    (vault.Proposal, vault.Proposal.summary),
    (vault.Proposal, vault.Proposal.reason),
    (vault.Job, vault.Job.note),
    (tables.Person, tables.Person.notes),
    (tables.FieldChange, tables.FieldChange.before),
    (tables.FieldChange, tables.FieldChange.after),
    (duplicates.Pair, duplicates.Pair.remark),
    (duplicates.MergedPerson, duplicates.MergedPerson.record),
    (duplicates.MergedChange, duplicates.MergedChange.before),
    (duplicates.MergedChange, duplicates.MergedChange.after),
    (reconciliation.Batch, reconciliation.Batch.reason),
    (reconciliation.Message, reconciliation.Message.text),
    (reconciliation.Reply, reconciliation.Reply.text),
    (admissions.Admission, admissions.Admission.remarks),
    (admissions.Admission, admissions.Admission.reason),
    (admissions.AdmissionLetter, admissions.AdmissionLetter.text),
    (exports.Export, exports.Export.purpose),
    (exports.Export, exports.Export.recipient),
)
"""Where somebody may have been written about in a row that is not theirs."""

NO_MENTIONS = {
    "setting.value": "lists of columns, filters, thresholds",
    "rule_change.before": "numbers of a rule",
    "rule_change.after": "numbers of a rule",
    "member_count.document": "figures",
    "search.after": "erased by its key",
    "import.columns": "the header of a file",
    "import.mapping": "places of columns",
    "staged_row.given": "erased by number, name and address",
    "staged_row.changes": "erased by number, name and address",
    "staged_row.problem": "erased by number, name and address",
    "blocked_person.keys": "erased with the person",
    "pair.reasons": "names of fields",
    "admission.dues_reason": "the applicant's own circumstances",
    "admission.other_party": "the applicant's own circumstances",
    "admission.earlier_refusal": "the applicant's own circumstances",
    "admission.consent": "the text that was agreed to",
    "mail_text.text": "the wording for everybody",
    "export.columns": "names of columns",
    "export.asked": "a filter",
    "download.invented": "somebody invented",
    "erasure.erased": "names of tables",
    "erasure.untied": "names of tables",
    "erasure.told": "numbers of exports",
    "retained.content": "vouchers, which may not be changed (section 146(4) AO)",
    "proposal.subject": "ids and versions",
    "job.parameters": "ids and versions",
    "release.figures": "figures",
    "release.released_by": "officers",
}
"""The other texts of the vault, and why nobody is mentioned there. Short columns (a file's name, an officer's) aren't looked through."""
