"""The words of this room: states and moves, which pages make out of their names; and rules."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.assignments.rules import Kind, Outcome, Standing
from reunion.base.errors import ReunionError
from reunion.base.words import sentence_of

STATES = (
    pgettext_lazy("state", "Draft"),
    pgettext_lazy("state", "Issued"),
    pgettext_lazy("state", "Disputed"),
    pgettext_lazy("state", "Accepted"),
    pgettext_lazy("state", "In progress"),
    pgettext_lazy("state", "Reported"),
    pgettext_lazy("state", "Confirmed"),
    pgettext_lazy("state", "Closed"),
    pgettext_lazy("state", "Withdrawn"),
)

MOVES = (
    pgettext_lazy("move", "Issue"),
    pgettext_lazy("move", "Accept"),
    pgettext_lazy("move", "Dispute"),
    pgettext_lazy("move", "Issue again"),
    pgettext_lazy("move", "Start"),
    pgettext_lazy("move", "Report"),
    pgettext_lazy("move", "Send back"),
    pgettext_lazy("move", "Confirm"),
    pgettext_lazy("move", "Close"),
    pgettext_lazy("move", "Reopen"),
    pgettext_lazy("move", "Withdraw"),
)

KINDS: dict[Kind, Promise] = {Kind.TASK: _("Task"), Kind.REQUEST: _("Request")}

OUTCOMES: dict[Outcome, Promise] = {
    Outcome.DONE: _("Done"),
    Outcome.PARTLY_DONE: _("Done in part"),
    Outcome.REFUSED: _("Refused"),
}

STANDINGS: dict[Standing, Promise] = {
    Standing.NOT_DUE: _("not due yet"),
    Standing.ON_TIME: _("on time"),
    Standing.LATE: _("late"),
    Standing.MISSING: _("missing"),
}

NOTICES = (
    pgettext_lazy("notice", "Assignment issued"),
    pgettext_lazy("notice", "Assignment disputed"),
    pgettext_lazy("notice", "Assignment reported"),
    pgettext_lazy("notice", "Assignment sent back"),
    pgettext_lazy("notice", "Assignment confirmed"),
    pgettext_lazy("notice", "Assignment reopened"),
    pgettext_lazy("notice", "Assignment withdrawn"),
    pgettext_lazy("notice", "Assignment overdue"),
    pgettext_lazy("notice", "Assignment refused"),
)

_RULES: dict[str, Promise] = {
    "lead_unit_named": _("Name the lead unit first: somebody must answer for it."),
    "lead_in_region": _("The lead unit is not in your region. Send it a request instead."),
    "lead_or_cooperating": _("A unit leads or cooperates, but not both."),
    "unit_in_force": _("One of the units does not exist today."),
    "another_unit": _("A request goes to another unit."),
    "measure_of_completion": _("Say first what will show that it is done."),
    "due_date_named": _("Give a due date, or a number of working days."),
    "due_after_issue": _("The due date is over already."),
    "due_within_ten_years": _("It must be due within ten years."),
    "due_within_parent": _("It must be due no later than the assignment that it is a part of."),
    "cascade_of_own_assignment": _("Your unit does not lead the assignment that this is part of."),
    "only_drafts_are_edited": _("It has been issued, and can no longer be changed."),
    "only_the_lead_unit": _("Only the lead unit does this."),
    "only_the_issuing_unit": _("Only the unit that issued it does this."),
    "another_person": _("You reported this yourself. Somebody else must confirm it."),
    "parts_are_open": _("Parts of it are still open."),
    "result_given": _("Say what came of it."),
    "only_requests_are_refused": _("A task cannot be refused. It can be disputed when it comes."),
    "report_day": _("No report was asked for that day."),
    "report_says_something": _("The report is empty."),
    "reports_end": _("The work is over: no more reports are needed."),
}


def sentence(error: ReunionError) -> Promise:
    """What a page says about a refused act."""
    return sentence_of(error, _RULES)
