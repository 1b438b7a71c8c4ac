import ml.runtime


def test_it_shows_the_models_own_figures(stranger, db):
    response = stranger.get("/how/")
    assert response.status_code == 200
    model, info = response.context["model"], ml.runtime.load().info
    assert model["version"] == info["version"]
    assert [row["depth"] for row in model["table"]] == [1, 2, 3, 4, 5]
    assert model["table"] == info["evaluation"]["tables"]["studio"]
    assert f"{model['table'][-1]['psnr_db']:.1f}" in response.content.decode()


def test_a_model_without_studio_pictures_shows_its_whole_table(stranger, db, monkeypatch):
    tables = {"all": ml.runtime.load().info["evaluation"]["tables"]["all"]}
    monkeypatch.setitem(ml.runtime.load().info, "evaluation", {"tables": tables})
    assert stranger.get("/how/").context["model"]["table"] == tables["all"]


def test_it_rejects_post(stranger, db):
    assert stranger.post("/how/").status_code == 405
