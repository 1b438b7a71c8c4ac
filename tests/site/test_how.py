import ml.runtime


def test_it_shows_the_models_own_figures(stranger, db):
    response = stranger.get("/how/")
    assert response.status_code == 200
    info = ml.runtime.load().info
    html = response.content.decode()
    assert info["version"] in html
    for row in info["evaluation"]["tables"]["studio"]:
        assert f"{row['psnr_db']:.1f}" in html


def test_a_model_without_studio_pictures_shows_its_whole_table(stranger, db, monkeypatch):
    tables = {"all": ml.runtime.load().info["evaluation"]["tables"]["all"]}
    monkeypatch.setitem(ml.runtime.load().info, "evaluation", {"tables": tables})
    assert f"{tables['all'][0]['psnr_db']:.1f}" in stranger.get("/how/").content.decode()


def test_it_rejects_post(stranger, db):
    assert stranger.post("/how/").status_code == 405
