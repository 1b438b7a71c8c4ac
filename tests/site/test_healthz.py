from django.db import OperationalError, connection

import ml.serving.runtime


def test_it_names_the_model(stranger, db):
    response = stranger.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "model": ml.serving.runtime.load().version}
    assert "no-store" in response["Cache-Control"]


def test_it_is_a_503_when_the_database_does_not_answer(stranger, db, monkeypatch):
    def fail():
        raise OperationalError("connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", fail)
        response = stranger.get("/healthz")
    assert response.status_code == 503
    assert "connection refused" not in response.content.decode()


def test_it_rejects_post(stranger, db):
    assert stranger.post("/healthz").status_code == 405
