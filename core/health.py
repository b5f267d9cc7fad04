"""Whether the process lives, and whether it can work."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from core.opening import Opener
from core.schema import pending


def bind_health(app: Flask, opener: Opener) -> None:
    """Bind `/healthz`, `/readyz` and, where enabled, `/metrics`."""

    @app.get("/healthz", endpoint="healthz")
    def healthz() -> Response:
        return Response("ok", mimetype="text/plain")

    @app.get("/readyz", endpoint="readyz")
    def readyz() -> tuple[Response, int]:
        reasons = [f"{p.name}: {p.problem}" for p in opener.host.foreign() if p.problem]
        try:
            with opener.database.session(writing=False) as session:
                session.execute(sa.text("SELECT 1"))
            waiting = pending(opener.database, opener.host)
        except SQLAlchemyError as error:
            return jsonify(status="unavailable", reasons=[type(error).__name__]), 503
        if waiting:
            return jsonify(
                status="unavailable", reasons=[f"migration waits: {w}" for w in waiting]
            ), 503
        return jsonify(status="degraded" if reasons else "ready", reasons=reasons), 200

    if opener.config.metrics:
        bind_metrics(app)


def bind_metrics(app: Flask) -> None:
    """Bind `/metrics` for Prometheus."""
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest  # noqa: PLC0415 - only where enabled

    @app.get("/metrics", endpoint="metrics")
    def metrics() -> Response:
        return Response(generate_latest(), mimetype=CONTENT_TYPE_LATEST)
