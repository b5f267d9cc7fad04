"""Meetings and attendance as files: the datasets `meetings` and `attendance`."""

from __future__ import annotations

from core.exchange.registry import Dataset
from core.i18n import lazy

from .. import permissions
from .attendance import AttendanceRow, dump_attendance, load_attendance, settle_meetings
from .meetings import MeetingRow, dump_meetings, load_meetings

datasets = [
    Dataset(
        "meetings",
        lazy("Meetings"),
        MeetingRow,
        load=load_meetings,
        dump=dump_meetings,
        permission_import=permissions.ENTER,
        permission_export=permissions.EXPORT,
        about="meeting",
        guidance=(
            lazy("Meetings that were held. A meeting is known by unit, day and kind."),
            lazy("An empty month is the month of the day; an empty kind is a branch meeting."),
            lazy("An empty cell leaves what is stored."),
        ),
        order=60,
    ),
    Dataset(
        "attendance",
        lazy("Attendance of meetings"),
        AttendanceRow,
        load=load_attendance,
        dump=dump_attendance,
        permission_import=permissions.ENTER,
        permission_export=permissions.MINUTES_SEE,
        about="meeting",
        finish=settle_meetings,
        guidance=(
            lazy("Import the meetings first. One row for each person who had to attend or came."),
            lazy("A reason is needed where somebody was excused."),
        ),
        order=61,
    ),
]

__all__ = ["datasets"]
