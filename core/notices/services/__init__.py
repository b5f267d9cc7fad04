"""What can be done with notices: send, read one's own, see who was reached, print slips."""

from core.notices.services.reached import (
    MESSAGE_KIND,
    Reached,
    access_sent,
    check_said_nothing,
    list_sent,
    people_of,
    send_to_unit,
    slips_for,
    without_account,
)
from core.notices.services.reading import (
    access_own,
    count_unread,
    list_own,
    mark_all_read,
    mark_read,
)
from core.notices.services.sending import Message, Sent, send_notice
from core.notices.services.slips import slips_paper

__all__ = [
    "MESSAGE_KIND",
    "Message",
    "Reached",
    "Sent",
    "access_own",
    "access_sent",
    "check_said_nothing",
    "count_unread",
    "list_own",
    "list_sent",
    "mark_all_read",
    "mark_read",
    "people_of",
    "send_notice",
    "send_to_unit",
    "slips_for",
    "slips_paper",
    "without_account",
]
