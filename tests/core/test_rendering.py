"""Errors as pages, also where the frame around a page is what fails."""

from __future__ import annotations

import logging

import pytest

from core.rendering import Renderer


def test_an_error_page_whose_frame_fails_is_still_a_sentence(world, monkeypatch, caplog):
    def broken(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(Renderer, "frame", broken)
    monkeypatch.setattr(world.system.host, "strict", False)
    with caplog.at_level(logging.ERROR, "hatnhan"):
        answer = world.browser(world.account("administrator")).get("/u/NOWHERE/units/")
    assert answer.status_code == 404
    assert "không có quyền xem" in answer.text or "Không có trang này" in answer.text
    assert "the error page itself failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivisionError" not in answer.text


def test_a_strict_host_lets_a_frame_that_fails_be_seen(world, monkeypatch):
    def broken(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(Renderer, "frame", broken)
    browser = world.browser(world.account("administrator"))
    with pytest.raises(ZeroDivisionError):
        browser.get("/u/NOWHERE/units/")
